package risk

// A split takes what is held of an instrument into other units on its ex-date: at the day roll that begins it, or at once
// where that has been (exposure 9). Positions of the start of the day go by its ratio, exactly and in whole units; what was
// executed since the roll is in the new ones. Prices of before the ex-date go by the inverse. Limits in quantities are what the
// configuration says. Open orders follow their venue.

// Split is one that was said of an instrument.
type Split struct {
	Ratio Ratio  // zero: none
	Ex    uint32 // its ex-date, YYYYMMDD
	ExNs  int64  // UTC ns at which that day begins: a close or static price of before is in old units
	Unit  Qty    // the smallest part of a position: one, or the lot where that is less
	AtNs  int64  // UTC at which the trade date began that brought it; 0: it is not applied yet
}

// SplitsKept is how many splits of an instrument are known that were applied: what is told of earlier trade dates goes by all that
// have been since.
const SplitsKept = 3

// splits are those of one instrument.
type splits struct {
	next    Split             // not applied yet
	applied [SplitsKept]Split // the last first
}

// unsettled is why an account may not trade an instrument after a split of it, by the row of its position.
type unsettled struct {
	left Fraction
	why  Reason // 0: it may; else SplitFraction, or SplitOverflow
	_    uint16
}

// NextSplit and LastSplit are what was said of an instrument and not applied yet, and what was applied last.
func (b *Book) NextSplit(ins uint32) Split { return b.splits[ins].next }
func (b *Book) LastSplit(ins uint32) Split { return b.splits[ins].applied[0] }

// SplitOf is the split of a date that was applied to an instrument; zero: there was none. known is false where nobody can tell, for more
// have been since than are kept.
func (b *Book) SplitOf(ins, ex uint32) (s Split, known bool) {
	for _, s := range b.splits[ins].applied {
		switch {
		case s.Ex == ex:
			return s, true
		case s.Ex < ex: // so that none of that date can have been
			return Split{}, true
		}
	}
	return Split{}, false
}

// SplitsAfter is how many were applied whose ex-date is after a date; SplitsSince, whose trade date began after a time.
func (b *Book) SplitsAfter(ins, date uint32) (n int) {
	for n < SplitsKept && b.splits[ins].applied[n].Ex > date {
		n++
	}
	return n
}

func (b *Book) SplitsSince(ins uint32, atNs int64) (n int) {
	for n < SplitsKept && b.splits[ins].applied[n].AtNs > atNs {
		n++
	}
	return n
}

// Scale takes a quantity and a price of before the last n splits of an instrument over into the units of today, one after the other.
// A quantity that does not come to a whole 1e-8 is rounded away from zero: even is false.
func (b *Book) Scale(ins uint32, n int, q Qty, p Price) (qty Qty, price Price, even bool) {
	even = true
	for n--; n >= 0; n-- {
		r := b.splits[ins].applied[n].Ratio
		_, whole := r.Qty(q)
		even = even && whole
		q, _ = r.QtyUp(q)
		p, _ = r.Price(p)
	}
	return q, p, even
}

// Unscale is what Scale has taken over to a quantity: of what comes to it, that in whole units. False: not all of the splits are known.
func (b *Book) Unscale(ins uint32, n int, q Qty) (was Qty, known bool) {
	if n > SplitsKept {
		return q, false
	}
	was = q
	for i := range n {
		r := b.splits[ins].applied[i].Ratio
		was, _ = Ratio{New: r.Old, Old: r.New}.Qty(was)
	}
	whole := was - was%b.SplitUnit(ins)
	if now, _, _ := b.Scale(ins, n, whole, 0); now == q {
		return whole, true
	}
	return was, true
}

// SplitUnit is the smallest part of a position: whole units, but where the lot is less.
func (b *Book) SplitUnit(ins uint32) Qty { return max(1, min(PriceScale, b.instruments[ins].lot)) }

// SetSplit says what split of an instrument comes next; that of a ratio which changes nothing: none.
func (b *Book) SetSplit(ins uint32, s Split) {
	row := &b.splits[ins]
	if row.next.Ratio.New != 0 {
		b.totals[0].splits--
	}
	if row.next = (Split{}); s.Ratio.Same() {
		return
	}
	row.next = s
	b.totals[0].splits++
}

// SplitsDue reports whether a split awaits a trade date, or one before it.
func (b *Book) SplitsDue(date uint32) bool {
	due := false
	b.EachSplitDue(date, func(uint32, Split) { due = true })
	return due
}

// EachSplitDue gives them.
func (b *Book) EachSplitDue(date uint32, f func(ins uint32, s Split)) {
	if b.totals[0].splits == 0 {
		return
	}
	for i := range b.splits {
		if s := &b.splits[i].next; s.Ratio.New != 0 && s.Ex <= date {
			f(uint32(i), *s)
		}
	}
}

// ApplySplits takes positions, marks and reference prices over into the units of the splits that are due on a trade date, which
// began at a time. False as for Move.
func (b *Book) ApplySplits(date uint32, rolledNs int64) (exact bool) {
	exact = true
	for i := range b.positions {
		p := &b.positions[i]
		if p.key == 0 || p.sod == 0 {
			continue
		}
		if n, ins := p.at(); b.splits[ins].due(date) {
			exact = b.splitPosition(n, ins) && exact
		}
	}
	b.EachSplitDue(date, func(ins uint32, s Split) {
		b.marks[ins].split(&s)
		b.instruments[ins].split(&s, rolledNs)
		row := &b.splits[ins]
		copy(row.applied[1:], row.applied[:])
		row.next, row.applied[0] = Split{}, s
		row.applied[0].AtNs = rolledNs
		b.totals[0].splits--
	})
	return b.revalue() && exact
}

func (s *splits) due(date uint32) bool { return s.next.Ratio.New != 0 && s.next.Ex <= date }

// splitPosition takes the start of day of a row over. That of an account whose start-of-day file is of the trade date is in
// the new units. Bigger scopes that own accounts hold what these do; of the others each row goes by itself, and counts for no less
// than it comes to.
func (b *Book) splitPosition(n, ins uint32) (exact bool) {
	s, was := &b.splits[ins].next, b.peek(n, ins).sod
	if b.scopes[n].kind != ScopeAccount {
		if b.ownsAccounts(n) {
			return true
		}
		now, ok := s.Ratio.QtyUp(was)
		return b.bookRow(n, ins, &Delta{Side: Buy, Qty: now - was, Start: now - was}) && ok
	}
	acc := b.indexOf(n)
	if b.accounts[acc].dated {
		return true
	}
	now, left, ok := s.Ratio.Whole(was, s.Unit)
	b.start(acc, ins, now)
	switch {
	case !ok:
		b.Unsettle(acc, ins, SplitOverflow, left)
	case left.Num != 0:
		b.Unsettle(acc, ins, SplitFraction, left)
	}
	return ok
}

// Unsettle says what a split has left open of an account in an instrument, which it does not trade for that reason until Settle.
func (b *Book) Unsettle(acc, ins uint32, why Reason, left Fraction) {
	n := b.accountScope(acc)
	if b.row(n, ins) == nil {
		return // there is no position that it could be of
	}
	u := &b.unsettled[b.slot(pair(n, ins))]
	if u.why == 0 {
		b.totals[0].unsettled++
	}
	*u = unsettled{left: left, why: why}
}

// Settle ends what a split has left open of an account in an instrument.
func (b *Book) Settle(acc, ins uint32) {
	if n := b.accountScope(acc); n != NoIndex {
		b.settleRow(b.slot(pair(n, ins)))
	}
}

func (b *Book) settleRow(slot uint64) {
	if u := &b.unsettled[slot]; u.why != 0 {
		*u = unsettled{}
		b.totals[0].unsettled--
	}
}

// Unsettled is what a split has left open of an account in an instrument, and why it may not trade it; Accepted: it may.
func (b *Book) Unsettled(acc, ins uint32) (Fraction, Reason) {
	if n := b.accountScope(acc); n != NoIndex && b.totals[0].unsettled != 0 {
		if u := &b.unsettled[b.slot(pair(n, ins))]; u.why != 0 {
			return u.left, u.why
		}
	}
	return Fraction{}, Accepted
}

// UnsettledCount is of how many accounts and instruments that is so; UnsettledAt is what is open in a slot of the positions.
func (b *Book) UnsettledCount() int64 { return b.totals[0].unsettled }

func (b *Book) UnsettledAt(slot uint32) (acc, ins uint32, left Fraction, why Reason) {
	u := &b.unsettled[slot]
	if u.why == 0 {
		return NoIndex, NoIndex, Fraction{}, Accepted
	}
	n, ins := b.positions[slot].at()
	return b.indexOf(n), ins, u.left, u.why
}

// checkUnsettled refuses what an account trades in an instrument of which a split has left it a fraction, or more than can be computed.
func (b *Book) checkUnsettled(o *Order, j *Judgement) Reason {
	left, why := b.Unsettled(o.Account, o.Instrument)
	if why == Accepted {
		return Accepted
	}
	return j.fail(why, o.Account, int64(left.Up()), 0)
}

// split takes what an instrument is worth over, as far as it was said for a date before.
func (m *marks) split(s *Split) {
	for _, v := range [...]*valuation{&m.close, &m.now, &m.next, &m.nextClose} {
		if v.k == 0 || v.date >= s.Ex {
			continue
		}
		p, ok := s.Ratio.Price(v.price)
		if !ok {
			*v = valuation{} // nobody knows it: what needs it is refused
			continue
		}
		v.price = p
	}
}

// unitsOf says which reference prices of an instrument are in other units than positions: those that are older.
type unitsOf struct {
	ratio   Ratio
	dayNs   int64 // UTC at which the ex-date of the last split begins: closes and static prices
	sinceNs int64 // UTC at which its trade date began: quotes and trades
	goneNs  int64 // likewise of the split before it: what is older still is no reference
}

func (in *instrument) split(s *Split, rolledNs int64) {
	in.units = unitsOf{ratio: s.Ratio, dayNs: s.ExNs, sinceNs: rolledNs, goneNs: in.units.dayNs}
	in.wasSplit = true
}

// InUnits takes a quote over into the units of today; a price that cannot be is left out.
func (b *Book) InUnits(ins uint32, q *Quote) {
	if ins >= uint32(len(b.instruments)) || !b.instruments[ins].wasSplit {
		return
	}
	u := &b.instruments[ins].units
	for _, x := range [...]struct {
		price *Price
		has   Has
		atNs  int64
		from  int64
	}{{&q.Bid, HasBid, q.AtNs, u.sinceNs}, {&q.Ask, HasAsk, q.AtNs, u.sinceNs}, {&q.Last, HasLast, q.LastAtNs, u.sinceNs},
		{&q.Close, HasClose, q.CloseAtNs, u.dayNs}} {
		if q.Has&x.has != 0 && !u.scale(x.price, x.atNs, x.from) {
			q.Has &^= x.has
			*x.price = 0
		}
	}
}

// scale takes a price of a time over. False: it is no reference any more.
func (u *unitsOf) scale(p *Price, atNs, from int64) bool {
	switch {
	case atNs >= from:
		return true
	case atNs < u.goneNs:
		return false
	}
	scaled, ok := u.ratio.Price(*p)
	*p = scaled
	return ok
}
