package risk_test

import (
	"slices"
	"strings"
	"testing"

	"portcullis/risk"
)

func TestKillsAddUp(t *testing.T) {
	s := open()
	s.capacity.Accounts, s.capacity.Clients, s.capacity.Links = 4, 2, 2
	b := newDesk(t, s).book
	check := func(link, account uint32, want risk.Reason, wantID uint64) {
		t.Helper()
		if got, id := b.CheckKill(&risk.Place{Account: account, Instrument: 0, Owner: link, Venue: risk.NoIndex}, link); got != want || id != wantID {
			t.Fatalf("link %d account %d: %s by %d, want %s by %d", link, account, got, id, want, wantID)
		}
	}
	kill := func(id uint64, scope risk.Scope, index uint32, want bool) {
		t.Helper()
		of, known := risk.Only(scope, index)
		if got := known && b.SetKill(risk.Kill{ID: id, Of: of, Mode: risk.KillBlock}); got != want {
			t.Fatalf("kill %d: %v, want %v", id, got, want)
		}
	}
	check(0, 0, risk.Accepted, 0)
	kill(7, risk.ScopeLink, 1, true)
	check(1, 0, risk.KillLink, 7)
	check(1, risk.NoIndex, risk.KillLink, 7)
	check(0, 0, risk.Accepted, 0)
	kill(8, risk.ScopeAccount, 2, true)
	check(1, 2, risk.KillAccount, 8)
	kill(9, risk.ScopeClient, 0, true) // accounts 0 and 2
	check(1, 2, risk.KillClient, 9)
	check(0, 1, risk.Accepted, 0)
	kill(9, risk.ScopeAccount, 0, false) // ID in use
	kill(10, risk.ScopeAccount, 99, false)
	kill(10, risk.Scope(77), 0, false)
	kill(10, risk.ScopeAccount, 2, true) // a second kill of the same account
	kill(11, risk.ScopeAccount, 3, false)
	kill(12, risk.ScopeFirm, 0, true) // the table is full, the firm can still be stopped
	check(0, 1, risk.KillFirm, 12)
	check(0, risk.NoIndex, risk.KillFirm, 12)
	b.Roll()
	for _, id := range []uint64{12, 9, 8} {
		if !b.ClearKill(id) {
			t.Fatalf("kill %d was not there", id)
		}
	}
	check(0, 2, risk.KillAccount, 10)
	if b.ClearKill(8) || !b.ClearKill(10) {
		t.Fatal("a kill is lifted once, by its own number")
	}
	check(0, 2, risk.Accepted, 0)
	if len(b.Kills()) != 1 || b.Kills()[0].ID != 7 {
		t.Fatalf("left: %+v", b.Kills())
	}
}

func TestExcess(t *testing.T) {
	s := open()
	for _, w := range strings.Fields("gross=500 net=300 client-gross=400 firm-net=200 long=8 sell-long=checked open=1") {
		s.set(t, w)
	}
	d := newDesk(t, s)
	var out [risk.OvershootsMax]risk.Overshoot
	d.do("new O1 buy 8 limit 25")
	if n := d.book.Excess(&risk.Place{}, out[:]); n != 0 {
		t.Fatalf("nothing is exceeded: %+v", out[:n])
	}
	d.do("fill O1 8 @ 50.0001") // beyond the limit price: booked all the same
	d.do("closed O1")
	want := map[risk.Reason]int64{risk.AccountNetExceeded: 100_0008, risk.ClientGrossExceeded: 8,
		risk.FirmNetExceeded: 200_0008}
	for _, short := range []int{len(out), 0} {
		if n := d.book.Excess(&risk.Place{}, out[:short]); n != len(want) {
			t.Fatalf("%d overshoots, want %d: %+v", n, len(want), out)
		}
	}
	for _, o := range out[:len(want)] {
		if o.Amount() != want[o.Measure] {
			t.Errorf("%s by %d, want %d", o.Measure, o.Amount(), want[o.Measure])
		}
	}
	if got := d.do("new O2 buy 0.00000001 limit 0.00000001"); got != "LONG_POSITION" {
		t.Errorf("an overshoot blocks what is not closing, got %s", got)
	}
	d.do("foreign buy 1 @ 1")
	if n := d.book.Excess(&risk.Place{}, out[:]); !measured(out[:n], risk.LongPositionExceeded, 1*risk.PriceScale) {
		t.Errorf("long position: %+v", out[:n])
	}
	if n := d.book.Excess(&nowhere, out[:]); n != 1 || out[0].Measure != risk.FirmNetExceeded {
		t.Errorf("an unknown account is the firm's: %+v", out[:n])
	}
	a := s.account
	a.OpenOrdersMax = 0 // lowered below what is open
	d.book.Move(&risk.Place{}, risk.Sell, 9*risk.PriceScale+1, 0, 1)
	must(t, d.book.SetAccount(0, a))
	if n := d.book.Excess(&risk.Place{}, out[:]); !measured(out[:n], risk.OpenOrderCountExceeded, 1) ||
		!measured(out[:n], risk.SellLongExceedsPosition, 1) {
		t.Errorf("count and cover: %+v", out[:n])
	}
}

// TestExcessOfAnAccountLeftOut: a number whose account the configuration no longer has is above nothing, whatever the firm
// has open.
func TestExcessOfAnAccountLeftOut(t *testing.T) {
	b := risk.NewBook(risk.Capacity{Accounts: 1, Clients: 1, Instruments: 1, Links: 1, Positions: 1}, func(n int) []byte {
		return make([]byte, n)
	})
	must(t, b.SetLimits(risk.ScopeFirm, 0, risk.Limits{Gross: risk.Unlimited, Net: risk.Unlimited}))
	b.Move(&nowhere, risk.Buy, risk.PriceScale, 0, 1)
	left := nowhere
	left.Account = 0
	var out [risk.OvershootsMax]risk.Overshoot
	if n := b.Excess(&left, out[:]); n != 0 {
		t.Errorf("it is above a limit: %+v", out[:n])
	}
	if n := b.ExcessAfter([]risk.Change{{Place: left, Delta: risk.Delta{Side: risk.Buy, Orders: 1}}}, out[:]); n != 0 {
		t.Errorf("it comes above a limit: %+v", out[:n])
	}
}

func measured(out []risk.Overshoot, measure risk.Reason, amount int64) bool {
	for _, o := range out {
		if o.Measure == measure {
			return o.Amount() == amount
		}
	}
	return false
}

// TestUnknownAccountCountsInFirm: an execution that belongs to nobody known is the firm's.
func TestUnknownAccountCountsInFirm(t *testing.T) {
	b := newDesk(t, open()).book
	if b.Execute(&nowhere, risk.Buy, 1, 77) {
		t.Error("a position that cannot be kept must be reported")
	}
	if b.Credit(risk.ScopeFirm, 0).EB != 77 || b.Credit(risk.ScopeAccount, 0).EB != 0 || b.Credit(risk.ScopeClient, 99) != (risk.ScopeView{}) {
		t.Errorf("firm %+v", b.Credit(risk.ScopeFirm, 0))
	}
}

// TestTotalsAreClamped: what must be booked beyond the range stays at its end and is reported, and
// from then on nothing new is accepted.
func TestTotalsAreClamped(t *testing.T) {
	d := newDesk(t, open())
	if !d.book.Execute(&risk.Place{}, risk.Buy, 1, risk.MagnitudeMax) || d.book.Execute(&risk.Place{}, risk.Buy, 1, 1) {
		t.Error("exactly the range fits, one unit more is reported")
	}
	if d.book.Execute(&risk.Place{}, risk.Sell, risk.Unlimited, risk.Unlimited) || d.book.Position(0, 0).P != -risk.MagnitudeMax {
		t.Errorf("position %d", d.book.Position(0, 0).P)
	}
	if d.book.Execute(&risk.Place{}, risk.Sell, 0, risk.Unlimited) || d.book.Credit(risk.ScopeFirm, 0).ES != risk.MagnitudeMax {
		t.Errorf("ES %d wrapped", d.book.Credit(risk.ScopeFirm, 0).ES)
	}
	if got := d.do("new O1 short 1 limit 50"); got != "ARITHMETIC_OVERFLOW" {
		t.Errorf("got %s", got)
	}
	if m, ok := d.book.ExecutionMoney(0, risk.Buy, risk.Unlimited, risk.Unlimited, 0); ok || m != risk.MagnitudeMax {
		t.Errorf("execution money %d %v", m, ok)
	}
}

// TestRiskPrice: margin products are reserved and executed at their risk price.
func TestRiskPrice(t *testing.T) {
	s := open()
	s.instrument.MayBeNegative = true
	s.instrument.RiskPriceBuy, s.instrument.RiskPriceSell = 5*risk.PriceScale, 7*risk.PriceScale
	d := newDesk(t, s)
	if got := d.do("new O1 buy 10 limit -37.63"); got != "accepted" || d.book.Credit(risk.ScopeFirm, 0).RB != 50*risk.MoneyScale {
		t.Errorf("%s, RB %s", got, money(d.book.Credit(risk.ScopeFirm, 0).RB))
	}
	if got := d.do("new O2 short 10 market"); got != "accepted" || d.book.Credit(risk.ScopeFirm, 0).RS != 70*risk.MoneyScale {
		t.Errorf("%s, RS %s", got, money(d.book.Credit(risk.ScopeFirm, 0).RS))
	}
	m, ok := d.book.ExecutionMoney(0, risk.Buy, 10*risk.PriceScale, -37_63000000, 0)
	if !ok || m != 50*risk.MoneyScale {
		t.Errorf("execution money %s %v", money(m), ok)
	}
}

// TestSettersRefuse: each setting out of range is refused with words that say what to do.
func TestSettersRefuse(t *testing.T) {
	for _, c := range []struct {
		words  string
		change func(*settings)
	}{
		{"factor", func(s *settings) { s.instrument.K = 0 }},
		{"lot", func(s *settings) { s.instrument.Lot = 0 }},
		{"tick", func(s *settings) { s.instrument.Ticks = [risk.TickBandsMax]risk.TickBand{} }},
		{"tick", func(s *settings) { s.instrument.Ticks[0].From = 1 }},
		{"tick", func(s *settings) { s.instrument.Ticks[1] = risk.TickBand{From: 0, Tick: 1} }},
		{"tick", func(s *settings) { s.instrument.Ticks[1] = risk.TickBand{From: 5} }},
		{"limit", func(s *settings) { s.instrument.QtyMax = -1 }},
		{"band", func(s *settings) { s.instrument.BandBps = 0 }},
		{"collar", func(s *settings) { s.instrument.CollarBps = -1 }},
		{"distances", func(s *settings) { s.instrument.Collars.Amount = -1 }},
		{"distances", func(s *settings) { s.instrument.Collars.FarBps = 1_000_001 }},
		{"window", func(s *settings) { s.instrument.Ages.QuoteNs = -1 }},
		{"sources", func(s *settings) { s.instrument.Sources = risk.Sources{risk.RefLast, risk.RefLast} }},
		{"sources", func(s *settings) { s.instrument.Sources = risk.Sources{risk.RefStatic + 1} }},
		{"static", func(s *settings) { s.instrument.Static = risk.Static{AtNs: 1} }},
		{"risk price", func(s *settings) { s.instrument.MayBeNegative = true }},
		{"limit", func(s *settings) { s.account.Gross = risk.MagnitudeMax + 1 }},
		{"limit", func(s *settings) { s.account.LongMax = -1 }},
		{"reserve", func(s *settings) { s.account.ClosingReserveBps = 10_001 }},
		{"equal orders", func(s *settings) { s.account.RepeatCountMax = 2000 }},
		{"window", func(s *settings) { s.account.RepeatWindowNs = -1 }},
		{"number", func(s *settings) { s.account.Client = 1 }},
	} {
		s := open()
		c.change(&s)
		b := newDesk(t, open()).book
		err := b.SetInstrument(0, s.instrument)
		if err == nil {
			err = b.SetAccount(0, s.account)
		}
		if err == nil || !strings.Contains(err.Error(), c.words) {
			t.Errorf("%s: %v", c.words, err)
		}
	}
	b := newDesk(t, open()).book
	for i, err := range []error{
		b.SetThrottles(risk.ScopeLink, 0, []risk.Throttle{{Of: risk.Orders, Max: 8193}}), b.SetThrottles(risk.ScopeLink, 0, make([]risk.Throttle, 1)),
		b.SetThrottles(risk.ScopeLink, 0, []risk.Throttle{{Of: risk.Orders, Max: -1}}), b.SetThrottles(risk.ScopeLink, 9, nil),
		b.SetThrottles(risk.ScopeLink, 0, []risk.Throttle{{Of: risk.Orders, WindowNs: -1}}), b.SetThrottles(risk.ScopeVenue, 0, nil),
		b.SetThrottles(risk.ScopeLink, 0, []risk.Throttle{{Of: risk.NotionalSum, Max: 1, WindowNs: 1}}),
		b.SetThrottles(risk.ScopeLink, 0, []risk.Throttle{{Of: risk.Orders, Max: 1 << 21}}),
		b.SetThrottles(risk.ScopeLink, 0, []risk.Throttle{{Of: risk.DayQty, Max: 1, WindowNs: 1}}),
		b.SetThrottles(risk.ScopeLink, 0, []risk.Throttle{{Of: risk.EqualOrders, Max: 1025, WindowNs: 1}}),
		b.SetThrottles(risk.ScopeLink, 0, []risk.Throttle{{Of: risk.EqualOrders, Max: 1, WindowNs: 1}, {Of: risk.EqualOrders, Max: 2, WindowNs: 5}}),
		b.SetThrottles(risk.ScopeAccount, 0, []risk.Throttle{{Of: risk.EqualOrders, Max: 1, WindowNs: 1}}),
		b.SetThrottles(risk.ScopeLink, 0, []risk.Throttle{{Of: risk.DayQty, Max: 1}, {Of: risk.DayQty, Max: 2}}),
		b.SetThrottles(risk.ScopeLink, 0, []risk.Throttle{{Of: risk.DayQty, Max: 1, Least: 1}}),
		b.SetThrottles(risk.ScopeLink, 0, []risk.Throttle{{Of: risk.OrderTrades, Max: 1, Least: -1}}),
		b.SetThrottles(risk.ScopeLink, 0, []risk.Throttle{{Of: risk.OrderTrades, Max: 1, Warn: risk.WarnLevels{80, 70}}}),
		b.SetThrottles(risk.ScopeLink, 0, []risk.Throttle{{Of: risk.Orders, Max: 1, WindowNs: 1, Warn: risk.WarnLevels{80}}}),
		b.SetThrottles(risk.ScopeLink, 0, slices.Repeat([]risk.Throttle{{Of: risk.Orders}}, 9)),
		b.SetClient(9, risk.Client{}), b.SetInstrument(9, risk.Instrument{}), b.SetAccount(9, risk.Account{}),
		b.Entitle(9, 0), b.SetPosition(9, 0, 1), b.SetPosition(0, 0, -risk.MagnitudeMax-1),
	} {
		if err == nil {
			t.Errorf("setter %d took what it must refuse", i)
		}
	}
}

// TestAccountTakesAlong: an account that gets another client takes along what is open and executed, and what it holds where
// either limits positions; a kill of what it leaves keeps it there.
func TestAccountTakesAlong(t *testing.T) {
	s := open()
	s.capacity.Clients, s.capacity.Measured = 2, 2
	d := newDesk(t, s)
	for i := range uint32(2) {
		m := risk.Unmeasured()
		m[risk.MeasureLongAll] = 1 << 40
		must(t, d.book.SetClient(i, risk.Client{Group: risk.NoIndex, Limits: risk.Limits{Gross: risk.Unlimited, Net: risk.Unlimited, Measures: m}}))
	}
	d.do("new O1 buy 3 limit 50")
	moved := s.account
	moved.Client = 1
	set := &risk.AccountSetting{Account: moved}
	d.book.SetKill(risk.Kill{ID: 7, Of: only(risk.ScopeClient, 0), Mode: risk.KillReduceOnly})
	if leaves, ok := set.Need(d.book, new(risk.Room)).(*risk.LeavesKill); !ok || leaves.Kill != 7 || leaves.Of != risk.ScopeAccount || leaves.Error() == "" {
		t.Errorf("it leaves what a kill stops: %+v", leaves)
	}
	d.book.ClearKill(7)
	var room risk.Room
	must(t, set.Need(d.book, &room))
	if !room.Backfills || !set.Lowers(d.book) || !d.book.HasRoom(room) {
		t.Errorf("%+v", room)
	}
	must(t, set.Put(d.book))
	if !d.book.LacksSums() || !d.book.Backfill(&risk.Place{Owner: risk.NoIndex, Venue: risk.NoIndex}, &risk.Delta{Side: risk.Buy, Reserved: 150 * risk.MoneyScale, Orders: 1}) || !d.book.Backfilled() {
		t.Error("it was not backfilled")
	}
	for i, want := range []risk.Money{0, 150 * risk.MoneyScale} {
		long := int64(-1)
		d.book.EachMeasure(risk.ScopeClient, uint32(i), risk.Part{}, 0, func(_ risk.Measure, v, _ int64) { long = v })
		if v := d.book.Credit(risk.ScopeClient, uint32(i)); v.RB != want || long != int64(want)/150/risk.MoneyScale*3*risk.PriceScale {
			t.Errorf("client %d has %+v, long %d", i, v, long)
		}
	}
}

func TestEntitlementAndClosing(t *testing.T) {
	d := newDesk(t, open())
	d.book.Revoke(0, 0)
	if got := d.do("new O1 buy 1 limit 50"); got != "ACCOUNT_NOT_ENTITLED" {
		t.Errorf("got %s", got)
	}
	must(t, d.book.Entitle(0, 0))
	d.s.account.StartOfDay = true
	must(t, d.book.SetAccount(0, d.s.account))
	d.book.SetKill(risk.Kill{ID: 1, Of: only(risk.ScopeAccount, 0)})
	must(t, d.book.SetAccount(0, d.s.account)) // a reload opens nothing and revives nothing
	if r, _ := d.book.CheckKill(&risk.Place{}, 0); r != risk.KillAccount {
		t.Errorf("a reload lifted a kill: %s", r)
	}
	if got := d.do("new O1 buy 1 limit 50"); got != "ACCOUNT_CLOSED" {
		t.Errorf("got %s", got)
	}
	d.book.OpenDay(0)
	must(t, d.book.SetAccount(0, d.s.account)) // and a reload closes no day
	if got := d.do("new O1 buy 1 limit 50"); got != "accepted" {
		t.Errorf("got %s", got)
	}
	d.book.Roll()
	if got := d.do("new O2 buy 1 limit 50"); got != "ACCOUNT_CLOSED" {
		t.Errorf("after the roll got %s", got)
	}
	d.book.OpenDay(0)
	d.s.account.Closed = true
	must(t, d.book.SetAccount(0, d.s.account))
	if got := d.do("new O3 buy 1 limit 50"); got != "ACCOUNT_CLOSED" {
		t.Errorf("got %s", got)
	}
}

// TestEveryZeroRefuses: a book in which nothing was set refuses, and so does each default.
func TestEveryZeroRefuses(t *testing.T) {
	b := risk.NewBook(risk.Capacity{Accounts: 1, Clients: 1, Instruments: 1, Links: 1}, func(n int) []byte {
		return make([]byte, n)
	})
	var j risk.Judgement
	b.Check(&risk.Order{}, &j)
	if j.Reason != risk.AccountUnknown {
		t.Errorf("empty book: %s", j.Reason)
	}
	if j = (risk.Judgement{}); j.Reason == risk.Accepted {
		t.Error("a judgement nobody made is no acceptance")
	}
}

// TestTraceIsComplete: an accepted order leaves each comparison with value and limit.
func TestTraceIsComplete(t *testing.T) {
	s := open()
	for _, w := range strings.Fields("gross=60000 net=60000 client-gross=60000 firm-gross=60000 " +
		"rate=3/1s notional=60000 collar=1000 repeat=2/1s open=5 long=2000 short=500 qty=1000 sell-long=checked") {
		s.set(t, w)
	}
	d := newDesk(t, s)
	j := d.submit("O1", place{}, parseTerms(t, strings.Fields("buy 1000 limit 50.10")))
	var got []string
	for _, c := range j.Checks[:j.Count] {
		got = append(got, c.Control.String())
	}
	want := "ORDER_RATE OFF_LOT OFF_TICK QTY_TOO_LARGE NOTIONAL_TOO_LARGE COLLAR REPEATED_ORDER OPEN_ORDER_COUNT " +
		"LONG_POSITION SHORT_POSITION CREDIT_ACCOUNT_GROSS CREDIT_ACCOUNT_NET CREDIT_CLIENT_GROSS CREDIT_CLIENT_NET " +
		"CREDIT_FIRM_GROSS CREDIT_FIRM_NET"
	if strings.Join(got, " ") != want || j.Ref != 50*risk.PriceScale || j.RefSource != risk.RefLast {
		t.Errorf("trace %v, want %s", got, want)
	}
	gross := j.Checks[10]
	if gross.Value != 50100*risk.MoneyScale || gross.Limit != 60000*risk.MoneyScale || gross.Scope != 0 {
		t.Errorf("gross: %+v", gross)
	}
}
