package ring

import (
	"encoding/binary"
	"fmt"
	"math/bits"
	"sync/atomic"
	"unsafe"
)

// Ring is one side's, or in one process both sides', view of a ring. Push belongs to one thread,
// Peek and Release to one other; each process attaches with a Ring of its own.
type Ring struct {
	slots     []byte
	mask      uint64
	strideLen uint64
	slotLen   uint32
	pushed    *atomic.Uint64 // shared, written by the producer
	released  *atomic.Uint64 // shared, written by the consumer

	_        [64]byte
	producer struct {
		next uint64 // == pushed, private
		seen uint64 // released, as last looked at
	}
	_        [112]byte
	consumer struct {
		next    uint64 // == released, private
		seen    uint64 // pushed, as last looked at
		damaged atomic.Uint64
	}
	_ [104]byte
}

// New formats mem as an empty ring of slots holding up to slotBytes bytes each and returns it; the slot count
// is the largest power of two that fits. mem must stay alive and start at a multiple of 8 bytes.
func New(mem []byte, slotBytes int) (*Ring, error) {
	if err := checkMemory(mem); err != nil {
		return nil, err
	}
	if slotBytes < 1 || slotBytes > SlotBytesMax {
		return nil, fmt.Errorf("ring: slot of %d bytes, allowed are 1 to %d", slotBytes, SlotBytesMax)
	}
	room := (len(mem) - HeaderBytes) / stride(slotBytes)
	if room < 1 {
		return nil, fmt.Errorf("ring: %d bytes of memory hold no slot of %d bytes", len(mem), slotBytes)
	}
	format(mem, slotBytes, 1<<(bits.Len(uint(room))-1))
	return Attach(mem)
}

// Heap returns a ring on ordinary memory, for two threads of one process and for tests under the race detector.
// slotCount must be a power of two.
func Heap(slotBytes, slotCount int) (*Ring, error) {
	if slotCount < 1 || slotCount&(slotCount-1) != 0 || slotBytes < 1 || slotBytes > SlotBytesMax {
		return nil, fmt.Errorf("ring: %d slots of %d bytes; need a power of two, slots of 1 to %d bytes",
			slotCount, slotBytes, SlotBytesMax)
	}
	words := make([]uint64, (Bytes(slotBytes, slotCount)+7)/8)
	mem := unsafe.Slice((*byte)(unsafe.Pointer(&words[0])), len(words)*8)
	return New(mem, slotBytes)
}

// Attach joins the ring that is already in mem, with whatever it holds. Memory that is not a ring, or one with
// impossible sizes or indexes, is an error that wraps ErrDamaged.
func Attach(mem []byte) (*Ring, error) {
	if err := checkMemory(mem); err != nil {
		return nil, err
	}
	if got := index(mem, 0).Load(); got != magic {
		return nil, fmt.Errorf("%w: magic %#x, want %#x", ErrDamaged, got, magic)
	}
	slotBytes := binary.LittleEndian.Uint64(mem[8:])
	slotCount := binary.LittleEndian.Uint64(mem[16:])
	if err := checkSlots(mem, slotBytes, slotCount); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	r := &Ring{
		slots: mem[HeaderBytes:], mask: slotCount - 1, slotLen: uint32(slotBytes),
		strideLen: uint64(stride(int(slotBytes))),
		pushed:    index(mem, pushedOffset), released: index(mem, releasedOffset),
	}
	// released first: a live producer may push meanwhile, never a live consumer pass `pushed`.
	released := r.released.Load()
	pushed := r.pushed.Load()
	if pushed-released > slotCount {
		return nil, fmt.Errorf("%w: pushed %d, released %d, %d slots", ErrDamaged, pushed, released, slotCount)
	}
	r.producer.next, r.producer.seen = pushed, released
	r.consumer.next, r.consumer.seen = released, released
	return r, nil
}

// SlotBytes is the largest length Push takes; SlotCount how many slots there are.
func (r *Ring) SlotBytes() int { return int(r.slotLen) }

// SlotCount is the number of slots, a power of two.
func (r *Ring) SlotCount() int { return int(r.mask + 1) }

// Len is how many slots are waiting, from either side; between 0 and SlotCount.
func (r *Ring) Len() int {
	released := r.released.Load()
	return int(min(r.pushed.Load()-released, r.mask+1))
}

// Damaged counts slots the consumer skipped because their length was impossible.
func (r *Ring) Damaged() uint64 { return r.consumer.damaged.Load() }

// Push copies b into the next slot. False: the ring is full, or b is longer than SlotBytes; nothing was written.
// Producer thread only.
func (r *Ring) Push(b []byte) bool {
	p := &r.producer
	if uint64(len(b)) > uint64(r.slotLen) {
		return false
	}
	if p.next-p.seen > r.mask {
		p.seen = r.released.Load()
		if p.next-p.seen > r.mask {
			return false // full, or the consumer's index is damaged: both mean no room
		}
	}
	slot := r.slot(p.next)
	binary.LittleEndian.PutUint32(slot, uint32(len(b)))
	copy(slot[lengthBytes:], b)
	p.next++
	r.pushed.Store(p.next)
	return true
}

// Peek shows the oldest slot in place, valid until Release. False: nothing is waiting. Consumer thread only.
func (r *Ring) Peek() ([]byte, bool) {
	c := &r.consumer
	for {
		if c.next == c.seen {
			seen := r.pushed.Load()
			if seen == c.next || seen-c.next > r.mask+1 {
				return nil, false // empty, or the producer's index is damaged: both mean nothing to read
			}
			c.seen = seen
		}
		slot := r.slot(c.next)
		n := binary.LittleEndian.Uint32(slot)
		if n <= r.slotLen {
			return slot[lengthBytes : lengthBytes+n : lengthBytes+n], true
		}
		c.damaged.Add(1)
		r.Release()
	}
}

// Release gives the slot Peek showed back to the producer; without a waiting slot it does nothing.
// Consumer thread only.
func (r *Ring) Release() {
	c := &r.consumer
	if c.next == c.seen {
		return
	}
	c.next++
	r.released.Store(c.next)
}

// slot returns the memory of the slot with running number i.
func (r *Ring) slot(i uint64) []byte {
	at := (i & r.mask) * r.strideLen
	return r.slots[at : at+r.strideLen : at+r.strideLen]
}
