package core

import (
	"portcullis/fix"
	"portcullis/risk"
)

// What was executed before a split may be told after it: the report was on its way over the roll, or is sent again. It is in
// the units of its day, and booked in those of today (exposure 9).

// toldBefore reports whether the report of an execution is in the units of before the last split of its instrument: by the
// trade date that it says, else by the time that it is of, or at which it was sent first.
func (c *Core) toldBefore(m *fix.Message, instrument uint32) bool {
	if instrument == NoIndex {
		return false
	}
	ex := c.book.LastSplit(instrument).Ex
	if ex == 0 {
		return false
	}
	if of, ok := fix.ParseDate(m.Search(fix.TagTradeDate)); ok {
		return of < ex
	}
	at, ok := fix.ParseTimestamp(m.Value(fix.TagTransactTime))
	if !ok {
		at, ok = fix.ParseTimestamp(m.Value(fix.TagOrigSendingTime))
	}
	return ok && at < c.book.SplitAtNs(instrument)
}

// isLate reports whether the fill of an order is told so. One that was accepted since had none before.
func (c *Core) isLate(d *Decision, o *Order) bool {
	return c.toldBefore(&d.msg, o.Instrument) && o.AtNs <= c.book.SplitAtNs(o.Instrument)
}

// takeLate takes over what such a report says was executed.
func (c *Core) takeLate(d *Decision, instrument uint32, r *venueReport) {
	r.late = true
	c.takeOver(d, instrument, &r.lastQty, &r.lastPx)
}

// takeOver takes an execution of before the last split of its instrument over into the units of today. Where it does not come
// out even it is rounded away from zero, and a human is told.
func (c *Core) takeOver(d *Decision, instrument uint32, qty *risk.Qty, price *risk.Price) {
	ratio := c.book.LastSplit(instrument).Ratio
	if _, even := ratio.Qty(*qty); !even {
		d.alert(SplitUneven).Instrument = instrument
	}
	*qty, _ = ratio.QtyUp(*qty)
	*price, _ = ratio.Price(*price)
}

// countLate counts a fill of before a split in its order, which was told as so much. Until its venue has restated the order it
// counts in the units of before, as told. Since then the count is the venue's, and may have had the fill in it already.
func (c *Core) countLate(d *Decision, o *Order, r *venueReport, told risk.Qty) (cum, executed risk.Qty) {
	if c.requests[o.First].Marks&AfterSplit == 0 {
		cum, executed = o.countFill(r, told)
		d.recounted(executed)
		return cum, executed
	}
	ratio := c.book.LastSplit(o.Instrument).Ratio
	count, even := ratio.Qty(r.cum)
	r.cum = count
	r.avgPx, _ = ratio.Price(r.avgPx)
	switch {
	case o.Executed != o.Cum:
		return o.countFill(r, r.lastQty)
	case !r.hasCum || !even: // nobody has said whether the fill is in it
		c.doubtUnits(d, o)
		cum = o.Cum
	default:
		cum = max(o.Cum, count)
	}
	d.recounted(cum)
	return cum, cum
}

// recounted says what is executed of the order that a decision is about, whatever was booked for it.
func (d *Decision) recounted(executed risk.Qty) {
	e := d.effect(Recounted)
	e.Order, e.Qty = d.Order, executed
}

// forgetRestated forgets which orders of an instrument were restated in the units of after a split: another comes.
func (c *Core) forgetRestated(instrument uint32) {
	for slot := range c.reg.ordersUsed {
		if o := &c.orders[slot]; o.State != NoOrder && o.Instrument == instrument {
			c.requests[o.First].Marks &^= AfterSplit
		}
	}
}
