package sim

import (
	"fmt"
	"math/big"
	"strings"

	"portcullis/gate/core"
	"portcullis/risk"
)

// The twin of losses adds up what accounts paid, hold, and held at the start of the day, from the records alone, in integers
// without bounds, and values that anew after every record: at closes and marks, as the gate does, and at live prices, as a
// follower does.

// slowLosses is what the twin knows of them.
type slowLosses struct {
	held   map[holding]*slowHeld
	paid   map[uint32]*big.Int // by account: bought less sold since the roll, at 1e-4
	traded map[uint32]slowTrade
	marks  [2]slowMark // in force, by symbol
	asked  []func(*[2]slowMark)
	live   risk.Live
}

type holding struct{ account, instrument uint32 }

// slowHeld is a position, and the part of it from before the day.
type slowHeld struct{ now, start big.Int }

// slowTrade is what an execution did, by its slot.
type slowTrade struct {
	at    holding
	qty   int64 // signed
	money int64 // paid
}

// slowMark is what a symbol is worth, and closed at; nil: nobody has said.
type slowMark struct {
	now, close *big.Int
	k          risk.Factor // of now
}

func newLosses() slowLosses {
	return slowLosses{held: map[holding]*slowHeld{}, paid: map[uint32]*big.Int{}, traded: map[uint32]slowTrade{}}
}

func (s *slowLosses) at(h holding) *slowHeld {
	if s.held[h] == nil {
		s.held[h] = &slowHeld{}
	}
	return s.held[h]
}

// note follows what an effect says of executions, positions, marks and days.
func (s *slowLosses) note(e *core.Effect) {
	switch e.Kind {
	case core.Executed:
		t := slowTrade{holding{e.Account, e.Instrument}, int64(e.Qty), int64(e.Money)}
		if !e.Side.IsBuy() {
			t.qty, t.money = -t.qty, -t.money
		}
		if e.Execution != core.NoIndex {
			s.traded[e.Execution] = t
		}
		s.book(t, e.Status == core.Earlier, 1)
	case core.Busted:
		s.book(s.traded[e.Execution], e.Status == core.Earlier, -1)
	case core.Positioned:
		s.start(holding{e.Account, e.Instrument}, int64(e.Qty))
	case core.DayBegun:
		for i := range uint32(len(symbolNames)) {
			s.start(holding{e.Account, i}, 0)
		}
	case core.Marked:
		at, px, k, closes := e.Instrument, atRate(e.Price, e.K), e.K, e.Value == 1
		s.asked = append(s.asked, func(marks *[2]slowMark) {
			if marks[at].now, marks[at].k = px, k; closes {
				marks[at].close = px
			}
		})
	case core.MarksInForce:
		for _, put := range s.asked {
			put(&s.marks)
		}
		s.asked = nil
	case core.Booted:
		s.asked = nil
	case core.Rolled:
		s.roll()
	}
}

// book adds a trade, or takes it back. One of an earlier day was held at the start of this one, and moves no money of it.
func (s *slowLosses) book(t slowTrade, earlier bool, sign int64) {
	if t.at.account == core.NoIndex || t.at.instrument == core.NoIndex {
		return
	}
	h, qty := s.at(t.at), big.NewInt(sign*t.qty)
	if h.now.Add(&h.now, qty); earlier {
		h.start.Add(&h.start, qty)
		return
	}
	if s.paid[t.at.account] == nil {
		s.paid[t.at.account] = new(big.Int)
	}
	s.paid[t.at.account].Add(s.paid[t.at.account], big.NewInt(sign*t.money))
}

// start says what was held at the start of the day; today's executions stay.
func (s *slowLosses) start(at holding, qty int64) {
	h, v := s.at(at), big.NewInt(qty)
	h.now.Add(&h.now, new(big.Int).Sub(v, &h.start))
	h.start.Set(v)
}

func (s *slowLosses) roll() {
	for _, h := range s.held {
		h.start.Set(&h.now)
	}
	for i := range s.marks {
		s.marks[i].close = s.marks[i].now
	}
	clear(s.paid)
	s.asked = nil
}

// worth is a quantity at a price, at 1e-4. Quantities of the world are whole and prices have two decimals, so nothing is
// rounded.
func worth(qty, px *big.Int) *big.Int {
	v := new(big.Int).Mul(qty, px)
	v, rest := v.QuoRem(v, big.NewInt(1_000_000_000_000), new(big.Int))
	if rest.Sign() != 0 {
		panic(failure{fmt.Sprintf("%s at %s is no whole money", qty, px)})
	}
	return v
}

// atRate is a price in the limits' currency. Rates of the world are fourths, so nothing is rounded.
func atRate(px risk.Price, k risk.Factor) *big.Int {
	v := new(big.Int).Mul(big.NewInt(int64(px)), big.NewInt(int64(k)))
	return v.Quo(v, big.NewInt(risk.PriceScale))
}

// loss is what the accounts of a scope have lost since the roll; price says what is live, which counts at the rate of its mark.
func (s *slowLosses) loss(of risk.Scope, index uint32, price risk.Pricer) *big.Int {
	lost, counts := new(big.Int), func(account uint32) bool {
		return of == risk.ScopeFirm || of == risk.ScopeClient && accountOwner[account] == index
	}
	for account, paid := range s.paid {
		if counts(account) {
			lost.Add(lost, paid)
		}
	}
	for at, h := range s.held {
		if !counts(at.account) {
			continue
		}
		m := s.marks[at.instrument]
		if h.start.Sign() != 0 && m.close == nil || h.now.Sign() != 0 && m.now == nil {
			panic(failure{fmt.Sprintf("scope %d index %d has lost something of no known worth", of, index)})
		}
		if h.start.Sign() != 0 {
			lost.Add(lost, worth(&h.start, m.close))
		}
		if h.now.Sign() == 0 {
			continue
		}
		px := m.now
		if p, known := price(at.instrument, h.now.Sign() > 0); known {
			px = atRate(p, m.k)
		}
		lost.Sub(lost, worth(&h.now, px))
	}
	return lost
}

// atMarks is that nothing has a live price.
func atMarks(uint32, bool) (risk.Price, bool) { return 0, false }

// hold compares the losses of the book, at marks and at live prices, with the twin's.
func (s *slowLosses) hold(w *World, book *risk.Book) {
	if w.splits {
		return // it counts in whole units and prices of two decimals; the ledger's twin knows of splits
	}
	same := func(price risk.Pricer, how string) func(risk.Loss) {
		return func(l risk.Loss) {
			if want := s.loss(l.Of, l.Index, price); want.Cmp(big.NewInt(int64(l.Value))) != 0 {
				w.fail("scope %d index %d has lost %d %s, the twin says %s", l.Of, l.Index, l.Value, how, want)
			}
		}
	}
	book.EachLoss(same(atMarks, "at marks"))
	s.live.Value(book, w.livePrice)
	s.live.EachLoss(book, same(w.livePrice, "at live prices"))
}

// livePrice is what something would be sold, or bought back, at: a little off the last trade while that is young. The market
// of the world moves seldom, so what is held counts at its mark as often.
func (w *World) livePrice(ins uint32, long bool) (risk.Price, bool) {
	const tick, youngNs = risk.PriceScale / 100, 20_000_000_000
	q := &w.quotes[ins]
	if age := w.clock.utcNs() - q.LastAtNs; max(age, -age) > youngNs {
		return 0, false
	}
	if long {
		return q.Last - tick, true
	}
	return q.Last + tick, true
}

// watchLosses has the gate stop whoever has lost too much at live prices, as a follower does, and says at which prices; or that
// there were none.
func (o *operator) watchLosses() {
	if o.w.host.live == nil {
		return
	}
	var prices []string
	for i := range uint32(len(symbolNames)) {
		if p, known := o.w.livePrice(i, true); known {
			prices = append(prices, fmt.Sprintf("%s bid %s", symbolNames[i], price(p)))
		}
	}
	var live risk.Live
	book := o.w.host.live.Book()
	live.Value(book, o.w.livePrice)
	live.EachLoss(book, func(loss risk.Loss) {
		if !loss.Hit() {
			return
		}
		o.w.faults.note("daily loss")
		o.w.host.give(core.Command{Kind: core.CmdLossPrices, Flag: len(prices) == 0, Reason: strings.Join(prices, "; ")})
		o.w.host.give(core.Command{Kind: core.CmdLoss, Scope: loss.Of, Index: loss.Index, Qty: risk.Qty(loss.Value)})
	})
}
