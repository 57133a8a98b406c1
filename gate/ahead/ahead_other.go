//go:build !amd64

package ahead

import "unsafe"

// ToWrite asks for nothing where we have no instruction for it.
func ToWrite(unsafe.Pointer, uintptr) {}

// ToRead asks for nothing where we have no instruction for it.
func ToRead(*unsafe.Pointer, int) {}
