package core

import (
	"math"

	"portcullis/fix/link"
	"portcullis/risk"
)

// CloseCutOff is when a venue takes no more orders at the close.
type CloseCutOff struct {
	Past    link.Schedule // open from the cut-off on, until such orders are taken for the next close; nil: they always are
	Replace bool          // they can be replaced after it all the same
	Cancel  bool          // they can be cancelled
}

// cutOff is a stretch of time in which a venue's cut-off is over, or is not. It is computed once for all orders in it.
type cutOff struct {
	fromNs, toNs int64 // UTC, from included
	past         bool
}

// layCutOffs computes the stretches of time around a moment.
func (c *Core) layCutOffs(utcNs int64) {
	c.cutOffsNs = math.MaxInt64
	for v := range c.cutOffs {
		if s := c.set.Venues[v].CloseCutOff.Past; s != nil {
			o := &c.cutOffs[v]
			o.fromNs, o.toNs, o.past = s.At(utcNs)
			c.cutOffsNs = min(c.cutOffsNs, o.toNs)
		}
	}
}

// pastCutOff tells whether the cut-off of the day is over. Only orders at the close ask, and only a clock that was set has
// it computed anew for one.
func (c *Core) pastCutOff(ev *Event, venue uint32) bool {
	s, o := c.set.Venues[venue].CloseCutOff.Past, &c.cutOffs[venue]
	if s == nil || o.fromNs <= ev.Now.UTCNs && ev.Now.UTCNs < o.toNs {
		return o.past
	}
	_, _, past := s.At(ev.Now.UTCNs)
	return past
}

// atTheClose tells whether the terms that hold are for the close.
func (o *Order) atTheClose() bool { return risk.AtClose(o.OrdType, o.TimeInForce) }

// cutOffOrder notes whether a new order for the close comes too late for its venue.
func (c *Core) cutOffOrder(ev *Event, o *risk.Order) {
	o.PastCutOff = risk.AtClose(o.Terms.OrdType, o.Terms.TimeInForce) && c.pastCutOff(ev, o.Venue)
}

// cutOffReplace does so for a replace: neither may an order for the close be changed, nor one become such an order.
func (c *Core) cutOffReplace(ev *Event, o *Order, ro *risk.Order) {
	atTheClose := o.atTheClose() || risk.AtClose(ro.Terms.OrdType, ro.Terms.TimeInForce)
	ro.PastCutOff = atTheClose && !c.set.Venues[o.Venue].CloseCutOff.Replace && c.pastCutOff(ev, o.Venue)
}

// cutOffCancel tells whether a venue would no longer take the cancel of an order for the close.
func (c *Core) cutOffCancel(ev *Event, o *Order) bool {
	return o.atTheClose() && !c.set.Venues[o.Venue].CloseCutOff.Cancel && c.pastCutOff(ev, o.Venue)
}
