package core

import (
	"portcullis/fix"
	"portcullis/risk"
)

// What was executed before a split may be told after it: the report was on its way over the roll, or is sent again. It is in
// the units of its day, and booked in those of today (exposure 9).

// splitsSince is how many splits of an instrument a report of an execution is older than: by the trade date that it says, else by
// the time that it is of, or at which it was sent first.
func (c *Core) splitsSince(m *fix.Message, instrument uint32) int {
	if instrument == NoIndex || c.book.LastSplit(instrument).Ex == 0 {
		return 0
	}
	if of, ok := fix.ParseDate(m.Search(fix.TagTradeDate)); ok {
		return c.book.SplitsAfter(instrument, of)
	}
	at, ok := fix.ParseTimestamp(m.Value(fix.TagTransactTime))
	if !ok {
		at, ok = fix.ParseTimestamp(m.Value(fix.TagOrigSendingTime))
	}
	if !ok {
		return 0
	}
	return c.book.SplitsSince(instrument, at)
}

// lateBy is how many of them a report of an order is older than. One that was accepted since has nothing of before, and of one that
// was restated since a report may say by itself that it is of today.
func (c *Core) lateBy(d *Decision, o *Order, r *venueReport) int {
	n := c.splitsSince(&d.msg, o.Instrument)
	if n == 0 || c.restatedSince(o) && c.saysToday(o, r, n) {
		return 0
	}
	return min(n, c.book.SplitsSince(o.Instrument, o.AtNs-1))
}

// saysToday reports whether a report that is dated before n splits is in the units of today all the same: some venues restate orders
// before our roll, and what takes a trade back has its date. What is asked for comes to what its order asks for, or what is executed to
// what is booked with it. Of new terms the date alone says in which units they are.
func (c *Core) saysToday(o *Order, r *venueReport, n int) bool {
	if r.kind == newReport || r.kind == replaced || r.kind == restated {
		return false
	}
	said, is := r.total(), o.Qty
	if said == 0 && r.kind == fill && r.hasCum {
		said, is = r.cum, o.Executed.Plus(r.lastQty)
	}
	then, _, _ := c.book.Scale(o.Instrument, n, said, 0)
	return said == is && then != is
}

// toldAhead reports whether an execution is in the units of after a split that the roll has not applied yet: its venue dates it so, or
// has restated its order by now, nil being none of ours. One that is dated before is where its counts say it.
func (c *Core) toldAhead(d *Decision, instrument uint32, o *Order, r *venueReport) bool {
	if instrument == NoIndex {
		return false
	}
	next := c.book.NextSplit(instrument)
	of, dated := fix.ParseDate(d.msg.Search(fix.TagTradeDate))
	switch {
	case next.Ex == 0:
		return false
	case dated && of >= next.Ex:
		return true
	case o == nil || !c.restatedAhead(o):
		return false
	case !dated:
		return true
	}
	said := r.total()
	if said == 0 && r.hasCum {
		return r.cum == o.Executed.Plus(r.lastQty)
	}
	return said == o.Qty
}

// takeLate takes over what a report of before so many splits says was executed.
func (c *Core) takeLate(d *Decision, instrument uint32, r *venueReport, splits int) {
	r.splits = uint8(splits)
	c.takeOver(d, instrument, splits, &r.lastQty, &r.lastPx)
}

// takeOver takes an execution of before the last so many splits of its instrument over into the units of today. Where it does not
// come out even it is rounded away from zero, and a human is told.
func (c *Core) takeOver(d *Decision, instrument uint32, splits int, qty *risk.Qty, price *risk.Price) {
	var even bool
	if *qty, *price, even = c.book.Scale(instrument, splits, *qty, *price); !even {
		d.alert(SplitUneven).Instrument = instrument
	}
}

// takeCounts takes over what a report of before splits counts and asks for, of an order that its venue has restated since. A
// count that does not come out even says nothing, and a human looks.
func (c *Core) takeCounts(d *Decision, o *Order, r *venueReport) {
	var even bool
	if r.cum, r.avgPx, even = c.book.Scale(o.Instrument, int(r.late), r.cum, r.avgPx); !even {
		r.hasCum = false
		c.doubtUnits(d, o)
	}
	r.leaves, _, _ = c.book.Scale(o.Instrument, int(r.late), r.leaves, 0)
	r.qty, r.price, _ = c.book.Scale(o.Instrument, int(r.late), r.qty, r.price)
}

// countLate counts a fill of before a split in its order, which was told as so much. Until its venue has restated the order it
// counts in the units of before, as told; since then in those of today. The count of its venue may have it in it already.
func (c *Core) countLate(d *Decision, o *Order, r *venueReport, told risk.Qty) (cum, executed risk.Qty) {
	if !c.restatedSince(o) {
		cum, executed = o.countFill(r, told)
		d.recounted(executed)
		return cum, executed
	}
	if executed = c.evened(o, r, o.Executed.Plus(r.lastQty)); executed != o.Executed.Plus(r.lastQty) {
		d.recounted(executed)
	}
	if !r.hasCum {
		return max(o.Cum, executed), executed
	}
	return max(o.Cum, r.cum), executed
}

// countBust is what is executed of an order without an execution of before a split, or with what corrects it, which was told as so
// much. Until its venue has restated the order both count in the units of before, as told; since then in those of today. What the
// venue counts may have an execution in it that is not told yet: that is not executed here before it is.
func (c *Core) countBust(d *Decision, o *Order, x *execution, r *venueReport, told risk.Qty) risk.Qty {
	was, now := x.qty, r.lastQty
	if r.kind != correction {
		now, told = 0, 0
	}
	switch {
	case c.restatedAhead(o): // what was executed since is in its units
		if as := o.Executed.Plus(now - was); r.hasCum && as == r.cum {
			return as
		}
		ratio := c.book.NextSplit(o.Instrument).Ratio
		was, _ = ratio.QtyUp(was)
		now, _ = ratio.QtyUp(now)
	case !c.restatedSince(o):
		var known bool
		if was, known = c.book.Unscale(x.instrument, int(x.splits), x.qty); !known {
			return c.countByVenue(d, o, r)
		}
		now = told
	}
	return c.evened(o, r, o.Executed.Plus(now-was))
}

// countByVenue is what is executed of an order once nobody can tell what was taken back of it in its own units: what its venue counts,
// where that was what was booked; else a human looks.
func (c *Core) countByVenue(d *Decision, o *Order, r *venueReport) risk.Qty {
	if r.hasCum && o.Executed == o.Cum {
		return r.cum
	}
	c.doubtUnits(d, o)
	return o.Executed
}

// evened is what is executed of an order over a split: less than a unit beside what its venue counts is what either has rounded.
func (c *Core) evened(o *Order, r *venueReport, executed risk.Qty) risk.Qty {
	unit := c.book.SplitUnit(o.Instrument)
	if off := r.cum.Plus(-executed); r.hasCum && -unit < off && off < unit {
		return r.cum
	}
	return executed
}

// restatedSince reports whether an order counts in the units of after the last split, by its venue's word.
func (c *Core) restatedSince(o *Order) bool { return c.requests[o.First].Marks&AfterSplit != 0 }

// restatedAhead reports whether it counts in those of after the split that comes: some venues restate before our roll.
func (c *Core) restatedAhead(o *Order) bool { return c.requests[o.First].Marks&AheadOfSplit != 0 }

// markRestated notes over which split a venue has restated an order: over the last, unless it was over that, else over the one that comes.
func (c *Core) markRestated(o *Order) {
	mark := AfterSplit
	if c.book.NextSplit(o.Instrument).Ex != 0 && !c.unitsOfBefore(o) {
		mark = AheadOfSplit
	}
	c.requests[o.First].Marks |= mark
}

// unitsOfBefore reports whether an order is in the units of before a split still: its venue has not restated it.
func (c *Core) unitsOfBefore(o *Order) bool { return c.splitSince(o) && !c.restatedSince(o) }

// recounted says what is executed of the order that a decision is about, whatever was booked for it.
func (d *Decision) recounted(executed risk.Qty) {
	e := d.effect(Recounted)
	e.Order, e.Qty = d.Order, executed
}

// carryRestated has the orders of an instrument over which a split goes be in the units of before, unless they were restated ahead of it.
func (c *Core) carryRestated(instrument uint32) {
	for slot := range c.reg.ordersUsed {
		o := &c.orders[slot]
		if o.State == NoOrder || o.Instrument != instrument {
			continue
		}
		marks := &c.requests[o.First].Marks
		ahead := *marks&AheadOfSplit != 0
		if *marks &^= AfterSplit | AheadOfSplit; ahead {
			*marks |= AfterSplit
		}
	}
}
