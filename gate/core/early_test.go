package core

import (
	"strings"
	"testing"

	"portcullis/risk"
)

// TestOrderAboveGap: an order whose number is too high is not judged before its turn; it is kept for then, and what
// the peer repeats of it later is not judged twice.
func TestOrderAboveGap(t *testing.T) {
	w := newWorld(t).logon()
	first := w.message(acme, "35=D|11=A-1|55=IBM|54=1|38=100|40=2|44=50|60=20261123-13:30:00|")
	second := w.message(acme, "35=D|11=A-2|55=IBM|54=1|38=100|40=2|44=50|60=20261123-13:30:00|")
	w.event(&Event{Kind: Message, Link: acme, Data: second})
	if w.d.Early != w.seqOut[acme]-1 || w.core.NextIn(acme) != w.seqOut[acme]-2 {
		t.Fatalf("kept as %d, expected next %d", w.d.Early, w.core.NextIn(acme))
	}
	w.to(acme, "2")
	if s := w.core.book.Credit(risk.ScopeAccount, acme1); s.RB != 0 {
		t.Fatalf("reserved before its turn: %+v", s)
	}
	w.event(&Event{Kind: Message, Link: acme, Data: first})
	w.to(xsim, "D")
	w.sent = nil
	w.step(&Event{Kind: Message, Code: WasEarly, Link: acme, Data: second})
	w.to(xsim, "D")
	if w.core.NextIn(acme) != w.seqOut[acme] {
		t.Errorf("expected next %d", w.core.NextIn(acme))
	}
	w.checkTables()
}

// TestOrderThatWaitedTooLong: an order above a gap that is filled late is refused like one that is sent again late. It
// is not a matter of the session layer: that looked at the order's SendingTime when it came.
func TestOrderThatWaitedTooLong(t *testing.T) {
	w := newWorld(t).logon()
	first := w.message(acme, "35=0|")
	second := w.message(acme, "35=D|11=A-2|55=IBM|54=1|38=100|40=2|44=50|60=20261123-13:30:00|")
	w.event(&Event{Kind: Message, Link: acme, Data: second})
	w.event(&Event{Kind: Message, Link: acme, Data: first})
	w.sent, w.nowNs = nil, w.nowNs+200e9
	w.step(&Event{Kind: Message, Code: WasEarly, Link: acme, Data: second})
	if got := field(w.to(acme, "8"), "58"); !strings.HasPrefix(got, "STALE_RESEND") {
		t.Errorf("answered by %q", got)
	}
	w.checkTables()
}
