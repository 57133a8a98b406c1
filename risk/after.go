package risk

import "slices"

// Delta is what an event is about to change for one order: executions, reservation, open quantity.
// Decide looks at a Delta before Apply books it.
type Delta struct {
	Side     Side
	Qty      Qty   // executed; negative for a bust
	Money    Money // of the executions, same sign
	Open     Qty   // change of the order's open quantity
	Reserved Money // change of its reservation
	Orders   int64 // change of the count of open orders
	Start    Qty   // change of the start-of-day position

	ShortSold Qty // change of what short sales of the trade date executed
	Located   Qty // change of what is located for them
}

// Change is what an event is about to change in one place. What moves from one place to another, or is done on both sides of a trade, is
// several of them, and counts in a scope that they share together.
type Change struct {
	Place
	Delta
}

// ChangesMax is how many changes are looked at together.
const ChangesMax = 4

// debits are the rows of the table of scopes that changes count in.
type debits struct {
	rows  [ChangesMax][SlicesMax]uint32
	count [ChangesMax]int
	on    [ChangesMax]Change
}

// find lists those of each change.
func (x *debits) find(b *Book, changes []Change) {
	for i := range changes {
		x.count[i] = len(b.debited(&changes[i].Place, &x.rows[i]))
	}
}

// of are the changes that count in a row of the i-th; nil: an earlier one counts there too, and was asked.
func (x *debits) of(changes []Change, i int, n uint32) []Change {
	count := 0
	for j := range changes {
		switch counts := slices.Contains(x.rows[j][:x.count[j]], n); {
		case counts && j < i:
			return nil
		case counts:
			x.on[count] = changes[j]
			count++
		}
	}
	return x.on[:count]
}

// ExcessAfter lists what would be above its limit once changes are booked, as Excess lists what is.
func (b *Book) ExcessAfter(changes []Change, out []Overshoot) int {
	f := finder{out: out}
	var x debits
	x.find(b, changes)
	for i := range changes {
		for _, n := range x.rows[i][:x.count[i]] {
			on := x.of(changes, i, n)
			if on == nil {
				continue
			}
			s := b.scopes[n]
			s.shift(on)
			f.credit(&s, b.indexOf(n))
			f.measures(b, n, on)
		}
		if b.configured(changes[i].Account) {
			f.account(b, changes, i)
		}
	}
	return f.count
}

// account finds what the account of the i-th change has above its limits, where no earlier one has the same.
func (f *finder) account(b *Book, changes []Change, i int) {
	acc := changes[i].Account
	a, open, asked := &b.accounts[acc], int64(b.scopes[b.accountScope(acc)].openOrders), false
	for j := range changes {
		if changes[j].Account == acc {
			open, asked = open+changes[j].Orders, asked || j < i
		}
	}
	if open > a.openOrdersMax && !asked {
		f.found(OpenOrderCountExceeded, acc, open, a.openOrdersMax)
	}
	if _, p, first := b.held(b.accountScope(acc), changes, i, true); first {
		f.position(&p, a, acc)
		b.overLocated(f, a, &changes[i].Place, &p)
	}
}

// held is a row of positions in the instrument of the i-th change, before and after all that move it: of its account alone, or of
// whoever. false: an earlier one moves it too.
func (b *Book) held(row uint32, changes []Change, i int, ofAccount bool) (before, after position, first bool) {
	before = *b.peek(row, changes[i].Instrument)
	after = before
	for j := range changes {
		switch c := &changes[j]; {
		case c.Instrument != changes[i].Instrument || ofAccount && c.Account != changes[i].Account:
		case j < i:
			return before, after, false
		default:
			after.shift(&c.Delta)
		}
	}
	return before, after, true
}

// shift adds changes that count in a scope.
func (s *scope) shift(on []Change) {
	for i := range on {
		if d := &on[i].Delta; d.Side.IsBuy() {
			s.eb += d.Money
			s.rb += d.Reserved
		} else {
			s.es += d.Money
			s.rs += d.Reserved
		}
	}
}

func (p *position) shift(d *Delta) {
	p.sod += d.Start
	p.shortSold += d.ShortSold
	p.located += d.Located
	switch {
	case d.Side.IsBuy():
		p.p += d.Qty
		p.ob += d.Open
		return
	case d.Side == Sell:
		p.osLong += d.Open
	}
	p.p -= d.Qty
	p.os += d.Open
}
