package core

import (
	"fmt"
	"testing"
)

// TestUnansweredByVenue: a venue that may take a minute to answer does not delay the alert of one that
// may take five seconds.
func TestUnansweredByVenue(t *testing.T) {
	c := plain()
	c.slow = true
	w := newWorldOf(t, c).logon()
	w.from(acme, "35=D|11=A-1|21=1|55=MSFT|54=1|38=10|40=2|44=400|60=20261122-13:30:00|")
	w.to(acme2, "D")
	w.order("A-2", "55=IBM|54=1|38=100|40=2|44=50")
	for _, step := range []struct {
		seconds int64
		alerts  int
	}{{6, 1}, {48, 0}, {8, 1}, {10, 0}} {
		w.nowNs += step.seconds * 1e9
		w.event(&Event{Kind: Tick, Link: NoIndex})
		n := 0
		for _, a := range w.alerts {
			if a == alertNames[Unanswered] {
				n++
			}
		}
		if n != step.alerts {
			t.Fatalf("after %d more seconds: alerts %v, want %d", step.seconds, w.alerts, step.alerts)
		}
	}
}

// TestRequestBySeq: each request that awaits an answer is found by its number on the venue's line, also
// when the ring has gone round and when the numbers have begun anew, and no other is.
func TestRequestBySeq(t *testing.T) {
	c := plain()
	c.size.Requests, c.size.Orders = 16, 8
	w := newWorldOf(t, c).logon()
	find := func(seq uint64) uint32 { return w.core.requestBySeq(0, seq) }
	slotOf := func(l uint32, id string) uint32 { return w.core.ids[w.core.lookupID(l, []byte(id))].request }
	var last uint64
	for n := range 20 {
		w.nowNs += 2e9
		own := fmt.Sprint("A-", n)
		id := field(w.order(own, "55=IBM|54=1|38=1|40=2|44=50"), "11")
		slot := slotOf(acme, own)
		last = w.core.requests[slot].Seq
		if find(last) != slot || find(last+1) != NoIndex || find(last-1) != NoIndex {
			t.Fatalf("order %d: number %d is request %d, want %d", n, last, find(last), slot)
		}
		if n < 19 {
			w.from(xsim, fmt.Sprintf("35=8|11=%s|37=V|17=E%d|150=4|39=4|14=0|151=0|6=0|", id, n))
		}
	}
	w.seqOut[xsim] = 1
	w.from(xsim, "35=A|98=0|108=30|141=Y|")
	if find(last) != NoIndex {
		t.Error("found by a number of before")
	}
	w.from(beta, "35=D|11=B|1=BETA-1|21=1|55=IBM|54=1|38=1|40=2|44=50|60=20261122-13:30:00|")
	w.to(xsim, "D")
	slot := slotOf(beta, "B")
	if seq := w.core.requests[slot].Seq; find(seq) != slot {
		t.Errorf("number %d is not found", seq)
	}
}
