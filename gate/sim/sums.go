package sim

import (
	"math/big"

	"portcullis/gate/core"
	"portcullis/risk"
)

// The twin of sums adds up after every record, in integers without bounds, what each scope and each of its parts has executed since the
// roll and what its open orders reserve.

// slowSum is what one has, of buys and of sells.
type slowSum struct {
	executed, reserved [2]big.Int
	orders             int64
}

// sums of all scopes: of all their instruments, and of each symbol, at 1 more than its number.
type slowSums struct {
	of [][]slowSum
}

func newSums() slowSums {
	s := slowSums{of: make([][]slowSum, len(allScopes))}
	for i := range s.of {
		s.of[i] = make([]slowSum, 1+len(symbolNames))
	}
	return s
}

// each gives those that something at a place counts in.
func (s *slowSums) each(at *risk.Place, f func(x *slowSum)) {
	for i := range allScopes {
		if !allScopes[i].counts(at) {
			continue
		}
		f(&s.of[i][0])
		if at.Instrument != core.NoIndex {
			f(&s.of[i][1+at.Instrument])
		}
	}
}

func half(side risk.Side) int {
	if side.IsBuy() {
		return 0
	}
	return 1
}

// note follows what an effect says of executions, while c is still in the state before it.
func (s *slowSums) note(c *core.Core, e *core.Effect) {
	money := big.NewInt(int64(e.Money))
	switch e.Kind {
	case core.Busted:
		money.Neg(money)
	case core.Executed:
	case core.Rolled:
		for i := range s.of {
			for n := range s.of[i] {
				s.of[i][n].executed = [2]big.Int{}
			}
		}
		return
	default:
		return
	}
	if e.Status == core.Earlier {
		return
	}
	at := c.BookedAt(e)
	s.each(&at, func(x *slowSum) { x.executed[half(e.Side)].Add(&x.executed[half(e.Side)], money) })
}

// hold compares all of them with the scopes of a core.
func (s *slowSums) hold(w *World, c *core.Core) {
	for i := range s.of {
		for n := range s.of[i] {
			x := &s.of[i][n]
			x.reserved[0].SetInt64(0)
			x.reserved[1].SetInt64(0)
			x.orders = 0
		}
	}
	c.EachLive(func(_ uint32, o *core.Order) bool {
		r := big.NewInt(int64(o.Reserved))
		s.each(&o.Place, func(x *slowSum) {
			x.reserved[half(o.Side)].Add(&x.reserved[half(o.Side)], r)
			x.orders++
		})
		return true
	})
	for i := range s.of {
		s.holdScope(w, c.Book(), &allScopes[i], s.of[i])
	}
}

func (s *slowSums) holdScope(w *World, book *risk.Book, of *scopeOf, sums []slowSum) {
	if !book.BearsCredit(of.kind, of.index) {
		return
	}
	v, all := book.Credit(of.kind, of.index), &sums[0]
	for _, x := range []struct {
		got  risk.Money
		want *big.Int
	}{{v.EB, &all.executed[0]}, {v.ES, &all.executed[1]}, {v.RB, &all.reserved[0]}, {v.RS, &all.reserved[1]}} {
		if big.NewInt(int64(x.got)).Cmp(x.want) != 0 || v.OpenOrders != all.orders {
			w.fail("%v has %+v, its executions and orders %v", of.name, v, all)
		}
	}
	for symbol := range symbolNames {
		for _, in := range []risk.Part{{Class: classes[symbol]}, {Class: risk.OneInstrument, Instrument: uint32(symbol)}} {
			book.EachMeasure(of.kind, of.index, in, uint32(symbol), func(m risk.Measure, v, _ int64) {
				if want := sums[1+symbol].measure(m); want != nil && want.Cmp(big.NewInt(v)) != 0 {
					w.fail("%s of %v in %s is %d, its executions and orders come to %s", m.Reason(), of.name, symbolNames[symbol], v, want)
				}
			})
		}
	}
}

// measure is what a sum comes to in a measure; nil: that is of positions.
func (x *slowSum) measure(m risk.Measure) *big.Int {
	add := func(list ...*big.Int) *big.Int {
		sum := new(big.Int)
		for _, v := range list {
			sum.Add(sum, v)
		}
		return sum
	}
	long := func(i, j int) *big.Int {
		sum := add(&x.executed[i], &x.reserved[i])
		return sum.Sub(sum, &x.executed[j])
	}
	switch m {
	case risk.MeasureGross:
		return add(&x.executed[0], &x.executed[1], &x.reserved[0], &x.reserved[1])
	case risk.MeasureOpen:
		return add(&x.reserved[0], &x.reserved[1])
	case risk.MeasureExecuted:
		return add(&x.executed[0], &x.executed[1])
	case risk.MeasureNetLong:
		return long(0, 1)
	case risk.MeasureNetShort:
		return long(1, 0)
	case risk.MeasureNet:
		if a, b := long(0, 1), long(1, 0); a.Cmp(b) > 0 {
			return a
		} else {
			return b
		}
	}
	return nil
}
