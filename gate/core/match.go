package core

import "portcullis/risk"

// restOrders tells the book how far each order that a decision is about reaches now: later ones of its owner are held
// against that.
func (c *Core) restOrders(d *Decision) {
	for i := range d.EffectLen {
		if slot := d.Effects[i].Order; slot != NoIndex {
			o := &c.orders[slot]
			reach, rests := c.reach(o)
			c.book.Rest(slot, &o.Place, o.Side, reach, rests)
		}
	}
}

// reach is the furthest of an order's live versions, as far as anything of them is open.
func (c *Core) reach(o *Order) (reach risk.Reach, rests bool) {
	if !o.mayTrade() {
		return 0, false
	}
	counted := min(o.Executed, o.Cum)
	further := func(qty risk.Qty, typ risk.OrdType, price, second risk.Price, given PricesGiven) {
		t := termsOf(o.Side, typ, price, second, given)
		r, trades := risk.ReachOf(t.Side, t.OrdType, t.Price, t.Discretion, t.HasPrice)
		if trades && qty > counted && (!rests || r > reach) {
			reach, rests = r, true
		}
	}
	further(o.Qty, o.OrdType, o.Price, o.Second, o.Prices)
	for r := c.requests[o.First].Next; r != NoIndex; r = c.requests[r].Next {
		if q := &c.requests[r]; q.State == Pending && q.Kind == ReplaceRequest {
			further(q.Qty, q.OrdType, q.Price, q.Second, q.Prices)
		}
	}
	return reach, rests
}

// clearWay finds the orders that are to be cancelled ahead of one of their owner, on the line that this one takes: what the venue
// reads first it carries out first. Where one of them cannot be, the order is refused: it waits for nothing.
func (c *Core) clearWay(ev *Event, d *Decision, o *risk.Order, venue uint32) risk.Reason {
	var met [risk.MatchesMax + 1]uint32
	for n, slot := range c.book.Meeting(o, met[:]) {
		if n == risk.MatchesMax || !c.goesFirst(ev, slot, venue) {
			return c.book.CheckStands(o, slot, &d.Judgement)
		}
		d.met[n], d.metLen = slot, n+1
	}
	return risk.Accepted
}

// goesFirst reports whether a cancel of an order is on a venue's line, or can be put there now, that the venue is sure to
// understand: what it has not confirmed, or what is in doubt, it may refuse to cancel.
func (c *Core) goesFirst(ev *Event, slot, venue uint32) bool {
	o := &c.orders[slot]
	if o.Venue != venue || o.Flags&(FlagUnknown|FlagSuspect|FlagCancelOwed) != 0 || c.requests[c.latest(o, NoIndex)].State == Pending ||
		c.takesNone(ev, o) {
		return false
	}
	for r := o.First; r != NoIndex && o.Flags&FlagCancelPending != 0; r = c.requests[r].Next {
		if q := &c.requests[r]; q.Kind == CancelRequest && q.State == Pending && (q.Marks&Early != 0 || !c.onLine(q, venue)) {
			return false
		}
	}
	return true
}

// cancelMet cancels what clearWay has found.
func (c *Core) cancelMet(ev *Event, d *Decision) {
	for _, slot := range d.met[:d.metLen] {
		if c.orders[slot].Flags&FlagCancelPending == 0 {
			c.matchCancel(ev, d, slot, NoIndex)
		}
	}
}

// cancelBoth cancels the orders that one has met that is refused for it, wherever they are, where its account wants that; of many
// those that reach furthest.
func (c *Core) cancelBoth(ev *Event, d *Decision) {
	if d.Reason != risk.SelfMatch || !d.Judgement.Meets {
		return
	}
	for _, slot := range c.book.Meeting(&d.order, d.met[:]) {
		if c.orders[slot].Flags&FlagCancelPending == 0 {
			c.matchCancel(ev, d, slot, NoIndex)
		}
	}
}

// matchCancel cancels an order because of another of its owner; void is a request refused by this event. What the decision is
// about stays.
func (c *Core) matchCancel(ev *Event, d *Decision, slot, void uint32) {
	request := d.Request
	if c.gateCancel(ev, d, slot, void) != 0 {
		d.taking(d.Request).Cause = risk.SelfMatch
	}
	d.Request = request
}

// matched reports whether a cancel of an order is unanswered that is because of another of its owner.
func (c *Core) matched(o *Order) bool {
	for r := o.First; r != NoIndex; r = c.requests[r].Next {
		if q := &c.requests[r]; q.Marks&ForMatch != 0 && (q.State == Pending || q.isOwed()) {
			return true
		}
	}
	return false
}
