package core

import (
	"slices"
	"testing"

	"portcullis/risk"
)

// TestFillBeyondAllNumbers: whatever a venue says was executed, no count wraps: the order and the position stay at the end
// of the range, nothing of the order is reserved any more, and a human is told.
func TestFillBeyondAllNumbers(t *testing.T) {
	w := newWorld(t).logon()
	id := field(w.order("A-1", "55=IBM|54=1|38=100|40=2|44=50"), "11")
	w.from(xsim, "35=8|11="+id+"|37=V|17=E1|150=F|39=1|32=10|31=50|14=10|151=90|54=1|55=IBM|6=50|")
	w.from(xsim, "35=8|11="+id+"|37=V|17=E2|150=F|39=1|32=92233720368|31=50|14=92233720368|151=0|54=1|55=IBM|6=50|")
	if p := w.core.book.Position(acme1, ibm).P; p != risk.MagnitudeMax || !slices.Contains(w.alerts, "BookInexact") {
		t.Errorf("position %d, alerts %v", p, w.alerts)
	}
	if o := &w.core.orders[0]; o.Executed != risk.MagnitudeMax || o.Cum != risk.MagnitudeMax || o.Reserved != 0 || o.Open != 0 {
		t.Errorf("%+v", o)
	}
	w.from(xsim, "35=8|11="+id+"|37=V|17=E3|150=F|39=1|32=92233720368|31=50|14=92233720368|151=0|54=1|55=IBM|6=50|")
	if o := &w.core.orders[0]; o.Executed != risk.MagnitudeMax || o.Open != 0 {
		t.Errorf("%+v", o)
	}
}
