package core

import (
	"fmt"
	"slices"
	"testing"

	"portcullis/risk"
)

// TestCancelsGoAhead: what an order has cancelled leaves before it, under lower numbers, the one that reaches furthest first.
func TestCancelsGoAhead(t *testing.T) {
	c := plain()
	c.selfMatch, c.matchAction = true, risk.CancelResting
	w := newWorldOf(t, c).logon()
	for n, price := range []int{49, 50, 48} {
		w.order(fmt.Sprint("A-", n), fmt.Sprintf("55=IBM|54=1|38=1|40=2|44=%d", price))
		id := field(w.to(xsim, "D"), "11")
		w.from(xsim, fmt.Sprintf("35=8|37=V%d|11=%s|17=E%d|150=0|39=0|55=IBM|54=1|38=1|14=0|151=1|6=0|", n, id, n))
	}
	w.order("A-9", "55=IBM|54=5|38=1|40=2|44=49")
	var sent []string
	last := 0
	for _, m := range w.sent {
		var seq int
		if _, err := fmt.Sscan(field(m.text, "34"), &seq); m.link != xsim || err != nil || seq <= last {
			continue
		}
		last = seq
		sent = append(sent, field(m.text, "35")+field(m.text, "37"))
	}
	if want := []string{"FV1", "FV0", "D"}; !slices.Equal(sent, want) {
		t.Errorf("the venue reads %v, want %v", sent, want)
	}
}
