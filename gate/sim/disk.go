package sim

import (
	"encoding/binary"
	"iter"

	"portcullis/gate/core"
	"portcullis/gate/journal"
)

// disk is the journal as the gate's process sees it, and what is left of it when process or machine die. A position
// is 64 times the number of records before it, so that positions order records as they do in a journal.
type disk struct {
	records  []record
	durable  int // records that survive the machine
	space    journal.Space
	marks    map[uint32]uint64 // durable marks of numbers
	epoch    uint32
	reserved []byte
	keys     map[uint64][]int // records by key, ascending
	before   func()           // about to append; may end the process
	after    func()           // has appended
	variants []variantFrom    // which limits judge from which record on
}

type record struct {
	header  journal.Header
	payload []byte
}

type variantFrom struct {
	record  int
	variant uint64
}

const positionBytes = 64

func newDisk() *disk {
	return &disk{space: journal.Ample, marks: map[uint32]uint64{}, keys: map[uint64][]int{}, before: func() {}, after: func() {}}
}

// Reserve, Commit, Space, Appended and Durable are those of the journal.
func (d *disk) Reserve(payloadMax int) ([]byte, bool) {
	if d.space == journal.Full {
		return nil, false
	}
	if payloadMax > cap(d.reserved) {
		d.reserved = make([]byte, 2*payloadMax)
	}
	return d.reserved[:payloadMax], true
}

func (d *disk) Commit(h *journal.Header, payloadLen int) journal.Position {
	d.before()
	at := d.Appended()
	h.Seq, h.Epoch = uint64(len(d.records)+1), d.epoch
	d.add(record{*h, append([]byte(nil), d.reserved[:payloadLen]...)})
	d.after()
	return at
}

func (d *disk) add(r record) {
	n := len(d.records)
	d.records = append(d.records, r)
	if r.header.Flags&core.NoReports == 0 {
		core.OutKeys(r.payload, func(key uint64) {
			if had := d.keys[key]; len(had) == 0 || had[len(had)-1] != n {
				d.keys[key] = append(had, n)
			}
		})
	}
}

func (d *disk) Space() journal.Space       { return d.space }
func (d *disk) Appended() journal.Position { return journal.Position(positionBytes * len(d.records)) }
func (d *disk) Durable() journal.Position  { return journal.Position(positionBytes * d.durable) }

// sync is the writer's turn: what was appended is durable, unless the disk has failed.
func (d *disk) sync() {
	if d.space != journal.Failed {
		d.durable = len(d.records)
	}
}

const markBlock = 40

// RaiseMark and Mark keep the highest numbers in use, durable in blocks.
func (d *disk) RaiseMark(key uint32, value uint64) bool {
	if d.marks[key] < value {
		d.marks[key] = value + markBlock
	}
	return true
}

func (d *disk) Mark(key uint32) uint64 { return d.marks[key] }

// cut is a machine's death: what was durable is left, and perhaps a little more.
func (d *disk) cut(keep int) {
	d.records = d.records[:keep]
	for key, at := range d.keys {
		for len(at) > 0 && at[len(at)-1] >= keep {
			at = at[:len(at)-1]
		}
		d.keys[key] = at
	}
	for len(d.variants) > 0 && d.variants[len(d.variants)-1].record > keep {
		d.variants = d.variants[:len(d.variants)-1]
	}
}

// open begins the next process' epoch. All that is left is durable, on a disk that was put right.
func (d *disk) open() {
	d.durable = len(d.records)
	d.space = journal.Ample
	d.epoch++
	d.before, d.after = func() {}, func() {}
}

// Find and ReadAt read back, for resends.
func (d *disk) Find(key uint64, low journal.Position) iter.Seq2[journal.Position, error] {
	return func(yield func(journal.Position, error) bool) {
		at := d.keys[key]
		for i := len(at) - 1; i >= 0; i-- {
			if p := journal.Position(positionBytes * at[i]); p < low || !yield(p, nil) {
				return
			}
		}
	}
}

func (d *disk) ReadAt(at journal.Position, h *journal.Header) ([]byte, error) {
	r := &d.records[at/positionBytes]
	*h = r.header
	return r.payload, nil
}

// Close is that of a reader: there is nothing to give back.
func (d *disk) Close() error { return nil }

// variantData is a configuration's hash: the number of the limits.
func variantData(variant uint64) []byte { return binary.BigEndian.AppendUint64(nil, variant) }
