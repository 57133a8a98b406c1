package fix

import (
	"bytes"
	"math/rand/v2"
	"testing"
)

// TestEnds compares with a search byte by byte, over messages of all lengths around the blocks, with jumps over data.
func TestEnds(t *testing.T) {
	const seed = 20261126
	r := rand.New(rand.NewPCG(seed, 1))
	for size := range 4 * blockBytes {
		for _, density := range []int{1, 2, 9, 80, 1000} {
			b := make([]byte, size)
			for i := range b {
				if b[i] = byte(r.Uint32()); r.IntN(density) == 0 {
					b[i] = SOH
				} else if b[i] == SOH {
					b[i] = 'x'
				}
			}
			var e ends
			e.begin(b)
			for i := 0; i < size; {
				if e.bits == 0 {
					e.advance()
				}
				want := i + bytes.IndexByte(b[i:], SOH)
				if want < i {
					want = size
				}
				if got := e.take(); got != want {
					t.Fatalf("seed %d: after %d of %d bytes: %d, want %d in %q", seed, i, size, got, want, b)
				}
				if i = want + 1; i < size && r.IntN(4) == 0 {
					i += r.IntN(min(size-i, 2*blockBytes))
					e.skip(i)
				}
			}
		}
	}
}

// TestVectors holds the processor's vectors against the loops in Go.
func TestVectors(t *testing.T) {
	if !vectors {
		t.Skip("this processor has no vectors that are used")
	}
	r := rand.New(rand.NewPCG(20261126, 2))
	for size := range 300 {
		b := make([]byte, size)
		for i := range b {
			b[i] = byte(r.Uint32())
			if r.IntN(3) == 0 {
				b[i] = SOH
			}
		}
		if got, want := CheckSum(b), sumOf(b); got != want {
			t.Fatalf("the sum of %x is %d, want %d", b, got, want)
		}
		var e ends
		for e.begin(b); e.base < size; e.base += blockBytes {
			if got, want := e.block(), wordsSOH(b[e.base:min(size, e.base+blockBytes)]); got != want {
				t.Fatalf("block at %d of %x: %x, want %x", e.base, b, got, want)
			}
		}
	}
}
