package core

import (
	"portcullis/fix"
	"portcullis/risk"
)

// decideCancel judges an OrderCancelRequest. Neither credit nor rate nor kill stops it: it must
// name an order of its own that may still trade and has no cancel in flight; after a cut-off, one that its venue still
// takes cancels of. Where the venue
// cannot be reached the cancel is owed and goes first when the line is back (behaviour 6).
func (c *Core) decideCancel(ev *Event, d *Decision) {
	d.MsgType = 'F'
	if !c.orderFields(ev, d, cancelTags[:]) || c.answeredBefore(ev, d) {
		return
	}
	reason := c.findOriginal(ev, d)
	if v := d.msg.Value(fix.TagCxlType); reason == risk.Accepted && v != nil && only(v) != wholeOrder {
		reason = d.at(fix.TagCxlType, risk.FieldNotUnderstood) // what takes a part of an order away is a replace
	}
	if reason == risk.Accepted {
		switch o := &c.orders[d.Order]; {
		case !o.mayTrade():
			reason = risk.TooLateToCancel
		case c.cancelling(ev, o):
			reason = risk.CancelPending
		case c.cutOffCancel(ev, o):
			reason = risk.CloseCutOff
		case !c.set.Venues[o.Venue].NoCancel.Owes && c.inNoCancel(ev, o):
			reason = risk.NoCancelPeriod
		default:
			reason = c.policyReason(ev, d, &c.set.Venues[o.Venue], &c.tags(o.Venue, ev.Link).Cancel)
		}
	}
	if reason == risk.Accepted {
		reason = c.room(d, ev.Link)
	}
	d.Reason = reason
	if reason != risk.Accepted {
		c.refuseChange(ev, d)
		return
	}
	c.acceptCancel(ev, d)
}

const (
	cancelOwedText      = "CANCEL_OWED: the venue's line is down; the cancel goes first when it is back"
	cancelPostponedText = "CANCEL_OWED: the venue takes no cancels now; the cancel goes when it does again"
)

// owedTexts tell an owner why the cancel of an order is owed.
var owedTexts = [...]string{Owed: cancelOwedText, Postponed: cancelPostponedText}

// acceptCancel sends the cancel to the venue or, where its line is down or it takes none now, owes it and tells the sender.
func (c *Core) acceptCancel(ev *Event, d *Decision) {
	o := &c.orders[d.Order]
	original := d.Request
	if q := &c.requests[original]; original != o.Current && (q.State != Pending || q.Kind == CancelRequest) {
		original = c.latest(o, NoIndex) // the venue does not know, or no longer, what the participant names
	}
	c.giveUp(ev, d, o, NoIndex)
	d.Request = c.nextRequest(d)
	state := Pending // also while the line is only slow: then it waits behind what was sent
	switch {
	case c.line(o.Venue).Phase != linkUp:
		state = Owed
	case c.inNoCancel(ev, o):
		state = Postponed
	}
	e := c.asked(ev, d, CancelRequest, d.Order)
	e.ID = c.idForOwn(d)
	e.Off, e.Len = d.textRange(fix.TagClOrdID)
	e.Link = ev.Link
	e.Value = d.bodyHash()
	if state != Pending {
		e.owe(state)
		c.ownerReport(ev, d, d.Order, ownerReport{execType: '6', status: '6', asked: true, cancel: true,
			text: owedTexts[state]})
		return
	}
	c.forward(ev, d, &c.tags(o.Venue, ev.Link).Cancel, 'F', original)
}

// RequestMarks are what is known of a cancel beside its state.
type RequestMarks uint8

const (
	Early        RequestMarks = 1 << iota // what it names had no answer yet when it was sent
	ForMatch                              // it is because of another order of the same owner
	AfterSplit                            // of an order's first: its venue has restated the order in the units of after the last split
	AheadOfSplit                          // likewise of the one that is said and not applied yet
)

// early marks a cancel that is sent now where what it names has no answer yet.
func (c *Core) early(o *Order) RequestMarks {
	if c.requests[c.latest(o, NoIndex)].State == Pending {
		return Early
	}
	return 0
}

// answeredBefore answers an F or G that is marked as possibly resent and repeats one that was
// accepted or refused, by the status of its order.
func (c *Core) answeredBefore(ev *Event, d *Decision) bool {
	seen := c.findOwn(d)
	return seen != NoIndex && c.sameMessage(d, seen) && c.statusAgain(ev, d, seen)
}

// asked begins the effect of a request that joins an order's chain.
func (c *Core) asked(ev *Event, d *Decision, kind RequestKind, slot uint32) *Effect {
	o := &c.orders[slot]
	e := d.effect(Asked)
	e.Order, e.Request, e.RequestKind = slot, d.Request, kind
	e.Venue, e.Link = o.Venue, o.Owner
	e.Qty, e.Price, e.Worst = o.Qty, o.Price, o.Worst
	e.OrdType = o.OrdType
	e.Open, e.Reserved = o.Open, o.Reserved
	if l := c.set.Venues[o.Venue].Link; l != NoIndex {
		e.Seq = c.nextOut(ev, d, l)
	}
	return e
}

// findOriginal finds the order and the request that OrigClOrdID(41) names, for F and G: the
// link's own, or where configured its client's. It also refuses a ClOrdID that is taken.
func (c *Core) findOriginal(ev *Event, d *Decision) risk.Reason {
	m := &d.msg
	id := m.Value(fix.TagClOrdID)
	if len(id) > ClOrdIDBytesMax {
		return d.at(fix.TagClOrdID, risk.ClOrdIDTooLong)
	}
	request := c.originalOf(ev.Link, m.Value(fix.TagOrigClOrdID))
	if request != NoIndex {
		d.Request = request
		d.Order = c.requests[request].Order
	}
	if c.findOwn(d) != NoIndex {
		return d.at(fix.TagClOrdID, risk.DuplicateClOrdID)
	}
	if request == NoIndex {
		return d.at(fix.TagOrigClOrdID, risk.UnknownOrder)
	}
	return risk.Accepted
}

// originalOf returns the request that OrigClOrdID(41) names: of link l, or of another whose orders it may cancel.
func (c *Core) originalOf(l uint32, orig []byte) uint32 {
	if len(orig) == 0 {
		return NoIndex
	}
	if r := c.requestByID(l, orig); r != NoIndex {
		return r
	}
	for other := range c.set.Links {
		if uint32(other) != l && c.mayCancelOf(l, uint32(other)) {
			if r := c.requestByID(uint32(other), orig); r != NoIndex {
				return r
			}
		}
	}
	return NoIndex
}

// requestByID returns the D or G of a link that a ClOrdID names.
func (c *Core) requestByID(l uint32, id []byte) uint32 {
	slot := c.findID(l, id)
	if slot == NoIndex || c.ids[slot].request == NoIndex {
		return NoIndex
	}
	if r := c.ids[slot].request; c.requests[r].Kind != CancelRequest {
		return r
	}
	return NoIndex
}
