package risk

import (
	"cmp"
	"slices"
)

// A running gate may be given a limit where nothing was counted so far: of a slice, of a link or a venue that had none, of
// positions that a scope did not keep; or what counts in it may move, see move.go. Such a row of the table of scopes is backfilled with what it would
// have if it had been so from the beginning. Its sums are of open orders and of executions of this trade date: whoever has those lists them, see Backfill. The
// positions of a scope that owns accounts are those of its accounts; what the others made on earlier dates nobody has kept. What
// positions are worth is computed once for all rows that begin to be valued.

// lack says what a row of the table of scopes lacks. It is no state: it lasts from the setting that begins the row to Backfilled.
type lack uint8

const (
	lacksSums lack = 1 << iota
	lacksPositions
	lacksWorth
)

// blank reports whether nothing was booked yet, so that whatever begins to count has missed nothing.
func (b *Book) blank() bool { return b.totals[0].positions == 0 && b.scopes[firmScope].empty() }

// begins notes that a row begins to count, from nothing.
func (b *Book) begins(n uint32, what lack) {
	if b.blank() {
		return
	}
	if b.lacks == nil {
		b.lacks = make([]lack, len(b.scopes))
	}
	if b.lacks[n] |= what; what&lacksSums != 0 {
		s := &b.scopes[n]
		s.eb, s.es, s.rb, s.rs, s.openOrders = 0, 0, 0, 0, 0
	}
}

// Lacking reports whether any row is to be backfilled.
func (b *Book) Lacking() bool { return b.lacks != nil }

// LacksSums reports whether any row is to be told of open orders and executions.
func (b *Book) LacksSums() bool { return b.lacking(lacksSums) }

// Backfill adds to the sums of such rows what an open order reserves, or what an execution of this trade date was of. Each is to be
// told once. False as for Move.
func (b *Book) Backfill(at *Place, d *Delta) (exact bool) {
	if exact = true; b.lacks == nil {
		return exact
	}
	var rows [SlicesMax]uint32
	for _, n := range b.debited(at, &rows) {
		if b.lacks[n]&lacksSums == 0 {
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

// Backfilled adds up the positions that are lacking, and what positions are worth, and ends it. It goes over all positions, as Roll
// does. False as for Move.
func (b *Book) Backfilled() (exact bool) {
	exact = true
	if b.lacking(lacksPositions) {
		b.clearPositions()
		b.eachOwned(func(n, account, ins uint32) {
			if b.lacks[n]&lacksPositions != 0 {
				exact = b.backfillPosition(n, account, ins) && exact
			}
		})
	}
	if b.lacking(lacksWorth) {
		exact = b.revalue() && exact
	}
	b.lacks = nil
	return exact
}

// clearPositions takes away what rows that lack positions have of them.
func (b *Book) clearPositions() {
	for i := range b.positions {
		p := &b.positions[i]
		if p.key == 0 {
			continue
		}
		if n, _ := p.at(); b.scopes[n].kind != ScopeAccount && b.lacks[n]&lacksPositions != 0 {
			x := b.measure(n)
			*p, x.long, x.short = position{key: p.key}, 0, 0
		}
	}
}

// lacking reports whether any row lacks such.
func (b *Book) lacking(what lack) bool {
	return slices.ContainsFunc(b.lacks, func(l lack) bool { return l&what != 0 })
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

// keeper is a scope, by its place in the table of scopes, that begins to keep positions in a part of its instruments, by its key.
type keeper struct{ scope, part uint32 }

// rowsLacking is how many rows of positions such scopes take, all together: it goes over all positions once, however many there are.
func (b *Book) rowsLacking(begin []keeper) int {
	if len(begin) == 0 {
		return 0
	}
	scopes := make([]bool, len(b.scopes))
	var keepers []keeper
	for _, k := range begin {
		if b.scopes[k.scope].kind != ScopeAccount || k.part != (Part{}).key() { // an account by itself has them
			scopes[k.scope], keepers = true, append(keepers, k)
		}
	}
	slices.SortFunc(keepers, keeper.compare)
	type row struct {
		of  keeper
		ins uint32
	}
	var rows []row // those of several accounts more than once
	b.eachOwned(func(n, _, ins uint32) {
		if !scopes[n] {
			return
		}
		for _, in := range [...]Part{{}, {Class: b.instruments[ins].class}, {Class: OneInstrument, Instrument: ins}} {
			k := keeper{n, in.key()}
			if _, begins := slices.BinarySearchFunc(keepers, k, keeper.compare); begins {
				rows = append(rows, row{k, ins})
			}
		}
	})
	slices.SortFunc(rows, func(x, y row) int { return cmp.Or(x.of.compare(y.of), cmp.Compare(x.ins, y.ins)) })
	return len(slices.Compact(rows))
}

func (k keeper) compare(other keeper) int {
	return cmp.Or(cmp.Compare(k.scope, other.scope), cmp.Compare(k.part, other.part))
}
