package sim

import (
	"fmt"

	"github.com/shopspring/decimal"

	"portcullis/fix"
	"portcullis/gate/core"
	"portcullis/risk"
	"portcullis/risk/twin"
)

// ledger tells the slow twin every fact that the journal establishes, and nothing else, and keeps the gate's orders
// by the names that their owners gave them.
type ledger struct {
	w      *World
	twin   *twin.Ledger
	orders map[uint32]*gateOrder // by slot
	execs  map[uint32]string     // the twin's names of executions, by slot
	byTag  map[string]*gateOrder
	lost   map[string]bool // tags of orders whose records a machine's death has lost
	count  int
	m      fix.Message
	marked []twin.Event // and not in force

	throttles []*slowThrottle
	warnings  slowWarnings
	losses    slowLosses
	sums      slowSums
	tokens    map[uint32]*slowToken // by row
}

// gateOrder is an order as the gate has it.
type gateOrder struct {
	name     string // in the twin
	tag      string // Text(58)
	owner    uint32
	account  uint32
	executed risk.Qty
	uneven   bool     // in the units of after a split that was no whole number: its owner was told in those of before
	unsaid   bool     // restated over a split that nobody has said here: what of it is of before nobody can tell
	cum      risk.Qty // CumQty(14)
	ended    bool
	status   byte
	replaces []string // ClOrdIDs of those that went to the venue, in the order of sending
	slow     slowOrder
}

func newLedger(w *World) *ledger {
	l := &ledger{w: w, twin: twin.New(), orders: map[uint32]*gateOrder{}, execs: map[uint32]string{}, byTag: map[string]*gateOrder{}, lost: map[string]bool{}, throttles: w.profile.slowThrottles(), warnings: newWarnings(), losses: newLosses(), tokens: map[uint32]*slowToken{}, sums: newSums()}
	nameScopes(l.twin)
	return l
}

// lostSince finds what an earlier ledger knew and this one does not.
func (l *ledger) lostSince(old *ledger) {
	for tag := range old.lost {
		l.lost[tag] = true
	}
	for tag := range old.byTag {
		if l.byTag[tag] == nil {
			l.lost[tag] = true
		}
	}
}

func qty(v risk.Qty) decimal.Decimal     { return decimal.New(int64(v), -8) }
func price(v risk.Price) decimal.Decimal { return decimal.New(int64(v), -8) }
func money(v risk.Money) decimal.Decimal { return decimal.New(int64(v), -4) }

var twinSides = map[risk.Side]twin.Side{risk.Buy: twin.Buy, risk.Sell: twin.Sell, risk.SellShort: twin.Short,
	risk.SellShortExempt: twin.ShortExempt}

func symbolOf(i uint32) string {
	if i == core.NoIndex {
		return "?"
	}
	return symbolNames[i]
}

func (l *ledger) name(prefix string) string {
	l.count++
	return fmt.Sprint(prefix, l.count)
}

func requestName(r uint32) string { return fmt.Sprint("R", r) }

// before tells the twin what a decision establishes, while c is still in the state before it.
func (l *ledger) before(c *core.Core, ev *core.Event, d *core.Decision) {
	effects := d.Effects[:d.EffectLen]
	l.matched(c, ev, d)
	l.warnings.note(d)
	for _, t := range l.throttles {
		t.warned(d)
	}
	l.softly(ev, d)
	for i := range effects {
		l.throttled(c, ev, &effects[i])
		l.answered(c, ev, d, &effects[i])
		l.effect(c, ev, &effects[i], effects)
		l.slow(c, &effects[i])
		l.losses.note(&effects[i])
		l.sums.note(c, &effects[i])
	}
}

func (l *ledger) effect(c *core.Core, ev *core.Event, e *core.Effect, all []core.Effect) {
	o := l.orders[e.Order]
	switch e.Kind {
	case core.Opened:
		l.opened(ev, e)
	case core.Asked:
		if e.RequestKind == core.ReplaceRequest {
			o.replaces = append(o.replaces, string(ev.Data[e.Off:e.Off+e.Len]))
			l.twin.Record(twin.Replace{ID: o.name, Request: requestName(e.Request), Qty: qty(e.Qty), Worst: price(e.Worst)})
		}
	case core.Confirmed:
		if q := c.RequestAt(e.Request); q.Kind == core.ReplaceRequest && q.State == core.Pending {
			l.twin.Record(twin.Replaced{ID: o.name, Request: requestName(e.Request)})
		}
		l.twin.Record(twin.Restated{ID: o.name, Qty: qty(e.Qty), Worst: price(e.Worst)})
		o.unsaid = o.unsaid || e.Flags == core.NewUnits && !l.splitSaid(c, c.OrderAt(e.Order).Instrument)
	case core.Denied:
		if e.RequestKind == core.ReplaceRequest {
			l.twin.Record(twin.Refused{ID: o.name, Request: requestName(e.Request)})
		}
	case core.Ended:
		o.ended, o.status = true, e.Status
		l.twin.Record(twin.Closed{ID: o.name})
	case core.Reported:
		o.status = e.Status
		l.counted(c, e, o)
	case core.Rebooked:
		o.cum = e.Qty
		l.counted(c, e, o)
	case core.Reopened:
		o.ended = false
	case core.Executed:
		l.executed(c, e, o)
	case core.Busted:
		if o != nil {
			o.executed -= e.Qty
		}
		l.twin.Record(twin.Bust{ExecID: l.execs[e.Execution], Reopen: has(all, core.Reopened)})
	case core.Repriced:
		l.repriced(c, e)
	case core.Recounted:
		o.executed, o.uneven = e.Qty, o.uneven || e.Qty%risk.PriceScale != 0
		l.twin.Record(twin.Recounted{ID: o.name, Executed: qty(e.Qty)})
	case core.Positioned:
		l.twin.Record(twin.StartOfDay{Account: accountNames[e.Account], Symbol: symbolOf(e.Instrument), Qty: qty(e.Qty)})
	case core.DayBegun:
		l.twin.Record(twin.Dated{Account: accountNames[e.Account], Begun: true})
	case core.DayOpened:
		l.twin.Record(twin.Dated{Account: accountNames[e.Account]})
	case core.SplitSet:
		r := core.RatioOf(e.Value)
		l.twin.Record(twin.Split{Symbol: symbolOf(e.Instrument), New: int64(r.New), Old: int64(r.Old), Ex: uint32(e.Seq), Unit: qty(e.Qty)})
	case core.SplitSettled:
		l.twin.Record(twin.Settled{Account: accountNames[e.Account], Symbol: symbolOf(e.Instrument)})
	case core.Marked:
		l.marked = append(l.marked, twin.Mark{Symbol: symbolOf(e.Instrument), Px: price(e.Price), K: decimal.New(int64(e.K), -8), Closes: e.Value == 1, Of: uint32(e.Seq)})
	case core.MarksInForce:
		for _, m := range l.marked {
			l.twin.Record(m)
		}
		l.marked = nil
	case core.Booted:
		l.marked = nil
	case core.Rolled:
		l.marked = nil
		l.twin.Record(twin.Roll{Date: uint32(e.Value)})
	}
}

// splitSaid reports whether the last split of a symbol at the venues is one that the gate knows of.
func (l *ledger) splitSaid(c *core.Core, instrument uint32) bool {
	b := c.Book()
	return b.NextSplit(instrument).Ex == l.w.date || b.LastSplit(instrument).Ex == l.w.date
}

func has(all []core.Effect, kind core.EffectKind) bool {
	for i := range all {
		if all[i].Kind == kind {
			return true
		}
	}
	return false
}

func (l *ledger) opened(ev *core.Event, e *core.Effect) {
	l.m.Index(ev.Data)
	o := &gateOrder{name: l.name("O"), tag: text(&l.m, fix.TagText), owner: ev.Link, account: e.Account, status: 'A'}
	if l.byTag[o.tag] != nil {
		l.w.fail("order %s was accepted twice", o.tag)
	}
	l.orders[e.Order], l.byTag[o.tag] = o, o
	l.twin.Record(twin.Order{ID: o.name, Account: accountNames[e.Account], Symbol: symbolOf(e.Instrument),
		By:   by(risk.Place{Owner: e.Link, Venue: e.Venue, Author: e.Author}),
		Side: twinSides[e.Side], Qty: qty(e.Qty), Worst: price(e.Worst), K: decimal.New(int64(e.K), -8)})
}

func (l *ledger) executed(c *core.Core, e *core.Effect, o *gateOrder) {
	id := l.name("X")
	l.execs[e.Execution] = id
	if e.Flags&^core.UnitsAhead > 0 {
		l.w.faults.note("told after a split")
	}
	if o == nil {
		l.twin.Record(twin.Foreign{ExecID: id, Account: accountNames[e.Account], Symbol: symbolOf(e.Instrument), By: by(c.BookedAt(e)),
			Side: twinSides[e.Side], Qty: qty(e.Qty), Px: price(e.Price), K: decimal.New(int64(e.K), -8), Earlier: e.Status == core.Earlier, Ahead: e.Flags&core.UnitsAhead != 0})
		return
	}
	o.executed += e.Qty
	l.twin.Record(twin.Fill{ID: o.name, ExecID: id, Qty: qty(e.Qty), Px: price(e.Price), Earlier: e.Status == core.Earlier, Ahead: e.Flags&core.UnitsAhead != 0})
}

// counted tells what the venue counts of an order, and whether it has ended it.
func (l *ledger) counted(c *core.Core, e *core.Effect, o *gateOrder) {
	l.twin.Record(twin.Counted{ID: o.name, Qty: qty(o.cum), Ended: c.OrderAt(e.Order).EndedBy(o.status)})
}

// repriced has no event of its own in the twin: the version is taken away and put back.
func (l *ledger) repriced(c *core.Core, e *core.Effect) {
	id := l.orders[e.Order].name
	if e.Request == core.NoIndex {
		l.twin.Record(twin.Restated{ID: id, Qty: qty(c.OrderAt(e.Order).Qty), Worst: price(e.Worst), K: decimal.New(int64(e.K), -8)})
		return
	}
	asked := c.RequestAt(e.Request).Qty
	if e.Qty != 0 {
		asked = e.Qty
	}
	l.twin.Record(twin.Refused{ID: id, Request: requestName(e.Request)})
	l.twin.Record(twin.Replace{ID: id, Request: requestName(e.Request), Qty: qty(asked), Worst: price(e.Worst)})
}

// compare asks the twin for every scope, position and order. An order that the venue counts less executed for than was
// booked is reserved for the larger leaves; the twin does not know that, and is not asked for measures then.
func (l *ledger) compare(c *core.Core) {
	m := l.twin.Measure()
	beside := l.beside(c, m)
	for i := range allScopes {
		s := &allScopes[i]
		if !c.Book().BearsCredit(s.kind, s.index) {
			continue
		}
		want := m.Credit(s.name)
		for _, x := range beside {
			if s.counts(&x.at) && x.buys {
				want.RB = want.RB.Add(x.reserved)
			} else if s.counts(&x.at) {
				want.RS = want.RS.Add(x.reserved)
			}
		}
		l.same(s.name, want, c.Book().Credit(s.kind, s.index))
		if len(beside) == 0 {
			l.compareMeasures(c, m, s)
		}
	}
	l.comparePositions(c, m, beside)
	if len(m.Unknown) > 0 {
		l.w.fail("the twin does not know %v", m.Unknown)
	}
}

// besideTwin is what an order has beyond what the twin knows of it.
type besideTwin struct {
	at             risk.Place
	buys           bool
	reserved, open decimal.Decimal
}

// beside lists that, and compares orders.
func (l *ledger) beside(c *core.Core, m *twin.State) (list []besideTwin) {
	c.EachLive(func(slot uint32, o *core.Order) bool {
		got, want := m.Orders[l.orders[slot].name], money(o.Reserved)
		if !got.C.Equal(qty(o.Executed)) || !got.R.Equal(want) && (o.Cum >= o.Executed || want.LessThan(got.R)) {
			l.w.fail("order %s: executed %s reserved %s, the twin says %s and %s", l.orders[slot].tag, qty(o.Executed), want, got.C, got.R)
		}
		if x := (besideTwin{o.Place, o.Side.IsBuy(), want.Sub(got.R), qty(o.Open).Sub(got.Q)}); !x.reserved.IsZero() || !x.open.IsZero() {
			list = append(list, x)
		}
		return true
	})
	return list
}

func (l *ledger) comparePositions(c *core.Core, m *twin.State, beside []besideTwin) {
	for i, name := range accountNames {
		for n, symbol := range symbolNames {
			p, v := m.Position(name, symbol), c.Book().Position(uint32(i), uint32(n))
			for _, x := range beside {
				if x.at.Account == uint32(i) && x.at.Instrument == uint32(n) && x.buys {
					p.OB = p.OB.Add(x.open)
				} else if x.at.Account == uint32(i) && x.at.Instrument == uint32(n) {
					p.OS = p.OS.Add(x.open)
				}
			}
			if !p.P.Equal(qty(v.P)) || !p.OB.Equal(qty(v.OB)) || !p.OS.Equal(qty(v.OS)) || !p.ShortSold.Equal(qty(v.ShortSold)) {
				l.w.fail("%s in %s: %+v, the twin says %+v", name, symbol, v, p)
			}
			if _, why := c.Book().Unsettled(uint32(i), uint32(n)); (why != risk.Accepted) != m.Open(name, symbol) {
				l.w.fail("%s in %s: %v after a split, the twin says %t", name, symbol, why, m.Open(name, symbol))
			}
		}
	}
}

// compareMeasures holds what is limited in a scope and in parts of it against the twin.
func (l *ledger) compareMeasures(c *core.Core, m *twin.State, s *scopeOf) {
	if loss, limited := c.Book().LossOf(s.kind, s.index); limited && m.Worth(s.name).Unclosed+m.Worth(s.name).Unmarked == 0 {
		if want := m.Loss(s.name); !money(loss.Value).Equal(want) {
			l.w.fail("%v has lost %s, the twin says %s", s.name, money(loss.Value), want)
		}
	}
	for ins, symbol := range symbolNames {
		for in, part := range map[string]risk.Part{"": {}, classNames[ins]: {Class: classes[ins]}, symbol: {Class: risk.OneInstrument, Instrument: uint32(ins)}} {
			who := s.name
			who.In = in
			c.Book().EachMeasure(s.kind, s.index, part, uint32(ins), func(which risk.Measure, v, _ int64) {
				worth := m.Worth(who)
				if which == risk.MeasureCarry && worth.Unclosed > 0 || which == risk.MeasureInventory && worth.Unmarked > 0 {
					if v != risk.Unmarked {
						l.w.fail("%s of %v is %d, the twin says %+v", which.Reason(), who, v, worth)
					}
					return
				}
				got := money(risk.Money(v))
				if which.Reason().Row().Value == risk.UnitQty {
					got = qty(risk.Qty(v))
				}
				if want := measured(m, who, symbol)[which]; !got.Equal(want) {
					l.w.fail("%s of %v in %s: %s, the twin says %s", which.Reason(), who, symbol, got, want)
				}
			})
		}
	}
}

// measured are the twin's figures, by measure.
func measured(m *twin.State, who twin.Bearer, symbol string) []decimal.Decimal {
	c, p := m.Credit(who), m.Held(who, symbol)
	long, short := m.Totals(who)
	return []decimal.Decimal{risk.MeasureGross: c.Gross(), risk.MeasureNet: c.Net(), risk.MeasureOpen: c.Open(), risk.MeasureExecuted: c.Executed(),
		risk.MeasureNetLong: c.NetLong(), risk.MeasureNetShort: c.NetShort(), risk.MeasureCarry: m.NetCarry(who), risk.MeasureInventory: m.Worth(who).Inventory,
		risk.MeasureLong: p.Long(), risk.MeasureShort: p.Short(), risk.MeasureLongAll: long, risk.MeasureShortAll: short}
}

func (l *ledger) same(name twin.Bearer, s twin.Scope, v risk.ScopeView) {
	if !s.EB.Equal(money(v.EB)) || !s.ES.Equal(money(v.ES)) || !s.RB.Equal(money(v.RB)) || !s.RS.Equal(money(v.RS)) ||
		s.OpenOrders != int(v.OpenOrders) {
		l.w.fail("scope %v: %+v, the twin says %+v", name, v, s)
	}
}
