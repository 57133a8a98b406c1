package journal

import "unsafe"

// askAhead asks the processor for the cache lines of size bytes at p, to be written. It is advice and changes
// nothing.
//
//go:noescape
func askAhead(p unsafe.Pointer, size uintptr)
