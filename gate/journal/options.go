package journal

import (
	"fmt"
	"time"
)

// Durability says when output may leave for a record; the engine asks Durable where it matters.
type Durability uint8

const (
	// Interval syncs about every IntervalNs: records survive the process, the last ones not the machine.
	Interval Durability = iota
	// Sync syncs as fast as the disk allows, many records at once: the engine holds output back until Durable passes.
	Sync
)

// KeysFunc calls add for each key under which Find shall give this record; equal keys of one record are fine.
// It runs on several goroutines and must not keep payload.
type KeysFunc func(h *Header, payload []byte, add func(key uint64))

// Options says where the journal is and how large its parts are. Zero means the default.
type Options struct {
	Dir string // on disk; created when missing
	// TailDir is on tmpfs. Default /dev/shm/portcullis-<hash of the absolute Dir>, or Dir/tail when there is no tmpfs
	// or no room on it; Recovery.TailReason then says why.
	TailDir        string
	SegmentBytes   int         // multiple of the page size, fixed for the journal's life; default 64 MiB
	TailSegments   int         // default 8
	ReserveBytes   int         // room kept for cancels and reports when new orders are refused; default SegmentBytes/4
	MaxRecordBytes int         // header and payload; default 256 KiB, at most SegmentBytes/4
	Durability     Durability  // default Interval
	IntervalNs     int64       // default 50 ms
	Keys           KeysFunc    // nil: no index
	Alert          func(error) // called on the journal's goroutines and by Open, must return soon; nil: nobody is told
	MarkKeys       int         // mark keys are 0 to MarkKeys-1; default 4096
	// Share is called with each folder that holds the journal, before anything is made there that others shall read; nil:
	// it stays as the process's user and umask make it.
	Share     func(dir string) error
	MarkBlock uint64 // how far marks run ahead; default 65536
	// HeapTail keeps the tail in ordinary memory, where the race detector sees it. It does not survive the process and
	// only Journal.Follow can read it: for tests.
	HeapTail bool

	files     fileSystem    // how segments are made; nil: the operating system. Tests inject failures here.
	shm       string        // where the default tail goes; empty: /dev/shm
	sealEvery time.Duration // how often the sealer looks; default 250 ms
}

const pageBytes = 4096

// withDefaults fills in zeros and refuses what cannot work.
func (o Options) withDefaults() (Options, error) {
	setDefault(&o.SegmentBytes, 64<<20)
	setDefault(&o.TailSegments, 8)
	setDefault(&o.ReserveBytes, o.SegmentBytes/4)
	setDefault(&o.MaxRecordBytes, min(256<<10, o.SegmentBytes/4))
	setDefault(&o.MarkKeys, 4096)
	setDefault(&o.MarkBlock, 65536)
	setDefault(&o.IntervalNs, 50_000_000)
	setDefault(&o.sealEvery, 250*time.Millisecond)
	if o.Alert == nil {
		o.Alert = func(error) {}
	}
	if o.Share == nil {
		o.Share = func(string) error { return nil }
	}
	if o.shm == "" {
		o.shm = "/dev/shm"
	}
	if o.files == nil {
		o.files = osFiles{}
	}
	switch {
	case o.Dir == "":
		return o, fmt.Errorf("journal: no directory given")
	case o.SegmentBytes < 4*pageBytes || o.SegmentBytes%pageBytes != 0 || o.SegmentBytes > 1<<31:
		return o, fmt.Errorf("journal: SegmentBytes %d, must be a multiple of %d from %d to %d",
			o.SegmentBytes, pageBytes, 4*pageBytes, 1<<31)
	case o.MaxRecordBytes < 2*HeaderBytes || o.MaxRecordBytes > o.SegmentBytes/4:
		return o, fmt.Errorf("journal: MaxRecordBytes %d, must be %d to %d (SegmentBytes/4)",
			o.MaxRecordBytes, 2*HeaderBytes, o.SegmentBytes/4)
	case o.ReserveBytes < 0 || o.IntervalNs < 0 || o.MarkKeys < 0 || o.MarkKeys > 1<<20:
		return o, fmt.Errorf("journal: ReserveBytes %d, IntervalNs %d or MarkKeys %d out of range",
			o.ReserveBytes, o.IntervalNs, o.MarkKeys)
	case o.TailSegments < o.aheadSegments()+2 || o.TailSegments > tailSegmentsMax:
		return o, fmt.Errorf("journal: TailSegments %d, this ReserveBytes needs %d to %d",
			o.TailSegments, o.aheadSegments()+2, tailSegmentsMax)
	}
	return o, nil
}

func setDefault[T ~int | ~int64 | ~uint64](v *T, to T) {
	if *v == 0 {
		*v = to
	}
}

// ampleBytes is the room below which new orders are refused: the reserve, and what pads may waste in it.
func (o *Options) ampleBytes() int {
	crossings := o.ReserveBytes/o.SegmentBytes + 2
	return o.ReserveBytes + crossings*o.MaxRecordBytes
}

// ReserveBytesMax is the largest ReserveBytes that the other sizes of o allow: the reserve is room in the tail, too.
func (o Options) ReserveBytesMax() int {
	for crossings := o.TailSegments; crossings >= 0; crossings-- {
		room := (o.TailSegments-3)*o.SegmentBytes - (crossings+2)*o.MaxRecordBytes
		if reserve := min(room, (crossings+1)*o.SegmentBytes-1); reserve >= crossings*o.SegmentBytes {
			return reserve
		}
	}
	return 0
}

// aheadSegments is how many segments behind the current one the writer keeps allocated.
func (o *Options) aheadSegments() int {
	return (o.ampleBytes()+o.SegmentBytes-1)/o.SegmentBytes + 1
}
