package core

import (
	"portcullis/fix"
	"portcullis/risk"
)

// A drop copy is a link over which a venue, or a clearing broker, tells of executions beside the venue's own line
// (behaviour 12). What it tells of orders of the gate is compared with what the line has said; what it tells of
// others' is foreign, and booked. Either way an execution is booked once: see recon.go.

// telling is what a message of a drop copy tells of one execution.
type telling struct {
	ExecTerms
	kind    reportKind
	id      fix.Field // ExecID(17)
	ref     fix.Field // the ExecID of what is taken back or corrected
	apart   bool      // the other side of the trade has the same ExecID
	report  uint64    // stands for the TradeReportID(571), 0: there is none
	request uint32    // of the gate's order that it names, NoIndex: it names none
	doubt   uint32    // as of a venueReport
	date    uint32    // trade date
	units   uint32    // the trade date in whose units it is, where that is another
	of      uint32    // the trade date before this one that it corrects a booking of; 0: none
	ours    bool      // it corrects what the venue's line has told of
	earlier bool      // it may be of an earlier one
}

// decideCopy takes a message of a drop copy. Only what was executed, taken back or corrected counts: the rest is recorded.
func (c *Core) decideCopy(ev *Event, d *Decision) {
	switch string(d.msg.Type()) {
	case "8":
		c.copyReport(ev, d)
	case tradeReportType:
		c.copyTrade(ev, d)
	}
}

// copyReport takes an ExecutionReport.
func (c *Core) copyReport(ev *Event, d *Decision) {
	d.MsgType = '8'
	r, m := &d.report, &d.msg
	if tag := c.readReport(ev, d, r); tag != 0 {
		c.unreadable(ev, d, NoIndex, tag)
		return
	}
	venue := c.set.Links[ev.Link].Venue
	t := telling{kind: r.kind, doubt: r.doubt}
	t.Qty, t.Price, t.Account = r.lastQty, r.lastPx, c.accountTold(venue, m.Value(fix.TagAccount))
	t.Instrument, t.Side = c.symbolTold(venue, m), parseSide(m.Value(fix.TagSide))
	t.id, _ = m.Find(fix.TagExecID)
	t.ref, _ = m.Find(fix.TagExecRefID)
	t.date, t.earlier = c.copyDate(m, t.Instrument)
	if t.request = c.requestOf(venue, m.Value(fix.TagClOrdID)); t.request == NoIndex {
		t.request = c.requestOf(venue, m.Value(fix.TagOrigClOrdID))
	}
	c.takeCopied(ev, d, venue, &t)
	c.recordOvershoot(d)
}

// takeCopied holds what was told against what is booked; false: it takes back what nobody has told of.
func (c *Core) takeCopied(ev *Event, d *Decision, venue uint32, t *telling) (known bool) {
	switch t.kind {
	case fill:
		c.copyFill(ev, d, venue, t, NoIndex)
	case bust, correction:
		slot := c.referred(d, venue, t)
		if slot == NoIndex {
			c.refersToNone(ev, d, venue)
			return false
		}
		c.changeCopied(ev, d, venue, slot, t)
	}
	return true
}

// refersToNone tells a human that a message takes back what nobody has told of.
func (c *Core) refersToNone(ev *Event, d *Decision, venue uint32) {
	a := d.alert(UnknownExecution)
	a.Link, a.Venue = ev.Link, venue
}

// referred is the row that a message takes back, NoIndex: there is none.
func (c *Core) referred(d *Decision, venue uint32, t *telling) uint32 {
	id := d.msg.At(t.ref)
	hash := execHash(venue, id)
	if slot := c.findCopied(apart(hash, t.Side), venue, id, true); slot != NoIndex && t.Side != 0 {
		return slot
	}
	return c.findCopied(hash, venue, id, true)
}

// changeCopied takes a row back, and books what corrects it.
func (c *Core) changeCopied(ev *Event, d *Decision, venue, slot uint32, t *telling) {
	if t.kind == correction {
		t.units = c.copies[slot].unitsOf()
		c.ofBefore(d, t.Instrument, t.units, &t.Qty, &t.Price)
	}
	if t.kind == correction && c.copies[slot].corrected(t, d.msg.At(t.id)) {
		return // said before
	}
	t.of = c.bookedBefore(&c.copies[slot])
	t.ours = c.copies[slot].here != sideSilent && !c.copies[slot].onWord
	c.copyBust(ev, d, slot)
	if t.kind == correction {
		c.copyFill(ev, d, venue, t, slot)
	}
}

// bookedBefore is the trade date before this one on which a row was booked on the drop copy's word, 0: on none. What corrects it is
// of that date: the money of what it takes back counts no more (exposure 7).
func (c *Core) bookedBefore(x *copyRow) uint32 {
	if !x.onWord || x.execution == NoIndex || c.executions[x.execution].date == c.reg.tradeDate {
		return 0
	}
	return c.executions[x.execution].date
}

// apart is the hash of an ExecID that both sides of a trade have, of one of them.
func apart(hash uint64, side risk.Side) uint64 {
	if side.IsBuy() {
		return hash ^ 0xC2B2AE3D27D4EB4F
	}
	return hash ^ 0x165667B19E3779F9
}

// corrected reports whether a row that keeps its ExecID is what a correction wants it to be.
func (x *copyRow) corrected(t *telling, id []byte) bool {
	return x.there == sideTold && x.told(&t.ExecTerms, id)
}

// told reports whether a drop copy has told just that, taken back since or not.
func (x *copyRow) told(what *ExecTerms, id []byte) bool {
	return x.there != sideSilent && x.ExecTerms == *what && string(x.name()) == string(execText(id))
}

// copyFill takes an execution that a drop copy tells of. gone is the row that the same message has taken back, which it may
// tell anew.
func (c *Core) copyFill(ev *Event, d *Decision, venue uint32, t *telling, gone uint32) {
	id := d.msg.At(t.id)
	hash := execHash(venue, id)
	if t.apart {
		hash = apart(hash, t.Side)
	}
	slot := c.findCopied(hash, venue, id, t.earlier)
	if slot == NoIndex && !t.apart {
		slot = c.bookedOverRoll(d, hash, venue, id, t)
	}
	x := copyRow{date: t.date, request: NoIndex, execution: NoIndex}
	switch {
	case slot != NoIndex:
		x = c.copies[slot]
	case !t.apart:
		if x.execution = c.findExecution(venue, id, c.reg.tradeDate, 0); x.execution != NoIndex {
			x.here = sideTold // booked before there was a drop copy, or before it had room
		}
	}
	if slot != NoIndex && slot == gone {
		x.takeBack()
		x.broken, x.settled = NoBreak, NoBreak // judged anew
	} else if x.there != sideSilent {
		return // said before
	}
	if t.doubt != 0 {
		d.RefTag = t.doubt
		d.alert(ReportPartlyRead).Link = ev.Link
	}
	if gone == NoIndex {
		c.ofBefore(d, t.Instrument, t.date, &t.Qty, &t.Price)
	}
	e := d.effect(Copied)
	e.ID, e.Link, e.Venue, e.Value, e.Seq = slot, ev.Link, venue, uint64(sideTold), uint64(x.date)
	e.Execution, e.Qty, e.Price, e.Reserved, e.Money = x.execution, t.Qty, t.Price, risk.Money(t.report), risk.Money(t.units)
	if t.apart {
		e.Flags = CopiedApart
	}
	if t.ours {
		if e.Flags |= CopiedOurs; x.here == sideSilent {
			x.here = sideAwaited
		}
	}
	e.Account, e.Instrument, e.Side, e.Request = t.Account, t.Instrument, t.Side, t.request
	e.Off, e.Len = t.id.Off, t.id.End-t.id.Off
	if slot == NoIndex {
		e.ID = c.newCopy(d)
	}
	c.tell(&x, e)
	if c.bookedAtOnce(&x) {
		c.bookOnWord(d, e.ID, &x, e.Off, e.Len, t.of)
	}
	var booked ExecTerms
	c.judgeCopied(d, e.ID, &x, c.bookedTerms(&x, &booked))
}

// copyBust takes an execution back that a drop copy has told of.
func (c *Core) copyBust(ev *Event, d *Decision, slot uint32) {
	x := c.copies[slot]
	if x.there == sideTakenBack {
		return
	}
	e := d.effect(Copied)
	e.ID, e.Link, e.Venue, e.Value = slot, ev.Link, x.venue, uint64(sideTakenBack)
	if x.onWord && x.execution != NoIndex {
		c.takeBack(d, x.execution).Value = onWord
	}
	x.takeBack()
	var booked ExecTerms
	c.judgeCopied(d, slot, &x, c.bookedTerms(&x, &booked))
}

// takeBack takes back what the drop copy has told, and what is booked on its word.
func (x *copyRow) takeBack() {
	x.there = sideTakenBack
	if x.onWord && x.execution != NoIndex {
		x.execution, x.onWord = NoIndex, false
	}
}

// copyDate is the trade date that a drop copy's report is of. earlier: it may be of one before. What is of before a split is of
// the last that is known of then.
func (c *Core) copyDate(m *fix.Message, instrument uint32) (date uint32, earlier bool) {
	if of, ok := fix.ParseDate(m.Search(fix.TagTradeDate)); ok && c.remembers(of) {
		return of, true
	}
	if n := c.splitsSince(m, instrument); n > 0 {
		for _, of := range c.remembered() {
			if c.book.SplitsAfter(instrument, of) >= n {
				return of, true
			}
		}
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

// parseSide is a value of Side(54), 0 where it is none.
func parseSide(text []byte) risk.Side {
	if side, ok := risk.ParseSide(only(text)); ok {
		return side
	}
	return 0
}

// accountTold is the account that a message about a venue names in the venue's words: NoIndex where nobody knows it,
// Unnamed where it names none.
func (c *Core) accountTold(venue uint32, name []byte) uint32 {
	if len(name) == 0 {
		return Unnamed
	}
	if n := c.aliases[venue].find(name); n != NoIndex {
		return n
	}
	if n := c.accounts.find(name); n != NoIndex {
		return n
	}
	return c.former.find(name)
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
// of ours, else in the account that is told, or where nobody knows that in the venue's suspense account. earlier is the trade date
// before this one that it is of, 0: none.
func (c *Core) bookOnWord(d *Decision, slot uint32, x *copyRow, off, size, earlier uint32) {
	e := d.effect(Executed)
	if earlier != 0 {
		e.Status, e.Seq = Earlier, uint64(earlier)
	}
	e.Venue, e.ID, e.Value, e.Off, e.Len = x.venue, slot, onWord, off, size
	e.Account, e.Instrument, e.Side, e.K = x.Account, x.Instrument, x.Side, c.suspenseFactor(x.Instrument)
	if !c.configured(e.Account) {
		e.Account = c.set.Venues[x.venue].Suspense
	}
	if order := c.orderCopied(x); order != NoIndex {
		o := &c.orders[order]
		e.Account, e.Instrument, e.Side, e.K, e.Link, e.Author = o.Account, o.Instrument, o.Side, o.K, o.Owner, o.Author
	}
	if e.Side == 0 {
		e.Side = risk.Sell // some side must bear it; gross counts it on either
	}
	if e.Instrument != NoIndex {
		e.Flags = Flags(c.book.SplitsAfter(e.Instrument, x.unitsOf()))
	}
	c.money(d, e, x.Qty, x.Price)
	c.remember(d, e)
	x.execution, x.onWord = e.Execution, true
	c.endOnWord(d, c.orderCopied(x), x.Qty)
}

// endOnWord ends an order that its venue has ended, where an execution that is booked on a drop copy's word is all that was
// missing of it.
func (c *Core) endOnWord(d *Decision, slot uint32, qty risk.Qty) {
	if slot == NoIndex {
		return
	}
	o := &c.orders[slot]
	if !o.closed() || qty < o.Cum-o.Executed {
		return
	}
	e := d.effect(Ended)
	e.Order, e.Status = slot, o.Status
	c.flag(d, slot, FlagSuspect, 0)
}

// takeBack takes back what was booked in a slot.
func (c *Core) takeBack(d *Decision, slot uint32) *Effect {
	x := &c.executions[slot]
	if x.uneven {
		d.alert(SplitUneven).Instrument = x.instrument
	}
	e := d.effect(Busted)
	e.Execution, e.Order, e.Account, e.Instrument, e.Venue = slot, c.orderOf(x), x.account, x.instrument, x.venue
	e.Side, e.Qty, e.Money = x.side, x.qty, x.money
	if x.date != c.reg.tradeDate {
		e.Status, e.Seq = Earlier, uint64(x.date)
	}
	return e
}
