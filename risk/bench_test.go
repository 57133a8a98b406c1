package risk_test

import (
	"testing"

	"portcullis/risk"
)

// armed is a book with every control on, wide enough that a steady flow passes.
func armed(t testing.TB, accounts, instruments int) (*risk.Book, *risk.Order) {
	limits := risk.Limits{Gross: 1 << 59, Net: 1 << 58, ClosingReserveBps: 1000}
	b := risk.NewBook(risk.Capacity{Accounts: accounts, Clients: 8, Instruments: instruments, Links: 2,
		Throttles: risk.Room{Windows: 1, Meters: 1, Stamps: 1 << 16}, Positions: 4096, Entitlements: 2 * accounts, RepeatEntries: 4096, Kills: 8},
		func(n int) []byte { return make([]byte, n) })
	check := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	check(b.SetLimits(risk.ScopeFirm, 0, limits))
	for c := range uint32(8) {
		check(b.SetClient(c, risk.Client{Group: risk.NoIndex, Limits: limits}))
	}
	for i := range uint32(instruments) {
		check(b.SetInstrument(i, risk.Instrument{K: risk.PriceScale, Lot: risk.PriceScale,
			Ticks:  [risk.TickBandsMax]risk.TickBand{{Tick: 100}, {From: risk.PriceScale, Tick: risk.PriceScale / 100}},
			QtyMax: 1_000_000 * risk.PriceScale, BandBps: 1000, CollarBps: 1000, Ages: hourOld,
			OrdTypes: risk.AllOrdTypes, TimesInForce: risk.AllTimesInForce}))
	}
	check(b.SetThrottles(risk.ScopeLink, 0, []risk.Throttle{{Of: risk.Orders, Max: 1000, WindowNs: 1000}}))
	for i := range uint32(accounts) {
		check(b.SetAccount(i, risk.Account{Client: i % 8, Limits: limits, OrderLimits: risk.OrderLimits{OrderQtyMax: 100_000 * risk.PriceScale,
			NotionalMax: 1 << 50, MarketMax: 1 << 50}, LongMax: 1 << 58, ShortMax: 1 << 58, OpenOrdersMax: 1 << 30, RepeatCountMax: 3,
			RepeatWindowNs: 1000, Sides: risk.AllSides, OrdTypes: risk.AllOrdTypes,
			TimesInForce: risk.AllTimesInForce, SellLongChecked: true}))
		check(b.Entitle(0, i))
		check(b.SetPosition(i, 0, 1<<40))
	}
	return b, &risk.Order{Place: risk.Place{Account: 1, Instrument: 1}, NowNs: 1 << 40, UTCNs: 1 << 40,
		Terms: risk.Terms{Qty: 100 * risk.PriceScale, Price: 50_10000000, Side: risk.Buy, OrdType: risk.Limit,
			TimeInForce: risk.Day, HasPrice: true},
		Quote: risk.Quote{Bid: 49_99000000, Ask: 50_01000000, Last: 50 * risk.PriceScale, AtNs: 1<<40 - 1000, LastAtNs: 1<<40 - 1000,
			Has: risk.HasBid | risk.HasAsk | risk.HasLast}}
}

// flow runs whole lives of orders: judged, booked, filled half, closed.
func flow(b *risk.Book, o *risk.Order, j *risk.Judgement) {
	o.NowNs += 1000
	if r, _ := b.CheckKill(&o.Place, o.Link); r != risk.Accepted {
		return
	}
	b.Check(o, j)
	b.Note(risk.Orders, &o.Place, o.Link, 1, o.NowNs)
	if j.Reason != risk.Accepted {
		return
	}
	b.NoteRepeat(o)
	b.Move(&o.Place, o.Terms.Side, j.Open, j.Reserved, 1)
	m, _ := b.ExecutionMoney(o.Instrument, o.Terms.Side, o.Terms.Qty/2, o.Terms.Price, j.K)
	b.Execute(&o.Place, o.Terms.Side, o.Terms.Qty/2, m)
	b.Execute(&o.Place, o.Terms.Side, -o.Terms.Qty/2, -m)
	b.Move(&o.Place, o.Terms.Side, -j.Open, -j.Reserved, -1)
}

func TestNoAllocations(t *testing.T) {
	b, o := armed(t, 16, 16)
	var j risk.Judgement
	var out [risk.OvershootsMax]risk.Overshoot
	prior := []risk.Version{{Qty: 50 * risk.PriceScale, Worst: 50 * risk.PriceScale}}
	n := testing.AllocsPerRun(100, func() {
		flow(b, o, &j)
		if j.Reason != risk.Accepted {
			t.Fatal(j.Reason)
		}
		b.Excess(&o.Place, out[:])
		replace := *o
		replace.Replace, replace.Prior, replace.K = true, prior, risk.PriceScale
		b.Check(&replace, &j)
		refused := *o
		refused.Terms.Price = 99 * risk.PriceScale
		b.Check(&refused, &j)
		if j.Reason != risk.PriceOutsideCollar {
			t.Fatal(j.Reason)
		}
		b.SetKill(risk.Kill{ID: 1, Of: only(risk.ScopeAccount, 3)})
		b.ClearKill(1)
	})
	if n != 0 {
		t.Errorf("%v allocations on the order path", n)
	}
}

// BenchmarkCheck judges with every control on.
func BenchmarkCheck(b *testing.B) {
	book, o := armed(b, 16, 16)
	var j risk.Judgement
	for range 5000 {
		flow(book, o, &j)
	}
	b.ReportAllocs()
	for b.Loop() {
		o.NowNs += 1000
		book.Check(o, &j)
	}
	if j.Reason != risk.Accepted {
		b.Fatal(j.Reason)
	}
}

// BenchmarkFlow is the whole life of an order in the book.
func BenchmarkFlow(b *testing.B) {
	book, o := armed(b, 16, 16)
	var j risk.Judgement
	b.ReportAllocs()
	for b.Loop() {
		flow(book, o, &j)
	}
	if j.Reason != risk.Accepted {
		b.Fatal(j.Reason)
	}
}

// BenchmarkCheckWide walks over many accounts and symbols, so that rows come from memory.
func BenchmarkCheckWide(b *testing.B) {
	book, o := armed(b, 1<<11, 1<<12)
	var j risk.Judgement
	for b.Loop() {
		o.NowNs += 1000
		o.Account = (o.Account*5 + 1) & (1<<11 - 1)
		o.Instrument = (o.Instrument*13 + 7) & (1<<12 - 1)
		book.Check(o, &j)
	}
	if j.Reason != risk.Accepted {
		b.Fatal(j.Reason)
	}
}

func BenchmarkNotional(b *testing.B) {
	p, q := risk.Price(50_10000000), risk.Qty(1000*risk.PriceScale)
	b.Run("k=1", func(b *testing.B) {
		for b.Loop() {
			risk.Notional(p, q, risk.PriceScale)
		}
	})
	b.Run("k=0.0125", func(b *testing.B) {
		for b.Loop() {
			risk.Notional(p, q, risk.PriceScale/80)
		}
	})
}
