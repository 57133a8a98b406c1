package risk

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

// ExcessAfter lists what would be above its limit once d is booked, as Excess lists what is.
func (b *Book) ExcessAfter(at *Place, d *Delta, out []Overshoot) int {
	f := finder{out: out}
	var rows [SlicesMax]uint32
	for _, n := range b.debited(at, &rows) {
		s := b.scopes[n]
		s.shift(d)
		f.credit(&s, b.indexOf(n))
		f.measures(b, n, at, d)
	}
	acc := at.Account
	if !b.configured(acc) {
		return f.count
	}
	a := &b.accounts[acc]
	if open := int64(b.scopes[rows[0]].openOrders) + d.Orders; open > a.openOrdersMax {
		f.found(OpenOrderCountExceeded, acc, open, a.openOrdersMax)
	}
	p := *b.peek(rows[0], at.Instrument)
	p.shift(d)
	f.position(&p, a, acc)
	b.overLocated(&f, a, at, &p)
	return f.count
}

func (s *scope) shift(d *Delta) {
	if d.Side.IsBuy() {
		s.eb += d.Money
		s.rb += d.Reserved
		return
	}
	s.es += d.Money
	s.rs += d.Reserved
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
