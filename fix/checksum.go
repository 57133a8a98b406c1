package fix

import "encoding/binary"

// CheckSum returns the FIX checksum of b: the sum of its bytes modulo 256 (tag 10).
func CheckSum(b []byte) uint8 {
	const vector = 16
	if n := len(b) / vector; vectors && n > 0 {
		return uint8(vectorSum(&b[0], n)) + sumOf(b[n*vector:])
	}
	return sumOf(b)
}

// sumOf adds eight bytes at a time in four 16-bit lanes, which 128 rounds cannot overflow.
func sumOf(b []byte) uint8 {
	const lanes = 0x00ff00ff00ff00ff
	var sum uint64
	for len(b) >= 8 {
		block := b
		if len(block) > 8*64 {
			block = block[:8*64]
		}
		var acc uint64
		n := 0
		for ; n+8 <= len(block); n += 8 {
			x := binary.LittleEndian.Uint64(block[n:])
			acc += x&lanes + x>>8&lanes
		}
		sum += acc&0xffff + acc>>16&0xffff + acc>>32&0xffff + acc>>48
		b = b[n:]
	}
	for _, c := range b {
		sum += uint64(c)
	}
	return uint8(sum)
}
