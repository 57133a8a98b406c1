package core

import (
	"portcullis/fix"
	"portcullis/risk"
)

// bookFill books an execution, always: even on a closed order and over a limit.
func (c *Core) bookFill(ev *Event, d *Decision, o *Order, r *venueReport) {
	told := r.lastQty
	if r.late > 0 {
		c.takeLate(d, o.Instrument, r, int(r.late))
	}
	e := d.effect(Executed)
	e.Order, e.Account, e.Instrument, e.Side, e.K, e.Venue = d.Order, o.Account, o.Instrument, o.Side, o.K, o.Venue
	c.execution(d, e, r)
	if r.splits == 0 && c.throughLimit(o, r.lastPx) {
		d.alert(FillThroughLimit).Order = d.Order
	}
	cum, executed := o.countFill(r, r.lastQty)
	if r.splits > 0 {
		cum, executed = c.countLate(d, o, r, told)
	}
	if o.State == Final {
		d.alert(FillOnClosedOrder).Order = d.Order
		c.rebooked(d, o, nil, cum, executed)
		return
	}
	c.confirmByFill(d, o)
	n := c.versions(o, d.prior[:], NoIndex)
	qtyMax := risk.Qty(0)
	for _, v := range d.prior[:n] {
		qtyMax = max(qtyMax, v.Qty)
	}
	if executed > qtyMax {
		d.alert(OverFill).Order = d.Order
	}
	status := o.statusAfter(r)
	b := c.rebooked(d, o, o.bound(d.prior[:n], status, cum), cum, executed)
	c.compare(ev, d, o, r, cum, executed)
	c.endIfOver(ev, d, o, status, counts{cum, executed, b.Open, c.pendingReplaces(o)})
}

// throughLimit reports whether an execution is at a price that its instrument cannot have, or worse than each limit that the
// order may have by now. Of an order that a split is younger than, limit and price may be in different units.
func (c *Core) throughLimit(o *Order, price risk.Price) bool {
	if !c.book.Plausible(o.Instrument, price) {
		return true
	}
	if c.book.SplitsSince(o.Instrument, o.AtNs-1) > 0 || !worseThan(price, o.Side, o.Price, o.Prices) {
		return false
	}
	for r := c.requests[o.First].Next; r != NoIndex; r = c.requests[r].Next {
		if q := &c.requests[r]; q.State == Pending && q.Kind == ReplaceRequest && !worseThan(price, o.Side, q.Price, q.Prices) {
			return false
		}
	}
	return true
}

// worseThan reports whether a price is worse for a side than a limit that it has. One with discretion gives way.
func worseThan(price risk.Price, side risk.Side, limit risk.Price, given PricesGiven) bool {
	if given&PriceGiven == 0 || given&DiscretionGiven != 0 {
		return false
	}
	return side.IsBuy() && price > limit || !side.IsBuy() && price < limit
}

// countFill is what an order counts with one more execution in it.
func (o *Order) countFill(r *venueReport, qty risk.Qty) (cum, executed risk.Qty) {
	executed = o.Executed.Plus(qty)
	switch {
	case r.hasCum:
		return max(o.Cum, r.cum), executed
	case o.closed(): // it is one of those that were counted
		return max(o.Cum, executed), executed
	}
	return o.Cum.Plus(qty), executed
}

// confirmByFill takes an execution for the confirmation that its order waits for: the venue has the order, on the terms that
// it was asked for. Of replaces it says nothing (exposure 7).
func (c *Core) confirmByFill(d *Decision, o *Order) {
	q := &c.requests[o.First]
	if q.Kind != NewRequest || q.State != Pending {
		return
	}
	e := d.effect(Confirmed)
	e.Order, e.Request, e.Open, e.Reserved = d.Order, o.First, o.Open, o.Reserved
	e.Qty, e.Price, e.Second, e.Worst, e.OrdType, e.Prices = q.Qty, q.Price, q.Second, q.Worst, q.OrdType, q.Prices
}

// execution fills in the money of an execution and where it is remembered.
func (c *Core) execution(d *Decision, e *Effect, r *venueReport) {
	c.money(d, e, r.lastQty, r.lastPx)
	if e.Flags = Flags(r.splits); r.ahead {
		e.Flags |= UnitsAhead
	}
	if of, ok := fix.ParseDate(d.msg.Search(fix.TagTradeDate)); ok && e.Status != Earlier {
		e.Seq = uint64(of)
	}
	e.Off, e.Len = d.textRange(fix.TagExecID)
	c.remember(d, e)
	c.reconcile(d, e, d.msg.Value(fix.TagExecID), c.toldEarlier(&d.msg))
}

// money fills in what an execution is of, and what that comes to.
func (c *Core) money(d *Decision, e *Effect, qty risk.Qty, price risk.Price) {
	var exact bool
	e.Qty, e.Price = qty, price
	if e.Money, exact = c.book.ExecutionMoney(e.Instrument, e.Side, qty, price, e.K); !exact {
		d.alert(BookInexact).Order = e.Order
	}
}

// remember finds the slot in which an execution is known by its ExecID from now on.
func (c *Core) remember(d *Decision, e *Effect) {
	e.Execution = c.executionSlot(d)
	switch {
	case e.Execution == NoIndex:
		d.alert(ExecutionsFull)
		c.gateSet(d, GateExecutionsFull, 1)
	case int(c.reg.execInUse)+1 == len(c.executions)-len(c.executions)/4:
		d.alert(ExecutionsNearFull)
	}
}

// bookEnd releases an order that the venue says is over. Done for the day ends an order for the day
// only; a replace or cancel that is refused by an ExecutionReport leaves the order in doubt. What CumQty(14) counts and nobody
// has told of stays reserved until it comes, or a human says what became of it: the order is suspect until then.
func (c *Core) bookEnd(ev *Event, d *Decision, o *Order, r *venueReport) {
	q := &c.requests[d.Request]
	switch {
	case o.State == Final:
		return
	case r.execType == '3' && o.isGoodTill() && !o.EndedBy(r.status):
		return
	case r.execType == '8' && q.Kind != NewRequest && q.State == Pending:
		c.denied(ev, d, d.Request, o.Status)
		c.flag(d, d.Order, FlagSuspect, 1)
		d.alert(OrderInDoubt).Order = d.Order
		r.status = o.Status
		return
	}
	cum := o.Cum
	if r.hasCum {
		cum = r.cum
	}
	if cum > max(o.Executed, 0) {
		if !o.EndedBy(r.status) {
			r.status = r.execType
		}
		c.recount(ev, d, o, r, NoIndex)
		return
	}
	if cum != o.Cum {
		c.rebooked(d, o, nil, cum, o.Executed)
	}
	if r.hasCum {
		c.compareFinal(d, o, r)
	}
	c.over(d, r.status)
}

func (c *Core) compareFinal(d *Decision, o *Order, r *venueReport) {
	if r.cum != o.Executed {
		d.alert(CumQtyDiffers).Order = d.Order
		c.flag(d, d.Order, FlagSuspect, 1)
	}
}

// bustedRequest finds the order of an execution, by any of its requests.
func (c *Core) bustedRequest(venue uint32, m *fix.Message) uint32 {
	if slot := c.findEarlier(venue, m, fix.TagExecRefID); slot != NoIndex && c.orderOf(&c.executions[slot]) != NoIndex {
		return c.executions[slot].request
	}
	return NoIndex
}

// bookBust takes an execution back by its ExecRefID(19); a correction books the new one as well.
// Without the trade it names, nothing is booked: there is no guess. d.Order is NoIndex for what was
// booked in suspense, or where the order's slot has been reused.
func (c *Core) bookBust(ev *Event, d *Decision, venue uint32, r *venueReport) {
	slot := c.findEarlier(venue, &d.msg, fix.TagExecRefID)
	if slot == NoIndex || c.executions[slot].busted || c.orderOf(&c.executions[slot]) != d.Order {
		d.alert(UnknownExecution).Order = d.Order
		return
	}
	x := &c.executions[slot]
	told := r.lastQty
	if r.kind == correction {
		if x.splits == splitsUnknown {
			d.alert(SplitUneven).Order = d.Order
			return
		}
		if x.splits > 0 {
			c.takeLate(d, x.instrument, r, int(x.splits))
		}
	}
	r.ahead = x.ahead
	e := c.takeBack(d, slot)
	c.bustCopied(d, slot)
	change := -x.qty
	if r.kind == correction {
		n := d.effect(Executed)
		n.Order, n.Account, n.Instrument, n.Side, n.Venue = d.Order, x.account, x.instrument, x.side, venue
		n.Status, n.Seq = e.Status, e.Seq // what corrects it is of its trade date
		if n.K = c.suspenseFactor(x.instrument); d.Order != NoIndex {
			n.K = c.orders[d.Order].K
		} else {
			n.Link, n.Author = x.owner, x.author
		}
		c.execution(d, n, r)
		change += r.lastQty
	}
	if d.Order == NoIndex {
		return
	}
	o := &c.orders[d.Order]
	executed := o.Executed.Plus(change)
	if x.splits > 0 || c.restatedAhead(o) && !x.ahead {
		executed = c.countBust(d, o, x, r, told)
		d.recounted(executed)
	}
	c.bookBustOrder(ev, d, o, r, executed)
}

// bookBustOrder counts a bust in its order. One that is over lives again only if the report says
// that something of it is open: LeavesQty(151) above 0. That it is over, as its status has it, the same report cannot say then.
func (c *Core) bookBustOrder(ev *Event, d *Decision, o *Order, r *venueReport, executed risk.Qty) {
	cum := max(0, o.Cum.Plus(executed-o.Executed))
	if r.hasCum {
		cum = r.cum
	}
	var vs []risk.Version
	if o.State == Live || r.leaves > 0 {
		vs = d.prior[:c.versions(o, d.prior[:], NoIndex)]
	}
	if o.State == Final && r.leaves > 0 {
		d.effect(Reopened).Order = d.Order
	}
	opens := r.leaves > 0 && o.overBy(r.status)
	if opens {
		if r.status = '0'; cum > 0 {
			r.status = '1'
		}
	}
	status := o.statusAfter(r)
	b := c.rebooked(d, o, o.bound(vs, status, cum), cum, executed)
	c.compare(ev, d, o, r, cum, executed)
	if opens && cum == executed { // else it is suspect already
		c.contradicted(ev, d, o)
	}
	c.endIfOver(ev, d, o, status, counts{cum, executed, b.Open, c.pendingReplaces(o)})
}

// unknownOrder is a report for no order of ours. A fill is booked to the venue's suspense account,
// which counts in the firm: it is real, whoever it belongs to.
func (c *Core) unknownOrder(ev *Event, d *Decision, venue uint32, r *venueReport) {
	d.alert(UnknownOrderReport).Venue = venue
	if r.doubt != 0 {
		d.RefTag = r.doubt
		d.alert(ReportPartlyRead).Venue = venue
	}
	switch {
	case r.kind == bust:
		c.bookBust(ev, d, venue, r)
	case r.kind != fill && r.kind != correction, c.bookedAs(c.knownAs(d, venue, NoIndex, r)):
		return
	case r.kind == correction:
		c.bookBust(ev, d, venue, r)
	default:
		e := d.effect(Executed)
		e.Venue = venue
		e.Account = c.set.Venues[venue].Suspense
		e.Instrument = c.symbolTold(venue, &d.msg)
		var ok bool
		if e.Side, ok = risk.ParseSide(only(d.msg.Value(fix.TagSide))); !ok {
			e.Side = risk.Sell // some side must bear it; gross counts it on either
		}
		e.K = c.suspenseFactor(e.Instrument)
		if n := c.splitsSince(&d.msg, e.Instrument); n > 0 {
			c.takeLate(d, e.Instrument, r, n)
		}
		r.ahead = c.toldAhead(d, e.Instrument, nil, r)
		c.execution(d, e, r)
	}
	c.recordOvershoot(d)
}

// suspenseFactor is k where no order has pinned one; an unknown symbol counts by its plain product.
func (c *Core) suspenseFactor(instrument uint32) risk.Factor {
	if k := c.book.Factor(instrument); k != 0 {
		return k
	}
	return risk.PriceScale
}
