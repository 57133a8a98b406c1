package journal

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"golang.org/x/sys/unix"
)

// source gives the bytes of a journal at a position to a reader in any process, whether its gate lives, was
// killed, was closed, or starts while we read. What the tail still holds comes from there with pread, which
// touches nothing the engine is writing: it is in memory, the segments may not be. Not for concurrent use.
type source struct {
	dir   string
	meta  meta
	head  *head    // nil: no tail, the segments are all there is
	mem   []byte   // the mapped head page; nil for a tail in this process' heap
	heap  [][]byte // slots of such a tail
	slots []*os.File
	ahead bool     // read in order: ask for the rest of a segment at once
	file  *os.File // the segment read last
	fileN uint64
}

// openSource joins the journal in dir.
func openSource(dir string) (*source, error) {
	s := &source{dir: dir}
	_, err := s.attach()
	return s, err
}

// attach looks for a tail to read from: one of the journal's newest epoch, made since the machine started.
func (s *source) attach() (bool, error) {
	m, err := readMeta(s.dir)
	if err != nil {
		return false, err
	}
	s.meta = m
	if m.TailDir == "" {
		return false, nil
	}
	h, mem, err := mapHead(m.TailDir, false)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("journal: follow %s: %w", s.dir, err)
	}
	if !h.belongsTo(&m) || h.boot != bootID() || h.state.Load() != headLive {
		return false, unix.Munmap(mem)
	}
	s.head, s.mem, s.slots = h, mem, make([]*os.File, h.tailSegments)
	return true, nil
}

// detach lets the tail go.
func (s *source) detach() error {
	var errs []error
	for _, f := range s.slots {
		if f != nil {
			errs = append(errs, f.Close())
		}
	}
	if s.mem != nil {
		errs = append(errs, unix.Munmap(s.mem))
	}
	s.head, s.mem, s.heap, s.slots = nil, nil, nil, nil
	return errors.Join(errs...)
}

func (s *source) close() error {
	err := s.detach()
	if s.file != nil {
		err = errors.Join(err, s.file.Close())
		s.file = nil
	}
	return err
}

// read fills p with bytes from position on, fewer at the end of a segment or of what is there; io.EOF = none yet.
func (s *source) read(p []byte, position uint64) (int, error) {
	size := uint64(s.meta.SegmentBytes)
	end := (position/size + 1) * size
	for {
		if s.head != nil && s.head.state.Load() != headLive {
			if err := s.detach(); err != nil { // closed, or opened anew: all it had is in the segments
				return 0, err
			}
			if _, err := s.attach(); err != nil {
				return 0, err
			}
		}
		if s.head == nil {
			n, err := s.readSegment(p, position, end)
			// A writer that started meanwhile may have been copying what we read: read again, its way.
			if found, attachErr := s.attach(); found || attachErr != nil {
				if attachErr != nil {
					return 0, attachErr
				}
				continue
			}
			return n, err
		}
		durable, appended := s.head.durable.Load(), s.head.appended.Load()
		switch {
		case position == appended:
			return 0, io.EOF
		case position > appended:
			return 0, fmt.Errorf("journal: position %d is beyond the end of %s, %d", position, s.dir, appended)
		case !s.inTail(position, durable):
			n, err := s.readSegment(p, position, min(durable, end))
			if err == io.EOF {
				err = fmt.Errorf("journal: %s is shorter than the durable position %d",
					segmentPath(s.dir, position/size), durable)
			}
			return n, err
		}
		n, err := s.readTail(p, position, min(appended, end))
		if err == io.EOF {
			file, _ := s.place(position)
			err = fmt.Errorf("journal: %s ends before position %d, which it had: %s", file, position, tailCure(file))
		}
		if s.head.state.Load() == headLive && (err != nil || s.head.durable.Load() <= position || s.intact(position)) {
			return n, err
		}
		// Overtaken: it is durable by now.
	}
}

// inTail says where position is read: what is not durable can only be in the tail. A tail in this process' heap
// gives no more than that; the race detector watches.
func (s *source) inTail(position, durable uint64) bool {
	return position >= durable || s.heap == nil && s.intact(position)
}

// intact says whether position's tail slot certainly holds position's segment, also when all of it is durable. The
// engine touches the slot of a later segment before it publishes the end of the one before, so the oldest slot
// does not count.
func (s *source) intact(position uint64) bool {
	size := s.head.segmentBytes
	return position >= s.head.start && s.head.appended.Load() < (position/size+uint64(s.head.tailSegments)-1)*size
}

// readSegment reads [position, end) of one segment from disk, as far as it fits in p.
func (s *source) readSegment(p []byte, position, end uint64) (int, error) {
	size := uint64(s.meta.SegmentBytes)
	segment := position / size
	if s.file == nil || s.fileN != segment {
		f, err := os.Open(segmentPath(s.dir, segment))
		if errors.Is(err, fs.ErrNotExist) {
			return 0, s.missing(segment)
		}
		if err != nil {
			return 0, fmt.Errorf("journal: %w", err)
		}
		if s.file != nil {
			_ = s.file.Close() // read only
		}
		s.file, s.fileN = f, segment
		if s.ahead { // the writer goes past the page cache, so all of it comes from the disk
			_ = unix.Fadvise(int(f.Fd()), int64(position%size), 0, unix.FADV_WILLNEED)
		}
	}
	return readSome(s.file, p, position%size, end-position)
}

// missing tells a segment not made yet from one that was taken away.
func (s *source) missing(segment uint64) error {
	all, err := listSegments(s.dir)
	if err != nil {
		return err
	}
	if len(all) > 0 && segment < all[0] {
		return fmt.Errorf("journal: %s begins at position %d: segment %d was taken away",
			s.dir, all[0]*uint64(s.meta.SegmentBytes), segment)
	}
	return io.EOF
}

// readTail reads [position, end) of one segment from its slot, as far as it fits in p.
func (s *source) readTail(p []byte, position, end uint64) (int, error) {
	size := s.head.segmentBytes
	slot := int(position / size % uint64(s.head.tailSegments))
	if s.heap != nil {
		return copy(p, s.heap[slot][position%size:position%size+end-position]), nil
	}
	if s.slots[slot] == nil {
		f, err := os.Open(slotPath(s.meta.TailDir, s.head.epoch, slot))
		if err != nil {
			return 0, fmt.Errorf("journal: %w", err)
		}
		s.slots[slot] = f
	}
	return readSome(s.slots[slot], p, position%size, end-position)
}

// readSome reads up to n bytes at off; io.EOF only when there are none.
func readSome(f *os.File, p []byte, off, n uint64) (int, error) {
	got, err := f.ReadAt(p[:min(uint64(len(p)), n)], int64(off))
	if err == io.EOF && got > 0 {
		err = nil
	}
	if err != nil && err != io.EOF {
		err = fmt.Errorf("journal: %w", err)
	}
	return got, err
}

// place names the file and offset of position, for errors.
func (s *source) place(position uint64) (file string, offset int64) {
	size := uint64(s.meta.SegmentBytes)
	if s.head != nil && s.meta.TailDir != "" && s.inTail(position, s.head.durable.Load()) {
		slot := int(position / size % uint64(s.head.tailSegments))
		return slotPath(s.meta.TailDir, s.head.epoch, slot), int64(position % size)
	}
	return segmentPath(s.dir, position/size), int64(position % size)
}
