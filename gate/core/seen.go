package core

import "portcullis/fix"

// An execution counts once, whatever a venue sends how often: it is known by (venue, trade date, ExecID).

// seen reports whether an execution was booked before.
func (c *Core) seen(venue uint32, m *fix.Message) bool { return c.bookedAs(c.knownAs(venue, m)) }

// knownAs is the slot of an execution that was told of before: on this trade date, or on one before where the venue sends it
// again; NoIndex: it is new.
func (c *Core) knownAs(venue uint32, m *fix.Message) uint32 {
	if saidBefore(m) {
		return c.findEarlier(venue, m, fix.TagExecID)
	}
	id := m.Value(fix.TagExecID)
	of, dated := fix.ParseDate(m.Search(fix.TagTradeDate))
	if !dated {
		of = c.reg.tradeDate
	}
	slot := c.findExecution(venue, id, c.reg.tradeDate, of)
	if slot == NoIndex && !dated { // else what was told late of another date has the same name
		slot = c.findExecution(venue, id, c.reg.tradeDate, 0)
	}
	return slot
}

// saidBefore reports whether a venue marks a message as one that it has perhaps sent before.
func saidBefore(m *fix.Message) bool {
	again, _ := m.Flag(fix.TagPossResend)
	dup, _ := m.Flag(fix.TagPossDupFlag)
	return again || dup
}

// doubtSeen makes an order suspect of which an execution is told under the ExecID of another, or with another quantity or
// price than it is booked with: nothing is booked on a name that stands for two, and the venue is asked what it counts.
func (c *Core) doubtSeen(ev *Event, d *Decision, o *Order, r *venueReport, slot uint32) {
	x := &c.executions[slot]
	if r.kind != fill || saidBefore(&d.msg) || x.busted || c.book.SplitsSince(o.Instrument, o.AtNs-1) > 0 ||
		c.orderOf(x) == d.Order && x.qty == r.lastQty && x.price == r.lastPx {
		return
	}
	if o.State == Live {
		c.contradicted(ev, d, o)
		return
	}
	d.alert(OrderInDoubt).Order = d.Order
}

// bookedAs reports whether a slot has an execution that the venue's line has told of, or a human.
func (c *Core) bookedAs(slot uint32) bool { return slot != NoIndex && !c.seenOnWord(slot) }
