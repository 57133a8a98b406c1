package link

import (
	"testing"

	"portcullis/fix"
)

// TestRestore: what a record says of its messages is taken only where it lies within them.
func TestRestore(t *testing.T) {
	sent := []byte("0123456789")
	for _, c := range []struct {
		name string
		out  Out
		ok   bool
	}{
		{"all of it", Out{Size: 10, SecretOff: 4, SecretSize: 6}, true},
		{"longer than what was sent", Out{Off: 4, Size: 7}, false},
		{"a secret behind its message", Out{Size: 5, SecretOff: 5, SecretSize: 1}, false},
		{"a secret that ends behind it", Out{Size: 5, SecretOff: 3, SecretSize: 3}, false},
		{"numbers that wrap", Out{Off: 1<<32 - 1, Size: 2, SecretOff: 1<<32 - 1, SecretSize: 2}, false},
	} {
		o := Outbox{Writer: *fix.NewWriter(64)}
		if ok := o.Restore([]Out{c.out}, sent); ok != c.ok {
			t.Errorf("%s: %v, want %v", c.name, ok, c.ok)
		}
	}
}

// TestOrigSendingTime: what is sent again was not first sent later than now, also where our clock was set back since;
// the peer would refuse it, and never get it.
func TestOrigSendingTime(t *testing.T) {
	const nowNs = 1795354200_000000000 // 2026-11-22 13:30:00
	for orig, want := range map[string]string{
		"20261122-13:29:59.999": "20261122-13:29:59.999",
		"20261122-13:30:00.000": "20261122-13:30:00.000",
		"20261122-13:30:00.001": "20261122-13:30:00.000",
		"yesterday":             "yesterday",
	} {
		o := Outbox{Writer: *fix.NewWriter(256)}
		set := Settings{BeginString: "FIX.4.4", SenderCompID: "GATE", TargetCompID: "ACME", Precision: fix.Millis}.Ready()
		o.BeginAgain(&set, "8", 7, 1, nowNs, Again{PossDup: true, Orig: []byte(orig)})
		o.End(0, ReportMessage, 7, 0)
		var m fix.Message
		m.Index(o.Bytes(0))
		if got := string(m.Value(fix.TagOrigSendingTime)); got != want {
			t.Errorf("first sent %s: %s, want %s", orig, got, want)
		}
	}
}
