package risk

import "math/bits"

// position is one account in one instrument (exposure 4), or a bigger scope that keeps positions of its own. One
// cache line.
type position struct {
	key    uint64 // pair(scope, instrument); 0 = free
	p      Qty    // signed: start of day + today's executions + adjustments
	sod    Qty    // start of day: loading it again applies the difference
	ob, os Qty    // Σ q of open buys, and of open sells of any kind
	osLong Qty    // the part of os that is 54=2

	shortSold Qty // executed by short sales on this trade date
	located   Qty // for short sales of this trade date
}

func (p *position) flat() bool { return p.p|p.sod|p.ob|p.os|p.osLong|p.shortSold|p.located == 0 }

// PositionView is a copy of one position for reports and tests.
type PositionView struct{ P, SOD, OB, OS, OSLong, ShortSold, Located Qty }

func (p *position) view() PositionView {
	return PositionView{p.p, p.sod, p.ob, p.os, p.osLong, p.shortSold, p.located}
}

// Position copies a position out; one that was never touched is all zero.
func (b *Book) Position(acc, ins uint32) PositionView {
	return b.peek(b.accountScope(acc), ins).view()
}

// EachPosition gives a copy of every position of an account there is a row for, in no order that means anything.
func (b *Book) EachPosition(f func(acc, ins uint32, v PositionView)) {
	for i := range b.positions {
		p := &b.positions[i]
		if n, ins := p.at(); p.key != 0 && b.scopes[n].kind == ScopeAccount {
			f(b.indexOf(n), ins, p.view())
		}
	}
}

// at is the scope and the instrument of a row in use.
func (p *position) at() (n, ins uint32) { return uint32((p.key - 1) >> 32), uint32(p.key - 1) }

// accountScope is the number of an account's scope; of an account that is not one, NoIndex.
func (b *Book) accountScope(acc uint32) uint32 {
	if acc >= uint32(len(b.accounts)) {
		return NoIndex
	}
	return b.base[ScopeAccount] + acc
}

var noPosition position // read only

// slot is where the pair is, or the free slot where it would go. The table never fills: it has at
// least twice as many slots as rows may be in use.
func (b *Book) slot(key uint64) uint64 {
	last := uint64(len(b.positions) - 1)
	i := b.home(key)
	for b.positions[i].key != key && b.positions[i].key != 0 {
		i = (i + 1) & last
	}
	return i
}

func (b *Book) home(key uint64) uint64 {
	return mix(key) >> bits.LeadingZeros64(uint64(len(b.positions)-1))
}

// peek finds a row to read.
func (b *Book) peek(n, ins uint32) *position {
	p := &b.positions[b.slot(pair(n, ins))]
	if p.key == 0 {
		return &noPosition
	}
	return p
}

// rowsNeeded is how many rows an order would take that are not there yet.
func (b *Book) rowsNeeded(o *Order) (need int64) {
	if b.peek(b.accountScope(o.Account), o.Instrument).key == 0 {
		need++
	}
	if b.totals[0].keepers == 0 {
		return need
	}
	var rows [SlicesMax]uint32
	for _, n := range b.debited(&o.Place, &rows)[1:] {
		if b.scopes[n].armed&keepsPositions != 0 && b.peek(n, o.Instrument).key == 0 {
			need++
		}
	}
	return need
}

// bookPosition books a change of a position in the account's row, and in those of the bigger scopes on its path that
// keep positions. False as for Move.
func (b *Book) bookPosition(at *Place, path []uint32, d *Delta) (exact bool) {
	own := b.accountScope(at.Account)
	var before worth
	if b.totals[0].valued != 0 {
		before, _ = b.worthOf(own, at.Instrument)
	}
	exact = b.bookRow(own, at.Instrument, d)
	if b.totals[0].valued != 0 {
		exact = b.moveWorths(own, at.Instrument, path, &before) && exact
	}
	if b.totals[0].keepers == 0 {
		return exact
	}
	for _, n := range path {
		if n != own && b.scopes[n].armed&keepsPositions != 0 {
			exact = b.bookRow(n, at.Instrument, d) && exact
		}
	}
	return exact
}

// bookRow books a change in one row. A scope that keeps positions of its own also sums up their worst cases and worth.
// False as for Move.
func (b *Book) bookRow(n, ins uint32, d *Delta) (exact bool) {
	p := b.row(n, ins)
	if p == nil {
		return false
	}
	if b.scopes[n].armed&keepsPositions == 0 {
		return p.book(d)
	}
	x := b.measure(n)
	var before worth
	own := b.keepsWorth(n) && !b.ownsAccounts(n)
	if own {
		before, _ = b.worthOf(n, ins)
	}
	long, short := p.worst()
	exact = p.book(d)
	if own {
		exact = b.moveWorth(n, n, ins, &before) && exact
	}
	longAfter, shortAfter := p.worst()
	exact = add(&x.long, longAfter-long) && exact
	return add(&x.short, shortAfter-short) && exact
}

// book is shift for good: it does not leave ±MagnitudeMax. False = it had to clamp.
func (p *position) book(d *Delta) (exact bool) {
	qty := d.Qty
	if !d.Side.IsBuy() {
		qty = -qty
	}
	exact = add(&p.p, qty)
	exact = add(&p.sod, d.Start) && exact
	switch {
	case d.Side.IsBuy():
		return add(&p.ob, d.Open) && exact
	case d.Side == Sell:
		exact = add(&p.osLong, d.Open) && exact
	}
	return add(&p.os, d.Open) && exact
}

// row finds a row to change and takes a free one if need be; the spare rows serve here only.
// Nil = even those are taken, or the scope or instrument is not one.
func (b *Book) row(n, ins uint32) *position {
	key := pair(n, ins)
	if n == NoIndex || ins == NoIndex {
		return nil
	}
	p := &b.positions[b.slot(key)]
	if p.key == 0 {
		t := &b.totals[0]
		if t.positions >= int64(b.capacity.Positions+positionsSpare) {
			return nil
		}
		t.positions++
		p.key = key
	}
	return p
}

// SetPosition loads a start-of-day quantity. Loading again in the day applies the difference, so
// today's executions stay (exposure 9).
func (b *Book) SetPosition(acc, ins uint32, sod Qty) error {
	if acc >= uint32(len(b.accounts)) || ins >= uint32(len(b.instruments)) {
		return errIndex
	}
	if magnitude(int64(sod)) > MagnitudeMax {
		return errLimit
	}
	if b.row(b.accountScope(acc), ins) == nil {
		return errFull
	}
	b.start(acc, ins, sod)
	return nil
}

// start moves a start-of-day quantity to what it is from now on; today's executions stay.
func (b *Book) start(acc, ins uint32, sod Qty) {
	at := Place{Account: acc, Instrument: ins, Owner: NoIndex, Venue: NoIndex}
	change := sod - b.peek(b.accountScope(acc), ins).sod
	var rows [SlicesMax]uint32
	b.bookPosition(&at, b.debited(&at, &rows), &Delta{Side: Buy, Qty: change, Start: change})
}

// dropFlat frees rows that say nothing, so that a table serves for years. A freed slot is closed
// by moving back the rows behind it that would no longer be found across the hole.
func (b *Book) dropFlat() {
	last := uint64(len(b.positions) - 1)
	for i := uint64(0); i <= last; {
		p := &b.positions[i]
		if p.key == 0 || !p.flat() || b.unsettled[i].why != 0 {
			i++
			continue
		}
		b.totals[0].positions--
		hole := i
		for j := (i + 1) & last; b.positions[j].key != 0; j = (j + 1) & last {
			if (j-b.home(b.positions[j].key))&last >= (j-hole)&last {
				b.positions[hole], b.unsettled[hole] = b.positions[j], b.unsettled[j]
				hole = j
			}
		}
		b.positions[hole], b.unsettled[hole] = position{}, unsettled{}
	}
}
