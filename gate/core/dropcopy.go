package core

import (
	"portcullis/fix"
	"portcullis/risk"
)

// A drop copy is a link over which a venue, or a clearing broker, tells of executions beside the venue's own line
// (behaviour 12). What it tells of orders of the gate is compared with what the line has said; what it tells of
// others' is foreign, and booked. Either way an execution is booked once: see recon.go.

// decideCopy takes a message of a drop copy. Only what was executed, taken back or corrected counts.
func (c *Core) decideCopy(ev *Event, d *Decision) {
	if msgType(&d.msg) != '8' {
		return // it is recorded; nothing else of a drop copy is about an execution
	}
	d.MsgType = '8'
	r := &d.report
	if tag := c.readReport(ev, d, r); tag != 0 {
		c.unreadable(ev, d, NoIndex, tag)
		return
	}
	venue := c.set.Links[ev.Link].Venue
	switch r.kind {
	case fill:
		c.copyFill(ev, d, venue, r)
	case bust:
		c.copyBust(ev, d, venue)
	case correction:
		if c.copyBust(ev, d, venue) {
			c.copyFill(ev, d, venue, r)
		}
	default:
		return
	}
	c.recordOvershoot(d)
}

// copyFill takes an execution that a drop copy tells of.
func (c *Core) copyFill(ev *Event, d *Decision, venue uint32, r *venueReport) {
	m := &d.msg
	date, earlier := c.copyDate(m)
	slot := c.findCopied(venue, m.Value(fix.TagExecID), earlier)
	x := copyRow{date: date, request: NoIndex, execution: NoIndex}
	if slot != NoIndex {
		x = c.copies[slot]
	} else if x.execution = c.findExecution(venue, m.Value(fix.TagExecID), c.reg.tradeDate); x.execution != NoIndex {
		x.here = sideTold // booked before there was a drop copy, or before it had room
	}
	if x.there != sideSilent {
		return // said before
	}
	if r.doubt != 0 {
		d.RefTag = r.doubt
		d.alert(ReportPartlyRead).Link = ev.Link
	}
	e := d.effect(Copied)
	e.ID, e.Link, e.Venue, e.Value, e.Seq = slot, ev.Link, venue, uint64(sideTold), uint64(x.date)
	e.Execution, e.Qty, e.Price = x.execution, r.lastQty, r.lastPx
	e.Off, e.Len = d.textRange(fix.TagExecID)
	e.Account, e.Instrument = c.accountTold(venue, m), c.symbolTold(venue, m)
	if side, ok := risk.ParseSide(only(m.Value(fix.TagSide))); ok {
		e.Side = side
	}
	if e.Request = c.requestOf(venue, m.Value(fix.TagClOrdID)); e.Request == NoIndex {
		e.Request = c.requestOf(venue, m.Value(fix.TagOrigClOrdID))
	}
	if slot == NoIndex {
		e.ID = c.newCopy(d)
	}
	c.tell(&x, e)
	if c.bookedAtOnce(&x) {
		c.bookOnWord(d, e.ID, &x, e.Off, e.Len)
	}
	var booked ExecTerms
	c.judgeCopied(d, e.ID, &x, c.bookedTerms(&x, &booked))
}

// copyBust takes an execution back that a drop copy has told of; false: it is unknown, and nothing is to be corrected.
func (c *Core) copyBust(ev *Event, d *Decision, venue uint32) bool {
	slot := c.findCopied(venue, d.msg.Value(fix.TagExecRefID), true)
	if slot == NoIndex {
		a := d.alert(UnknownExecution)
		a.Link, a.Venue = ev.Link, venue
		return false
	}
	x := c.copies[slot]
	if x.there == sideTakenBack {
		return true
	}
	e := d.effect(Copied)
	e.ID, e.Link, e.Venue, e.Value = slot, ev.Link, venue, uint64(sideTakenBack)
	if x.onWord && x.execution != NoIndex {
		c.takeBack(d, x.execution).Value = onWord
		x.execution, x.onWord = NoIndex, false
	}
	x.there = sideTakenBack
	var booked ExecTerms
	c.judgeCopied(d, slot, &x, c.bookedTerms(&x, &booked))
	return true
}

// copyDate is the trade date that a drop copy's report is of. earlier: it may be of one before.
func (c *Core) copyDate(m *fix.Message) (date uint32, earlier bool) {
	if of, ok := fix.ParseDate(m.Search(fix.TagTradeDate)); ok && c.remembers(of) {
		return of, true
	}
	return c.reg.tradeDate, c.toldEarlier(m)
}

// toldEarlier reports whether a report may be of an earlier trade date: it is sent again, or is of a time before the roll.
func (c *Core) toldEarlier(m *fix.Message) bool {
	again, _ := m.Flag(fix.TagPossResend)
	dup, _ := m.Flag(fix.TagPossDupFlag)
	at, ok := fix.ParseTimestamp(m.Value(fix.TagTransactTime))
	return again || dup || ok && at < c.reg.rolledNs
}

// accountTold is the account that a message about a venue names in the venue's words: NoIndex where nobody knows it,
// Unnamed where it names none.
func (c *Core) accountTold(venue uint32, m *fix.Message) uint32 {
	name := m.Value(fix.TagAccount)
	if len(name) == 0 {
		return Unnamed
	}
	if n := c.aliases[venue].find(name); n != NoIndex {
		return n
	}
	return c.accounts.find(name)
}

// symbolTold is the instrument that a message of or about a venue names in the venue's words, NoIndex where nobody knows it.
func (c *Core) symbolTold(venue uint32, m *fix.Message) uint32 {
	name := m.Value(fix.TagSymbol)
	if n := c.symbolsAt[venue].find(name); n != NoIndex {
		return n
	}
	n := c.symbols.find(name)
	if n != NoIndex && c.set.Instruments[n].At(venue) != c.set.Instruments[n].Symbol {
		return NoIndex // the venue has another name for that one
	}
	return n
}

// bookOnWord books an execution that only a drop copy has told of, as one without an order: where its order counts, if it is
// of ours, else in the account that is told, or where nobody knows that in the venue's suspense account.
func (c *Core) bookOnWord(d *Decision, slot uint32, x *copyRow, off, size uint32) {
	e := d.effect(Executed)
	e.Venue, e.ID, e.Value, e.Off, e.Len = x.venue, slot, onWord, off, size
	e.Account, e.Instrument, e.Side, e.K = x.Account, x.Instrument, x.Side, c.suspenseFactor(x.Instrument)
	if e.Account >= uint32(len(c.set.Accounts)) {
		e.Account = c.set.Venues[x.venue].Suspense
	}
	if order := c.orderCopied(x); order != NoIndex {
		o := &c.orders[order]
		e.Account, e.Instrument, e.Side, e.K, e.Link, e.Author = o.Account, o.Instrument, o.Side, o.K, o.Owner, o.Author
	}
	if e.Side == 0 {
		e.Side = risk.Sell // some side must bear it; gross counts it on either
	}
	c.money(d, e, x.Qty, x.Price)
	c.remember(d, e)
	x.execution, x.onWord = e.Execution, true
}

// takeBack takes back what was booked in a slot.
func (c *Core) takeBack(d *Decision, slot uint32) *Effect {
	x := &c.executions[slot]
	e := d.effect(Busted)
	e.Execution, e.Order, e.Account, e.Instrument, e.Venue = slot, c.orderOf(x), x.account, x.instrument, x.venue
	e.Side, e.Qty, e.Money = x.side, x.qty, x.money
	if x.date != c.reg.tradeDate {
		e.Status, e.Seq = Earlier, uint64(x.date)
	}
	return e
}
