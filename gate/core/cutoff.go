package core

import (
	"portcullis/fix/link"
	"portcullis/risk"
)

// CloseCutOff is when a venue takes no more orders at the close.
type CloseCutOff struct {
	Past    []link.Schedule // each open from a cut-off on, until such orders are taken for the next close; none: they always are
	Which   []uint8         // by instrument number: which of them it has; beyond its end the first
	Replace bool            // they can be replaced after it all the same
	Cancel  bool            // they can be cancelled
}

// which of the cut-offs an instrument has.
func (s *CloseCutOff) which(instrument uint32) uint8 {
	if instrument < uint32(len(s.Which)) {
		return s.Which[instrument]
	}
	return 0
}

// Of is when it is too late for an instrument, where it can be.
func (s *CloseCutOff) Of(instrument uint32) link.Schedule { return s.Past[s.which(instrument)] }

// pastCutOff tells whether the cut-off of the day is over for an instrument. Only orders at the close ask.
func (c *Core) pastCutOff(ev *Event, venue, instrument uint32) bool {
	s := &c.set.Venues[venue].CloseCutOff
	if len(s.Past) == 0 {
		return false
	}
	i := s.which(instrument)
	return c.cutOffs[venue][i].at(ev.Now.UTCNs, s.Past[i])
}

// atTheClose tells whether the terms that hold are for the close.
func (o *Order) atTheClose() bool { return risk.AtClose(o.OrdType, o.TimeInForce) }

// cutOffOrder notes whether a new order for the close comes too late for its venue.
func (c *Core) cutOffOrder(ev *Event, o *risk.Order) {
	if risk.AtClose(o.Terms.OrdType, o.Terms.TimeInForce) && c.pastCutOff(ev, o.Venue, o.Instrument) {
		o.TooLate = risk.CloseCutOff
	}
}

// cutOffReplace does so for a replace: neither may an order for the close be changed, nor one become such an order; and
// where the venue takes no cancels it takes no replace of what is open.
func (c *Core) cutOffReplace(ev *Event, o *Order, ro *risk.Order) {
	v := &c.set.Venues[o.Venue]
	atTheClose := o.atTheClose() || risk.AtClose(ro.Terms.OrdType, ro.Terms.TimeInForce)
	switch {
	case atTheClose && !v.CloseCutOff.Replace && c.pastCutOff(ev, o.Venue, o.Instrument):
		ro.TooLate = risk.CloseCutOff
	case !v.NoCancel.Replace && c.inNoCancel(ev, o):
		ro.TooLate = risk.NoCancelPeriod
	}
}

// cutOffCancel tells whether a venue would no longer take the cancel of an order for the close.
func (c *Core) cutOffCancel(ev *Event, o *Order) bool {
	return o.atTheClose() && !c.set.Venues[o.Venue].CloseCutOff.Cancel && c.pastCutOff(ev, o.Venue, o.Instrument)
}
