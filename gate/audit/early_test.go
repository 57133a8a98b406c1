package audit

import (
	"strings"
	"testing"

	"portcullis/gate/core"
)

// TestEarlyInWords: a message that came above a gap has two records; the second says which it is.
func TestEarlyInWords(t *testing.T) {
	ev := core.Event{Kind: core.Message, Data: []byte("8=FIX.4.4\x019=5\x0135=D\x0110=000\x01")}
	came := new(Journal).EventWords(&ev)
	ev.Code = core.WasEarly
	if taken := new(Journal).EventWords(&ev); !strings.HasSuffix(came, "received") || !strings.Contains(taken, "in its turn") {
		t.Errorf("%q, then %q", came, taken)
	}
}
