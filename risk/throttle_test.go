package risk_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"portcullis/risk"
	"portcullis/risk/twin"
)

// slowThrottle is a throttle of the twin's, with a window for each instrument where it is of symbols.
type slowThrottle struct {
	risk.Throttle
	windows map[uint32]*twin.Window
}

func (s *slowThrottle) window(instrument uint32) *twin.Window {
	if s.Of != risk.SymbolOrders && s.Of != risk.SymbolQty && s.Of != risk.SymbolDayQty {
		instrument = 0
	}
	if s.windows[instrument] == nil {
		s.windows[instrument] = &twin.Window{Max: s.Max, WindowNs: s.WindowNs}
		if s.Of.Daily() {
			s.windows[instrument].WindowNs = math.MaxInt64
		}
	}
	return s.windows[instrument]
}

// TestThrottlesAgainstLists holds the throttles of every kind of scope against plain lists, with replaces, refusals and
// a clock that steps back.
func TestThrottlesAgainstLists(t *testing.T) {
	const unit = risk.PriceScale / risk.MoneyScale // of a quantity at a price of 1: one unit of money
	places, met := precedence(t), map[risk.Reason]int{}
	for seed := range uint64(80) {
		r := rand.New(rand.NewPCG(seed, 2))
		s := open()
		s.capacity.Instruments, s.capacity.Positions = 2, 8
		s.capacity.Groups, s.capacity.Desks, s.capacity.Traders, s.capacity.Algos, s.capacity.Venues = 1, 1, 1, 1, 1
		var slow []*slowThrottle
		for _, kind := range scopeKinds {
			if r.IntN(3) == 0 {
				continue
			}
			list := []risk.Throttle{{Of: risk.Orders, Max: 6 + r.Int64N(9), WindowNs: 60}}
			for range r.IntN(4) {
				list = append(list, []risk.Throttle{
					{Of: risk.Messages, Max: 5 + r.Int64N(9), WindowNs: 50}, {Of: risk.Orders, Max: 3 + r.Int64N(3), WindowNs: 9},
					{Of: risk.SymbolOrders, Max: 3 + r.Int64N(6), WindowNs: 40},
					{Of: risk.NotionalSum, Max: 15 + r.Int64N(20), WindowNs: 70 + r.Int64N(60)},
					{Of: risk.SymbolQty, Max: unit * (10 + r.Int64N(10)), WindowNs: 30}}[r.IntN(5)])
			}
			for _, day := range []risk.Throttle{{Of: risk.DayQty, Max: unit * (40 + r.Int64N(40))}, {Of: risk.SymbolDayQty, Max: unit * (20 + r.Int64N(40))}} {
				if r.IntN(3) == 0 {
					list = append(list, day)
				}
			}
			s.throttles[kind] = list
			for _, row := range list {
				slow = append(slow, &slowThrottle{row, map[uint32]*twin.Window{}})
			}
		}
		s.capacity.Throttles = risk.Room{Windows: 64, Meters: 128, Stamps: 1 << 14}
		d := newDesk(t, s)
		for n := range 300 {
			d.nowNs += r.Int64N(30)*r.Int64N(2) - 3*r.Int64N(2)*r.Int64N(2)
			d.nowNs = max(0, d.nowNs)
			if r.IntN(60) == 0 {
				d.roll()
				for _, w := range slow {
					if w.Of.Daily() {
						clear(w.windows)
					}
				}
			}
			at := d.home()
			at.instrument = uint32(r.IntN(2))
			terms := risk.Terms{Side: risk.Buy, OrdType: risk.Limit, TimeInForce: risk.Day, Qty: unit * risk.Qty(1+r.IntN(5)), Price: risk.PriceScale, HasPrice: true}
			id := fmt.Sprint("O", n)
			var openQty risk.Qty
			var booked risk.Money
			if len(d.names) > 0 && r.IntN(3) == 0 {
				if old := d.names[r.IntN(len(d.names))]; len(d.orders[old].versions) < risk.VersionsMax-1 {
					id, at = old, d.orders[old].at
					openQty, booked = d.orders[old].open, d.orders[old].reserved
				}
			}
			want := risk.Accepted
			for _, w := range slow {
				amount := int64(1)
				switch w.Of {
				case risk.NotionalSum:
					amount = max(0, notional(terms.Qty)-int64(booked))
				case risk.SymbolQty, risk.DayQty, risk.SymbolDayQty:
					amount = int64(max(0, terms.Qty-openQty))
				}
				if control := w.Of.Control(); !w.window(at.instrument).Passes(amount, d.nowNs) && (want == risk.Accepted || places[control] < places[want]) {
					want = control
				}
			}
			j := d.submit(id, at, terms)
			if j.Reason != want {
				t.Fatalf("seed %d order %d at %d ns: %s, want %s", seed, n, d.nowNs, j.Reason, want)
			}
			met[want]++
			for _, w := range slow {
				switch {
				case w.Of <= risk.SymbolOrders:
					w.window(at.instrument).Note(1, d.nowNs)
				case want == risk.Accepted && w.Of == risk.NotionalSum:
					w.window(at.instrument).Note(int64(max(0, j.Reserved-booked)), d.nowNs)
				case want == risk.Accepted:
					w.window(at.instrument).Note(int64(max(0, j.Open-openQty)), d.nowNs)
				}
			}
		}
	}
	for _, reason := range []risk.Reason{risk.Accepted, risk.MessageRateExceeded, risk.OrderRateExceeded, risk.SymbolRateExceeded,
		risk.NotionalRateExceeded, risk.QtyRateExceeded, risk.DayQtyExceeded, risk.SymbolDayQtyExceeded} {
		if met[reason] < 20 {
			t.Errorf("%s met only %d times", reason, met[reason])
		}
	}
}

// notional is what a quantity at a price of 1 reserves.
func notional(qty risk.Qty) int64 {
	m, _ := risk.Notional(risk.PriceScale, qty, risk.PriceScale)
	return int64(m)
}

// TestSumsThatWereForgotten: a sum whose ring is shorter than its window, as after a start with other throttles, lets
// nothing pass until the window is empty of what it has forgotten.
func TestSumsThatWereForgotten(t *testing.T) {
	s := open()
	s.set(t, "throttle=account:orders:4/1s")
	s.set(t, "throttle=account:notional:1000/1s")
	d := newDesk(t, s)
	at := d.home().full()
	for n := range int64(6) {
		d.book.Note(risk.NotionalSum, &at, 0, 1, n)
	}
	if got := d.do("at 0.5s buy 1 limit 50"); got != "NOTIONAL_RATE" {
		t.Errorf("with orders forgotten: %s", got)
	}
	if got := d.do("at 2s buy 1 limit 50"); got != "accepted" {
		t.Errorf("after the window: %s", got)
	}
}

// TestThrottlesChange: other throttles for a scope keep what was noted for the same measure.
func TestThrottlesChange(t *testing.T) {
	s := open()
	s.set(t, "throttle=account:orders:2/1s")
	d := newDesk(t, s)
	set := func(list ...risk.Throttle) {
		t.Helper()
		must(t, d.book.SetThrottles(risk.ScopeAccount, 0, list))
	}
	for i, c := range []struct {
		do, want string
		then     []risk.Throttle
	}{
		{"at 0s buy 1 limit 50", "accepted", nil},
		{"at 0.1s buy 1 limit 50", "accepted", []risk.Throttle{{Of: risk.Orders, Max: 3, WindowNs: 1e9}}},
		{"at 0.2s buy 1 limit 50", "accepted", []risk.Throttle{{Of: risk.Orders, Max: 3, WindowNs: 1e9}, {Of: risk.Messages, Max: 1, WindowNs: 1e9}}},
		{"at 0.3s buy 1 limit 50", "ORDER_RATE", []risk.Throttle{{Of: risk.Messages, Max: 1, WindowNs: 1e9}}},
		{"at 0.4s buy 1 limit 50", "MESSAGE_RATE", nil},
	} {
		if got := d.do(c.do); got != c.want {
			t.Fatalf("step %d: %s, want %s", i, got, c.want)
		}
		if c.then != nil {
			set(c.then...)
		}
	}
	set()
	if got := d.do("at 0.5s buy 1 limit 50"); got != "accepted" {
		t.Errorf("without throttles: %s", got)
	}
}

// TestLongerRingsForgetNothing: a throttle that lets more pass than its ring remembers gives no burst free: what it has forgotten may
// have been as late as the oldest that it knows.
func TestLongerRingsForgetNothing(t *testing.T) {
	list := func(most int64) []risk.Throttle {
		return []risk.Throttle{{Of: risk.Orders, Max: most, WindowNs: 1e9}, {Of: risk.NotionalSum, Max: 1e8, WindowNs: 1e9}}
	}
	for of, want := range map[risk.Flow]string{risk.Orders: "ORDER_RATE", risk.NotionalSum: "NOTIONAL_RATE"} {
		s := open()
		s.capacity.Throttles = risk.Room{Windows: 2, Meters: 2, Stamps: 1 << 7}
		d := newDesk(t, s)
		at := d.home().full()
		must(t, d.book.SetThrottles(risk.ScopeAccount, 0, list(2)))
		for n := range int64(20) {
			d.book.Note(of, &at, 0, 1, 800e6+n*10e6) // it knows of those at 0.98 s and 0.99 s
		}
		must(t, d.book.SetThrottles(risk.ScopeAccount, 0, list(16)))
		for _, c := range [][2]string{{"at 1s buy 1 limit 50", want}, {"at 1.979s buy 1 limit 50", want}, {"at 1.981s buy 1 limit 50", "accepted"}} {
			if got := d.do(c[0]); got != c[1] {
				t.Errorf("%s after %s: %s, want %s", c[0], want, got, c[1])
			}
		}
	}
}

// TestCountsUntilForgotten: executions and rejects count up to their limit in the window, and not beyond a word that has
// them begin anew.
func TestCountsUntilForgotten(t *testing.T) {
	for flow, code := range map[string]string{"executions": "REPEATED_EXECUTIONS", "rejects": "CONSECUTIVE_REJECTS"} {
		s := open()
		s.set(t, "throttle=algo:"+flow+":2/1s")
		s.throttles[risk.ScopeAlgo][0].Disable = true
		d := newDesk(t, s)
		at := d.home().full()
		note := func(nowNs int64) { d.book.Note(flows[flow].flow, &at, 0, 1, nowNs) }
		judge := func(nowNs int64) (string, bool) {
			o := risk.Order{Place: at, NowNs: nowNs, Terms: parseTerms(t, []string{"buy", "1", "limit", "50"}), Quote: s.quote}
			var j risk.Judgement
			d.book.Check(&o, &j)
			return j.Reason.String(), j.Trips
		}
		is := func(nowNs int64, want string, trips bool) {
			t.Helper()
			if got, tripped := judge(nowNs); got != want || tripped != trips {
				t.Errorf("%s at %d: %s, trips %t", flow, nowNs, got, tripped)
			}
		}
		note(0)
		is(0, "ACCEPTED", false)
		note(5)
		is(5, code, true)
		is(1e9, code, true)
		is(1e9+1, "ACCEPTED", false)
		d.book.ForgetThrottles(flows[flow].flow, &at, 0)
		is(5, "ACCEPTED", false)
		note(6)
		is(6, "ACCEPTED", false)
		note(7)
		is(7, code, true)
		of, _ := risk.Only(risk.ScopeAlgo, uint32(at.Algo)-1)
		if !d.book.SetKill(risk.Kill{ID: 1, Of: of, Mode: risk.KillTripped, Cause: flows[flow].flow.Control()}) {
			t.Fatal("no room for a kill")
		}
		var j risk.Judgement
		if r := d.book.CheckTripped(&at, 0, &j); r != risk.ControlDisabled || j.Count != 1 || j.Checks[0].Of != risk.ScopeAlgo {
			t.Errorf("%s: %s %+v", flow, r, j.Checks[0])
		}
		other := at
		other.Algo = 0
		if r := d.book.CheckTripped(&other, 0, &j); r != risk.Accepted {
			t.Errorf("%s: another algorithm's order: %s", flow, r)
		}
		d.book.Roll()
		if d.book.Tripped(flows[flow].flow.Control(), &of) != 1 {
			t.Errorf("%s: the roll lifts it", flow)
		}
		d.book.ClearKill(1)
		is(7, "ACCEPTED", false)
	}
}
