package quickfixgate

import (
	"slices"

	"github.com/shopspring/decimal"
)

// Report is an ExecutionReport or OrderCancelReject of the venue.
type Report struct {
	VenueID, ExecType, OrdStatus, VenueOrderID string
	CancelReject                               bool
	OrderQty, Price, LastQty, LastPx           decimal.Decimal
}

// Answer is a report as the client must see it.
type Answer struct {
	Order             *Order
	ClOrdID, OrigID   string
	CumQty, LeavesQty decimal.Decimal
	OrderQty, Price   decimal.Decimal
	OrderID           string
}

// Apply books a report of the venue and says what the client is told. ok is false for an order that is
// not ours.
func (b *Book) Apply(r Report) (a Answer, ok bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	o := b.byVenueID[r.VenueID]
	if o == nil {
		return Answer{}, false
	}
	if r.VenueOrderID != "" {
		o.venueOrderID = r.VenueOrderID
	}
	a = Answer{Order: o, OrderID: o.ID, ClOrdID: o.clientID(r.VenueID)}
	version := o.pendingVersion(r.VenueID)
	switch {
	case r.CancelReject:
		a.OrigID = o.current.clOrdID
		if version >= 0 {
			o.pending = slices.Delete(o.pending, version, version+1)
		} else {
			o.cancelID = ""
		}
	case r.ExecType == "F":
		b.book(o, r.LastQty, r.LastPx)
	case r.ExecType == "5" && version >= 0:
		a.OrigID = o.current.clOrdID
		o.current = o.pending[version]
		o.pending = slices.Delete(o.pending, version, version+1)
		o.current.qty, o.current.price = r.OrderQty, r.Price
	case r.ExecType == "4":
		a.OrigID = o.current.clOrdID
	}
	if isFinal(r.OrdStatus) && !r.CancelReject && o.open {
		o.open = false
		b.openCount[o.Account]--
	}
	b.settle(o)
	a.CumQty, a.OrderQty, a.Price = o.cum, o.current.qty, o.current.price
	if o.open {
		a.LeavesQty = decimal.Max(decimal.Zero, o.current.qty.Sub(o.cum))
	}
	return a, true
}

// clientID translates one of our ids into the client's.
func (o *Order) clientID(venueID string) string {
	if venueID == o.current.venueID {
		return o.current.clOrdID
	}
	if version := o.pendingVersion(venueID); version >= 0 {
		return o.pending[version].clOrdID
	}
	return o.cancelID
}

// pendingVersion is the index of the unanswered replace with this id, -1 for any other id.
func (o *Order) pendingVersion(venueID string) int {
	return slices.IndexFunc(o.pending, func(t terms) bool { return t.venueID == venueID })
}

// latest are the terms that the venue has been asked for last.
func (o *Order) latest() *terms {
	if n := len(o.pending); n > 0 {
		return &o.pending[n-1]
	}
	return &o.current
}

func isFinal(ordStatus string) bool {
	switch ordStatus {
	case "2", "4", "8", "C":
		return true
	}
	return false
}
