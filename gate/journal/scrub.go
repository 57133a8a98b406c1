package journal

import (
	"encoding/binary"
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// scrubber looks at everything behind the end that recovery found: for records that prove that the end is too
// early, and for bytes that must be zero before new records go there.
type scrubber struct {
	r      *recovery
	proven uint64 // a younger record says that everything below was durable
	end    uint64 // behind the last byte that is not zero
	dirty  []run  // pages that are not zero
}

// look reads all bytes of the segments behind the end.
func (s *scrubber) look(all []uint64) error {
	size := uint64(s.r.m.SegmentBytes)
	for _, segment := range all {
		if (segment+1)*size <= s.r.position {
			continue
		}
		raw, err := os.ReadFile(segmentPath(s.r.dir, segment))
		if err != nil {
			return fmt.Errorf("journal: %w", err)
		}
		from := max(s.r.position, segment*size)
		for at := from; at < segment*size+min(size, uint64(len(raw))); at += alignment {
			if unit := raw[at%size:]; !zero(unit[:min(alignment, len(unit))]) {
				s.found(unit, at)
			}
		}
	}
	return nil
}

// found notes the 64 bytes at position at and, when a record starts there, what it proves.
func (s *scrubber) found(b []byte, at uint64) {
	s.end = at + alignment
	page := at - at%pageBytes
	if last := len(s.dirty) - 1; last >= 0 && s.dirty[last].to >= page {
		s.dirty[last].to = page + pageBytes
	} else {
		s.dirty = append(s.dirty, run{page, page + pageBytes})
	}
	if len(b) < HeaderBytes || b[61] != FormatVersion || binary.LittleEndian.Uint64(b[16:]) <= s.r.seq {
		return // cheap: most units are no record's start, or an earlier one's
	}
	var h Header
	room := s.r.m.SegmentBytes - int(at%uint64(s.r.m.SegmentBytes))
	rec, err := decode(&h, b, room, s.r.m.MaxRecordBytes)
	if err == nil && h.Epoch <= s.r.m.Epoch && rec.lag <= at {
		s.proven = max(s.proven, at-rec.lag)
	}
}

// clean overwrites the dirty pages behind the end with zeros, durably.
func (s *scrubber) clean() error {
	size := uint64(s.r.m.SegmentBytes)
	zeros := make([]byte, pageBytes)
	for _, d := range s.dirty {
		segment := d.from / size // a run may go on in the next segment
		for d.from < d.to {
			end := min(d.to, (segment+1)*size)
			if err := overwrite(segmentPath(s.r.dir, segment), max(d.from, s.r.position), end, size, zeros); err != nil {
				return fmt.Errorf("journal: %w", err)
			}
			d.from, segment = end, segment+1
		}
	}
	return nil
}

func overwrite(path string, from, to, size uint64, zeros []byte) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }() // synced below
	for from < to {
		n := min(to-from, uint64(len(zeros)))
		if _, err := f.WriteAt(zeros[:n], int64(from%size)); err != nil {
			return err
		}
		from += n
	}
	return unix.Fdatasync(int(f.Fd()))
}

func zero(b []byte) bool {
	for _, c := range b {
		if c != 0 {
			return false
		}
	}
	return true
}
