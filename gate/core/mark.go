package core

import "portcullis/risk"

// askedMark is the mark that somebody has asked for last; it takes a second person.
type askedMark struct {
	price risk.Price
	uid   uint32
	asked uint32 // 1: it is asked for
}

// decideMark lays ready what an instrument is worth from the CmdMarksEnd behind it on: a close of the trade date, which a
// file with its own controls says, or a mark by hand, on the word of two people. Lower marks let more inventory pass, and
// another k is pinned with each.
func (c *Core) decideMark(d *Decision, m *Command) ReplyCode {
	if m.Index >= uint32(len(c.set.Instruments)) || c.book.Factor(m.Index) == 0 {
		return UnknownTarget
	}
	if !c.book.Plausible(m.Index, m.Price) || m.Kind == CmdClose && uint32(m.Target) != c.reg.tradeDate {
		return Malformed
	}
	price, said, ok := c.inUnits(m)
	if !ok {
		return Malformed
	}
	if was := &c.askedMarks[m.Index]; m.Kind == CmdMark && (was.asked == 0 || was.price != m.Price || was.uid == m.UID) {
		e := d.effect(MarkAsked)
		e.Instrument, e.Price, e.Seq = m.Index, m.Price, uint64(m.UID)
		return SecondPerson
	}
	e := d.effect(Marked)
	e.Instrument, e.Price, e.K, e.Seq = m.Index, price, c.book.Factor(m.Index), uint64(said)
	if m.Kind == CmdClose {
		e.Value = 1
	}
	return Done
}

// DatedClose is the Target of a CmdClose: the trade date for which it is said, and the day that the price is of; 0: the same.
func DatedClose(date, of uint32) uint64 { return uint64(of)<<32 | uint64(date) }

// inUnits is what an instrument is worth in the units of this trade date, and the day of the price: a close of before a split is
// in others. False: beyond computing.
func (c *Core) inUnits(m *Command) (p risk.Price, of uint32, ok bool) {
	p, of = m.Price, uint32(m.Target>>32)
	if m.Kind == CmdMark || of == 0 {
		return p, c.reg.tradeDate, true
	}
	splits := c.book.SplitsAfter(m.Index, of)
	if splits == 0 {
		return p, of, true
	}
	_, p, _ = c.book.Scale(m.Index, splits, 0, p)
	return p, c.reg.tradeDate, p != 0 || m.Price == 0
}

// decideMarksEnd puts the marks laid ready in force, all at once. What they take above a limit is recorded as what another
// configuration does; nothing is cancelled.
func (c *Core) decideMarksEnd(d *Decision) {
	d.effect(MarksInForce)
	if c.book.Values() {
		c.startJob(d, loweredJob, NoIndex)
	}
}

func (c *Core) applyMarks(e *Effect) {
	switch e.Kind {
	case MarkAsked:
		c.askedMarks[e.Instrument] = askedMark{e.Price, uint32(e.Seq), 1}
	case Marked:
		c.askedMarks[e.Instrument] = askedMark{}
		c.book.Mark(e.Instrument, uint32(e.Seq), e.Price, e.K, e.Value == 1)
	case MarksInForce:
		c.exact(c.book.InForce())
	}
}
