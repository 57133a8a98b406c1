package audit

import (
	"fmt"
	"slices"

	"github.com/shopspring/decimal"

	"portcullis/gate/config"
	"portcullis/gate/core"
	"portcullis/risk"
	"portcullis/risk/twin"
)

// second is the second opinion on credit: risk/twin, fed with what the journal says happened. It
// takes nothing from the tables of the core or the book.
type second struct {
	journal    *Journal
	ledger     *twin.Ledger
	orders     map[uint32]string // by slot: the twin's name of the order there
	requests   map[uint32]string // by slot; "" for the request that opened its order
	executions map[uint32]string // by slot
	terms      map[uint32]*terms // by slot of the order: for the day roll, which prices all of it anew
	bookings   int
}

// terms are an order's live versions as the twin was told them.
type terms struct {
	order    twin.Order
	replaces []twin.Replace
	said     core.Order // what its venue has said of it: status and CumQty(14)
}

func newSecond(s *State) *second {
	t := &second{journal: s.journal, ledger: twin.New(), orders: map[uint32]string{}, requests: map[uint32]string{},
		executions: map[uint32]string{}, terms: map[uint32]*terms{}}
	set := s.core.Setup()
	for n := range set.Accounts {
		if client := set.Accounts[n].Client; client != core.NoIndex {
			t.ledger.Account(s.journal.account(uint32(n)), s.journal.numbers.Name(config.ClientNumber, client))
		}
	}
	for client, group := range s.groupOf {
		t.ledger.Client(s.journal.client(client), s.journal.name(config.GroupNumber, group))
	}
	for trader, desk := range s.deskOf {
		t.ledger.Trader(s.journal.name(config.TraderNumber, trader), s.journal.name(config.DeskNumber, desk))
	}
	return t
}

// by is who and what a place counts for.
func (t *second) by(at risk.Place) (by twin.By) {
	j := t.journal
	if at.Trader != 0 {
		by.Trader = j.name(config.TraderNumber, uint32(at.Trader)-1)
	}
	if at.Algo != 0 {
		by.Algo = j.name(config.AlgoNumber, uint32(at.Algo)-1)
	}
	if at.Owner != core.NoIndex {
		by.Link = j.link(at.Owner)
	}
	if at.Venue != core.NoIndex {
		by.Venue = j.venue(at.Venue)
	}
	return by
}

// take translates what one decision established into the twin's words.
func (t *second) take(d *core.Decision) {
	for i := range d.EffectLen {
		if event := t.event(d, &d.Effects[i]); event != nil {
			t.record(event)
		}
	}
}

func (t *second) record(e twin.Event) {
	t.ledger.Record(e)
	t.bookings++
}

// event is an effect as the twin books it; nil where it moves no money.
func (t *second) event(d *core.Decision, e *core.Effect) twin.Event {
	switch e.Kind {
	case core.Opened:
		return t.opened(e)
	case core.Asked:
		return t.asked(e)
	case core.Confirmed:
		return t.confirmed(e)
	case core.Denied:
		if e.RequestKind == core.ReplaceRequest {
			t.drop(e.Order, t.requests[e.Request], false)
			return twin.Refused{ID: t.orders[e.Order], Request: t.requests[e.Request]}
		}
	case core.Repriced:
		return t.repriced(e)
	case core.Reported:
		t.counted(e.Order, func(said *core.Order) { said.Status = e.Status })
	case core.Rebooked:
		t.counted(e.Order, func(said *core.Order) { said.Cum = e.Qty })
	case core.Recounted:
		return twin.Recounted{ID: t.orders[e.Order], Executed: scaled(e.Qty)}
	case core.Ended:
		return twin.Closed{ID: t.orders[e.Order]}
	case core.Executed:
		return t.executed(e)
	case core.Busted:
		return twin.Bust{ExecID: t.executions[e.Execution], Reopen: reopens(d, e.Order)}
	case core.Rolled:
		return twin.Roll{Date: uint32(e.Value)}
	case core.DayBegun, core.DayOpened:
		return twin.Dated{Account: t.journal.account(e.Account), Begun: e.Kind == core.DayBegun}
	case core.SplitSet:
		r := core.RatioOf(e.Value)
		return twin.Split{Symbol: t.journal.instrument(e.Instrument), New: int64(r.New), Old: int64(r.Old), Ex: uint32(e.Seq), Unit: scaled(e.Qty)}
	case core.SplitSettled:
		return twin.Settled{Account: t.journal.account(e.Account), Symbol: t.journal.instrument(e.Instrument)}
	case core.Positioned:
		return twin.StartOfDay{Account: t.journal.account(e.Account), Symbol: t.journal.instrument(e.Instrument),
			Qty: scaled(e.Qty)}
	}
	return nil
}

func (t *second) opened(e *core.Effect) twin.Event {
	t.orders[e.Order], t.requests[e.Request] = fmt.Sprintf("order %d", t.bookings), ""
	o := twin.Order{ID: t.orders[e.Order], Account: t.journal.account(e.Account),
		Symbol: t.journal.instrument(e.Instrument), Side: twinSide(e.Side), Qty: scaled(e.Qty), Worst: scaled(e.Worst),
		By: t.by(risk.Place{Owner: e.Link, Venue: e.Venue, Author: e.Author}), K: scaled(e.K)}
	t.terms[e.Order] = &terms{order: o, said: core.Order{TimeInForce: e.TimeInForce}}
	return o
}

func (t *second) asked(e *core.Effect) twin.Event {
	t.requests[e.Request] = fmt.Sprintf("request %d", t.bookings)
	if e.RequestKind != core.ReplaceRequest {
		return nil
	}
	r := twin.Replace{ID: t.orders[e.Order], Request: t.requests[e.Request], Qty: scaled(e.Qty), Worst: scaled(e.Worst)}
	if x := t.terms[e.Order]; x != nil {
		x.replaces = append(x.replaces, r)
	}
	return r
}

func (t *second) confirmed(e *core.Effect) twin.Event {
	if name := t.requests[e.Request]; name != "" {
		t.record(twin.Replaced{ID: t.orders[e.Order], Request: name})
		t.drop(e.Order, name, true)
	}
	if x := t.terms[e.Order]; x != nil {
		x.order.Qty, x.order.Worst = scaled(e.Qty), scaled(e.Worst)
	}
	return twin.Restated{ID: t.orders[e.Order], Qty: scaled(e.Qty), Worst: scaled(e.Worst)}
}

// drop takes a replace out of an order's terms, and with before all that were sent before it.
func (t *second) drop(order uint32, request string, before bool) {
	x := t.terms[order]
	if x == nil {
		return
	}
	for i := range x.replaces {
		if x.replaces[i].Request == request {
			from := i
			if before {
				from = 0
			}
			x.replaces = slices.Delete(x.replaces, from, i+1)
			return
		}
	}
}

// repriced tells the twin an order anew: it pins worst price and k with an order for good.
func (t *second) repriced(e *core.Effect) twin.Event {
	x := t.terms[e.Order]
	if x == nil {
		return nil
	}
	x.order.K = scaled(e.K)
	if e.Request == core.NoIndex {
		x.order.Worst = scaled(e.Worst)
	}
	t.record(x.order)
	for i := range x.replaces {
		if e.Request != core.NoIndex && x.replaces[i].Request == t.requests[e.Request] {
			x.replaces[i].Worst = scaled(e.Worst)
			if e.Qty != 0 {
				x.replaces[i].Qty = scaled(e.Qty)
			}
		}
		t.record(x.replaces[i])
	}
	return nil
}

// counted tells what a venue counts of an order, and whether it has ended it. That books nothing.
func (t *second) counted(order uint32, take func(*core.Order)) {
	if x := t.terms[order]; x != nil {
		take(&x.said)
		t.ledger.Record(twin.Counted{ID: t.orders[order], Qty: scaled(x.said.Cum), Ended: x.said.EndedBy(x.said.Status)})
	}
}

func (t *second) executed(e *core.Effect) twin.Event {
	id := fmt.Sprintf("execution %d", t.bookings)
	t.executions[e.Execution] = id
	if e.Order != core.NoIndex {
		return twin.Fill{ID: t.orders[e.Order], ExecID: id, Qty: scaled(e.Qty), Px: scaled(e.Price), Earlier: e.Status == core.Earlier, Ahead: e.Flags&core.UnitsAhead != 0}
	}
	return twin.Foreign{ExecID: id, Account: t.journal.account(e.Account), Symbol: t.journal.instrument(e.Instrument),
		Side: twinSide(e.Side), Qty: scaled(e.Qty), Px: scaled(e.Price), K: scaled(e.K), Earlier: e.Status == core.Earlier, Ahead: e.Flags&core.UnitsAhead != 0,
		By: t.by(risk.Place{Owner: e.Link, Venue: e.Venue, Author: e.Author})}
}

// reopens reports whether a bust makes a final order live again.
func reopens(d *core.Decision, order uint32) bool {
	for i := range d.EffectLen {
		if e := &d.Effects[i]; e.Kind == core.Reopened && e.Order == order {
			return true
		}
	}
	return false
}

// scaled is a price, quantity or factor as a decimal.
func scaled[T ~int64](v T) decimal.Decimal { return decimal.New(int64(v), -8) }

func twinSide(s risk.Side) twin.Side {
	switch s {
	case risk.Buy:
		return twin.Buy
	case risk.Sell:
		return twin.Sell
	case risk.SellShort:
		return twin.Short
	}
	return twin.ShortExempt
}
