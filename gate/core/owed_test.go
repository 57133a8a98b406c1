package core

import (
	"fmt"
	"testing"

	"portcullis/risk"
)

// TestOwedFirst: however many cancels are owed, no order goes to the venue before the last of them,
// though messages come in between the steps that send them.
func TestOwedFirst(t *testing.T) {
	w := newWorld(t).logon()
	const owed = 20
	for n := range owed {
		w.order(fmt.Sprint("A-", n), "55=IBM|54=1|38=1|40=2|44=50")
	}
	w.drop(xsim)
	for n := range owed {
		w.from(acme, fmt.Sprintf("35=F|11=F-%d|41=A-%d|55=IBM|54=1|60=20261122-13:30:00|", n, n))
	}
	w.conns++
	w.event(&Event{Kind: Admitted, Link: xsim, Conn: w.conns})
	w.from(xsim, "35=A|98=0|108=30|")
	id := field(w.to(xsim, "1"), "112")
	w.sent = nil
	w.step(&Event{Kind: Message, Link: xsim, Conn: w.conns, Data: w.message(xsim, "35=0|112="+id+"|")})
	tried := 0
	for ; ; tried++ {
		w.step(&Event{Kind: Message, Link: acme, Conn: w.core.links[acme].Conn,
			Data: w.message(acme, fmt.Sprintf("35=D|11=B-%d|21=1|55=IBM|54=1|38=1|40=2|44=50|60=20261122-13:30:00|", tried))})
		if w.d.Reason == risk.Accepted {
			break
		}
		if w.d.Reason != risk.VenueRecovering || w.core.DueNs() != 0 {
			t.Fatalf("after %d tries: %s", tried, w.d.Reason)
		}
		w.step(&Event{Kind: Tick, Link: NoIndex})
	}
	cancels := 0
	for _, s := range w.sent {
		switch {
		case s.link == xsim && field(s.text, "35") == "F":
			cancels++
		case s.link == xsim && field(s.text, "35") == "D" && cancels != owed:
			t.Fatalf("an order went after %d cancels", cancels)
		}
	}
	if cancels != owed || tried < owed {
		t.Errorf("%d cancels, %d orders refused before", cancels, tried)
	}
}
