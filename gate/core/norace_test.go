//go:build !race

package core

// chainQty is what TestInterleavings orders, and each replace asks for; there are so many sequences at least.
var chainQty = [...]int{100, 300, 200, 250}

const chainsMin = 30_000
