package core

import (
	"fmt"
	"strings"

	"github.com/shopspring/decimal"

	"portcullis/risk"
	"portcullis/risk/twin"
)

// audit holds a core against the slow twin, which is told every effect and nothing else, and
// against sums over the core's own tables.
type audit struct {
	twin   *twin.Ledger
	orders map[uint32]string // slot of an order → its name in the twin
	execs  map[uint32]string // slot of an execution
	count  int
	said   map[uint32]Order // by slot: what the venue has said of it
	every  int              // the twin is asked after so many events; it is slow
	events int
	ids    map[string]bool // names given to the venue
	marked []twin.Event    // and not in force
	each   func()          // more to ask after each event
}

func newAudit(every int) *audit {
	a := &audit{twin: twin.New(), orders: map[uint32]string{}, said: map[uint32]Order{}, execs: map[uint32]string{}, every: every, ids: map[string]bool{}}
	for i, name := range accountNames {
		a.twin.Account(name, clientNames[accountOwner[i]])
	}
	a.twin.Client("ACME", groupNames[0])
	for i, symbol := range symbolNames {
		a.twin.Class(symbol, className(i))
		a.twin.Slice(className(i))
		a.twin.Slice(symbol)
	}
	a.twin.Trader("ANN", deskNames[0])
	return a
}

func qty(v risk.Qty) decimal.Decimal     { return decimal.New(int64(v), -8) }
func price(v risk.Price) decimal.Decimal { return decimal.New(int64(v), -8) }
func money(v risk.Money) decimal.Decimal { return decimal.New(int64(v), -4) }

var twinSides = map[risk.Side]twin.Side{risk.Buy: twin.Buy, risk.Sell: twin.Sell, risk.SellShort: twin.Short,
	risk.SellShortExempt: twin.ShortExempt}

func symbolName(i uint32) string {
	if i == NoIndex {
		return "?"
	}
	return symbolNames[i]
}

func (a *audit) name(prefix string) string {
	a.count++
	return fmt.Sprint(prefix, a.count)
}

func requestName(r uint32) string { return fmt.Sprint("R", r) }

// before tells the twin what a decision establishes, while the state is still that of before.
func (a *audit) before(w *world) {
	effects := w.d.Effects[:w.d.EffectLen]
	for i := range effects {
		a.effect(w, &effects[i], effects)
	}
}

func (a *audit) effect(w *world, e *Effect, all []Effect) {
	c := w.core
	switch e.Kind {
	case Opened:
		id := a.name("O")
		a.orders[e.Order], a.said[e.Order] = id, Order{Status: 'A', TimeInForce: e.TimeInForce}
		a.twin.Record(twin.Order{ID: id, Account: accountNames[e.Account], Symbol: symbolName(e.Instrument),
			By:   w.by(risk.Place{Owner: e.Link, Venue: e.Venue, Author: e.Author}),
			Side: twinSides[e.Side], Qty: qty(e.Qty), Worst: price(e.Worst), K: decimal.New(int64(e.K), -8)})
	case Asked:
		if e.RequestKind == ReplaceRequest {
			a.twin.Record(twin.Replace{ID: a.orders[e.Order], Request: requestName(e.Request), Qty: qty(e.Qty), Worst: price(e.Worst)})
		}
	case Confirmed:
		id, q := a.orders[e.Order], &c.requests[e.Request]
		if q.Kind == ReplaceRequest && q.State == Pending {
			a.twin.Record(twin.Replaced{ID: id, Request: requestName(e.Request)})
		}
		a.twin.Record(twin.Restated{ID: id, Qty: qty(e.Qty), Worst: price(e.Worst)})
	case Denied:
		if e.RequestKind == ReplaceRequest {
			a.twin.Record(twin.Refused{ID: a.orders[e.Order], Request: requestName(e.Request)})
		}
	case Ended:
		a.twin.Record(twin.Closed{ID: a.orders[e.Order]})
	case Executed:
		id := a.name("X")
		a.execs[e.Execution] = id
		if e.Order == NoIndex {
			a.twin.Record(twin.Foreign{ExecID: id, Account: accountNames[e.Account], Symbol: symbolName(e.Instrument),
				By:   w.by(c.BookedAt(e)),
				Side: twinSides[e.Side], Qty: qty(e.Qty), Px: price(w.paid(e)), K: decimal.New(int64(e.K), -8), Earlier: e.Status == Earlier, Ahead: e.Flags&UnitsAhead != 0})
			return
		}
		a.twin.Record(twin.Fill{ID: a.orders[e.Order], ExecID: id, Qty: qty(e.Qty), Px: price(w.paid(e)), Earlier: e.Status == Earlier, Ahead: e.Flags&UnitsAhead != 0})
	case Busted:
		reopen := false
		for i := range all {
			reopen = reopen || all[i].Kind == Reopened
		}
		a.twin.Record(twin.Bust{ExecID: a.execs[e.Execution], Reopen: reopen})
	case Repriced:
		a.repriced(w, e)
	case Reported:
		o := a.said[e.Order]
		o.Status = e.Status
		a.counted(e.Order, o)
	case Rebooked:
		o := a.said[e.Order]
		o.Cum = e.Qty
		a.counted(e.Order, o)
	case Recounted:
		a.twin.Record(twin.Recounted{ID: a.orders[e.Order], Executed: qty(e.Qty)})
	case Positioned:
		a.twin.Record(twin.StartOfDay{Account: accountNames[e.Account], Symbol: symbolName(e.Instrument), Qty: qty(e.Qty)})
	case DayBegun:
		a.twin.Record(twin.Dated{Account: accountNames[e.Account], Begun: true})
	case DayOpened:
		a.twin.Record(twin.Dated{Account: accountNames[e.Account]})
	case SplitSet:
		r := RatioOf(e.Value)
		a.twin.Record(twin.Split{Symbol: symbolName(e.Instrument), New: int64(r.New), Old: int64(r.Old), Ex: uint32(e.Seq), Unit: qty(e.Qty)})
	case SplitSettled:
		a.twin.Record(twin.Settled{Account: accountNames[e.Account], Symbol: symbolName(e.Instrument)})
	case Marked:
		a.marked = append(a.marked, twin.Mark{Symbol: symbolNames[e.Instrument], Px: price(e.Price), K: decimal.New(int64(e.K), -8), Closes: e.Value == 1, Of: uint32(e.Seq)})
	case MarksInForce:
		for _, m := range a.marked {
			a.twin.Record(m)
		}
		a.marked = nil
	case Booted:
		a.marked = nil
	case Rolled:
		a.marked = nil
		a.twin.Record(twin.Roll{Date: uint32(e.Value)})
	}
}

// counted tells what the venue counts of an order, and whether it has ended it.
func (a *audit) counted(slot uint32, o Order) {
	a.said[slot] = o
	a.twin.Record(twin.Counted{ID: a.orders[slot], Qty: qty(o.Cum), Ended: o.EndedBy(o.Status)})
}

// repriced has no event of its own in the twin: the version is taken away and put back.
func (a *audit) repriced(w *world, e *Effect) {
	id := a.orders[e.Order]
	if e.Request == NoIndex {
		o := &w.core.orders[e.Order]
		a.twin.Record(twin.Restated{ID: id, Qty: qty(o.Qty), Worst: price(e.Worst), K: decimal.New(int64(e.K), -8)})
		return
	}
	asked := w.core.requests[e.Request].Qty
	if e.Qty != 0 {
		asked = e.Qty
	}
	a.twin.Record(twin.Refused{ID: id, Request: requestName(e.Request)})
	a.twin.Record(twin.Replace{ID: id, Request: requestName(e.Request), Qty: qty(asked), Worst: price(e.Worst)})
}

// after compares.
func (a *audit) after(w *world) {
	w.t.Helper()
	a.events++
	w.checkTables()
	a.checkIDs(w)
	if a.each != nil {
		a.each()
	}
	if a.events%a.every == 0 {
		a.compare(w)
	}
}

// checkIDs: what the venue gets names each request once, except a cancel that is sent again.
func (a *audit) checkIDs(w *world) {
	w.t.Helper()
	for i := 0; i < w.d.Out.Count; i++ {
		out := &w.d.Out.Outs[i]
		text := strings.ReplaceAll(string(w.d.Out.Bytes(i)), "\x01", "|")
		id, typ := field(text, "11"), field(text, "35")
		if out.Link != xsim || id == "" || typ == "H" {
			continue
		}
		if a.ids[id] && typ != "F" && !w.conf.preserve { // kept ids are free again on another date
			w.t.Fatalf("id given twice: %s", text)
		}
		a.ids[id] = true
	}
}

// compare asks the twin for every scope, position and order. An order that the venue counts less
// executed for than we have booked is reserved for the larger leaves; the twin does not know that.
func (a *audit) compare(w *world) {
	w.t.Helper()
	c := w.core
	m := a.twin.Measure()
	extra := map[string]decimal.Decimal{} // account + B or S → reserved beyond the twin
	openExtra := map[string]decimal.Decimal{}
	c.EachLive(func(slot uint32, o *Order) bool {
		got, want := m.Orders[a.orders[slot]], money(o.Reserved)
		if !got.C.Equal(qty(o.Executed)) || !got.R.Equal(want) && (o.Cum >= o.Executed || want.LessThan(got.R)) {
			w.t.Fatalf("order %d: executed %s reserved %s, the twin says %s and %s", slot, qty(o.Executed), want, got.C, got.R)
		}
		key := accountNames[o.Account] + sideKey(o.Side)
		extra[key] = extra[key].Add(want.Sub(got.R))
		key += symbolNames[o.Instrument]
		openExtra[key] = openExtra[key].Add(qty(o.Open).Sub(got.Q))
		return true
	})
	for i, name := range accountNames {
		s := m.Accounts[name]
		s.RB, s.RS = s.RB.Add(extra[name+"B"]), s.RS.Add(extra[name+"S"])
		same(w, name, s, c.book.Credit(risk.ScopeAccount, uint32(i)))
		for n, symbol := range symbolNames {
			p, v := m.Position(name, symbol), c.book.Position(uint32(i), uint32(n))
			p.OB, p.OS = p.OB.Add(openExtra[name+"B"+symbol]), p.OS.Add(openExtra[name+"S"+symbol])
			if !p.P.Equal(qty(v.P)) || !p.OB.Equal(qty(v.OB)) || !p.OS.Equal(qty(v.OS)) || !p.ShortSold.Equal(qty(v.ShortSold)) {
				w.t.Fatalf("%s in %s: %+v, the twin says %+v", name, symbol, v, p)
			}
			if _, why := c.book.Unsettled(uint32(i), uint32(n)); (why != risk.Accepted) != m.Open(name, symbol) {
				w.t.Fatalf("%s in %s: %v after a split, the twin says %t", name, symbol, why, m.Open(name, symbol))
			}
		}
	}
	firm := m.Firm
	for key, v := range extra {
		if strings.HasSuffix(key, "B") {
			firm.RB = firm.RB.Add(v)
		} else {
			firm.RS = firm.RS.Add(v)
		}
	}
	if w.conf.authors != "" {
		a.compareAside(w, m)
	}
	a.compareMeasures(w, m)
	same(w, "firm", firm, c.book.Credit(risk.ScopeFirm, 0))
	if len(m.Unknown) > 0 {
		w.t.Fatalf("the twin does not know %v", m.Unknown)
	}
}

func sideKey(s risk.Side) string {
	if s.IsBuy() {
		return "B"
	}
	return "S"
}

func same(w *world, name string, s twin.Scope, v risk.ScopeView) {
	w.t.Helper()
	if !s.EB.Equal(money(v.EB)) || !s.ES.Equal(money(v.ES)) || !s.RB.Equal(money(v.RB)) || !s.RS.Equal(money(v.RS)) ||
		s.OpenOrders != int(v.OpenOrders) {
		w.t.Fatalf("scope %s: %+v, the twin says %+v", name, v, s)
	}
}
