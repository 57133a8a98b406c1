package risk_test

import (
	"reflect"
	"testing"

	"portcullis/risk"
)

// TestRoom: what throttles and accounts need of the tables is what setting them takes, neither more nor less.
func TestRoom(t *testing.T) {
	b := risk.NewBook(risk.Capacity{Accounts: 4, Clients: 1, Links: 4, Instruments: 3, Entitlements: 3,
		Throttles: risk.Room{Windows: 3, Meters: 5, Stamps: 16 + 8}}, func(n int) []byte { return make([]byte, n) })
	orders := func(count int64) []risk.Throttle {
		return []risk.Throttle{{Of: risk.Orders, Max: count, WindowNs: 1}}
	}
	set := func(l uint32, list []risk.Throttle, accounts ...uint32) {
		t.Helper()
		if err := b.SetThrottles(risk.ScopeLink, l, list); err != nil {
			t.Fatal(err)
		}
		for _, a := range accounts {
			if err := b.Entitle(l, a); err != nil {
				t.Fatal(err)
			}
		}
	}
	set(0, orders(10), 0, 1)
	for _, c := range []struct {
		link     uint32
		list     []risk.Throttle
		accounts []uint32
		need     risk.Room
		fits     bool
	}{
		{0, orders(10), []uint32{0, 1}, risk.Room{}, true},
		{0, orders(16), []uint32{0, 1, 2}, risk.Room{Entitlements: 1}, true},
		{0, orders(17), nil, risk.Room{Stamps: 32}, false},
		{0, orders(risk.Unlimited), nil, risk.Room{}, true},
		{0, append(orders(10), orders(8)...), nil, risk.Room{Windows: 1, Meters: 1, Stamps: 8}, true},
		{0, append(orders(1), risk.Throttle{Of: risk.NotionalSum, Max: 5, WindowNs: 4}), nil, risk.Room{Windows: 1, Meters: 1, Stamps: 2 * 4}, true},
		{1, []risk.Throttle{{Of: risk.SymbolOrders, Max: 2, WindowNs: 1}}, nil, risk.Room{Windows: 1, Meters: 3, Stamps: 3 * 2}, true},
		{1, []risk.Throttle{{Of: risk.SymbolOrders, Max: 4, WindowNs: 1}}, nil, risk.Room{Windows: 1, Meters: 3, Stamps: 3 * 4}, false},
		{1, orders(8), []uint32{3}, risk.Room{Windows: 1, Meters: 1, Stamps: 8, Entitlements: 1}, true},
		{1, orders(9), nil, risk.Room{Windows: 1, Meters: 1, Stamps: 16}, false},
		{1, orders(0), []uint32{2, 3}, risk.Room{Windows: 1, Meters: 1, Entitlements: 2}, false},
	} {
		var need risk.Room
		b.NeedThrottles(&need, risk.ScopeLink, c.link, c.list)
		b.NeedEntitled(&need, c.link, c.accounts)
		if !reflect.DeepEqual(need, c.need) || b.HasRoom(need) != c.fits {
			t.Errorf("link %d, %v, accounts %v: %+v, fits %t", c.link, c.list, c.accounts, need, b.HasRoom(need))
		}
	}
	set(1, orders(8), 3)
	var need risk.Room
	if b.NeedThrottles(&need, risk.ScopeLink, 2, orders(1)); b.HasRoom(need) {
		t.Error("a full table has room")
	}
	if b.SetThrottles(risk.ScopeLink, 2, orders(1)) == nil {
		t.Error("a full table takes a throttle")
	}
}

// TestRoomOfPositions: scopes that begin to keep positions need a row for each instrument of their part that an account of theirs
// has something in, all of them together.
func TestRoomOfPositions(t *testing.T) {
	for _, c := range []struct {
		capacity int
		fits     bool
	}{{7, false}, {8, true}} {
		b := risk.NewBook(risk.Capacity{Accounts: 2, Clients: 2, Instruments: 2, Positions: c.capacity, Measured: 5, Slices: 3},
			func(n int) []byte { return make([]byte, n) })
		free := risk.Limits{Gross: risk.Unlimited, Net: risk.Unlimited}
		for i := range uint32(2) {
			must(t, b.SetInstrument(i, risk.Instrument{K: risk.PriceScale, Lot: 1, QtyMax: 1, BandBps: 1, Ticks: [risk.TickBandsMax]risk.TickBand{{Tick: 1}}, Class: risk.Stock + risk.Class(i)}))
			must(t, b.SetClient(i, risk.Client{Group: risk.NoIndex, Limits: free}))
			must(t, b.SetAccount(i, risk.Account{Client: i, Limits: free}))
		}
		must(t, b.SetPosition(0, 0, 1)) // of both clients in the first instrument, of the second in both
		must(t, b.SetPosition(1, 0, 1))
		must(t, b.SetPosition(1, 1, 1))
		limits := free
		limits.Measures = risk.Unmeasured()
		limits.Measures[risk.MeasureLong] = 1
		list := []risk.Setting{
			&risk.CreditSetting{Kind: risk.ScopeFirm, Limits: limits},                                                                       // 2
			&risk.CreditSetting{Kind: risk.ScopeClient, Index: 0, In: risk.Part{Class: risk.Stock}, Limits: limits},                         // 1
			&risk.CreditSetting{Kind: risk.ScopeAccount, Index: 1, In: risk.Part{Class: risk.OneInstrument, Instrument: 1}, Limits: limits}, // 1
			&risk.CreditSetting{Kind: risk.ScopeAccount, Index: 1, In: risk.Part{}, Limits: limits},                                         // it has them
			&risk.CreditSetting{Kind: risk.ScopeClient, Index: 1, In: risk.Part{Class: risk.OneInstrument, Instrument: 0}, Limits: limits},  // 1
		}
		var need risk.Room
		for _, s := range list {
			must(t, s.Need(b, &need))
		}
		if got := b.HasRoom(need); got != c.fits {
			t.Errorf("%d rows: %t", c.capacity, got)
		}
	}
}
