package journal

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"sync/atomic"
	"time"
	"unsafe"

	"portcullis/gate/ahead"
	"portcullis/gate/cell"
)

// Space says what still fits.
type Space uint8

const (
	// Failed: a write or fdatasync failed, nothing more becomes durable. New orders must stop at once; Reserve still
	// gives room for cancels and reports while the tail has some. It is the zero value: unknown is the worst.
	Failed Space = iota
	// Full: a record of MaxRecordBytes does not fit; stop reading.
	Full
	// ReserveOnly: refuse new orders; cancels, answers and fills still have room.
	ReserveOnly
	// Ample: everything goes.
	Ample
)

// String is the state's name.
func (s Space) String() string {
	return [...]string{"Failed", "Full", "ReserveOnly", "Ample"}[min(s, Ample)]
}

// Journal is the one writer of a journal directory. Reserve, Commit, Space, RaiseMark and Close belong to one
// thread, the engine; Appended, Durable, Follow and NewReader to anybody.
type Journal struct {
	// What the engine owns.
	slot     []byte // tail slot of the current segment
	off      int    // of the next record in slot
	room     int    // payload bytes handed out by Reserve and not yet committed; -1: none
	position uint64 // == segment*SegmentBytes + off == appended
	segment  uint64
	seq      uint64 // of the next record
	limit    uint64 // last seen writableTo
	epoch    uint32

	segmentBytes int
	recordMax    int
	ample        uint64 // bytes; at or below: ReserveOnly
	tail         *tail
	marks        *marks

	_          [64]byte
	writableTo atomic.Uint64 // the engine may write below; a multiple of SegmentBytes; set by the writer
	failed     atomic.Bool   // sticky; set by the writer
	away       atomic.Bool   // the folder is not where it was; set by the writer
	_          [64]byte

	options  Options
	dir      string // absolute
	meta     meta
	metaCell *cell.Cell
	recovery Recovery
	lock     *os.File
	writer   *writer
	sealer   *sealer
	keyed    *keyQueue // from writer to sealer
	closed   bool
}

// Reserve returns payloadMax bytes in the tail in which the caller builds the next record's payload; Commit
// publishes it. Reserving again without Commit discards what was built. False: it does not fit now (Space says
// more), or can never fit because the record would exceed MaxRecordBytes. Engine thread only.
func (j *Journal) Reserve(payloadMax int) ([]byte, bool) {
	j.room = -1
	if payloadMax < 0 || payloadMax > j.recordMax-HeaderBytes {
		return nil, false
	}
	need := alignUp(HeaderBytes + payloadMax)
	if !j.fits(need) {
		return nil, false
	}
	if j.off+need > j.segmentBytes {
		j.roll()
	}
	j.room = payloadMax
	at := j.off + HeaderBytes
	return j.slot[at : at+payloadMax : at+payloadMax], true
}

// Commit publishes the record whose payload is the first payloadLen bytes of what Reserve gave, and returns where
// it is. It sets h.Seq, h.Epoch and h.Version. Committing more than was reserved panics: it is the caller's
// mistake, and going on would damage the journal. Engine thread only.
func (j *Journal) Commit(h *Header, payloadLen int) Position {
	if payloadLen < 0 || payloadLen > j.room || h.Type == typePad {
		panic("journal: Commit of more than Reserve gave, or of type 0xFFFF")
	}
	h.Seq = j.seq
	j.seq++
	at := j.position
	j.append(h, HeaderBytes+payloadLen)
	return Position(at)
}

// append writes header and checksum around the payload in place and publishes the record, in this order: zero
// behind it, length, position. A killed process leaves all of the record or none of it.
func (j *Journal) append(h *Header, length int) {
	h.Epoch, h.Version = j.epoch, FormatVersion
	size := alignUp(length)
	rec := j.slot[j.off : j.off+size]
	j.off += size
	if j.off < j.segmentBytes {
		binary.LittleEndian.PutUint32(j.slot[j.off:], 0) // first: the cache line comes while the checksum is made
	}
	shared := j.tail.head
	encode(rec, h, length, j.position-shared.durable.Load())
	storeLength(rec, uint32(length))
	j.position += uint64(size)
	shared.appended.Store(j.position)
	j.room = -1
	j.ahead()
}

// aheadBytes is what most records take.
const aheadBytes = 1024

// ahead asks for the lines of the next record. The ring is larger than any cache: without this the processor would
// wait for each line that a record stores into, and what follows would wait for the record.
func (j *Journal) ahead() {
	if left := j.segmentBytes - j.off; left > 0 {
		ahead.ToWrite(unsafe.Pointer(&j.slot[j.off]), uintptr(min(left, aheadBytes)))
	}
}

// roll goes on to the next segment, which fits has found writable, after a pad if there is something left.
func (j *Journal) roll() {
	next := j.tail.slots[(j.segment+1)%uint64(len(j.tail.slots))]
	storeLength(next, 0) // before the pad is published: what is there belongs to an older segment
	if j.off < j.segmentBytes {
		h := Header{Type: typePad, Seq: j.seq, Link: NoLink}
		j.append(&h, j.segmentBytes-j.off)
	}
	j.segment++
	j.slot, j.off = next, 0
}

// fits says whether need bytes can be written, here or at the start of the next segment.
func (j *Journal) fits(need int) bool {
	end := j.position + uint64(need)
	if j.off+need > j.segmentBytes {
		end = (j.segment+1)*uint64(j.segmentBytes) + uint64(need)
	}
	if end > j.limit {
		j.limit = j.writableTo.Load()
	}
	return end <= j.limit
}

// Space says what still fits; look at it before accepting a new order. Engine thread only.
func (j *Journal) Space() Space {
	if j.failed.Load() {
		return Failed
	}
	j.limit = j.writableTo.Load()
	switch {
	case j.position+j.ample < j.limit && !j.away.Load():
		return Ample
	case j.fits(alignUp(j.recordMax)):
		return ReserveOnly
	}
	return Full
}

// Appended is the end of the newest record: what a reader can see, and what survives the process.
func (j *Journal) Appended() Position { return Position(j.tail.head.appended.Load()) }

// Durable is the position below which everything survives the machine.
func (j *Journal) Durable() Position { return Position(j.tail.head.durable.Load()) }

// Epoch counts the Opens of this journal, durably: 1, 2, 3 ...
func (j *Journal) Epoch() uint32 { return j.epoch }

// Recovery is what Open found.
func (j *Journal) Recovery() Recovery { return j.recovery }

// AwaitPages waits until no append meets a page of the tail for the first time, at most as long as given: what is not met by
// then is met beside the appends.
func (j *Journal) AwaitPages(atMost time.Duration) {
	if j.tail.touched == nil {
		return
	}
	select {
	case <-j.tail.touched:
	case <-time.After(atMost):
	}
}

// Close makes everything durable, marks the journal as closed cleanly and gives all back; the Journal must not
// be used afterwards. After a failure it leaves the tail in place, for the next Open to recover. Engine thread only.
func (j *Journal) Close() error {
	if j.closed {
		return errors.New("journal: closed twice")
	}
	j.closed = true
	j.sealer.close()
	errs := []error{j.writer.close()}
	if clean := errs[0] == nil; clean {
		j.meta.Clean, j.meta.DurableTo = true, j.tail.head.durable.Load()
		errs = append(errs, j.marks.settle(), j.metaCell.Write(j.meta.encode()))
		j.tail.head.state.Store(headRetired)
	}
	dir := j.tail.dir
	if dir != "" {
		errs = append(errs, j.tail.unmap())
	}
	if err := errors.Join(errs...); err != nil {
		return errors.Join(fmt.Errorf("journal: %s was not closed cleanly: %w", j.dir, err), j.lock.Close())
	}
	if dir != "" {
		errs = append(errs, sweepTail(dir))
	}
	return errors.Join(append(errs, j.lock.Close())...)
}
