package sim

import (
	"fmt"
	"math"
	"strings"

	"github.com/shopspring/decimal"

	"portcullis/gate/core"
	"portcullis/risk"
	"portcullis/risk/twin"
)

// scopeThrottles are the throttles of one scope.
type scopeThrottles struct {
	kind  risk.Scope
	index uint32
	list  []risk.Throttle
}

// throttleSets are those of which a run has one.
var throttleSets = [][]scopeThrottles{
	{},
	{
		{risk.ScopeFirm, 0, []risk.Throttle{{Of: risk.EqualOrders, Max: 4, WindowNs: 3e9}, {Of: risk.Orders, Max: 60, WindowNs: 1e9}, {Of: risk.NotionalSum, Max: 150_000 * risk.MoneyScale, WindowNs: 2e9}}},
		{risk.ScopeClient, acme, []risk.Throttle{{Of: risk.Messages, Max: 40, WindowNs: 1e9}}},
		{risk.ScopeAccount, 0, []risk.Throttle{{Of: risk.Orders, Max: 20, WindowNs: 1e9}, {Of: risk.Orders, Max: 4, WindowNs: 2e7},
			{Of: risk.SymbolQty, Max: 500 * risk.PriceScale, WindowNs: 3e9}, {Of: risk.SymbolDayQty, Max: 3_000 * risk.PriceScale, Warn: risk.WarnLevels{50, 80}}}},
	},
	{
		{risk.ScopeAccount, 0, []risk.Throttle{{Of: risk.Executions, Max: 25, WindowNs: 60e9, Disable: true}}},
		{risk.ScopeLink, acme2, []risk.Throttle{{Of: risk.Rejects, Max: 4, WindowNs: 5e9}}},
		{risk.ScopeClient, acme, []risk.Throttle{{Of: risk.OrderTrades, Max: 3 * risk.RatioScale, Least: 40, Warn: risk.WarnLevels{75, 90}},
			{Of: risk.SymbolQtyTrades, Max: 850, Least: 60, Warn: risk.WarnLevels{60, 95}}, {Of: risk.DayQty, Max: 6_000 * risk.PriceScale, Warn: risk.WarnLevels{75, 90}}}},
		{risk.ScopeDesk, 0, []risk.Throttle{{Of: risk.SymbolDayQty, Max: 4_000 * risk.PriceScale, Warn: risk.WarnLevels{50, 90}}}},
		{risk.ScopeTrader, 1, []risk.Throttle{{Of: risk.DayQty, Max: 3_000 * risk.PriceScale, Warn: risk.WarnLevels{60}}, {Of: risk.Orders, Max: 25, WindowNs: 1e9}}},
		{risk.ScopeAlgo, 1, []risk.Throttle{{Of: risk.OrderTrades, Max: 4 * risk.RatioScale, Least: 20, Warn: risk.WarnLevels{75, 90}}}},
		{risk.ScopeGroup, 0, []risk.Throttle{{Of: risk.Orders, Max: 50, WindowNs: 1e9}, {Of: risk.NotionalSum, Max: 200_000 * risk.MoneyScale, WindowNs: 2e9}}},
		{risk.ScopeAccount, 2, []risk.Throttle{{Of: risk.SymbolOrders, Max: 5, WindowNs: 1e9}, {Of: risk.Messages, Max: 12, WindowNs: 1e9}}},
	},
}

// allThrottles are those of every link, and the others.
func (p *profile) allThrottles() (all []scopeThrottles) {
	for l := range uint32(len(linkNames)) {
		all = append(all, scopeThrottles{risk.ScopeLink, l, []risk.Throttle{{Of: risk.Orders, Max: int64(p.rateMax), WindowNs: 1e9}}})
	}
	for _, t := range p.throttles {
		if t.kind == risk.ScopeLink {
			all[t.index].list = append(all[t.index].list, t.list...)
			continue
		}
		all = append(all, t)
	}
	return all
}

// slowThrottle is a throttle of the twin's, with a window for each instrument where it is of symbols.
type slowThrottle struct {
	risk.Throttle
	kind    risk.Scope
	index   uint32
	windows map[uint32]*twin.Window
	ratios  map[uint32]*slowRatio
	equal   map[string]*twin.Window // by what makes orders equal
	levels  map[uint32]*slowLevel   // by window
}

// slowRatio is what the twin counts of the day where orders are held against trades.
type slowRatio struct{ messages, asked, done int64 }

func (p *profile) slowThrottles() (slow []*slowThrottle) {
	for _, s := range p.allThrottles() {
		for _, t := range s.list {
			slow = append(slow, &slowThrottle{t, s.kind, s.index, map[uint32]*twin.Window{}, map[uint32]*slowRatio{}, map[string]*twin.Window{}, map[uint32]*slowLevel{}})
		}
	}
	return slow
}

// key is the window in which an order at a place, sent by a link, counts: that of its instrument, or 0; false: in none.
func (t *slowThrottle) key(at *risk.Place, l uint32) (uint32, bool) {
	sent := *at
	sent.Owner = l
	if !(&scopeOf{kind: t.kind, index: t.index}).counts(&sent) {
		return 0, false
	}
	if t.bySymbol() {
		return at.Instrument, at.Instrument != core.NoIndex
	}
	return 0, true
}

func (t *slowThrottle) window(at *risk.Place, l uint32) *twin.Window {
	key, counts := t.key(at, l)
	if !counts {
		return nil
	}
	if t.windows[key] == nil {
		t.windows[key] = &twin.Window{Max: t.Max, WindowNs: t.WindowNs}
		if t.Of.Daily() {
			t.windows[key].WindowNs = math.MaxInt64 // until rolled
		}
	}
	return t.windows[key]
}

// traded tells the twin's ratios what was asked for, by number and by quantity, and what of it executed. What was
// accepted must have fitted into all of them.
func (l *ledger) traded(at *risk.Place, lnk uint32, judged bool, messages, orders, trades int64, ordered, executed risk.Qty) {
	for _, t := range l.throttles {
		key, counts := t.key(at, lnk)
		if !counts || !t.Of.Ratio() {
			continue
		}
		if t.ratios[key] == nil {
			t.ratios[key] = new(slowRatio)
		}
		r := t.ratios[key]
		r.messages += messages
		if t.Of == risk.SymbolQtyTrades {
			r.asked, r.done = r.asked+int64(ordered), max(0, r.done+int64(executed))
		} else {
			r.asked, r.done = r.asked+orders, max(0, r.done+trades)
		}
		asked, done := decimal.NewFromInt(r.asked), decimal.NewFromInt(r.done)
		most := decimal.New(t.Max, -2).Add(decimal.NewFromInt(1)).Mul(done)
		if judged && r.messages >= t.Least && asked.GreaterThan(most) {
			l.w.fail("%s %d passes %d orders and %d executed, for which the twin has no room", t.Of.Control(), t.index, r.asked, r.done)
		}
	}
}

// taken notes a message of a participant in the twin's throttles, whatever its verdict. What a D or G adds that was
// accepted must have fitted into all of them.
func (l *ledger) taken(ev *core.Event, at *risk.Place, msgType byte, accepted bool, open risk.Qty, reserved risk.Money) {
	if !strings.ContainsRune("DGFq", rune(msgType)) {
		return
	}
	order := msgType == 'D' || msgType == 'G'
	for _, t := range l.throttles {
		w := t.window(at, ev.Link)
		switch {
		case t.Of == risk.Executions || t.Of == risk.Rejects: // of what follows
			if w != nil && order && accepted && !w.Passes(1, ev.Now.MonoNs) {
				l.w.fail("%s passed %s %d, which the twin has seen too often", string(msgType), t.Of.Control(), t.index)
			}
			continue
		case t.Of == risk.EqualOrders || t.Of.Ratio():
			continue
		}
		amount := map[risk.Flow]int64{risk.Messages: 1, risk.Orders: 1, risk.SymbolOrders: 1,
			risk.NotionalSum: int64(max(0, reserved)), risk.SymbolQty: int64(max(0, open)),
			risk.DayQty: int64(max(0, open)), risk.SymbolDayQty: int64(max(0, open))}[t.Of]
		sums := t.Of >= risk.NotionalSum
		if w == nil || !order && t.Of != risk.Messages || sums && !accepted {
			continue
		}
		if order && accepted && !w.Passes(amount, ev.Now.MonoNs) {
			l.w.fail("%s passed a throttle of %s %d, for which the twin has no room", string(msgType), t.Of.Control(), t.index)
		}
		w.Note(amount, ev.Now.MonoNs)
	}
}

// repeated notes an accepted order in the twin's throttles of equal ones: it must have fitted into all of them.
func (l *ledger) repeated(ev *core.Event, at *risk.Place, side risk.Side, e *core.Effect) {
	for _, t := range l.throttles {
		if _, counts := t.key(at, ev.Link); !counts || t.Of != risk.EqualOrders {
			continue
		}
		kind := fmt.Sprint(at.Instrument, side, e.Qty, e.Price, e.Prices, e.Second)
		if t.equal[kind] == nil {
			t.equal[kind] = &twin.Window{Max: t.Max, WindowNs: t.WindowNs}
		}
		if !t.equal[kind].Passes(1, ev.Now.MonoNs) {
			l.w.fail("an equal order passed, for which the twin of %s %d has no room", t.Of.Control(), t.index)
		}
		t.equal[kind].Note(1, ev.Now.MonoNs)
	}
}

// answered notes what became of orders in the twin's throttles: that they executed, were refused one after the other, or
// were taken; and that a human has enabled whom a throttle had disabled.
func (l *ledger) answered(c *core.Core, ev *core.Event, d *core.Decision, e *core.Effect) {
	switch {
	case e.Kind == core.Refused && e.Seq == 1:
		l.follow(risk.Rejects, &risk.Place{Account: e.Account, Instrument: e.Instrument, Author: e.Author}, e.Link, ev)
	case e.Kind == core.KillLifted:
		l.enabled(c, e.Value)
	}
	own := l.orders[e.Order]
	if own == nil || e.Kind == core.Refused || e.Kind == core.KillLifted {
		return
	}
	o := c.OrderAt(e.Order)
	switch venueSays := ev.Kind == core.Message && ev.Link >= xsim; {
	case e.Kind == core.Executed:
		if own.executed == 0 && (o.Author.Trader == 0 || o.Author.Algo != 0) {
			l.follow(risk.Executions, &o.Place, own.owner, ev)
		}
		l.forget(risk.Rejects, &o.Place, own.owner)
	case e.Kind == core.Confirmed:
		l.forget(risk.Rejects, &o.Place, own.owner)
	case !venueSays:
	case e.Kind == core.Ended && e.Status == '8' && o.Status != '8',
		e.Kind == core.Denied && c.RequestAt(e.Request).Kind == core.ReplaceRequest && d.MsgType == '9':
		l.follow(risk.Rejects, &o.Place, own.owner, ev)
	}
}

func (l *ledger) follow(what risk.Flow, at *risk.Place, lnk uint32, ev *core.Event) {
	for _, t := range l.throttles {
		if w := t.window(at, lnk); w != nil && t.Of == what {
			w.Note(1, ev.Now.MonoNs)
		}
	}
}

func (l *ledger) forget(what risk.Flow, at *risk.Place, lnk uint32) {
	for _, t := range l.throttles {
		if key, counts := t.key(at, lnk); counts && t.Of == what {
			delete(t.windows, key)
		}
	}
}

// enabled has what a throttle that tripped has counted count no more.
func (l *ledger) enabled(c *core.Core, id uint64) {
	for _, k := range c.Book().Kills() {
		for _, t := range l.throttles {
			of, _ := risk.Only(t.kind, t.index)
			if k.ID == id && k.Mode == risk.KillTripped && k.Cause == t.Of.Control() && k.Of == of {
				clear(t.windows)
			}
		}
	}
}

// throttled tells the twin's throttles what an effect says of a message.
func (l *ledger) throttled(c *core.Core, ev *core.Event, e *core.Effect) {
	switch e.Kind {
	case core.Opened:
		at := risk.Place{Account: e.Account, Instrument: e.Instrument, Author: e.Author}
		l.taken(ev, &at, 'D', true, e.Open, e.Reserved)
		l.traded(&at, ev.Link, true, 1, 1, 0, e.Qty, 0)
		l.repeated(ev, &at, e.Side, e)
	case core.Asked:
		o := c.OrderAt(e.Order)
		if e.RequestKind == core.ReplaceRequest {
			l.taken(ev, &o.Place, 'G', true, e.Open-o.Open, e.Reserved-o.Reserved)
			l.repeated(ev, &o.Place, o.Side, e)
			l.traded(&o.Place, ev.Link, true, 1, 2, 0, o.Open+max(0, e.Qty-min(o.Executed, o.Cum)), 0)
		} else if e.ID != core.NoIndex {
			l.taken(ev, &o.Place, 'F', true, 0, 0)
			l.traded(&o.Place, ev.Link, false, 1, 1, 0, o.Open, 0)
		} else if e.Execution != core.NoIndex { // of a mass cancel
			l.traded(&o.Place, o.Owner, false, 1, 1, 0, o.Open, 0)
		}
	case core.Executed:
		if own := l.orders[e.Order]; own != nil {
			at := c.OrderAt(e.Order).Place
			trades := int64(0)
			if own.executed == 0 {
				trades = 1
			}
			l.traded(&at, own.owner, false, 0, 0, trades, 0, e.Qty)
		}
	case core.Busted:
		if own := l.orders[e.Order]; own != nil && e.Status != core.Earlier {
			at := c.OrderAt(e.Order).Place
			trades := int64(0)
			if own.executed == e.Qty {
				trades = -1
			}
			l.traded(&at, own.owner, false, 0, 0, trades, 0, -e.Qty)
		}
	case core.Refused:
		l.taken(ev, &risk.Place{Account: e.Account, Instrument: e.Instrument, Author: e.Author}, e.Status, false, 0, 0)
	case core.Rolled:
		for _, t := range l.throttles {
			if t.Of.Daily() {
				clear(t.windows)
				clear(t.ratios)
			}
		}
	case core.MassAsked:
		if len(ev.Data) > 0 {
			l.m.Index(ev.Data)
			l.taken(ev, &risk.Place{Account: core.NoIndex, Instrument: core.NoIndex}, l.m.Type()[0], true, 0, 0)
		}
	}
}
