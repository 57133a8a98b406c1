package journal

import (
	"errors"
	"fmt"
	"io"
)

// scan decodes records out of a buffer that it refills from read.
type scan struct {
	read         func(p []byte, position uint64) (int, error) // as source.read
	segmentBytes int
	recordMax    int
	readBytes    int // how much to ask for at first
	buf          []byte
	at           uint64 // position of buf[0]
	n            int    // valid bytes in buf
}

const (
	sequentialBytes = 256 << 10
	randomBytes     = 8 << 10
)

// record decodes the record at position. errEmpty: zeros are there; io.EOF: nothing is there yet. Its payload is
// valid until the next call.
func (s *scan) record(h *Header, position uint64) (record, error) {
	room := s.segmentBytes - int(position%uint64(s.segmentBytes))
	ask, fresh := s.readBytes, false
	for {
		err := errShort
		var r record
		if position >= s.at && position-s.at < uint64(s.n) {
			r, err = decode(h, s.buf[position-s.at:s.n], room, s.recordMax)
		}
		switch {
		case !fresh && (err == errShort || err == errEmpty): // the buffer's end, or zeros read some time ago
		case err == errShort && s.n == ask:
			ask = alignUp(s.recordMax)
		default:
			return r, err
		}
		ask = min(ask, room)
		if len(s.buf) < ask {
			s.buf = make([]byte, ask)
		}
		s.at, s.n = position, 0
		n, err := s.read(s.buf[:ask], position)
		if err != nil {
			return record{}, err
		}
		s.n, fresh = n, true
	}
}

// Follower reads a journal in order, from this or any other process, and never disturbs its writer. Not for
// concurrent use.
type Follower struct {
	src      *source
	scan     scan
	position uint64
	seq      uint64 // of the next record; 0: not known yet
}

// Follow reads the journal in dir from position from on: 0, or what Position or Commit gave. It works on the
// journal of a running gate, of a killed one and of a closed one, and goes on when the gate starts again.
func Follow(dir string, from Position) (*Follower, error) {
	src, err := openSource(dir)
	if err != nil {
		return nil, err
	}
	return newFollower(src, from)
}

// Follow is the package's Follow on this journal; with HeapTail it is the only one that sees the tail.
func (j *Journal) Follow(from Position) (*Follower, error) {
	src, err := j.source()
	if err != nil {
		return nil, err
	}
	return newFollower(src, from)
}

func (j *Journal) source() (*source, error) {
	if j.tail.dir != "" {
		return openSource(j.dir)
	}
	return &source{dir: j.dir, meta: j.meta, head: j.tail.head, heap: j.tail.slots}, nil
}

func newFollower(src *source, from Position) (*Follower, error) {
	if from%alignment != 0 {
		_ = src.close()
		return nil, fmt.Errorf("journal: position %d is no record's: they are multiples of %d", from, alignment)
	}
	src.ahead = true
	f := &Follower{src: src, scan: newScan(src, sequentialBytes), position: uint64(from)}
	if from == 0 {
		f.seq = 1
	}
	return f, nil
}

func newScan(src *source, readBytes int) scan {
	return scan{
		read: src.read, segmentBytes: src.meta.SegmentBytes, recordMax: src.meta.MaxRecordBytes, readBytes: readBytes,
	}
}

// Next gives the next record: its header in h, its payload (valid until the next call) and where it is. io.EOF:
// caught up, call again later. A *DamageError names a record that is not what was written, or not the next in
// number; the follower stays there.
func (f *Follower) Next(h *Header) (payload []byte, position Position, err error) {
	return f.next(h, 1<<64-1)
}

// next is Next for records below end; io.EOF at end.
func (f *Follower) next(h *Header, end uint64) (payload []byte, position Position, err error) {
	for f.position < end {
		f.scan.recordMax = f.src.meta.MaxRecordBytes // a later Open may have raised it
		r, err := f.scan.record(h, f.position)
		if err == io.EOF || err == errEmpty && f.src.head == nil {
			if known := f.src.meta.DurableTo; f.position < known {
				err := f.src.damage(f.position, f.seq, bad("its bytes are missing"))
				return nil, Position(f.position), fmt.Errorf("%w (it was durable: the journal reached %d)", err, known)
			}
			return nil, Position(f.position), io.EOF
		}
		if err == nil && f.seq != 0 && h.Seq != f.seq {
			err = bad("its number is %d", h.Seq)
		}
		if err != nil {
			return nil, Position(f.position), f.src.damage(f.position, f.seq, err)
		}
		at := f.position
		f.position += uint64(r.size)
		if r.pad {
			f.seq = h.Seq
			continue
		}
		f.seq = h.Seq + 1
		return r.payload, Position(at), nil
	}
	return nil, Position(f.position), io.EOF
}

// Position is where the next record is or will be; keep it to go on later.
func (f *Follower) Position() Position { return Position(f.position) }

// Close gives files and mappings back.
func (f *Follower) Close() error { return f.src.close() }

// damage names the record at position when err is about its bytes; errors of reading stay what they are.
func (s *source) damage(position, seq uint64, err error) error {
	var what badRecord
	if !errors.As(err, &what) && err != errEmpty && err != errShort {
		return err
	}
	file, offset := s.place(position)
	return &DamageError{Position: Position(position), Seq: seq, File: file, Offset: offset, What: err.Error()}
}
