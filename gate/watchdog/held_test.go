package watchdog

import (
	"bytes"
	"testing"
)

// TestHeld: what one engine stores, the next one loads; what is in use is not written over, and room is used again.
func TestHeld(t *testing.T) {
	p, file, err := newPage()
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	h := &Held{file, &p.held}
	if data, err := h.Load(); data != nil || err != nil {
		t.Errorf("of no engine: %q, %v", data, err)
	}
	for n := range 50 {
		data := bytes.Repeat([]byte{byte(n)}, 1000-n)
		before := h.at.Load()
		if err := h.Store(data); err != nil {
			t.Fatal(err)
		}
		p.reset()
		if got, err := h.Load(); err != nil || !bytes.Equal(got, data) {
			t.Fatalf("%d: %q, %v", n, got, err)
		}
		h.at.Store(before) // an engine that dies before the end of Store
		if got, _ := h.Load(); n > 0 && !bytes.Equal(got, bytes.Repeat([]byte{byte(n - 1)}, 1001-n)) {
			t.Fatalf("%d: what was held is gone", n)
		}
		if err := h.Store(data); err != nil {
			t.Fatal(err)
		}
	}
	if info, err := file.Stat(); err != nil || info.Size() > pageBytes+3*1008 {
		t.Errorf("%v, %v", info.Size(), err)
	}
}
