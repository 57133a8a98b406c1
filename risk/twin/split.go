package twin

import (
	"slices"

	"github.com/shopspring/decimal"
)

type (
	// Split says that a symbol is split on its ex-date, so many new units for so many old ones: at the Roll to that date or a
	// later one, or at once where it has been. 1:1 takes back what is not applied yet. Unit is the smallest part of a position.
	Split struct {
		Symbol   string
		New, Old int64
		Ex       uint32
		Unit     decimal.Decimal
	}
	// Dated: the start-of-day positions of an account are those of this trade date, whatever was split. Begun: they are 0, and follow.
	Dated struct {
		Account string
		Begun   bool
	}
	// Settled ends what a split has left of a position.
	Settled struct{ Account, Symbol string }
)

// most is the largest position that is kept.
var most = decimal.New(1<<60, -8)

func (e Split) apply(b *book) {
	if e.New == e.Old {
		delete(b.splits, e.Symbol)
		return
	}
	b.splits[e.Symbol] = e
	b.applySplits(false)
}

func (e Dated) apply(b *book) {
	b.dated[e.Account] = true
	for at := range b.open {
		if at.account == e.Account {
			delete(b.open, at)
		}
	}
	for at := range b.start {
		if e.Begun && at.account == e.Account {
			b.start[at] = decimal.Zero
		}
	}
}

func (e Settled) apply(b *book) { delete(b.open, place{e.Account, e.Symbol}) }

// applySplits takes over what was held at the start of a day that the ex-date has come to; at a Roll without what was executed the day
// before in the units of after it.
func (b *book) applySplits(rolls bool) {
	for symbol, s := range b.splits {
		if s.Ex > b.date {
			continue
		}
		for at, qty := range b.start {
			if at.symbol == symbol && !b.dated[at.account] {
				ahead := b.ahead(at, rolls)
				b.start[at] = b.whole(s, at, qty.Sub(ahead)).Add(ahead)
			}
		}
		b.splitEarlier(s, rolls)
		for id, t := range b.byExecID {
			if t.at.symbol == symbol && t.day < b.day && !b.isAhead(t, rolls) {
				t.qty = up(s.of(t.qty))
				b.byExecID[id] = t
			}
		}
		m := b.marks[symbol]
		m.close, m.now = s.mark(m.close), s.mark(m.now)
		b.marks[symbol] = m
		delete(b.splits, symbol)
	}
}

// of is what a quantity comes to.
func (e Split) of(qty decimal.Decimal) decimal.Decimal {
	return qty.Mul(decimal.NewFromInt(e.New)).DivRound(decimal.NewFromInt(e.Old), 20)
}

// up is a number of 20 decimals as one of 8, away from zero.
func up(v decimal.Decimal) decimal.Decimal { return v.Round(16).RoundUp(8) }

// whole is what a position comes to in whole units. Where a fraction is left, or it is too large, it is open.
func (b *book) whole(s Split, at place, qty decimal.Decimal) decimal.Decimal {
	units, left := qty.Mul(decimal.NewFromInt(s.New)).QuoRem(s.Unit.Mul(decimal.NewFromInt(s.Old)), 0)
	now := units.Mul(s.Unit)
	if !left.IsZero() {
		b.open[at] = true
	}
	if now.Abs().GreaterThan(most) {
		b.open[at] = true
		now = most.Mul(decimal.NewFromInt(int64(now.Sign())))
	}
	return now
}

// splitEarlier adds up what those who own no accounts have made of a symbol before this day, and takes it over.
func (b *book) splitEarlier(s Split, rolls bool) {
	for _, t := range b.earlier {
		if t.at.symbol != s.Symbol || b.isAhead(t, rolls) {
			continue
		}
		for _, who := range b.ledger.slices(b.ledger.authors(t.by), s.Symbol) {
			b.make(who, s.Symbol, t.side.signed(t.qty))
		}
	}
	b.earlier = slices.DeleteFunc(b.earlier, func(t trade) bool { return t.at.symbol == s.Symbol && !b.isAhead(t, rolls) })
	for _, made := range b.made {
		if qty, there := made[s.Symbol]; there {
			made[s.Symbol] = up(s.of(qty))
		}
	}
}

// isAhead is such an execution, or its bust; ahead is what they make of a position.
func (b *book) isAhead(t trade, rolls bool) bool { return rolls && t.ahead && t.day == b.day-1 }

func (b *book) ahead(at place, rolls bool) (qty decimal.Decimal) {
	for _, t := range b.earlier {
		if t.at == at && b.isAhead(t, rolls) {
			qty = qty.Add(t.side.signed(t.qty))
		}
	}
	return qty
}

func (b *book) make(who Bearer, symbol string, qty decimal.Decimal) {
	if b.made[who] == nil {
		b.made[who] = map[string]decimal.Decimal{}
	}
	b.made[who][symbol] = b.made[who][symbol].Add(qty)
}

// mark is what a symbol is worth in new units, as far as it was said for a date before.
func (e Split) mark(v *valuation) *valuation {
	if v == nil || v.date >= e.Ex {
		return v
	}
	px := v.px.Mul(decimal.NewFromInt(e.Old)).DivRound(decimal.NewFromInt(e.New), 20)
	return &valuation{up(px), v.k, v.date}
}

// Open reports whether a split has left a position something that nobody has settled.
func (s *State) Open(account, symbol string) bool { return s.open[place{account, symbol}] }
