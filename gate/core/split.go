package core

import (
	"portcullis/fix"
	"portcullis/risk"
)

// askedSplit is a split that somebody has asked for; it takes a second person, for it moves every position of the symbol.
type askedSplit struct {
	ratio risk.Ratio
	ex    uint32 // 0: nobody has
	uid   uint32
}

// askedSplits are those of one symbol that wait, each of another ex-date, the one that waits longest first: of a file with two of them
// none takes the place of the other. One more does.
type askedSplits [2]askedSplit

// of is the one of an ex-date; zero: nobody has asked for it.
func (a *askedSplits) of(ex uint32) askedSplit {
	for _, s := range a {
		if s.ex == ex {
			return s
		}
	}
	return askedSplit{}
}

func (a *askedSplits) ask(s askedSplit) {
	if a.drop(s.ex); a[1].ex != 0 {
		a.drop(a[0].ex)
	}
	if a[0].ex == 0 {
		a[0] = s
		return
	}
	a[1] = s
}

func (a *askedSplits) drop(ex uint32) {
	if a[1].ex == ex {
		a[1] = askedSplit{}
	}
	if a[0].ex == ex {
		a[0], a[1] = a[1], askedSplit{}
	}
}

// SplitQty is the Qty of a CmdSplit.
func SplitQty(r risk.Ratio) risk.Qty { return risk.Qty(uint64(r.New)<<32 | uint64(r.Old)) }

// RatioOf is the ratio in the Qty of a CmdSplit, or in the Value of an effect.
func RatioOf(v uint64) risk.Ratio { return risk.Ratio{New: uint32(v >> 32), Old: uint32(v)} }

// decideSplit takes a split of an instrument from a file, on the word of two people: it is applied at the roll of its ex-date,
// or at once where that has been. Its first trade date is the ex-date or, where nobody trades on it, the next.
func (c *Core) decideSplit(d *Decision, m *Command) ReplyCode {
	if m.Index >= uint32(len(c.set.Instruments)) || c.book.Factor(m.Index) == 0 {
		return UnknownTarget
	}
	ratio, ex := RatioOf(uint64(m.Qty)), uint32(m.Target)
	exNs, ok := dayBegins(ex)
	if !ratio.Valid() || !ok || m.Target>>32 != 0 {
		return Malformed
	}
	code, asked := c.splitFits(m.Index, ratio, ex), c.askedSplits[m.Index].of(ex)
	if code == Done && (asked.ratio != ratio || asked.ex != ex || asked.uid == m.UID) {
		e := d.effect(SplitAsked)
		e.Instrument, e.Value, e.Seq, e.Money = m.Index, uint64(m.Qty), uint64(ex), risk.Money(m.UID)
		code = SecondPerson
	}
	if code != Done {
		if c.SplitDue(m.Index, ratio, ex) {
			d.alert(SplitsDue).Instrument = m.Index // whenever it is asked for, until it is done or nobody asks any more
		}
		return code
	}
	e := d.effect(SplitSet)
	e.Instrument, e.Value, e.Seq, e.Money, e.Qty = m.Index, uint64(m.Qty), uint64(ex), risk.Money(exNs), c.book.SplitUnit(m.Index)
	if ex <= c.reg.tradeDate {
		c.startJob(d, splitJob, NoIndex).Seq = allScopes
	}
	return Done
}

// splitFits tells whether a split may be said. One that was said is not said again, and another of the same symbol waits until
// that has been applied; that of a ratio which changes nothing takes it back. What was split before the first trade date that the gate
// knows of has come in new units.
func (c *Core) splitFits(instrument uint32, ratio risk.Ratio, ex uint32) ReplyCode {
	next, last := c.book.NextSplit(instrument), c.book.LastSplit(instrument)
	done, _ := c.book.SplitOf(instrument, ex)
	switch {
	case next.Ex == ex && next.Ratio == ratio, done.Ratio == ratio, next.Ex == 0 && ratio.Same():
		return SplitKnown
	case ex < c.reg.firstDate:
		return SplitBefore
	case ex <= last.Ex:
		return SplitApplied
	case next.Ex != 0 && next.Ex != ex:
		return SplitPending
	case ex <= c.reg.tradeDate && ex != c.reg.tradeDate && (c.reg.earlier[0] == 0 || ex <= c.reg.earlier[0]):
		return SplitTooLate
	}
	return Done
}

// SplitDue reports whether a split should have been applied by this trade date, and neither it nor another of its date was.
func (c *Core) SplitDue(instrument uint32, ratio risk.Ratio, ex uint32) bool {
	if instrument >= uint32(len(c.set.Instruments)) || ex > c.reg.tradeDate {
		return false
	}
	switch c.splitFits(instrument, ratio, ex) {
	case Done, SplitPending, SplitTooLate:
		return true
	case SplitApplied:
		done, known := c.book.SplitOf(instrument, ex)
		return known && done.Ex == 0
	}
	return false
}

// dayBegins is the UTC time at which a date begins; false: it is none.
func dayBegins(date uint32) (ns int64, ok bool) {
	text := [...]byte{'0', '0', '0', '0', '0', '0', '0', '0', '-', '0', '0', ':', '0', '0', ':', '0', '0'}
	for i := 7; i >= 0; i-- {
		text[i] += byte(date % 10)
		date /= 10
	}
	if date != 0 {
		return 0, false
	}
	return fix.ParseTimestamp(text[:])
}

func (c *Core) applySplitSet(e *Effect) {
	c.askedSplits[e.Instrument].drop(uint32(e.Seq))
	c.book.SetSplit(e.Instrument, risk.Split{Ratio: RatioOf(e.Value), Ex: uint32(e.Seq), ExNs: int64(e.Money), Unit: e.Qty})
	c.applySplits(false)
}

// applySplits takes over what is due: executions of before the ex-date, that they can be taken back, and what is held. At a roll
// their orders are in the units of before, unless they were restated ahead of it; a split that is said on its ex-date their venue may have
// restated them over that morning.
func (c *Core) applySplits(rolls bool) {
	if !c.book.SplitsDue(c.reg.tradeDate) {
		return
	}
	c.book.EachSplitDue(c.reg.tradeDate, func(instrument uint32, s risk.Split) {
		if rolls {
			c.carryRestated(instrument)
		}
		for slot := range c.reg.copyUsed {
			if x := &c.copies[slot]; x.size > 0 && x.Instrument == instrument && x.unitsOf() < s.Ex && !(rolls && c.bookedAhead(x)) {
				x.split(s.Ratio)
			}
		}
		for slot := range c.reg.execUsed {
			switch x := &c.executions[slot]; {
			case x.size == 0 || x.instrument != instrument:
			case rolls && c.isAhead(x):
				c.amendAhead(x, -x.qty)
			case x.date < s.Ex:
				x.split(s.Ratio)
			}
		}
	})
	c.exact(c.book.ApplySplits(c.reg.tradeDate, c.reg.rolledNs))
	for slot := range c.reg.execUsed {
		if x := &c.executions[slot]; rolls && x.size > 0 && c.isAhead(x) && c.book.LastSplit(x.instrument).AtNs == c.reg.rolledNs {
			c.amendAhead(x, x.qty)
			x.ahead = false
		}
	}
}

// isAhead reports whether an execution of the day that has ended is in the units of after it already: a split at the roll goes by it, and
// takes over what is held without it.
func (c *Core) isAhead(x *execution) bool {
	return x.ahead && x.date == c.reg.earlier[0] && x.instrument != NoIndex
}

// bookedAhead reports whether what a drop copy tells is booked so.
func (c *Core) bookedAhead(x *copyRow) bool {
	return x.execution != NoIndex && c.isAhead(&c.executions[x.execution])
}

// amendAhead takes such an execution out of what is held at the start of the day, or puts it back.
func (c *Core) amendAhead(x *execution, qty risk.Qty) {
	if at := x.place(); !x.busted {
		c.exact(c.book.Amend(&at, x.side, qty))
	}
}

// splitsUnknown is how many an execution has gone by of which not all are known any more: in which units a correction of it is
// nobody can tell.
const splitsUnknown = risk.SplitsKept + 1

// split takes an execution of before a split over, that it can be taken back. What was paid for it stays. Where it does not come
// to a whole 1e-8 it is rounded away from zero, as one that is reported so, and a human is told when it is taken back.
func (x *execution) split(r risk.Ratio) {
	_, even := r.Qty(x.qty)
	x.qty, _ = r.QtyUp(x.qty)
	x.price, _ = r.Price(x.price)
	x.uneven = x.uneven || !even
	x.splits = min(x.splits+1, splitsUnknown)
}

// split takes over what a drop copy has told of one, likewise.
func (x *copyRow) split(r risk.Ratio) {
	x.Qty, _ = r.QtyUp(x.Qty)
	x.Price, _ = r.Price(x.Price)
}

// ofBefore takes what is told of an execution of an earlier date over, which is in the units of that date.
func (c *Core) ofBefore(d *Decision, instrument, date uint32, qty *risk.Qty, price *risk.Price) {
	if instrument != NoIndex {
		c.takeOver(d, instrument, c.book.SplitsAfter(instrument, date), qty, price)
	}
}

// stepSplit goes over the positions: of each that a split has left a fraction of, or taken above a limit, a human is told. Where no
// roll goes over accounts and the scopes that they share, it records what is above a limit of theirs.
func (c *Core) stepSplit(d *Decision, slot uint32, j *job) {
	positions := c.book.PositionSlots()
	accounts := positions + uint32(len(c.set.Accounts))
	used := positions
	if j.from == allScopes {
		used = accounts + c.book.SharedScopes()
	}
	n := j.cursor
	for looked := 0; n < used && looked < scanMax; looked++ {
		did := false
		switch {
		case n < positions:
			did = c.tellUnsettled(d, n)
			did = c.recordPosition(d, n) || did
		case n < accounts:
			did = c.recordExcess(d, n-positions)
		default:
			did = c.recordShared(d, n-accounts)
		}
		if n++; did {
			d.jobMoved(slot, n, 0)
			return
		}
	}
	d.scanned(slot, n, used)
}

// allScopes is the Seq of the start of a splitJob that no roll goes with.
const allScopes = 1

// tellUnsettled says which account may not trade an instrument until what a split has left of its position is settled.
func (c *Core) tellUnsettled(d *Decision, slot uint32) bool {
	account, instrument, left, why := c.book.UnsettledAt(slot)
	if why == risk.Accepted {
		return false
	}
	e := d.alert(SplitUnsettled)
	e.Account, e.Instrument, e.Qty, e.Cause = account, instrument, left.Up(), why
	return true
}

// decideSettle ends what a split has left open of an account in an instrument, on the word of two people: the fraction was
// paid in cash, or what it was rounded to is booked by adjustments of its own.
func (c *Core) decideSettle(d *Decision, m *Command) ReplyCode {
	instrument := uint32(m.Target)
	if _, why := c.book.Unsettled(m.Index, instrument); why == risk.Accepted {
		return NoFraction
	}
	if code := c.second(d, m, m.adjustment()); code != Done {
		return code
	}
	e := d.effect(SplitSettled)
	e.Account, e.Instrument = m.Index, instrument
	return Done
}
