package fix

// Both use SSE2, which every amd64 processor has. The loops beside them in Go are what they are compared with.

const vectors = true

// vectorSOH has a bit for each SOH among the 64 bytes at p, the first byte lowest.
//
//go:noescape
func vectorSOH(p *byte) uint64

// vectorSum adds the bytes of n times 16 at p; n is at least 1.
//
//go:noescape
func vectorSum(p *byte, n int) uint64
