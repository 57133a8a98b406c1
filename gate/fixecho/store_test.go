package fixecho

import (
	"bytes"
	"os"
	"testing"
)

// TestStore: what was sent can be read again until the numbers begin anew, and nothing is left behind.
func TestStore(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	s, err := newStore(2)
	if err != nil {
		t.Fatal(err)
	}
	s.put(0, 3, []byte("three"))
	s.put(1, 3, []byte("other"))
	read := func(session uint32, seq uint64) string {
		b, err := s.Read(session, seq, false, []byte("<"))
		if err != nil {
			t.Error(err)
		}
		return string(bytes.TrimPrefix(b, []byte("<")))
	}
	if got := read(0, 3) + read(1, 3) + read(0, 4); got != "threeother" {
		t.Errorf("read %q", got)
	}
	s.forget(0)
	if got := read(0, 3) + read(1, 3); got != "other" {
		t.Errorf("read %q", got)
	}
	left, _ := os.ReadDir(os.TempDir())
	if err := s.close(); err != nil || len(left) != 0 {
		t.Errorf("left behind %v, %v", left, err)
	}
	s.put(0, 5, []byte("lost"))
	if _, err := s.Read(0, 5, false, nil); err == nil {
		t.Error("a message that could not be written can be passed over")
	}
}
