package core

import (
	"testing"

	"portcullis/risk"
)

// FuzzPack: any words come back as they were, and any bytes are read without harm.
func FuzzPack(f *testing.F) {
	f.Add([]byte("\x00\x00\x00\x00\x00\x00\x00\x00\xff\xff\xff\xff\xff\xff\xff\xff12345678"))
	f.Fuzz(func(t *testing.T, b []byte) {
		n := min(len(b)/wordBytes, packWordsMax)
		b = b[:n*wordBytes]
		counts := words[uint64](n)
		dst := make([]byte, packedSizeMax(counts))
		p := newPacker(dst, counts)
		p.block(b)
		u := newUnpacker(dst[:p.at])
		back := make([]byte, len(b))
		u.block(back)
		if u.bad || u.word != u.total || len(u.bytes) != 0 || string(back) != string(b) {
			t.Fatalf("%x came back as %x", b, back)
		}
		wild := newUnpacker(b)
		for range n + 2 {
			wild.next()
		}
	})
}

func BenchmarkPack(b *testing.B) {
	var checks [18]risk.Check
	for i := range checks {
		checks[i] = risk.Check{Value: 5010_0000 * int64(i+1), Limit: 1_000_000_0000, Scope: uint32(i), Control: risk.OffLot}
	}
	dst := make([]byte, packedSizeMax(words[risk.Check](len(checks))))
	b.ReportAllocs()
	for b.Loop() {
		p := newPacker(dst, words[risk.Check](len(checks)))
		packAll(&p, checks[:])
	}
}
