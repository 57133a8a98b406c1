package bind

import (
	"os"
	"path/filepath"
	"testing"

	"portcullis/gate/journal"
)

// TestHistoryThatCannotBeRead: what cannot be read is an error, not a number without a message, and is
// found once it can be read.
func TestHistoryThatCannotBeRead(t *testing.T) {
	dir := t.TempDir()
	j, err := journal.Open(journal.Options{Dir: dir, SegmentBytes: 1 << 20, TailSegments: 4,
		Keys: func(*journal.Header, []byte, func(uint64)) {}})
	if err != nil {
		t.Fatal(err)
	}
	h := NewHistory(j.Appended, func() (Records, error) { return j.NewReader() }, NewNumbering(1))
	meta := filepath.Join(dir, "meta")
	if err := os.Rename(meta, meta+".gone"); err != nil {
		t.Fatal(err)
	}
	if data, err := h.Read(0, 7, false, nil); err == nil || len(data) != 0 {
		t.Errorf("%q, %v", data, err)
	}
	if err := os.Rename(meta+".gone", meta); err != nil {
		t.Fatal(err)
	}
	if data, err := h.Read(0, 7, false, nil); err != nil || len(data) != 0 {
		t.Errorf("%q, %v", data, err)
	}
	if err := h.Close(); err != nil {
		t.Error(err)
	}
	if err := j.Close(); err != nil {
		t.Error(err)
	}
}
