//go:build !amd64

package fix

const vectors = false

func vectorSOH(*byte) uint64      { panic("no vectors") }
func vectorSum(*byte, int) uint64 { panic("no vectors") }
