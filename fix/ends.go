package fix

import "encoding/binary"

const blockBytes = 64

// endsFrom has a bit for each byte that ends a field among the 64 from base on, the first byte lowest: each SOH, and the
// place behind the message, for a field without one. base is at most len(raw). How long the values are costs no branch that
// the processor has to guess.
func endsFrom(raw []byte, base int) uint64 {
	rest := len(raw) - base
	switch {
	case rest >= blockBytes && vectors:
		return vectorSOH(&raw[base])
	case rest >= blockBytes:
		return wordsSOH(raw[base : base+blockBytes])
	case len(raw) >= blockBytes && vectors: // the last 64 bytes; those of the block before it are shifted out
		return vectorSOH(&raw[len(raw)-blockBytes])>>(blockBytes-rest) | 1<<rest
	}
	return wordsSOH(raw[base:]) | 1<<rest
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
