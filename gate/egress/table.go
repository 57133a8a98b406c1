package egress

import (
	"hash/maphash"
	"unsafe"
)

// The table holds each accepted order in one entry, which an open-addressed index finds by the
// hash of its id. An entry hangs in one of two kinds of ring: the waiting ring of its line, or the
// spent ring, whose oldest entry is the next to be overwritten. One blocked line therefore never
// uses up the room of the others, and cutting a line visits its own waiting orders only.
//
//	rings:  [ entries ... | spent | line 0 | line 1 | ... ]   the last ones are the rings' heads
//
// Everything is a number; there is no pointer in the memory.

const (
	capacityMax = 1 << 28
	none        = 1<<32 - 1
)

// state says what became of an order. The zero value is an entry never used.
type state uint8

const (
	unused state = iota
	waiting
	sent
	withdrawn
	acceptedTwice
)

func (s state) difference() Difference {
	switch s {
	case sent:
		return SentTwice
	case withdrawn:
		return Withdrawn
	case acceptedTwice:
		return AcceptedTwice
	}
	return UnknownID
}

type entry struct {
	Accepted
	money uint64 // accepted notional, 1e-4
	hash  uint32
	state state
}

// place is one place of the index. At most half of them are taken.
type place struct {
	hash  uint32
	entry uint32 // number of the entry plus 1; 0: free
}

type node struct{ prev, next uint32 }

type table struct {
	seed    maphash.Seed // ids may be a client's own: nobody can aim at one place
	entries []entry
	index   []place // a power of two of them
	rings   []node
}

func newTable(capacity, links int, alloc func(int) []byte) table {
	size := 2
	for size < 2*capacity {
		size *= 2
	}
	t := table{seed: maphash.MakeSeed(), entries: carve[entry](capacity, alloc),
		index: carve[place](size, alloc), rings: carve[node](capacity+1+links, alloc)}
	if len(t.entries) != capacity || len(t.index) != size || len(t.rings) != capacity+1+links {
		return table{seed: t.seed}
	}
	for i := range t.rings {
		t.rings[i] = node{uint32(i), uint32(i)}
	}
	for i := range t.entries {
		t.push(t.spentRing(), uint32(i))
	}
	return t
}

// carve gives n zero values in memory of alloc, or none where that memory does not fit.
func carve[T any](n int, alloc func(int) []byte) []T {
	var zero T
	if alloc == nil {
		return make([]T, n)
	}
	bytes := n * int(unsafe.Sizeof(zero))
	b := alloc(bytes)
	p := unsafe.Pointer(unsafe.SliceData(b))
	if n == 0 || len(b) < bytes || uintptr(p)%unsafe.Alignof(zero) != 0 {
		return nil
	}
	return unsafe.Slice((*T)(p), n)
}

func (t *table) spentRing() uint32              { return uint32(len(t.entries)) }
func (t *table) waitingRing(link uint32) uint32 { return uint32(len(t.entries)) + 1 + link }

func (t *table) hashOf(id []byte) uint32 { return uint32(maphash.Bytes(t.seed, id)) }

// find gives the entry of an id on a line, or none.
func (t *table) find(link uint32, id []byte) uint32 {
	return t.findHash(t.hashOf(id), link, id)
}

func (t *table) findHash(hash, link uint32, id []byte) uint32 {
	if len(t.index) == 0 {
		return none
	}
	mask := uint32(len(t.index) - 1)
	for at := hash & mask; t.index[at].entry != 0; at = (at + 1) & mask {
		if p := t.index[at]; p.hash == hash {
			e := &t.entries[p.entry-1]
			if e.Link == link && string(e.ID[:e.IDLen]) == string(id) {
				return p.entry - 1
			}
		}
	}
	return none
}

// insert overwrites the oldest spent entry, or gives none where all orders wait.
func (t *table) insert(hash uint32, a *Accepted) uint32 {
	if len(t.entries) == 0 {
		return none
	}
	i := t.rings[t.spentRing()].next
	if i == t.spentRing() {
		return none
	}
	e := &t.entries[i]
	if e.state != unused {
		t.forget(i)
	}
	e.Accepted, e.hash, e.state = *a, hash, waiting
	mask := uint32(len(t.index) - 1)
	at := hash & mask
	for t.index[at].entry != 0 {
		at = (at + 1) & mask
	}
	t.index[at] = place{hash, i + 1}
	t.push(t.waitingRing(a.Link), i)
	return i
}

// forget takes an entry out of the index and moves those behind it up, so that no search stops
// short of them: a place may move into the gap unless its search starts behind the gap.
func (t *table) forget(i uint32) {
	mask := uint32(len(t.index) - 1)
	gap := t.entries[i].hash & mask
	for t.index[gap].entry != i+1 {
		gap = (gap + 1) & mask
	}
	for at := (gap + 1) & mask; t.index[at].entry != 0; at = (at + 1) & mask {
		if start := t.index[at].hash & mask; (at-start)&mask >= (at-gap)&mask {
			t.index[gap], gap = t.index[at], at
		}
	}
	t.index[gap] = place{}
	t.entries[i].state = unused
}

// retire moves an entry to the young end of the spent ring.
func (t *table) retire(i uint32) { t.push(t.spentRing(), i) }

// oldest gives the order that waits longest on a line, or none.
func (t *table) oldest(link uint32) uint32 {
	if len(t.rings) == 0 {
		return none
	}
	ring := t.waitingRing(link)
	if i := t.rings[ring].next; i != ring {
		return i
	}
	return none
}

// push takes an entry out of its ring and puts it at the end of another.
func (t *table) push(ring, i uint32) {
	n := &t.rings[i]
	t.rings[n.prev].next, t.rings[n.next].prev = n.next, n.prev
	last := t.rings[ring].prev
	*n = node{prev: last, next: ring}
	t.rings[last].next, t.rings[ring].prev = i, i
}
