package core

import "portcullis/fix"

// An execution counts once, whatever a venue sends how often: it is known by (venue, trade date, ExecID).
//
// A report may say no TradeDate(75), and the next one of the same execution one. By its name alone nobody can tell then whether it is that
// one, or another of another date: venues use their ExecIDs again. What it is of tells, and what the venue counts.

// knownAs is the slot of an execution that was told of before; NoIndex: it is new. order is whose it is, NoIndex: none of ours.
func (c *Core) knownAs(d *Decision, venue, order uint32, r *venueReport) uint32 {
	m := &d.msg
	if saidBefore(m) {
		return c.findEarlier(venue, m, fix.TagExecID)
	}
	id := m.Value(fix.TagExecID)
	of, dated := fix.ParseDate(m.Search(fix.TagTradeDate))
	if !dated {
		of = c.reg.tradeDate
	}
	hash, busted, anew := execHash(venue, id), uint32(NoIndex), uint32(NoIndex)
	for at := hash; ; {
		slot := c.execIndex.next(hash, &at)
		if slot == NoIndex {
			break
		}
		switch x := &c.executions[slot]; {
		case !x.named(hash, venue, id) || x.date < c.reg.keptFrom:
		case x.toldOf() == of && !x.busted:
			return slot
		case x.toldOf() == of:
			busted = slot
		case !(dated && x.of != 0) && c.toldAnew(d, x, order, r):
			anew = slot
		}
	}
	if busted != NoIndex {
		return busted
	}
	return anew
}

// toldAnew reports whether what is told now is an execution that is booked, where one of the two says no trade date: it is of the same
// order, quantity and price, and the venue counts no more than what is booked.
func (c *Core) toldAnew(d *Decision, x *execution, order uint32, r *venueReport) bool {
	qty, price := r.lastQty, r.lastPx
	switch {
	case c.orderOf(x) != order, x.splits == splitsUnknown:
		return false
	case x.splits > 0:
		qty, price, _ = c.book.Scale(x.instrument, int(x.splits), qty, price)
	}
	switch {
	case x.qty != qty || x.price != price:
		return false
	case r.kind == correction: // another's takes back what stands
		was := c.findEarlier(x.venue, &d.msg, fix.TagExecRefID)
		return was == NoIndex || c.executions[was].busted
	case order == NoIndex:
		side := parseSide(d.msg.Value(fix.TagSide))
		return x.instrument == c.symbolTold(x.venue, &d.msg) && (side == 0 || side == x.side)
	}
	o := &c.orders[order]
	return c.splitSince(o) || max(o.Cum, r.cum) < o.Executed.Plus(r.lastQty)
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
