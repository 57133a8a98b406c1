package risk_test

import (
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"runtime/debug"
	"slices"
	"testing"
	"time"

	"portcullis/risk"
	"portcullis/risk/twin"
)

var seedFlag = flag.Uint64("seed", 0, "play only this random sequence")

// TestRandomAgainstTwin plays seeded sequences of every event over several accounts. Each verdict
// of the credit, position and count controls is derived a second time from the twin, and after
// each step every figure of the book must equal the twin's.
func TestRandomAgainstTwin(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(400)) // half of its time would go into collecting garbage
	first, last := uint64(1), uint64(48)
	if *seedFlag != 0 {
		first, last = *seedFlag, *seedFlag
	}
	verdicts := map[string]int{}
	for seed := first; seed <= last; seed++ {
		r := &roulette{Rand: rand.New(rand.NewPCG(seed, 0))}
		r.desk = newDesk(t, r.settings(seed))
		for step := range 120 {
			if seed%6 == 0 {
				r.borrow(step)
			}
			if seed%4 == 1 && (step == 0 && seed%5 > 0 || step%40 == 25) {
				r.marks(seed + uint64(step))
			}
			event, err := r.step(verdicts)
			if err == nil {
				err = r.desk.same()
			}
			if err != nil {
				t.Fatalf("seed %d step %d: %s: %v\nrepeat with: go test ./risk -run TestRandomAgainstTwin -seed=%d",
					seed, step, event, err, seed)
			}
		}
	}
	for _, code := range []string{"ACCEPTED", "CREDIT_ACCOUNT_GROSS", "CREDIT_ACCOUNT_NET", "CREDIT_CLIENT_GROSS",
		"CREDIT_CLIENT_NET", "CREDIT_FIRM_GROSS", "CREDIT_FIRM_NET", "CREDIT_GROUP_GROSS", "CREDIT_GROUP_NET", "CREDIT_DESK_GROSS",
		"CREDIT_DESK_NET", "CREDIT_TRADER_GROSS", "CREDIT_TRADER_NET", "CREDIT_ALGO_GROSS", "CREDIT_ALGO_NET", "CREDIT_LINK_GROSS",
		"CREDIT_LINK_NET", "CREDIT_VENUE_GROSS", "CREDIT_VENUE_NET", "LONG_POSITION", "SHORT_POSITION", "SELL_LONG", "LOCATE_MISSING", "LOCATE_EXCEEDED",
		"OPEN_ORDER_COUNT", "QTY_BELOW_CUMQTY", "CREDIT_SLICE_GROSS", "CREDIT_SLICE_NET", "CREDIT_OPEN", "CREDIT_EXECUTED", "CREDIT_NET_LONG", "CREDIT_NET_SHORT",
		"SCOPE_LONG_POSITION", "SCOPE_SHORT_POSITION", "TOTAL_LONG_POSITION", "TOTAL_SHORT_POSITION", "CREDIT_NET_CARRY", "MARK_MISSING", "INVENTORY", "closing"} {
		if verdicts[code] == 0 && *seedFlag == 0 {
			t.Errorf("no sequence met %s: %v", code, verdicts)
		}
	}
}

type roulette struct {
	*rand.Rand
	desk *desk
}

func (r *roulette) settings(seed uint64) settings {
	s := open()
	s.capacity.Accounts, s.capacity.Clients, s.capacity.Instruments = 4, 2, 3
	s.capacity.Positions, s.capacity.Entitlements = 12, 4
	pick := func(max int64) risk.Money { return risk.Money((1+r.Int64N(9))*max) * risk.MoneyScale }
	reserve := r.Int64N(3) * 500
	s.account.Limits = risk.Limits{Gross: pick(2500), Net: pick(1000), ClosingReserveBps: reserve}
	s.client = risk.Limits{Gross: pick(4000), Net: pick(1500), ClosingReserveBps: reserve}
	s.firm = risk.Limits{Gross: pick(7000), Net: pick(2500), ClosingReserveBps: reserve}
	s.capacity.Groups, s.capacity.Desks, s.capacity.Traders, s.capacity.Algos, s.capacity.Venues = 1, 1, 3, 2, 1
	for _, kind := range slices.Sorted(maps.Keys(asideKinds)) { // a seed is one sequence
		if r.IntN(3) > 0 {
			s.aside[kind] = risk.Limits{Gross: pick(5000), Net: pick(2000), ClosingReserveBps: reserve}
		}
	}
	for m := range measureWords {
		for _, kind := range scopesInOrder {
			if worthy(risk.Measure(m)) || r.IntN(6) > 0 || risk.Measure(m) < risk.MeasureOpen {
				continue
			}
			v := int64(pick(1000))
			if risk.Measure(m).Reason().Row().Value == risk.UnitQty {
				v = (20 + r.Int64N(600)) * risk.PriceScale
			}
			s.arm(kind, risk.Measure(m), v)
		}
	}
	for m := range risk.MeasureShortAll + 1 {
		for _, in := range []risk.Part{{Class: risk.Stock}, {Class: risk.OneInstrument, Instrument: 2}} {
			if !worthy(m) && seed%3 == 0 && r.IntN(2) == 0 {
				kind := scopesInOrder[r.IntN(len(scopesInOrder))]
				v := int64(pick(200))
				if m >= risk.MeasureLong {
					v = (20 + r.Int64N(600)) * risk.PriceScale
				}
				s.slice(kind, in, m, v)
			}
		}
	}
	if seed%4 == 1 {
		limitWorths(&s, seed)
	}
	s.capacity.Groups, s.capacity.Desks, s.capacity.Traders, s.capacity.Algos, s.capacity.Venues = 1, 1, 3, 2, 1
	s.account.LongMax = risk.Qty(20+r.Int64N(400)) * risk.PriceScale
	s.account.ShortMax = risk.Qty(20+r.Int64N(400)) * risk.PriceScale
	s.account.OpenOrdersMax = 1 + r.Int64N(8)
	s.account.SellLongChecked = r.IntN(2) == 0
	s.instrument.K = risk.Factor(1 + r.Int64N(3*risk.PriceScale))
	return s
}

// borrow has the desk's short sales need locates, and gives it some. It draws from a roulette of its own, so that desks
// without them play as they always did.
func (r *roulette) borrow(step int) {
	d, own := r.desk, roulette{Rand: rand.New(rand.NewPCG(uint64(step), 1))}
	if step == 0 {
		d.s.account.Short = risk.LocateRequired
		for a := range uint32(4) {
			account := d.s.account
			account.Client = a % uint32(d.s.capacity.Clients)
			must(d.t, d.book.SetAccount(a, account))
			for i := range uint32(3) {
				must(d.t, d.book.SetLocated(a, i, 3*own.qty()))
			}
		}
	}
	if step%8 == 0 {
		must(d.t, d.book.SetLocated(uint32(own.IntN(4)), uint32(own.IntN(3)), 2*own.qty()))
		d.book.SetEasy(uint32(own.IntN(3)), own.IntN(2) == 0)
	}
}

// worthy tells whether marks value a measure. Like what needs locates it is drawn from a roulette of its own.
func worthy(m risk.Measure) bool { return m == risk.MeasureCarry || m == risk.MeasureInventory }

// limitWorths limits what marks value, in some scopes and slices.
func limitWorths(s *settings, seed uint64) {
	own := roulette{Rand: rand.New(rand.NewPCG(seed, 2))}
	for _, m := range []risk.Measure{risk.MeasureCarry, risk.MeasureInventory} {
		for _, kind := range scopesInOrder {
			if v := (1 + own.Int64N(9)) * 500 * risk.MoneyScale; own.IntN(3) == 0 {
				s.arm(kind, m, v)
				s.firm.DailyLoss = risk.Money(v)
			} else if own.IntN(4) == 0 {
				s.slice(kind, []risk.Part{{Class: risk.Stock}, {Class: risk.OneInstrument, Instrument: 2}}[own.IntN(2)], m, v/4)
			}
		}
	}
}

// marks says what each instrument is worth, as the closes of a day do, or what one is.
func (r *roulette) marks(seed uint64) {
	own := roulette{Rand: rand.New(rand.NewPCG(seed, 3))}
	for i := range uint32(3) {
		if closes := seed%4 == 1; closes || i == 0 {
			r.desk.mark(i, own.price(), closes)
		}
	}
}

// step plays one random event and says which.
func (r *roulette) step(verdicts map[string]int) (string, error) {
	d := r.desk
	at := place{uint32(r.IntN(4)), uint32(r.IntN(3)), risk.Author{Trader: uint16(r.IntN(4)), Algo: uint16(r.IntN(3))}}
	id := ""
	if len(d.names) > 0 {
		id = d.names[r.IntN(len(d.names))]
	}
	o := d.orders[id]
	switch n := r.IntN(100); {
	case n < 45 || o == nil:
		return r.submit(fmt.Sprint("O", len(d.names)), at, nil, verdicts)
	case n < 60 && o.live && len(o.versions) < risk.VersionsMax:
		return r.submit(id, o.at, o, verdicts)
	case n < 65 && len(o.requests) > 0:
		d.replaced(id)
		return "replaced " + id, nil
	case n < 70 && len(o.requests) > 0:
		request := o.requests[r.IntN(len(o.requests))]
		d.refused(id, request)
		return "refused " + id + " " + request, nil
	case n < 85:
		d.fill(id, "", r.qty(), r.price()) // also late fills and over-fills
		return "fill " + id, nil
	case n < 90 && o.live:
		d.closed(id)
		return "closed " + id, nil
	case n < 92 && o.live:
		d.restated(id, risk.Version{Qty: r.qty(), Worst: r.price()})
		return "restated " + id, nil
	case n < 96:
		execID := fmt.Sprint("#", 1+r.IntN(d.fills+1))
		d.bust(execID, r.IntN(2) == 0)
		return "bust " + execID, nil
	case n < 98:
		d.foreign(fmt.Sprint("F", r.Uint64()), at, []risk.Side{risk.Buy, risk.SellShort}[r.IntN(2)], r.qty(), r.price())
		return "foreign", nil
	case n < 99:
		d.startOfDay(at, 30*risk.PriceScale-r.qty())
		return "start of day", nil
	}
	d.roll()
	return "roll", nil
}

func (r *roulette) qty() risk.Qty { return risk.Qty(1 + r.Int64N(60*risk.PriceScale)) }

func (r *roulette) price() risk.Price { return risk.Price(1 + r.Int64N(60*risk.PriceScale)) }

func (r *roulette) submit(id string, at place, o *ticket, verdicts map[string]int) (string, error) {
	d := r.desk
	d.nowNs += r.Int64N(int64(time.Millisecond))
	terms := risk.Terms{Side: []risk.Side{risk.Buy, risk.Sell, risk.SellShort, risk.SellShortExempt}[r.IntN(4)],
		Qty: r.qty(), OrdType: risk.Limit, TimeInForce: risk.Day, Price: r.price(), HasPrice: true}
	if o != nil {
		terms.Side = o.side
	}
	if r.IntN(4) == 0 {
		terms.OrdType, terms.HasPrice, terms.Price = risk.Market, false, 0
	}
	worst, _ := risk.WorstPrice(&terms, d.s.quote.Last, d.s.instrument.BandBps)
	want, closing := d.expect(id, at, terms, worst, o)
	j := d.submit(id, at, terms)
	verdicts[j.Reason.String()]++
	if j.Reason == risk.Accepted && j.Closing {
		verdicts["closing"]++
	}
	event := fmt.Sprintf("submit %s %+v: %s", id, terms, j.Reason)
	if j.Reason != want || j.Reason == risk.Accepted && j.Closing != closing {
		return event, fmt.Errorf("twin says %s (closing %v)", want, closing)
	}
	return event, nil
}

// expect derives the verdict from the twin: the order is added and everything measured again.
func (d *desk) expect(id string, at place, terms risk.Terms, worst risk.Price, o *ticket) (risk.Reason, bool) {
	account, symbol := at.names()
	client := fmt.Sprint("C", at.account%uint32(d.s.capacity.Clients))
	var added twin.Event = twin.Order{ID: id, Account: account, Symbol: symbol, By: at.by(), Side: sideName(terms.Side),
		Qty: dec(terms.Qty), Worst: dec(worst), K: dec(d.s.instrument.K)}
	before := d.twin.Measure()
	if o != nil {
		if terms.Qty < o.cum {
			return risk.OrderQtyBelowCumQty, false
		}
		added = twin.Replace{ID: id, Request: "what if", Qty: dec(terms.Qty), Worst: dec(worst)}
		before = d.twin.Measure(twin.Closed{ID: id}) // capacity without the order itself
	}
	after := d.twin.Measure(added)
	p, was := after.Position(account, symbol), before.Position(account, symbol)
	capacity := was.P.Sub(was.OS)
	if terms.Side.IsBuy() {
		capacity = was.P.Neg().Sub(was.OB)
	}
	q := after.Orders[id].Q
	closing := q.Sign() == 0 || q.LessThanOrEqual(capacity)
	a := d.s.account
	switch {
	case int64(after.Accounts[account].OpenOrders) > a.OpenOrdersMax:
		return risk.OpenOrderCountExceeded, closing
	case !closing && p.P.Add(p.OB).GreaterThan(dec(a.LongMax)):
		return risk.LongPositionExceeded, closing
	case !closing && p.OS.Sub(p.P).GreaterThan(dec(a.ShortMax)):
		return risk.ShortPositionExceeded, closing
	case a.SellLongChecked && terms.Side == risk.Sell && p.OSLong.GreaterThan(p.P) && p.OSLong.Sign() > 0:
		return risk.SellLongExceedsPosition, closing
	}
	if a.Short&risk.LocateRequired != 0 && terms.Side.IsShort() && !d.book.Easy(at.instrument) {
		located := dec(d.book.Position(at.account, at.instrument).Located)
		switch used := p.ShortSold.Add(p.OS).Sub(p.OSLong); {
		case located.IsZero():
			return risk.LocateMissing, closing
		case used.GreaterThan(located):
			return risk.LocateExceeded, closing
		}
	}
	by := at.by()
	aside := func(kind, name string) twin.Scope { return after.Aside[twin.Bearer{Kind: kind, Name: name}] }
	for _, c := range []struct {
		scope      twin.Scope
		limits     risk.Limits
		gross, net risk.Reason
	}{
		{after.Accounts[account], a.Limits, risk.AccountGrossExceeded, risk.AccountNetExceeded},
		{after.Clients[client], d.s.client, risk.ClientGrossExceeded, risk.ClientNetExceeded},
		{aside("group", d.groupName(client)), d.limitsOf(risk.ScopeGroup), risk.GroupGrossExceeded, risk.GroupNetExceeded},
		{after.Firm, d.s.firm, risk.FirmGrossExceeded, risk.FirmNetExceeded},
		{aside("desk", d.deskName(by.Trader)), d.limitsOf(risk.ScopeDesk), risk.DeskGrossExceeded, risk.DeskNetExceeded},
		{aside("trader", by.Trader), d.limitsOf(risk.ScopeTrader), risk.TraderGrossExceeded, risk.TraderNetExceeded},
		{aside("algo", by.Algo), d.limitsOf(risk.ScopeAlgo), risk.AlgoGrossExceeded, risk.AlgoNetExceeded},
		{aside("link", by.Link), d.limitsOf(risk.ScopeLink), risk.LinkGrossExceeded, risk.LinkNetExceeded},
		{aside("venue", by.Venue), d.limitsOf(risk.ScopeVenue), risk.VenueGrossExceeded, risk.VenueNetExceeded},
	} {
		gross := money(c.limits.Gross)
		if closing {
			gross = gross.Add(gross.Mul(dec(risk.Qty(c.limits.ClosingReserveBps)).Shift(4)))
		}
		if c.scope.Gross().GreaterThan(gross) {
			return c.gross, closing
		}
		if !closing && c.scope.Net().GreaterThan(money(c.limits.Net)) {
			return c.net, closing
		}
	}
	return d.expectMeasures(after, at, closing), closing
}
