package core

import (
	"slices"
	"testing"
)

// TestVenueSpeaksOfItsOwnOrders: two venues may have one prefix of ids. A report of one about an order that the other was sent
// is of an unknown order, and changes nothing of that one.
func TestVenueSpeaksOfItsOwnOrders(t *testing.T) {
	c := plain()
	c.slow = true // ACME2 is the line of the second venue
	w := newWorldOf(t, c)
	for _, core := range []*Core{w.core, w.shadow} {
		core.set.Venues[1].IDPrefix = core.set.Venues[0].IDPrefix
	}
	w.logon()
	w.from(acme, "35=D|11=A-1|55=IBM|54=1|38=100|40=2|44=50|60=20261122-13:30:00|")
	id := string(w.core.VenueID(0))
	w.from(acme2, "35=8|11="+id+"|37=O1|17=E1|150=4|39=4|55=IBM|54=1|38=100|14=0|151=0|6=0|")
	if o := w.core.OrderAt(0); o.State != Live || o.Reserved == 0 {
		t.Errorf("the other venue has ended it: state %d, reserved %d", o.State, o.Reserved)
	}
	if !slices.Contains(w.alerts, "UnknownOrderReport") {
		t.Errorf("nobody was told: %v", w.alerts)
	}
	w.from(xsim, "35=8|11="+id+"|37=O1|17=E1|150=4|39=4|55=IBM|54=1|38=100|14=0|151=0|6=0|")
	if o := w.core.OrderAt(0); o.State != Final {
		t.Errorf("its own venue has not: state %d", o.State)
	}
}
