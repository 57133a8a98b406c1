//go:build !amd64

package journal

import "unsafe"

// askAhead asks for nothing where we have no instruction for it.
func askAhead(unsafe.Pointer, uintptr) {}
