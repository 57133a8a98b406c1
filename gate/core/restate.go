package core

import (
	"portcullis/fix"
	"portcullis/risk"
)

// gtCorporateAction is the ExecRestatementReason(378) of an order that lives on over a split or the like: its quantities
// and prices are in other units from now on. With any other value, or none, the units stay, and what was executed stays so.
const gtCorporateAction = "0"

// overCorporateAction reports whether a report restates its order in the units that it is in since.
func (r *venueReport) overCorporateAction(m *fix.Message) bool {
	return r.kind == restated && string(m.Value(fix.TagExecRestatementRsn)) == gtCorporateAction
}

// inOtherUnits reports whether a report restates an order in units that it was not in before. What is said again of one that
// was restated, or that has that quantity, was taken: what was executed and asked for since would be lost.
func (c *Core) inOtherUnits(d *Decision, o *Order, r *venueReport) bool {
	if !r.overCorporateAction(&d.msg) {
		return false
	}
	again, _ := d.msg.Flag(fix.TagPossResend)
	return !again || !c.restatedSince(o) && !c.restatedAhead(o) && r.total() != o.Qty
}

// countOf is what was executed of an order by its venue's word: an execution may come before the report that counts it, or
// after. One that restates an order has its last word: where that is less, somebody has said something else, and it is suspect.
func (r *venueReport) countOf(m *fix.Message, o *Order) risk.Qty {
	again, _ := m.Flag(fix.TagPossResend)
	if r.kind == restated && r.hasCum && !again {
		return r.cum
	}
	return max(o.Cum, r.cum)
}

// countAnew is what was executed of an order in the units that its venue counts in from now on: what was booked comes to what its
// quantity does, or to what the split makes of it. Where the venue counts something else, an execution is on its way, and the order is
// suspect. Where it counts nothing a human looks, and no more is taken off the reservation.
func (c *Core) countAnew(d *Decision, o *Order, r *venueReport, now risk.Qty) (cum, executed risk.Qty) {
	executed = c.evened(o, r, scaledQty(o.Executed, int64(now), int64(o.Qty)))
	units, of := c.ratioOver(o, now)
	if !r.hasCum || executed != r.cum {
		executed = c.evened(o, r, scaledQty(o.Executed, units, of))
	}
	cum = r.cum
	if !r.hasCum {
		if cum = scaledQty(o.Cum, units, of); cum|executed != 0 {
			c.doubtUnits(d, o)
		}
	}
	if executed != o.Executed {
		d.recounted(executed)
	}
	return cum, executed
}

// scaledQty is qty × num / den and no more; of what cannot be computed nothing was executed.
func scaledQty(qty risk.Qty, num, den int64) risk.Qty {
	scaled, _ := risk.ScaleDown(int64(qty), num, den)
	return risk.Qty(scaled)
}

// takeUnits takes the terms of an order over that its venue restates in other units. A price that is not said may stand in
// the old ones: the order is reserved for the dearer of what it was, and what that comes to in the new quantity, and is suspect.
func (c *Core) takeUnits(ev *Event, d *Decision, o *Order, e *Effect, r *venueReport) {
	if total := r.total(); total > 0 {
		e.Qty = total
	}
	if r.hasCum && r.hasLeaves && r.leaves > 0 && r.cum.Plus(r.leaves) != e.Qty {
		e.Qty = max(e.Qty, r.cum.Plus(r.leaves))
		c.doubtUnits(d, o)
	}
	said := true
	if e.Prices&PriceGiven != 0 {
		told := r.hasPrice && r.price != 0
		if said = told && (e.OrdType != risk.Pegged || r.price >= e.Price); said { // of a peg it may be where it stands now
			e.Price = r.price
		}
	}
	if tag := e.Prices.secondTag(); tag != 0 {
		second, fault := fix.ParseDecimal(d.msg.Value(tag))
		if fault == fix.NumberOK && !twice(&d.msg, tag) {
			e.Second = risk.Price(second)
		} else {
			said = false
		}
	}
	t := termsOf(o.Side, e.OrdType, e.Price, e.Second, e.Prices)
	worst, ok := c.worst(ev, o.Instrument, &t)
	if !ok {
		worst = max(e.Worst, e.Price)
	}
	if !said && e.Qty != o.Qty {
		worst = max(worst, e.Worst, scaledPrice(e.Worst, int64(o.Qty), int64(e.Qty)))
		c.doubtUnits(d, o)
	}
	e.Worst = worst
}

// scaledPrice is price × num / den at most; what cannot be computed does not become less.
func scaledPrice(price risk.Price, num, den int64) risk.Price {
	scaled, fits := risk.ScaleUp(int64(price), num, den)
	if !fits {
		return risk.MagnitudeMax
	}
	return risk.Price(scaled)
}

// carryOver takes a replace without an answer over with its order, which its venue restates in a quantity of now. The venue may take
// its terms for what they come to in the new units, or as they were sent. Both come to the same money, of which what is executed
// takes less by the lower price: of more and smaller units it is reserved for the former, of fewer and bigger ones for the latter.
func (c *Core) carryOver(d *Decision, o *Order, request uint32, now risk.Qty, v *risk.Version) {
	units, of := c.ratioOver(o, now)
	if units <= of {
		return
	}
	q := &c.requests[request]
	qty, fits := risk.ScaleUp(int64(q.Qty), units, of)
	if !fits {
		qty = risk.MagnitudeMax
	}
	*v = risk.Version{Qty: min(risk.Qty(qty), risk.MagnitudeMax), Worst: scaledPrice(q.Worst, of, units)}
	e := d.effect(Repriced)
	e.Order, e.Request, e.Qty, e.Worst, e.K = d.Order, request, v.Qty, v.Worst, o.K
	e.Price, e.Second = scaledPrice(q.Price, of, units), scaledPrice(q.Second, of, units)
}

// carriedOver reports whether a request is a replace without an answer of an order that was restated, which may be of before.
func (c *Core) carriedOver(o *Order, request uint32) bool {
	q := &c.requests[request]
	return q.Kind == ReplaceRequest && q.State == Pending && (c.restatedSince(o) || c.restatedAhead(o))
}

// ratioOver is how many units an order that is restated has of so many of before: by the split that is known of its instrument, or
// else by what its quantity comes to.
func (c *Core) ratioOver(o *Order, now risk.Qty) (units, of int64) {
	s := c.book.NextSplit(o.Instrument)
	if c.unitsOfBefore(o) {
		s = c.book.LastSplit(o.Instrument)
	} else if s.Ex == 0 || c.restatedAhead(o) {
		return int64(now), int64(o.Qty)
	}
	return int64(s.Ratio.New), int64(s.Ratio.Old)
}

// splitSince reports whether a split of its instrument was applied since an order was accepted.
func (c *Core) splitSince(o *Order) bool { return c.book.SplitsSince(o.Instrument, o.AtNs-1) > 0 }

// secondTag is the tag of the price that an order has beside Price(44); 0: it has none.
func (p PricesGiven) secondTag() int {
	switch {
	case p&StopPxGiven != 0:
		return fix.TagStopPx
	case p&DiscretionGiven != 0:
		return fix.TagDiscretionOffset
	case p&PegOffsetGiven != 0:
		return fix.TagPegDifference
	}
	return 0
}

// doubtUnits has a human look at an order of which nobody has said all in its new units.
func (c *Core) doubtUnits(d *Decision, o *Order) {
	if o.Flags&FlagSuspect == 0 && !d.has(Flagged) {
		d.alert(OrderInDoubt).Order = d.Order
	}
	c.flag(d, d.Order, FlagSuspect, 1)
}
