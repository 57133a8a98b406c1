//go:build race

package core

// chainQty is shorter under the race detector: a core runs in one thread.
var chainQty = [...]int{100, 300, 200}

const chainsMin = 1_000
