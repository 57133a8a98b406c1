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

// inOtherUnits reports whether a report restates an order of o's quantity in units that it was not in before.
func (r *venueReport) inOtherUnits(m *fix.Message, o *Order) bool {
	if !r.overCorporateAction(m) {
		return false
	}
	again, _ := m.Flag(fix.TagPossResend)
	return !again || r.total() != o.Qty // else it was taken: what was executed since would be lost
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

// countAnew is what was executed of an order in the units that its venue counts in from now on. Where what was booked is what
// the venue had counted, it is what the venue counts now; where they differed they do so still, and the order is suspect.
func (c *Core) countAnew(d *Decision, o *Order, r *venueReport) (cum, executed risk.Qty) {
	if !r.hasCum {
		if o.Cum|o.Executed != 0 {
			c.doubtUnits(d, o)
		}
		return o.Cum, o.Executed
	}
	if o.Executed != o.Cum || r.cum == o.Executed {
		return r.cum, o.Executed
	}
	d.recounted(r.cum)
	return r.cum, r.cum
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
		scaled, fits := risk.ScaleUp(int64(e.Worst), int64(o.Qty), int64(e.Qty))
		if !fits {
			scaled = risk.MagnitudeMax
		}
		worst = max(worst, e.Worst, risk.Price(scaled))
		c.doubtUnits(d, o)
	}
	e.Worst = worst
}

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
