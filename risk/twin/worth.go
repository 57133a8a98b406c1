package twin

import "github.com/shopspring/decimal"

// marks are what a symbol is worth: price × k, as far as somebody has said.
type marks struct{ close, now *valuation }

type valuation struct {
	px, k decimal.Decimal
	date  uint32 // the one in whose units it is
}

// of is what a quantity is worth, signed.
func (v *valuation) of(qty decimal.Decimal) decimal.Decimal {
	worth := Notional(v.px, qty.Abs(), v.k)
	if qty.Sign()*v.px.Sign() < 0 {
		return worth.Neg()
	}
	return worth
}

func (e Mark) apply(b *book) {
	m := b.marks[e.Symbol]
	m.now = &valuation{e.Px, e.K, e.Of}
	if e.Closes {
		m.close = m.now
	}
	b.marks[e.Symbol] = m
}

func (b *book) rollMarks() {
	for symbol, m := range b.marks {
		m.close = m.now
		b.marks[symbol] = m
	}
}

// Worth is what the positions of a scope are worth (exposure 5).
type Worth struct {
	Carry     decimal.Decimal // Σ of start-of-day positions at their closes
	Inventory decimal.Decimal // Σ of worst sizes at their marks
	Held      decimal.Decimal // Σ of positions at their marks

	Unclosed, Unmarked int // positions of which nobody has said one
}

func (w Worth) plus(p Position, m marks) Worth {
	switch {
	case p.SOD.IsZero():
	case m.close == nil:
		w.Unclosed++
	default:
		w.Carry = w.Carry.Add(m.close.of(p.SOD))
	}
	size := decimal.Max(p.P.Add(p.OB).Abs(), p.P.Sub(p.OS).Abs())
	switch {
	case size.IsZero():
	case m.now == nil:
		w.Unmarked++
	default:
		w.Inventory, w.Held = w.Inventory.Add(m.now.of(size).Abs()), w.Held.Add(m.now.of(p.P))
	}
	return w
}

// value adds up over accounts what those who own them hold, and over symbols what the others made.
func (s *State) value(b *book, l *Ledger) {
	for at, p := range s.places {
		if _, known := l.clientOf[at.account]; !known {
			continue
		}
		for _, who := range l.slices(l.owners(at.account), at.symbol) {
			s.worths[who] = s.worths[who].plus(p, b.marks[at.symbol])
		}
	}
	for who, held := range s.held {
		switch who.Kind {
		case "firm", "group", "client", "account":
			continue
		}
		for symbol, p := range held {
			s.worths[who] = s.worths[who].plus(p, b.marks[symbol])
		}
	}
}

// Worth is that of a scope or slice.
func (s *State) Worth(who Bearer) Worth { return s.worths[who] }

// Loss is what a scope has paid beside what it was paid since the roll, and what it held then beside what it holds.
func (s *State) Loss(who Bearer) decimal.Decimal {
	c, w := s.Credit(who), s.worths[who]
	return c.EB.Sub(c.ES).Add(w.Carry).Sub(w.Held)
}

// NetCarry is the net of a scope with what its start-of-day positions are worth.
func (s *State) NetCarry(who Bearer) decimal.Decimal {
	c, carry := s.Credit(who), s.worths[who].Carry
	return decimal.Max(c.NetLong().Add(carry), c.NetShort().Sub(carry))
}
