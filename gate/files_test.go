package gate

import (
	"strings"
	"testing"

	"portcullis/gate/admission"
)

// TestAdmissionBounds: connections without a Logon get what the gate and its links leave, and a process that may not open
// enough does not start.
func TestAdmissionBounds(t *testing.T) {
	full := admission.DefaultBounds.HalfOpenMax
	for _, c := range []struct {
		files       uint64
		links, rows int
		want        int // 0: refused
	}{
		{1 << 20, 3, 64, full},
		{^uint64(0), 3, 64, full},
		{filesOwn + 64 + uint64(full), 3, 64, full},
		{filesOwn + 64 + uint64(full) - 1, 3, 64, full - 1},
		{256, 3, 64, 256 - filesOwn - 64},
		{filesOwn + 64 + halfOpenMin, 3, 64, halfOpenMin},
		{filesOwn + 3 + halfOpenMin, 3, 64, halfOpenMin}, // links that come later have less room
		{filesOwn + 3 + halfOpenMin - 1, 3, 64, 0},
		{1024, 1000, 1000, 0},
	} {
		got, err := admissionBounds(c.files, c.links, c.rows)
		if err == nil && got.HalfOpenMax != c.want || (err != nil) != (c.want == 0) {
			t.Errorf("%d files, %d of %d links: %d, %v; want %d", c.files, c.links, c.rows, got.HalfOpenMax, err, c.want)
		}
		if err != nil && !strings.Contains(err.Error(), "LimitNOFILE") {
			t.Error(err)
		}
	}
}
