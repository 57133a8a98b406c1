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
	if !c.book.Plausible(m.Index, m.Price) || m.Kind == CmdClose && m.Target != uint64(c.reg.tradeDate) {
		return Malformed
	}
	if was := &c.askedMarks[m.Index]; m.Kind == CmdMark && (was.asked == 0 || was.price != m.Price || was.uid == m.UID) {
		e := d.effect(MarkAsked)
		e.Instrument, e.Price, e.Seq = m.Index, m.Price, uint64(m.UID)
		return SecondPerson
	}
	e := d.effect(Marked)
	e.Instrument, e.Price, e.K = m.Index, m.Price, c.book.Factor(m.Index)
	if m.Kind == CmdClose {
		e.Value = 1
	}
	return Done
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
		c.book.Mark(e.Instrument, e.Price, e.K, e.Value == 1)
	case MarksInForce:
		c.exact(c.book.InForce())
	}
}
