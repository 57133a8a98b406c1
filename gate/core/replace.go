package core

import (
	"portcullis/fix"
	"portcullis/risk"
)

// pendingMax is the greatest number of unanswered replaces of one order (behaviour 5).
const pendingMax = risk.VersionsMax - 1

// decideReplace judges an OrderCancelReplaceRequest: all checks of a new order, with its version
// added to the order's live versions. Refused, the order lives on as it was.
func (c *Core) decideReplace(ev *Event, d *Decision) {
	ro := &d.order
	d.MsgType = 'G'
	if !c.orderFields(ev, d, replaceTags[:]) || c.answeredBefore(ev, d) {
		return
	}
	reason := c.readOrder(ev, d, ro)
	original := c.findOriginal(ev, d)
	at := ro.Place
	if d.Order != NoIndex {
		o := &c.orders[d.Order]
		at = o.Place
		if !d.msg.Has(fix.TagAccount) {
			ro.Account = o.Account // not the link's default: the order's own
		}
		if reason == risk.Accepted {
			reason = c.policyReason(ev, d, &c.set.Venues[o.Venue], &c.tags(o.Venue, ev.Link).Replace)
		}
	}
	if reason == risk.Accepted && original != risk.ClOrdIDTooLong {
		reason = c.stopReason(d, ro, &at)
	}
	if reason == risk.Accepted {
		reason = original
	}
	if reason == risk.Accepted {
		reason = c.tooOld(ev, d)
	}
	if reason == risk.Accepted {
		reason = c.checkChange(d, ro)
	}
	if reason == risk.Accepted && d.attribution.reason != risk.Unjudged {
		reason = d.at(d.attribution.tag, d.attribution.reason)
	}
	if reason == risk.Accepted {
		c.addPrior(d, ro)
		c.cutOffReplace(ev, &c.orders[d.Order], ro)
		c.readQuote(ev, ro)
		ro.Pass = c.passes(ev, d)
		c.book.Check(ro, &d.Judgement)
		reason = d.judged()
		if reason == risk.Accepted && ro.Terms.Qty < c.orders[d.Order].Counted() {
			reason = d.at(fix.TagOrderQty, risk.OrderQtyBelowCumQty) // of a suspect order the larger count
		}
	}
	if reason == risk.Accepted {
		reason = c.venueReason(ev, c.orders[d.Order].Venue, ro.Account, c.orders[d.Order].Owner)
	}
	if reason == risk.Accepted && d.Judgement.Meets {
		reason = c.clearWay(ev, d, ro, c.orders[d.Order].Venue)
	}
	d.Reason = reason
	if reason != risk.Accepted {
		c.refuseChange(ev, d)
		c.cancelBoth(ev, d)
		return
	}
	c.acceptReplace(ev, d, ro)
	c.usePasses(ev, d)
}

// checkChange refuses what a replace may not do: touch an order that is over, lengthen a chain that is at
// its bound, change symbol, side, account, author or time in force.
func (c *Core) checkChange(d *Decision, ro *risk.Order) risk.Reason {
	o := &c.orders[d.Order]
	switch {
	case !o.mayTrade():
		return risk.TooLateToCancel
	case o.Flags&FlagCancelPending != 0:
		return risk.CancelPending
	case c.pendingReplaces(o) >= pendingMax:
		return risk.TooManyPendingRequests
	case ro.Instrument != o.Instrument:
		return d.at(fix.TagSymbol, risk.OrderTermsChanged)
	case ro.Terms.Side != o.Side:
		return d.at(fix.TagSide, risk.OrderTermsChanged)
	case ro.Account != o.Account:
		return d.at(fix.TagAccount, risk.OrderTermsChanged)
	case !sameAuthor(ro.Author, o.Author):
		return d.at(fix.TagNoPartyIDs, risk.OrderTermsChanged)
	case ro.Terms.TimeInForce != o.TimeInForce:
		return d.at(fix.TagTimeInForce, risk.OrderTermsChanged)
	}
	return risk.Accepted
}

// addPrior adds to a replace the order as it stands: the checks hold both, for either may be executed (exposure 3).
func (c *Core) addPrior(d *Decision, ro *risk.Order) {
	o := &c.orders[d.Order]
	ro.Replace = true
	ro.Place = o.Place
	ro.Prior = d.prior[:c.versions(o, d.prior[:], NoIndex)]
	ro.Cum, ro.OpenBooked, ro.ReservedBooked, ro.K = min(o.Executed, o.Cum), o.Open, o.Reserved, o.K
}

// acceptReplace forwards the replace and reserves the larger of old and new terms, in one decision.
func (c *Core) acceptReplace(ev *Event, d *Decision, ro *risk.Order) {
	c.cancelMet(ev, d)
	original := d.Request
	d.Request = c.nextRequest(d)
	e := c.asked(ev, d, ReplaceRequest, d.Order)
	e.ID = c.idForOwn(d)
	e.Off, e.Len = d.textRange(fix.TagClOrdID)
	e.Link = ev.Link
	e.Qty, e.Worst = ro.Terms.Qty, d.Judgement.Worst
	e.OrdType = ro.Terms.OrdType
	e.setPrices(ro)
	e.setExpiry(ro)
	e.Open, e.Reserved = d.Judgement.Open, d.Judgement.Reserved
	e.Value = d.bodyHash()
	c.forward(ev, d, &c.tags(c.orders[d.Order].Venue, ev.Link).Replace, 'G', original)
}

// versions lists an order's live versions (exposure 3): the terms that hold and every replace
// without an answer. Request without, if any, is left out. It returns how many there are.
func (c *Core) versions(o *Order, to []risk.Version, without uint32) int {
	n := 0
	if o.Flags&FlagConfirmed != 0 || o.First != without {
		to[n] = risk.Version{Qty: o.Qty, Worst: o.Worst}
		n++
	}
	for r := c.requests[o.First].Next; r != NoIndex; r = c.requests[r].Next {
		if q := &c.requests[r]; q.State == Pending && q.Kind == ReplaceRequest && r != without {
			to[n] = risk.Version{Qty: q.Qty, Worst: q.Worst}
			n++
		}
	}
	return n
}

// pendingReplaces counts the replaces of an order that have no answer.
func (c *Core) pendingReplaces(o *Order) (n int) {
	for r := o.First; r != NoIndex; r = c.requests[r].Next {
		if q := &c.requests[r]; q.State == Pending && q.Kind == ReplaceRequest {
			n++
		}
	}
	return n
}
