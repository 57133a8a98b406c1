package risk

import "slices"

// A running gate may be given a limit where nothing was counted so far: of a slice, of a link or a venue that had none, of
// positions that a scope did not keep. Such a row of the table of scopes is backfilled with what it would have if it had been there from the
// beginning. Its sums are of open orders and of executions of this trade date: whoever has those lists them, see Backfill. The
// positions of a scope that owns accounts are those of its accounts; what the others made on earlier dates nobody has kept.

// lack says what a row of the table of scopes lacks. It is no state: it lasts from the setting that begins the row to Backfilled.
type lack struct {
	n         uint32
	sums      bool
	positions bool
}

// blank reports whether nothing was booked yet, so that whatever begins to count has missed nothing.
func (b *Book) blank() bool { return b.totals[0].positions == 0 && b.scopes[firmScope].empty() }

// lacksSums and lacksPositions note that a row begins to count.
func (b *Book) lacksSums(n uint32) {
	if !b.blank() {
		b.lacks = append(b.lacks, lack{n: n, sums: true})
	}
}

func (b *Book) lacksPositions(n uint32) {
	if !b.blank() {
		b.lacks = append(b.lacks, lack{n: n, positions: true})
	}
}

// Lacking reports whether any row is to be backfilled.
func (b *Book) Lacking() bool { return len(b.lacks) > 0 }

// Backfill adds to the sums of such rows what an open order reserves, or what an execution of this trade date was of. Each is to be
// told once. False as for Move.
func (b *Book) Backfill(at *Place, d *Delta) (exact bool) {
	exact = true
	var rows [SlicesMax]uint32
	for _, n := range b.debited(at, &rows) {
		if !slices.ContainsFunc(b.lacks, func(l lack) bool { return l.n == n && l.sums }) {
			continue
		}
		s := &b.scopes[n]
		executed, reserved := &s.es, &s.rs
		if d.Side.IsBuy() {
			executed, reserved = &s.eb, &s.rb
		}
		exact = add(executed, d.Money) && exact
		exact = add(reserved, d.Reserved) && exact
		s.openOrders += int32(d.Orders)
	}
	return exact
}

// Backfilled adds up the positions that are lacking, and ends it. It goes over all positions, as Roll does. False as for Move.
func (b *Book) Backfilled() (exact bool) {
	exact = true
	if slices.ContainsFunc(b.lacks, func(l lack) bool { return l.positions }) {
		b.eachOwned(func(n, account, ins uint32) {
			if slices.Contains(b.lacks, lack{n: n, positions: true}) {
				exact = b.backfillPosition(n, account, ins) && exact
			}
		})
	}
	b.lacks = b.lacks[:0]
	return exact
}

// eachOwned gives every position of an account with each scope and slice that owns it, the account itself among them.
func (b *Book) eachOwned(f func(n, account, ins uint32)) {
	for i := range b.positions {
		if b.positions[i].key == 0 {
			continue
		}
		account, ins := b.positions[i].at()
		if b.scopes[account].kind != ScopeAccount {
			continue
		}
		at := Place{Account: b.indexOf(account), Instrument: ins, Owner: NoIndex, Venue: NoIndex}
		var rows [SlicesMax]uint32
		for _, n := range b.debited(&at, &rows) {
			f(n, account, ins)
		}
	}
}

// backfillPosition adds a position of an account to those of a scope that owns it. An account by itself has it, and lacks it in its sums
// over instruments alone.
func (b *Book) backfillPosition(n, account, ins uint32) (exact bool) {
	p := *b.peek(account, ins)
	if n == account {
		x := b.measure(n)
		long, short := p.worst()
		exact = add(&x.long, long)
		return add(&x.short, short) && exact
	}
	exact = b.bookRow(n, ins, &Delta{Side: Buy, Qty: p.p, Start: p.sod, Open: p.ob})
	exact = b.bookRow(n, ins, &Delta{Side: Sell, Open: p.osLong}) && exact
	return b.bookRow(n, ins, &Delta{Side: SellShort, Open: p.os - p.osLong}) && exact
}

// rowsLacking is how many rows of positions a scope takes that begins to keep them in a part of its instruments.
func (b *Book) rowsLacking(scope uint32, in Part) (count int) {
	if b.scopes[scope].kind == ScopeAccount && in.Class == AnyClass {
		return 0
	}
	seen := make([]bool, len(b.instruments))
	b.eachOwned(func(n, _, ins uint32) {
		if n == scope && !seen[ins] && b.covers(in, ins) {
			seen[ins] = true
			count++
		}
	})
	return count
}

// covers reports whether an instrument is in a part.
func (b *Book) covers(in Part, ins uint32) bool {
	switch in.Class {
	case AnyClass:
		return true
	case OneInstrument:
		return in.Instrument == ins
	}
	return b.instruments[ins].class == in.Class
}
