package core

import (
	"portcullis/fix/link"
	"portcullis/risk"
)

// CloseCutOff is when a venue takes no more orders at the close.
type CloseCutOff struct {
	Past    link.Schedule // open from the cut-off on, until such orders are taken for the next close; nil: they always are
	Replace bool          // they can be replaced after it all the same
	Cancel  bool          // they can be cancelled
}

// pastCutOff tells whether the cut-off of the day is over. Only orders at the close ask.
func (c *Core) pastCutOff(ev *Event, venue uint32) bool {
	s := c.set.Venues[venue].CloseCutOff.Past
	return s != nil && c.cutOffs[venue].at(ev.Now.UTCNs, s)
}

// atTheClose tells whether the terms that hold are for the close.
func (o *Order) atTheClose() bool { return risk.AtClose(o.OrdType, o.TimeInForce) }

// cutOffOrder notes whether a new order for the close comes too late for its venue.
func (c *Core) cutOffOrder(ev *Event, o *risk.Order) {
	if risk.AtClose(o.Terms.OrdType, o.Terms.TimeInForce) && c.pastCutOff(ev, o.Venue) {
		o.TooLate = risk.CloseCutOff
	}
}

// cutOffReplace does so for a replace: neither may an order for the close be changed, nor one become such an order; and
// where the venue takes no cancels it takes no replace of what is open.
func (c *Core) cutOffReplace(ev *Event, o *Order, ro *risk.Order) {
	v := &c.set.Venues[o.Venue]
	atTheClose := o.atTheClose() || risk.AtClose(ro.Terms.OrdType, ro.Terms.TimeInForce)
	switch {
	case atTheClose && !v.CloseCutOff.Replace && c.pastCutOff(ev, o.Venue):
		ro.TooLate = risk.CloseCutOff
	case !v.NoCancel.Replace && c.inNoCancel(ev, o):
		ro.TooLate = risk.NoCancelPeriod
	}
}

// cutOffCancel tells whether a venue would no longer take the cancel of an order for the close.
func (c *Core) cutOffCancel(ev *Event, o *Order) bool {
	return o.atTheClose() && !c.set.Venues[o.Venue].CloseCutOff.Cancel && c.pastCutOff(ev, o.Venue)
}
