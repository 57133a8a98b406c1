package fix

import (
	"encoding/binary"
	"math/bits"
)

// ends finds the SOH that ends each field. It looks at 64 bytes at a time and keeps a bit for each SOH among
// them: how long the values are then costs no branch that the processor has to guess.
type ends struct {
	raw  []byte
	base int    // of the block at hand
	bits uint64 // its SOHs not given yet, the first one lowest
}

const blockBytes = 64

// begin starts with the first block.
func (e *ends) begin(raw []byte) {
	e.raw, e.base = raw, 0
	e.bits = e.block()
}

// take is the index of the next SOH, len(raw) where there is none. Advance first where bits is 0: apart, both
// are small enough to be laid into their caller.
func (e *ends) take() int {
	end := e.base + bits.TrailingZeros64(e.bits)
	e.bits &= e.bits - 1
	return end
}

// advance goes on to the next block with an SOH, or to one behind the end.
func (e *ends) advance() {
	for e.bits == 0 {
		if e.base += blockBytes; e.base >= len(e.raw) {
			e.base, e.bits = len(e.raw), 1
			return
		}
		e.bits = e.block()
	}
}

// skip forgets each SOH before i.
func (e *ends) skip(i int) {
	if i >= e.base+blockBytes {
		e.base = i &^ (blockBytes - 1)
		if e.bits = 0; e.base < len(e.raw) {
			e.bits = e.block()
		}
	}
	if i > e.base {
		e.bits &= ^uint64(0) << (i - e.base)
	}
}

// block has a bit for each SOH of the block at hand.
func (e *ends) block() uint64 {
	size := len(e.raw)
	switch rest := size - e.base; {
	case !vectors || size < blockBytes:
		return wordsSOH(e.raw[e.base:min(size, e.base+blockBytes)])
	case rest < blockBytes: // the last 64 bytes; those of the block before it are shifted out
		return vectorSOH(&e.raw[size-blockBytes]) >> (blockBytes - rest)
	}
	return vectorSOH(&e.raw[e.base])
}

// wordsSOH has a bit for each SOH among at most 64 bytes, eight of them at a time, the first byte lowest.
func wordsSOH(b []byte) (block uint64) {
	i := 0
	for ; i+8 <= len(b); i += 8 {
		block |= wordSOH(binary.LittleEndian.Uint64(b[i:])) << (i & 63)
	}
	for ; i < len(b); i++ {
		if b[i] == SOH {
			block |= 1 << i
		}
	}
	return block
}

// wordSOH has a bit for each SOH among eight bytes: the high bit of each byte is set where it is none, exactly, and a
// product gathers them.
func wordSOH(word uint64) uint64 {
	const ones, lows, gather = 0x0101010101010101, 0x7F7F7F7F7F7F7F7F, 0x0102040810204080
	x := word ^ (ones * SOH)
	none := (x&lows + lows) | x | lows
	return (^none >> 7) * gather >> 56
}
