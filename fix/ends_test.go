package fix

import (
	"math/rand/v2"
	"testing"
)

// TestEnds compares with a look at each byte, over messages of all lengths around the blocks.
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
			for base := 0; base <= size; base += blockBytes {
				for at, ends := base, endsFrom(b, base); at < base+blockBytes; at, ends = at+1, ends>>1 {
					if got, want := ends&1 == 1, at == size || at < size && b[at] == SOH; got != want {
						t.Fatalf("seed %d: byte %d of %d ends a field: %v, want %v in %q", seed, at, size, got, want, b)
					}
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
		for base := 0; base+blockBytes <= size; base++ {
			if got, want := vectorSOH(&b[base]), wordsSOH(b[base:base+blockBytes]); got != want {
				t.Fatalf("block at %d of %x: %x, want %x", base, b, got, want)
			}
		}
	}
}
