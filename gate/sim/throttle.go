package sim

import (
	"math"
	"strings"

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
		{risk.ScopeFirm, 0, []risk.Throttle{{Of: risk.Orders, Max: 60, WindowNs: 1e9}, {Of: risk.NotionalSum, Max: 150_000 * risk.MoneyScale, WindowNs: 2e9}}},
		{risk.ScopeClient, acme, []risk.Throttle{{Of: risk.Messages, Max: 40, WindowNs: 1e9}}},
		{risk.ScopeAccount, 0, []risk.Throttle{{Of: risk.Orders, Max: 20, WindowNs: 1e9}, {Of: risk.Orders, Max: 4, WindowNs: 2e7},
			{Of: risk.SymbolQty, Max: 500 * risk.PriceScale, WindowNs: 3e9}, {Of: risk.SymbolDayQty, Max: 12_000 * risk.PriceScale}}},
	},
	{
		{risk.ScopeAccount, 0, []risk.Throttle{{Of: risk.Executions, Max: 25, WindowNs: 60e9, Disable: true}}},
		{risk.ScopeLink, acme2, []risk.Throttle{{Of: risk.Rejects, Max: 12, WindowNs: 5e9}}},
		{risk.ScopeClient, acme, []risk.Throttle{{Of: risk.DayQty, Max: 15_000 * risk.PriceScale}}},
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
}

func (p *profile) slowThrottles() (slow []*slowThrottle) {
	for _, s := range p.allThrottles() {
		for _, t := range s.list {
			slow = append(slow, &slowThrottle{t, s.kind, s.index, map[uint32]*twin.Window{}})
		}
	}
	return slow
}

// window is the one in which an order at a place, sent by a link, counts; nil: it does not.
func (t *slowThrottle) window(at *risk.Place, l uint32) *twin.Window {
	client := uint32(core.NoIndex)
	if at.Account != core.NoIndex {
		client = accountOwner[at.Account]
	}
	if own, known := map[risk.Scope]uint32{risk.ScopeClient: client, risk.ScopeAccount: at.Account, risk.ScopeLink: l}[t.kind]; known && own != t.index {
		return nil
	}
	key := uint32(0)
	if t.Of == risk.SymbolOrders || t.Of == risk.SymbolQty || t.Of == risk.SymbolDayQty {
		if key = at.Instrument; key == core.NoIndex {
			return nil
		}
	}
	if t.windows[key] == nil {
		t.windows[key] = &twin.Window{Max: t.Max, WindowNs: t.WindowNs}
		if t.Of.Daily() {
			t.windows[key].WindowNs = math.MaxInt64 // until rolled
		}
	}
	return t.windows[key]
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
		if t.Of == risk.Executions || t.Of == risk.Rejects {
			continue // of what follows
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

// throttled tells the twin's throttles what an effect says of a message.
func (l *ledger) throttled(c *core.Core, ev *core.Event, e *core.Effect) {
	switch e.Kind {
	case core.Opened:
		l.taken(ev, &risk.Place{Account: e.Account, Instrument: e.Instrument}, 'D', true, e.Open, e.Reserved)
	case core.Asked:
		o := c.OrderAt(e.Order)
		at := o.Place()
		if e.RequestKind == core.ReplaceRequest {
			l.taken(ev, &at, 'G', true, e.Open-o.Open, e.Reserved-o.Reserved)
		} else if e.ID != core.NoIndex {
			l.taken(ev, &at, 'F', true, 0, 0)
		}
	case core.Refused:
		l.taken(ev, &risk.Place{Account: e.Account, Instrument: e.Instrument}, e.Status, false, 0, 0)
	case core.Rolled:
		for _, t := range l.throttles {
			if t.Of.Daily() {
				clear(t.windows)
			}
		}
	case core.MassAsked:
		if len(ev.Data) > 0 {
			l.m.Index(ev.Data)
			l.taken(ev, &risk.Place{Account: core.NoIndex, Instrument: core.NoIndex}, l.m.Type()[0], true, 0, 0)
		}
	}
}
