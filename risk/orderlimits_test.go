package risk_test

import (
	"math/rand/v2"
	"strings"
	"testing"

	"portcullis/risk"
)

// orderRule is one call of SetOrderLimits.
type orderRule struct {
	kind   risk.Scope
	index  uint32
	part   risk.Part
	limits risk.OrderLimits
}

var scopeWords = map[string]risk.Scope{"firm": risk.ScopeFirm, "group": risk.ScopeGroup, "client": risk.ScopeClient, "account": risk.ScopeAccount,
	"desk": risk.ScopeDesk, "trader": risk.ScopeTrader, "algo": risk.ScopeAlgo, "link": risk.ScopeLink, "venue": risk.ScopeVenue}

var partWords = map[string]risk.Part{"all": {}, "etf": {Class: risk.ETF}, "bond": {Class: risk.Bond}, "symbol": {Class: risk.OneInstrument}}

// setOrders reads a rule of a scope: "desk/etf/qty/100".
func (s *settings) setOrders(t *testing.T, word string) {
	t.Helper()
	w := strings.Split(word, "/")
	part, known := partWords[w[1]]
	if !known {
		t.Fatalf("no part is called %q", w[1])
	}
	r := orderRule{kind: scopeWords[w[0]], part: part, limits: risk.NoOrderLimits}
	switch w[2] {
	case "qty":
		r.limits.OrderQtyMax = risk.Qty(limit(t, w[3], 8))
	case "min":
		r.limits.OrderQtyMin = risk.Qty(limit(t, w[3], 8))
	case "notional":
		r.limits.NotionalMax = risk.Money(limit(t, w[3], 4))
	case "market-notional":
		r.limits.MarketMax = risk.Money(limit(t, w[3], 4))
	case "adv":
		r.limits.AdvBpsMax = limit(t, w[3], 0)
	default:
		t.Fatalf("no limit is called %q", w[2])
	}
	s.capacity.Groups, s.capacity.Desks, s.capacity.Traders, s.capacity.Algos, s.capacity.Venues = 1, 1, 1, 1, 1
	s.capacity.OrderLimits = 8
	s.orders = append(s.orders, r)
}

// TestLowestOrderLimit: whatever the order in which they are set, and set again, the lowest limit of all scopes
// and parts that apply is the one that holds, and the trace says whose it is.
func TestLowestOrderLimit(t *testing.T) {
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 7))
		s := open()
		s.capacity = risk.Capacity{Accounts: 3, Clients: 2, Groups: 1, Desks: 1, Traders: 3, Algos: 2, Venues: 2, Instruments: 3, Links: 3,
			Positions: 9, Entitlements: 9, RepeatEntries: 8, Kills: 1, OrderLimits: 64}
		d := newDesk(t, s)
		for l := range uint32(3) {
			for a := range uint32(3) {
				must(t, d.book.Entitle(l, a))
			}
		}
		w := &limited{book: d.book, s: s, rand: r, rules: map[[3]uint32]risk.Qty{}, accounts: map[uint32]risk.Qty{}, qtyMax: map[uint32]risk.Qty{}}
		for range 40 {
			w.change(t)
			w.judge(t, seed)
		}
	}
}

// limited is a book whose limits change, and the same limits by scope, number and part.
type limited struct {
	book     *risk.Book
	s        settings
	rand     *rand.Rand
	rules    map[[3]uint32]risk.Qty
	accounts map[uint32]risk.Qty // as a whole
	qtyMax   map[uint32]risk.Qty // of instruments themselves
}

// classOf are the classes of the instruments; nobody said that of the last.
var classOf = []risk.Class{risk.ETF, risk.Bond, risk.AnyClass}

func (w *limited) change(t *testing.T) {
	n := func(n int) uint32 { return uint32(w.rand.IntN(n)) }
	qty := risk.Qty(1 + w.rand.IntN(1000))
	switch w.rand.IntN(8) {
	case 0:
		a, i := w.s.account, n(3)
		a.Client, a.OrderQtyMax = i%2, qty
		must(t, w.book.SetAccount(i, a))
		w.accounts[i] = qty
	case 1:
		in, i := w.s.instrument, n(3)
		in.Class, in.QtyMax = classOf[i], qty
		must(t, w.book.SetInstrument(i, in))
		w.qtyMax[i] = qty
	case 2:
		c := n(2)
		group := uint32(risk.NoIndex)
		if c == 0 {
			group = 0
		}
		must(t, w.book.SetClient(c, risk.Client{Group: group, Limits: w.s.client}))
	default:
		kinds := []risk.Scope{risk.ScopeFirm, risk.ScopeGroup, risk.ScopeClient, risk.ScopeAccount, risk.ScopeDesk, risk.ScopeTrader, risk.ScopeAlgo,
			risk.ScopeLink, risk.ScopeVenue}
		kind := kinds[w.rand.IntN(len(kinds))]
		i := n(map[risk.Scope]int{risk.ScopeFirm: 1, risk.ScopeGroup: 1, risk.ScopeClient: 2, risk.ScopeAccount: 3, risk.ScopeDesk: 1, risk.ScopeTrader: 3,
			risk.ScopeAlgo: 2, risk.ScopeLink: 3, risk.ScopeVenue: 2}[kind])
		part := []risk.Part{{}, {Class: risk.ETF}, {Class: risk.Bond}, {Class: risk.OneInstrument, Instrument: n(3)}}[w.rand.IntN(4)]
		limits := risk.NoOrderLimits
		if w.rand.IntN(4) == 0 {
			qty = risk.Unlimited // taken back
		}
		limits.OrderQtyMax = qty
		err := w.book.SetOrderLimits(kind, i, part, limits)
		if kind == risk.ScopeAccount && part == (risk.Part{}) {
			if err == nil {
				t.Fatal("an account as a whole has its limits from SetAccount")
			}
			return
		}
		must(t, err)
		w.rules[[3]uint32{uint32(kind), i, uint32(part.Class) | part.Instrument<<8}] = qty
	}
}

// judge asks for an order that is above every limit, and compares the one that refused it.
func (w *limited) judge(t *testing.T, seed uint64) {
	n := func(n int) uint32 { return uint32(w.rand.IntN(n)) }
	at := risk.Place{Account: n(3), Instrument: n(3), Owner: n(3), Venue: n(2), Author: risk.Author{Trader: uint16(n(4)), Algo: uint16(n(3))}}
	o := risk.Order{Place: at, Link: n(3), UTCNs: w.s.quote.LastAtNs, Quote: w.s.quote,
		Terms: risk.Terms{Qty: 1 << 40, Side: risk.Buy, OrdType: risk.Limit, TimeInForce: risk.Day, HasPrice: true, Price: 1}}
	o.Prior, o.Replace = []risk.Version{{Qty: 1, Worst: 1}}, o.Link != o.Owner
	in := classOf[at.Instrument]
	if _, set := w.qtyMax[at.Instrument]; !set {
		in = risk.AnyClass
	}
	want := risk.Qty(risk.Unlimited)
	if q, set := w.accounts[at.Account]; set {
		want = q
	}
	if q, set := w.qtyMax[at.Instrument]; set {
		want = min(want, q)
	}
	for key, q := range w.rules {
		kind, i, class, ins := risk.Scope(key[0]), key[1], risk.Class(key[2]), key[2]>>8
		applies := map[risk.Scope]bool{risk.ScopeFirm: true, risk.ScopeGroup: at.Account%2 == 0, risk.ScopeClient: i == at.Account%2,
			risk.ScopeAccount: i == at.Account, risk.ScopeDesk: at.Trader == 1 || at.Trader == 2, risk.ScopeTrader: i+1 == uint32(at.Trader),
			risk.ScopeAlgo: i+1 == uint32(at.Algo), risk.ScopeLink: i == at.Owner || i == o.Link, risk.ScopeVenue: i == at.Venue}[kind]
		if applies && (class == risk.AnyClass || class == in || class == risk.OneInstrument && ins == at.Instrument) {
			want = min(want, q)
		}
	}
	var j risk.Judgement
	w.book.Check(&o, &j)
	c := findCheck(&j, risk.OrderQtyTooLarge)
	if c == nil || c.Limit != int64(want) {
		t.Fatalf("seed %d: %+v: held to %+v, want %d", seed, at, c, want)
	}
	if want == risk.Unlimited {
		return
	}
	whose := w.rules[[3]uint32{uint32(c.Of), c.Scope, uint32(c.In) | instrumentOf(c, &at)<<8}]
	switch {
	case c.Of == risk.ScopeAccount && c.In == risk.AnyClass:
		whose = w.accounts[c.Scope]
	case c.Of == risk.ScopeInstrument:
		whose = w.qtyMax[c.Scope]
	}
	if whose != want || j.Reason != risk.OrderQtyTooLarge {
		t.Fatalf("seed %d: %s by %+v, whose limit is %d", seed, j.Reason, c, whose)
	}
}

func instrumentOf(c *risk.Check, at *risk.Place) uint32 {
	if c.In == risk.OneInstrument {
		return at.Instrument
	}
	return 0
}

func findCheck(j *risk.Judgement, control risk.Reason) *risk.Check {
	for i := range j.Count {
		if j.Checks[i].Control == control {
			return &j.Checks[i]
		}
	}
	return nil
}

// TestOrderLimitsRefused: what names no scope, class or instrument, or has no room, is an error.
func TestOrderLimitsRefused(t *testing.T) {
	s := open()
	s.capacity.OrderLimits = 1
	b := newDesk(t, s).book
	for what, err := range map[string]error{
		"client beyond the table":     b.SetOrderLimits(risk.ScopeClient, 1, risk.Part{}, risk.NoOrderLimits),
		"instrument beyond the table": b.SetOrderLimits(risk.ScopeFirm, 0, risk.Part{Class: risk.OneInstrument, Instrument: 1}, risk.NoOrderLimits),
		"class that is none":          b.SetOrderLimits(risk.ScopeFirm, 0, risk.Part{Class: risk.Future + 1}, risk.NoOrderLimits),
		"share above all":             b.SetOrderLimits(risk.ScopeFirm, 0, risk.Part{}, risk.OrderLimits{AdvBpsMax: 1_000_001}),
		"negative limit":              b.SetOrderLimits(risk.ScopeFirm, 0, risk.Part{}, risk.OrderLimits{OrderQtyMax: -1}),
	} {
		if err == nil {
			t.Errorf("%s: no error", what)
		}
	}
	must(t, b.SetOrderLimits(risk.ScopeFirm, 0, risk.Part{}, risk.NoOrderLimits))
	must(t, b.SetOrderLimits(risk.ScopeFirm, 0, risk.Part{}, risk.NoOrderLimits))
	if b.SetOrderLimits(risk.ScopeClient, 0, risk.Part{}, risk.NoOrderLimits) == nil {
		t.Error("a second row in a table of one: no error")
	}
}
