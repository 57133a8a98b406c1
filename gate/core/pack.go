package core

import (
	"encoding/binary"
	"math/bits"
	"unsafe"
)

// Records hold mostly small numbers in wide fields. Packing drops the zero bytes above each
// number: the structs of a record are taken as 64-bit words, and a word is written as its
// significant bytes, their count in four bits of its own. All ones (NoIndex twice) take no bytes.
//
//	count of counts u16 | counts, two to a byte | significant bytes of each word, lowest first
//
// Values are packed in blocks; a block of an odd number of words has an idle count at its end. It
// costs about a nanosecond a word, and spares the journal, its writer and the disk half of what
// they would carry.

const (
	allOnes      = 9 // count that stands for 2^64 - 1
	packHead     = 2
	packSlack    = 8 // words are stored eight bytes at a time
	wordBytes    = 8
	packWordsMax = 1<<16 - 2
)

// words is how many counts a block of n values of type T takes.
func words[T any](n int) int {
	var v T
	return (n*int(unsafe.Sizeof(v))/wordBytes + 1) &^ 1
}

// packedSizeMax bounds what blocks of n counts take.
func packedSizeMax(n int) int { return packHead + n/2 + n*wordBytes + packSlack }

// packer writes blocks behind each other. Its room was bounded by packedSizeMax before.
type packer struct {
	dst    []byte
	counts int // where the next pair of counts goes
	at     int // where the next significant bytes go
}

func newPacker(dst []byte, n int) packer {
	binary.LittleEndian.PutUint16(dst, uint16(n))
	return packer{dst: dst, counts: packHead, at: packHead + n/2}
}

// pack writes a pointer-free value as a block, packAll some of one type.
func pack[T any](p *packer, v *T) { p.block(bytesOf(v)) }

func packAll[T any](p *packer, v []T) {
	if len(v) > 0 {
		p.block(unsafe.Slice((*byte)(unsafe.Pointer(&v[0])), len(v)*int(unsafe.Sizeof(v[0]))))
	}
}

// block writes the words of src. Its bounds are looked at once, before: no word takes more bytes than it has.
func (p *packer) block(src []byte) {
	pairs := len(src) / (2 * wordBytes)
	_ = p.dst[p.at+len(src)+packSlack-1]
	counts := p.dst[p.counts:][:pairs]
	from, at := unsafe.Pointer(unsafe.SliceData(src)), unsafe.Pointer(&p.dst[p.at])
	for i := range counts {
		v, w := *(*uint64)(from), *(*uint64)(unsafe.Add(from, wordBytes))
		from = unsafe.Add(from, 2*wordBytes)
		if v|w == 0 { // often: an effect has room for what others say
			counts[i] = 0
			continue
		}
		n, m := (bits.Len64(v)+7)>>3, (bits.Len64(w)+7)>>3
		*(*uint64)(at) = v
		c := byte(n)
		if v == ^uint64(0) {
			n, c = 0, allOnes
		}
		at = unsafe.Add(at, n)
		*(*uint64)(at) = w
		e := byte(m)
		if w == ^uint64(0) {
			m, e = 0, allOnes
		}
		at = unsafe.Add(at, m)
		counts[i] = c | e<<4
	}
	p.counts += pairs
	if len(src)%(2*wordBytes) != 0 {
		v := *(*uint64)(from)
		*(*uint64)(at) = v
		n := (bits.Len64(v) + 7) >> 3
		p.dst[p.counts] = byte(n)
		p.counts++
		at = unsafe.Add(at, n)
	}
	p.at = int(uintptr(at) - uintptr(unsafe.Pointer(&p.dst[0])))
}

// unpacker reads what a packer wrote. bad is set, and zeros are given, where it does not fit.
type unpacker struct {
	counts []byte
	bytes  []byte // significant bytes not read yet, and what follows them
	word   int
	total  int
	bad    bool
}

func newUnpacker(b []byte) unpacker {
	if len(b) < packHead {
		return unpacker{bad: true}
	}
	n := int(binary.LittleEndian.Uint16(b))
	b = b[packHead:]
	if n%2 != 0 || len(b) < n/2 {
		return unpacker{bad: true}
	}
	return unpacker{counts: b[:n/2], bytes: b[n/2:], total: n}
}

// unpack reads a block of one value, unpackAll of some.
func unpack[T any](u *unpacker, v *T) { u.block(bytesOf(v)) }

func unpackAll[T any](u *unpacker, v []T) {
	if len(v) > 0 {
		u.block(unsafe.Slice((*byte)(unsafe.Pointer(&v[0])), len(v)*int(unsafe.Sizeof(v[0]))))
	}
}

func (u *unpacker) block(dst []byte) {
	for ; len(dst) >= wordBytes; dst = dst[wordBytes:] {
		binary.LittleEndian.PutUint64(dst, u.next())
	}
	if u.word%2 != 0 {
		u.next() // the idle count
	}
}

func (u *unpacker) next() uint64 {
	if u.bad || u.word >= u.total {
		u.bad = true
		return 0
	}
	n := int(u.counts[u.word>>1]>>(u.word&1*4)) & 15
	u.word++
	switch {
	case n == allOnes:
		return ^uint64(0)
	case n > wordBytes || n > len(u.bytes):
		u.bad = true
		return 0
	}
	var w uint64
	if len(u.bytes) >= wordBytes {
		w = binary.LittleEndian.Uint64(u.bytes)
		if n < wordBytes {
			w &= 1<<(8*n) - 1
		}
	} else {
		for i := n - 1; i >= 0; i-- {
			w = w<<8 | uint64(u.bytes[i])
		}
	}
	u.bytes = u.bytes[n:]
	return w
}
