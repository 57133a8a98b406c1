package ahead

import (
	"testing"
	"unsafe"
)

// TestAhead: wherever addresses point, nothing changes and nothing faults.
func TestAhead(t *testing.T) {
	b := []byte("0123456789")
	list := [...]unsafe.Pointer{unsafe.Pointer(&b[0]), nil, unsafe.Pointer(&b[9])}
	ToRead(&list[0], len(list))
	ToWrite(unsafe.Pointer(&b[0]), uintptr(len(b)))
	if string(b) != "0123456789" {
		t.Errorf("now %q", b)
	}
}
