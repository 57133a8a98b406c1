package core

import (
	"portcullis/fix/schedule"
	"portcullis/risk"
)

// CloseCutOff is when a venue takes no more orders at the close.
type CloseCutOff struct {
	Past    *schedule.Schedule // open from the cut-off on, until such orders are taken for the next close; nil: they always are
	Replace bool               // they can be replaced after it all the same
	Cancel  bool               // they can be cancelled
}

// past tells whether the cut-off of the day is over. Few orders are at the close, so nobody else asks.
func (v *VenueSetup) past(ev *Event) bool {
	if v.CloseCutOff.Past == nil {
		return false
	}
	_, _, past := v.CloseCutOff.Past.At(ev.Now.UTCNs)
	return past
}

// atTheClose tells whether the terms that hold are for the close.
func (o *Order) atTheClose() bool { return risk.AtClose(o.OrdType, o.TimeInForce) }

// cutOffOrder notes whether a new order for the close comes too late for its venue.
func (c *Core) cutOffOrder(ev *Event, o *risk.Order) {
	o.PastCutOff = risk.AtClose(o.Terms.OrdType, o.Terms.TimeInForce) && c.set.Venues[o.Venue].past(ev)
}

// cutOffReplace does so for a replace: neither may an order for the close be changed, nor one become such an order.
func (c *Core) cutOffReplace(ev *Event, o *Order, ro *risk.Order) {
	v := &c.set.Venues[o.Venue]
	ro.PastCutOff = !v.CloseCutOff.Replace && (o.atTheClose() || risk.AtClose(ro.Terms.OrdType, ro.Terms.TimeInForce)) && v.past(ev)
}

// cutOffCancel tells whether a venue would no longer take the cancel of an order for the close.
func (c *Core) cutOffCancel(ev *Event, o *Order) bool {
	v := &c.set.Venues[o.Venue]
	return !v.CloseCutOff.Cancel && o.atTheClose() && v.past(ev)
}
