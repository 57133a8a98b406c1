package ahead

import "unsafe"

// ToWrite asks for the cache lines of size bytes at p, to be written.
//
//go:noescape
func ToWrite(p unsafe.Pointer, size uintptr)

// ToRead asks for the cache lines at which the first n addresses of a list point, to be read. n is not 0.
//
//go:noescape
func ToRead(list *unsafe.Pointer, n int)
