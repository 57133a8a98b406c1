package ring

import (
	"encoding/binary"
	"errors"
	"fmt"
	"sync/atomic"
	"unsafe"
)

// The memory, little endian; every index has two cache lines for itself (adjacent-line prefetch):
//
//	  0 magic u64 | 8 slotBytes u64 | 16 slotCount u64        written once by New
//	128 pushed u64                                            written by the producer
//	256 released u64                                          written by the consumer
//	384 slots: slotCount x { length u32, bytes [slotBytes], padding to 8 }
const (
	magic          = uint64(0x31474e49524c4350) // "PCLRING1"
	pushedOffset   = 128
	releasedOffset = 256
	// HeaderBytes is what the ring needs before its first slot.
	HeaderBytes = 384
	lengthBytes = 4
	// SlotBytesMax bounds one slot, so that sizes never overflow.
	SlotBytesMax = 1 << 24
)

// ErrDamaged is wrapped by every error of Attach about the content of the memory.
var ErrDamaged = errors.New("ring: memory is not a usable ring")

// Bytes returns the memory a ring of slotCount slots of slotBytes bytes needs.
func Bytes(slotBytes, slotCount int) int { return HeaderBytes + slotCount*stride(slotBytes) }

// stride is the distance of two slots in bytes.
func stride(slotBytes int) int { return (lengthBytes + slotBytes + 7) &^ 7 }

// index returns the shared index at offset of mem.
func index(mem []byte, offset int) *atomic.Uint64 {
	return (*atomic.Uint64)(unsafe.Pointer(&mem[offset]))
}

// checkMemory says whether mem can hold a ring at all.
func checkMemory(mem []byte) error {
	if len(mem) < HeaderBytes {
		return fmt.Errorf("ring: %d bytes of memory, the header alone needs %d", len(mem), HeaderBytes)
	}
	if uintptr(unsafe.Pointer(&mem[0]))%8 != 0 {
		return errors.New("ring: memory must start at a multiple of 8 (use Heap)")
	}
	return nil
}

// checkSlots says whether slotCount slots of slotBytes fit in mem.
func checkSlots(mem []byte, slotBytes, slotCount uint64) error {
	if slotBytes < 1 || slotBytes > SlotBytesMax {
		return fmt.Errorf("ring: slot of %d bytes, allowed are 1 to %d", slotBytes, SlotBytesMax)
	}
	room := uint64(len(mem)-HeaderBytes) / uint64(stride(int(slotBytes)))
	if slotCount < 1 || slotCount > room || slotCount&(slotCount-1) != 0 {
		return fmt.Errorf("ring: %d slots; need a power of two, and at most %d fit in the memory", slotCount, room)
	}
	return nil
}

// format writes an empty ring. The magic comes last: half a header is not a ring.
func format(mem []byte, slotBytes, slotCount int) {
	index(mem, 0).Store(0)
	binary.LittleEndian.PutUint64(mem[8:], uint64(slotBytes))
	binary.LittleEndian.PutUint64(mem[16:], uint64(slotCount))
	index(mem, pushedOffset).Store(0)
	index(mem, releasedOffset).Store(0)
	index(mem, 0).Store(magic)
}
