package core

import "portcullis/fix"

// Of a trade each side is booked whose account, or whose order, is ours: one, or both together, each as an ExecutionReport would tell of
// it (dropcopy.go). What a report corrects or takes back it names by the ExecID, or by the TradeReportID(571) of an earlier report in
// TradeReportRefID(572), which is of all sides that the report told.

// copyTrade takes a TradeCaptureReport.
func (c *Core) copyTrade(ev *Event, d *Decision) {
	var t trade
	if code, tag := t.read(&d.msg); tag != 0 {
		c.refuseTrade(ev, d, &t, code, tag)
		return
	}
	kind, tag := t.kind(&d.msg)
	if tag != 0 {
		c.refuseTrade(ev, d, &t, fix.IncorrectValue, tag)
		return
	}
	venue := c.set.Links[ev.Link].Venue
	b := booking{kind: kind, venue: venue}
	if kind != noChange {
		if code, tag := c.readTrade(d, &t, &b); tag != 0 {
			c.refuseTrade(ev, d, &t, code, tag)
			return
		}
	}
	if !c.bookTold(ev, d, &b) {
		c.ackTrade(ev, d, &t, fix.IncorrectValue, t.refTag())
		return
	}
	c.recordOvershoot(d)
	c.ackTrade(ev, d, &t, fix.NoFault, 0)
}

// booking is what of a trade is booked.
type booking struct {
	kind  reportKind
	venue uint32
	told  [tradeSidesMax]telling // of the sides that are ours
	sides [tradeSidesMax]int     // which of the trade they are
	count int
	rows  [tradeSidesMax]uint32 // that stand by the report that is referred to
	found int
	gone  bool // it stands no more
}

// readTrade reads what is booked, and of whom. tag is that of what is missing or cannot be read.
func (c *Core) readTrade(d *Decision, t *trade, b *booking) (code fix.FaultCode, tag uint32) {
	m, r := &d.msg, &d.report
	c.findReported(m.At(t.field(fix.TagTradeReportRefID)), b)
	if b.kind == bust && (b.found > 0 || b.gone) {
		return fix.NoFault, 0 // it is of all that the report told
	}
	if code, tag := c.ourSides(m, t, b); tag != 0 {
		return code, tag
	}
	doubt := d.faultTag()
	*r = venueReport{kind: b.kind, doubt: doubt}
	if b.kind != bust {
		if tag = r.readLast(m); tag != 0 {
			return faultOf(m, tag), tag
		}
	}
	for i := range b.count {
		x := &b.told[i]
		x.kind, x.doubt = b.kind, doubt
		if x.id = t.sides[b.sides[i]].field(fix.TagSideExecID); x.id.Tag == 0 {
			x.id = t.field(fix.TagExecID)
		}
		if x.id.Tag == 0 {
			return fix.RequiredMissing, fix.TagExecID
		}
		if x.ref = t.field(fix.TagExecRefID); x.ref.Tag == 0 {
			x.ref = x.id
		}
		x.Instrument = c.symbolTold(b.venue, m)
		x.date, x.earlier = c.copyDate(m, x.Instrument)
		x.earlier = x.earlier || only(m.At(t.field(fix.TagPreviouslyReported))) == 'Y'
		if b.kind != bust {
			x.Qty, x.Price, x.doubt = r.lastQty, r.lastPx, r.doubt
		}
		if id := m.At(t.field(fix.TagTradeReportID)); len(id) > 0 {
			x.report = reportHash(b.venue, id)
		}
	}
	return c.tellApart(m, b)
}

// ourSides finds the sides whose account is ours, or whose order. That of a trade of one side is, as an ExecutionReport's.
func (c *Core) ourSides(m *fix.Message, t *trade, b *booking) (code fix.FaultCode, tag uint32) {
	for i := range t.count {
		s := &t.sides[i]
		side := parseSide(m.At(s.field(fix.TagSide)))
		if side == 0 {
			return fix.IncorrectValue, fix.TagSide
		}
		request := c.requestOf(b.venue, m.At(s.field(fix.TagClOrdID)))
		if request == NoIndex && !c.set.Venues[b.venue].Preserve { // there a participant's text is the name, which OrderIDs may equal
			request = c.requestOf(b.venue, m.At(s.field(fix.TagOrderID)))
		}
		name := m.At(s.field(fix.TagAccount))
		if len(name) == 0 {
			name = m.At(s.holder)
		}
		account := c.accountTold(b.venue, name)
		if t.count > 1 && request == NoIndex && account >= Unnamed {
			continue // another's
		}
		x := &b.told[b.count]
		x.request, x.Side, x.Account = request, side, account
		b.sides[b.count] = i
		b.count++
	}
	if b.count == 0 {
		return fix.IncorrectValue, fix.TagAccount
	}
	return fix.NoFault, 0
}

// tellApart sees to it that two sides are two executions, though a report gives them one ExecID. That is the execution of the side whose
// order is ours, for the venue's line tells of it too; of two such orders it tells two, and the report must say which is whose.
func (c *Core) tellApart(m *fix.Message, b *booking) (code fix.FaultCode, tag uint32) {
	one, other := &b.told[0], &b.told[1]
	switch {
	case b.count < tradeSidesMax || string(m.At(one.id)) != string(m.At(other.id)):
		return fix.NoFault, 0
	case one.Side.IsBuy() == other.Side.IsBuy():
		return fix.IncorrectValue, fix.TagSide
	case one.request != NoIndex && other.request != NoIndex:
		return fix.RequiredMissing, fix.TagSideExecID
	}
	one.apart, other.apart = !c.hasID(m, b.venue, one), !c.hasID(m, b.venue, other)
	return fix.NoFault, 0
}

// hasID reports whether a side has the ExecID by itself: its order is ours, or it was told so before.
func (c *Core) hasID(m *fix.Message, venue uint32, t *telling) bool {
	if t.request != NoIndex {
		return true
	}
	id := m.At(t.id)
	slot := c.findCopied(execHash(venue, id), venue, id, t.earlier)
	if slot == NoIndex {
		return false
	}
	x := &c.copies[slot]
	is := x.ExecTerms
	if x.there == sideSilent {
		c.bookedTerms(x, &is)
	}
	return is.Side.IsBuy() == t.Side.IsBuy()
}

// reportHash stands for the TradeReportID(571) of a venue's drop copy; it is not 0.
func reportHash(venue uint32, id []byte) uint64 { return ^execHash(venue, id) | 1 }

// findReported finds the rows that an earlier report has told of, where they are not more than it can have.
func (c *Core) findReported(id []byte, b *booking) {
	hash := reportHash(b.venue, id)
	for at := hash; len(id) > 0; {
		slot := c.copyIndex.next(hash, &at)
		if slot == NoIndex {
			return
		}
		switch x := &c.copies[slot]; {
		case x.report != hash || x.venue != b.venue:
		case x.there == sideTakenBack:
			b.gone = true
		case b.found == tradeSidesMax:
			b.found, b.gone = 0, false // nobody knows which report of that name is meant
			return
		default:
			b.rows[b.found] = slot
			b.found++
		}
	}
}

// bookTold books the sides that are ours, all or none; false: what they take back nobody has told of.
func (c *Core) bookTold(ev *Event, d *Decision, b *booking) (known bool) {
	if b.kind == fill {
		for i := range b.count {
			c.takeCopied(ev, d, b.venue, &b.told[i])
		}
		return true
	}
	var rows [tradeSidesMax]uint32
	known = b.kind == noChange || b.found > 0 || b.gone && (b.kind == bust || c.toldAll(d, b))
	for i := range b.count {
		rows[i] = c.rowOfSide(d, b, &b.told[i])
		known = known || rows[i] != NoIndex
	}
	if !known {
		c.refersToNone(ev, d, b.venue)
		return false
	}
	for i := range b.count {
		switch x := &b.told[i]; {
		case rows[i] != NoIndex:
			c.changeCopied(ev, d, b.venue, rows[i], x)
		case b.kind == correction: // a side that was not ours before
			c.copyFill(ev, d, b.venue, x, NoIndex)
		}
	}
	for _, slot := range b.rows[:b.found] { // what is not among the sides any more
		c.copyBust(ev, d, slot)
	}
	return true
}

// rowOfSide is the row that a side takes back, NoIndex: there is none. It is no other side's then.
func (c *Core) rowOfSide(d *Decision, b *booking, t *telling) uint32 {
	for i, slot := range b.rows[:b.found] {
		if c.copies[slot].Side.IsBuy() == t.Side.IsBuy() {
			b.found--
			b.rows[i] = b.rows[b.found]
			return slot
		}
	}
	if b.found > 0 || b.gone {
		return NoIndex
	}
	return c.referred(d, b.venue, t)
}

// toldAll reports whether a correction was told before: what it corrects stands no more, and what it says does, or did.
func (c *Core) toldAll(d *Decision, b *booking) bool {
	for i := range b.count {
		t := &b.told[i]
		id := d.msg.At(t.id)
		hash := execHash(b.venue, id)
		if t.apart {
			hash = apart(hash, t.Side)
		}
		slot := c.findCopied(hash, b.venue, id, true)
		if slot == NoIndex {
			return false
		}
		x := &c.copies[slot]
		terms := t.ExecTerms
		if x.Instrument != NoIndex { // said as it was, and kept in the units of today
			terms.Qty, terms.Price, _ = c.book.Scale(x.Instrument, c.book.SplitsAfter(x.Instrument, x.unitsOf()), terms.Qty, terms.Price)
		}
		if !x.told(&terms, id) && x.report != t.report {
			return false
		}
	}
	return true
}
