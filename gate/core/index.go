package core

import "unsafe"

// slotIndex finds the slots of a table by hash: open addressing over a power of two, at most half
// full. An entry holds the upper half of the hash beside the slot, so that a search for something
// that is not there, which every new ClOrdID is, touches no row of the table. What is dropped is
// dropped by laying the index anew, at the day roll.
type slotIndex []uint64

// put adds a slot.
func (x slotIndex) put(hash uint64, slot uint32) {
	i := hash & uint64(len(x)-1)
	for x[i] != 0 {
		i = (i + 1) & uint64(len(x)-1)
	}
	x[i] = hash>>32<<32 | uint64(slot+1)
}

// next returns the next slot that may have this hash, NoIndex if there is none. at begins as the
// hash and is where to go on.
func (x slotIndex) next(hash uint64, at *uint64) uint32 {
	for {
		e := x[*at&uint64(len(x)-1)]
		*at++
		if e == 0 {
			return NoIndex
		}
		if e>>32 == hash>>32 {
			return uint32(e) - 1
		}
	}
}

// line is where a search for the hash begins, for the processor to be asked for it.
func (x slotIndex) line(hash uint64) unsafe.Pointer { return unsafe.Pointer(&x[hash&uint64(len(x)-1)]) }
