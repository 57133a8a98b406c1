package journal

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"path/filepath"
	"sync/atomic"

	"portcullis/gate/cell"
)

// marks are high-water marks of numbers that must never be used twice (MsgSeqNum, ids), durable in blocks: the
// file always holds a value at or above everything covered, so after the machine died numbering starts above it.
type marks struct {
	slots  []mark
	atOpen []uint64 // what the file said when the journal was opened
	wrong  string   // with the file then; empty: nothing
	block  uint64
	wanted atomic.Bool // a block is nearly used up; set by the engine, taken by the writer
	failed atomic.Bool // the last write failed, told once; set by the writer
	cell   *cell.Cell
}

type mark struct {
	raised  uint64        // engine: the highest value asked about
	asked   atomic.Uint64 // engine to writer: extend beyond this
	covered atomic.Uint64 // writer to engine: durable
}

const markBytes = 12 // key u32, value u64

// openMarks reads the marks in dir. After a clean end they are the numbers in use, after a lost tail numbers go on above
// them: then each takes the next block at once. Else (usedUp is false) they are ahead of the numbers in use already.
func openMarks(dir string, o *Options, usedUp bool) (*marks, error) {
	m := &marks{slots: make([]mark, o.MarkKeys), atOpen: make([]uint64, o.MarkKeys), block: o.MarkBlock}
	c, content, err := cell.Open(filepath.Join(dir, "marks"), o.MarkKeys*markBytes)
	m.cell = c
	if errors.Is(err, fs.ErrNotExist) {
		m.wrong = c.Path() + " is missing, and was written anew"
		return m, c.Create(nil)
	}
	if err != nil {
		return nil, fmt.Errorf("journal: %w", err)
	}
	if c.Damaged() {
		m.wrong = "one of the two copies in " + c.Path() + " is damaged, and it may have been the newer"
	}
	for ; len(content) >= markBytes; content = content[markBytes:] {
		key, value := binary.LittleEndian.Uint32(content), binary.LittleEndian.Uint64(content[4:])
		if int(key) >= o.MarkKeys {
			return nil, fmt.Errorf("journal: %s has a mark for key %d, MarkKeys is %d: raise it", c.Path(), key, o.MarkKeys)
		}
		s := &m.slots[key]
		m.atOpen[key] = value
		s.covered.Store(value)
		if usedUp {
			s.raised = value
			s.asked.Store(value)
		}
	}
	m.wanted.Store(usedUp)
	return m, m.extend()
}

// Mark returns the durable mark of key as Open found it: after a clean Close the highest value raised, otherwise
// up to MarkBlock above it. 0: never raised, or key is not below MarkKeys.
func (j *Journal) Mark(key uint32) uint64 {
	if int(key) >= len(j.marks.atOpen) {
		return 0
	}
	return j.marks.atOpen[key]
}

// RaiseMark says that numbers up to value are about to be used under key. True: the durable mark covers value
// already. False: not yet (a new key, or the writer is behind); using the number now would risk using it again
// after a power cut. Either way the writer is asked for the next block ahead of need, without blocking. Raise a
// new key once when it is set up and it is covered some milliseconds later. A key not below MarkKeys is never
// covered. Engine thread only.
func (j *Journal) RaiseMark(key uint32, value uint64) bool {
	m := j.marks
	if int(key) >= len(m.slots) {
		return false
	}
	s := &m.slots[key]
	s.raised = max(s.raised, value)
	covered := s.covered.Load()
	if covered < value || covered-value < m.block/2 {
		s.asked.Store(s.raised)
		m.wanted.Store(true)
	}
	return value <= covered
}

// MarksFail reports whether marks cannot be written, as the last try has shown: a disk that is slow is no such thing.
func (j *Journal) MarksFail() bool { return j.marks.failed.Load() }

// extend writes the next block of each mark that is nearly used up. Writer goroutine. An error is returned once,
// until a later try succeeds.
func (m *marks) extend() error {
	if !m.wanted.Swap(false) {
		return nil
	}
	err := m.write(func(s *mark) uint64 {
		asked, covered := s.asked.Load(), s.covered.Load()
		if asked == 0 || covered >= asked && covered-asked >= m.block/2 {
			return covered
		}
		if asked > math.MaxUint64-m.block {
			return math.MaxUint64
		}
		return asked + m.block
	})
	if err == nil {
		return nil
	}
	m.wanted.Store(true)
	if told := m.failed.Swap(true); told {
		return nil
	}
	return err
}

// settle writes the exact values: after a clean end numbering goes on without a gap.
func (m *marks) settle() error {
	return m.write(func(s *mark) uint64 {
		if s.raised == 0 {
			return s.covered.Load() // not used since Open
		}
		return s.raised
	})
}

// write makes value(slot) durable for every key in use, then publishes it: whoever sees a new mark sees no failure before it.
func (m *marks) write(value func(*mark) uint64) error {
	var content []byte
	values := make([]uint64, len(m.slots))
	for key := range m.slots {
		if values[key] = value(&m.slots[key]); values[key] != 0 {
			content = binary.LittleEndian.AppendUint32(content, uint32(key))
			content = binary.LittleEndian.AppendUint64(content, values[key])
		}
	}
	if err := m.cell.Write(content); err != nil {
		return err
	}
	m.failed.Store(false)
	for key := range m.slots {
		m.slots[key].covered.Store(values[key])
	}
	return nil
}
