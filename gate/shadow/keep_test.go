package shadow

import (
	"testing"
	"time"
)

// TestNextWait: a shadow that cannot start is started less and less often, and one that ran well at once.
func TestNextWait(t *testing.T) {
	wait := time.Duration(0)
	for _, want := range []time.Duration{5, 10, 20, 40, 80, 160, 300, 300} {
		if wait = nextWait(wait, false); wait != want*time.Second {
			t.Errorf("%v, want %v s", wait, want)
		}
	}
	if wait = nextWait(wait, true); wait != againAfter {
		t.Errorf("after an hour's run: %v", wait)
	}
}
