package core

import (
	"testing"

	"portcullis/fix/link"
)

// TestHeartbeatAfterSilence: a peer that does not answer our TestRequest gets no Heartbeat; one that speaks again by
// whatever message gets the one that is due at once.
func TestHeartbeatAfterSilence(t *testing.T) {
	w := newWorld(t).logon()
	has := func(msgType string) (found bool) {
		for _, s := range w.sent {
			found = found || s.link == acme && field(s.text, "35") == msgType
		}
		return found
	}
	w.nowNs += 36_100_000_000
	w.event(&Event{Kind: Tick, Link: NoIndex})
	if !has("1") {
		t.Fatalf("no TestRequest: %+v", w.sent)
	}
	w.nowNs += 31_000_000_000
	w.from(acme, "35=D|11=A-1|55=IBM|54=1|38=100|40=2|44=50|60=20261122-13:30:00|")
	if !has("0") || w.core.Phase(acme) != link.Up {
		t.Errorf("no Heartbeat, the link is %v: %+v", w.core.Phase(acme), w.sent)
	}
}
