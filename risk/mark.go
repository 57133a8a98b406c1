package risk

// Unmarked stands for the value of a measure that cannot be known, because something held has no close or no mark. It is
// above every limit.
const Unmarked = 1 << 62

// valuation is a price and the factor that was pinned with it: another table of rates touches later ones only.
type valuation struct {
	price Price
	k     Factor // 0 = nobody has said one
	date  uint32 // YYYYMMDD, in whose units it is: a split of a later one changes what that is
}

// marks are what an instrument is worth (exposure 5). They change by command, never by a tick.
type marks struct {
	close     valuation // of what was held at the start of the day
	now       valuation // of what is held
	next      valuation // said, and in force from InForce on
	nextClose valuation // likewise
}

// Mark says for a date what an instrument is worth from InForce on; closes: it is the close too, of what was held at the
// start of the day. So that the marks of a file take over together, and the positions are gone over once.
func (b *Book) Mark(ins, date uint32, p Price, k Factor, closes bool) {
	m := &b.marks[ins]
	m.next = valuation{p, k, date}
	if closes {
		m.nextClose = m.next
	}
}

// DropMarks forgets what was said and is not in force: nobody is left to say that it is to be, or its trade date is over.
func (b *Book) DropMarks() {
	for i := range b.marks {
		b.marks[i].next, b.marks[i].nextClose = valuation{}, valuation{}
	}
}

// InForce puts what was said in force. It goes over all positions, as Roll does. False as for Move.
func (b *Book) InForce() (exact bool) {
	for i := range b.marks {
		m := &b.marks[i]
		if m.next.k != 0 {
			m.now = m.next
		}
		if m.nextClose.k != 0 {
			m.close = m.nextClose
		}
	}
	b.DropMarks()
	return b.revalue()
}

// MarkView is what an instrument is worth, for reports and tests; a K of 0: nobody has said.
type MarkView struct {
	Close, Now   Price
	CloseK, NowK Factor
}

// Marked copies it out.
func (b *Book) Marked(ins uint32) MarkView {
	m := &b.marks[ins]
	return MarkView{m.close.price, m.now.price, m.close.k, m.now.k}
}

// Plausible tells whether something can be worth that.
func (b *Book) Plausible(ins uint32, p Price) bool { return b.instruments[ins].plausible(p) }

// Values reports whether marks value the positions of any scope.
func (b *Book) Values() bool { return b.totals[0].valued != 0 }

// rollMarks: what was held overnight is worth the last mark until a close of the day is said.
func (b *Book) rollMarks() {
	b.DropMarks()
	for i := range b.marks {
		b.marks[i].close = b.marks[i].now
	}
	for i := range b.worths {
		b.worths[i].stopped = 0
	}
	b.revalue()
}

// worth of the positions of a scope. Those that own no accounts have that of the positions they made, in each instrument;
// the others the sum over their accounts, without netting. It is a change where it says so.
type worth struct {
	carry     Money  // Σ of start-of-day positions at their closes, signed
	inventory Money  // Σ of worst sizes at their marks
	held      Money  // Σ of positions at their marks, signed
	lossMax   Money  // 0 = no daily loss is too much
	stopped   Money  // the loss at which the scope was stopped last on this trade date; 0 = it was not
	unclosed  int32  // how many start-of-day positions have no close
	unmarked  int32  // how many positions have no mark
	kept      int32  // 1: it is kept
	scope     uint32 // whose it is, by its place in the table of scopes
}

func (b *Book) keepsWorth(n uint32) bool {
	return b.scopes[n].armed&armedMeasures != 0 && b.worths[b.measuredOf[n]].kept == 1
}

// keepWorth has that of a scope kept from now on.
func (b *Book) keepWorth(n uint32) {
	if b.keepsWorth(n) {
		return
	}
	w := &b.worths[b.measuredOf[n]]
	w.kept, w.scope = 1, n
	b.totals[0].valued++
	b.begins(n, lacksWorth)
}

// ownsAccounts tells whether positions of accounts make up those of a scope, or of the scope of a slice.
func (b *Book) ownsAccounts(n uint32) bool {
	switch b.bearer(n).of {
	case ScopeAccount, ScopeClient, ScopeGroup, ScopeFirm:
		return true
	}
	return false
}

// worthOf is what a row of positions is worth. False: beyond computing.
func (b *Book) worthOf(n, ins uint32) (worth, bool) {
	if n == NoIndex || ins >= uint32(len(b.marks)) {
		return worth{}, true
	}
	return b.marks[ins].worth(b.peek(n, ins))
}

func (m *marks) worth(p *position) (w worth, exact bool) {
	exact = true
	if p.sod != 0 {
		if m.close.k == 0 {
			w.unclosed = 1
		} else {
			w.carry, exact = m.close.held(p.sod)
		}
	}
	size := max(magnitude(int64(p.p+p.ob)), magnitude(int64(p.p-p.os)))
	switch {
	case size == 0:
	case m.now.k == 0:
		w.unmarked = 1
	default:
		var fits bool
		w.inventory, fits = m.now.of(Qty(size))
		exact = exact && fits
		w.held, fits = m.now.held(p.p)
		exact = exact && fits
	}
	return w, exact
}

// held is the worth of a position, with its sign.
func (v valuation) held(p Qty) (Money, bool) {
	m, ok := v.of(p)
	if (p < 0) != (v.price < 0) {
		m = -m
	}
	return m, ok
}

// of is the worth of a quantity, without its sign.
func (v valuation) of(q Qty) (Money, bool) {
	m, ok := Notional(v.price, Qty(magnitude(int64(q))), v.k)
	if !ok || m > MagnitudeMax {
		return MagnitudeMax, false
	}
	return m, true
}

// add moves what is kept. False = a sum had to be clamped.
func (w *worth) add(change *worth) bool {
	exact := add(&w.carry, change.carry)
	exact = add(&w.inventory, change.inventory) && exact
	exact = add(&w.held, change.held) && exact
	w.unclosed += change.unclosed
	w.unmarked += change.unmarked
	return exact
}

func (w *worth) minus(v *worth) worth {
	return worth{carry: w.carry - v.carry, inventory: w.inventory - v.inventory, held: w.held - v.held,
		unclosed: w.unclosed - v.unclosed, unmarked: w.unmarked - v.unmarked}
}

// moveWorth books in a scope what the row of another, or its own, is worth now and was not before. False as for Move.
func (b *Book) moveWorth(to, n, ins uint32, before *worth) bool {
	now, exact := b.worthOf(n, ins)
	change := now.minus(before)
	return b.worths[b.measuredOf[to]].add(&change) && exact
}

// moveWorths does so for an account in every scope on its path that owns it.
func (b *Book) moveWorths(own, ins uint32, path []uint32, before *worth) (exact bool) {
	exact = true
	for _, n := range path {
		if b.keepsWorth(n) && b.ownsAccounts(n) {
			exact = b.moveWorth(n, own, ins, before) && exact
		}
	}
	return exact
}

// eachHeld gives every row of positions, by whose it is and in which instrument, with each scope in whose worth it counts.
func (b *Book) eachHeld(f func(to, n, ins uint32)) {
	for i := range b.positions {
		p := &b.positions[i]
		if p.key == 0 {
			continue
		}
		n, ins := p.at()
		if b.scopes[n].kind != ScopeAccount {
			if b.keepsWorth(n) && !b.ownsAccounts(n) {
				f(n, n, ins)
			}
			continue
		}
		at := Place{Account: b.indexOf(n), Instrument: ins, Owner: NoIndex, Venue: NoIndex}
		var rows [SlicesMax]uint32
		for _, to := range b.debited(&at, &rows) {
			if b.keepsWorth(to) && b.ownsAccounts(to) {
				f(to, n, ins)
			}
		}
	}
}

// revalue computes anew what is kept. False as for Move.
func (b *Book) revalue() (exact bool) {
	if exact = true; b.totals[0].valued == 0 {
		return exact
	}
	for i := range b.worths {
		w := &b.worths[i]
		w.carry, w.inventory, w.held, w.unclosed, w.unmarked = 0, 0, 0, 0, 0
	}
	b.eachHeld(func(to, n, ins uint32) { exact = b.moveWorth(to, n, ins, &worth{}) && exact })
	return exact
}

// readWorth measures net with carry and inventory, with changes added, of a scope whose worth is kept; s has the changes.
func (b *Book) readWorth(n uint32, on []Change, s *scope, v *reading) {
	w := b.worths[b.measuredOf[n]]
	if w.kept == 0 {
		return
	}
	exact, owns := true, b.ownsAccounts(n)
	for i := range on {
		row, ins := n, on[i].Instrument
		if owns {
			row = b.accountScope(on[i].Account)
		}
		if row == NoIndex || ins >= uint32(len(b.marks)) {
			continue
		}
		if before, after, first := b.held(row, on, i, owns); first {
			was, _ := b.marks[ins].worth(&before)
			is, fits := b.marks[ins].worth(&after)
			change := is.minus(&was)
			w.add(&change)
			exact = exact && fits
		}
	}
	v[MeasureCarry] = int64(max(s.netLong()+w.carry, s.netShort()-w.carry))
	v[MeasureInventory] = int64(w.inventory)
	if !exact {
		v[MeasureCarry], v[MeasureInventory] = beyond, beyond
	}
	if w.unclosed != 0 {
		v[MeasureCarry] = Unmarked
	}
	if w.unmarked != 0 {
		v[MeasureInventory] = Unmarked
	}
}
