package core

import (
	"slices"
	"strings"
	"testing"

	"portcullis/risk"
)

// put puts a setting in both books, or gives it to a gate that runs.
func (s *script) put(set risk.Setting) {
	s.t.Helper()
	for _, c := range []*Core{s.w.core, s.w.shadow} {
		if !s.reloading {
			must(s.t, set.Put(c.book))
			continue
		}
		next := *c.set
		c.Stage(&Change{Version: 7, Setup: &next, Limits: []risk.Setting{set}})
	}
	if s.reloading {
		s.w.command(Command{ID: 7, Kind: CmdReload, Target: 7})
	}
	if !s.reloading || s.done() {
		s.taken = append(s.taken, set)
	}
}

// done reports whether the last command was carried out; timers may have run since.
func (s *script) done() bool { return len(s.w.replies) == 1 && s.w.replies[0].Code == Done }

// reload does what another word says by a reload: "reload limit client ACME gross=400", account, orders or throttle.
func (s *script) reload(w []string) {
	s.t.Helper()
	switch w[0] {
	case "add":
		s.addName(w[1:])
		return
	case "remove":
		s.removeName(w[1:])
		return
	case "move":
		s.moveName(w[1:])
		return
	case "underlying": // of a symbol
		s.take(false, func(set *Setup) {
			i := index(symbolNames, w[1])
			in := set.Instruments[i]
			in.Underlying = w[2]
			set.Instruments = withRow(set.Instruments, i, in)
		})
		return
	case "profile":
		s.reloadProfile(w[1:])
		return
	case "route":
		s.reloadRoutes(w[1:])
		return
	case "hours":
		s.reloadHours(w[1:])
		return
	}
	s.reloading = true
	defer func() { s.reloading = false }()
	if w[0] != "throttle" {
		steps[w[0]](s, w[1:])
		return
	}
	kind, i := s.creditScope(w[1], w[2]) // "reload throttle client ACME orders:5/60s"
	var c conf
	s.throttle(&c, append([]string{""}, strings.SplitN(w[3], ":", 2)...))
	s.put(&risk.ThrottleSetting{Kind: kind, Index: i, Throttles: c.throttles[""]})
}

// reloadHours gives XSIM other hours: "reload hours no-cancel=13:30:10,13:30:20", as in world; none that are not named.
func (s *script) reloadHours(words []string) {
	s.t.Helper()
	was := s.conf
	var c conf
	s.conf = &c
	for _, word := range words {
		s.worldWord(word)
	}
	s.conf = was
	for _, of := range []*Core{s.w.core, s.w.shadow} {
		next := *of.set
		next.Venues = slices.Clone(next.Venues)
		next.Venues[0].CloseCutOff, next.Venues[0].NoCancel = c.cutOff, c.noCancel
		of.Stage(&Change{Version: 7, Setup: &next})
	}
	s.w.command(Command{ID: 7, Kind: CmdReload, Target: 7})
}

// TestReloadLimits: a limit that is lowered below what is used is recorded as an overshoot, cancels nothing and refuses
// what comes; raised again, it lets pass. Limit - 1, limit and limit + 1.
func TestReloadLimits(t *testing.T) {
	w := newWorldOf(t, plain()).logon()
	order := func(id, qty string) risk.Reason {
		w.from(acme, "35=D|11="+id+"|1=ACME-1|55=IBM|54=1|38="+qty+"|40=2|44=50|60=20261122-13:30:00|")
		return w.d.Reason
	}
	version := uint64(1)
	limit := func(gross risk.Money) (over []Effect) {
		t.Helper()
		version++
		for _, c := range []*Core{w.core, w.shadow} {
			next := *c.set
			c.Stage(&Change{Version: version, Setup: &next, Limits: []risk.Setting{
				&risk.CreditSetting{Kind: risk.ScopeAccount, Index: 0, Limits: risk.Limits{Gross: gross, Net: risk.Unlimited}}}})
		}
		w.command(Command{ID: 7, Kind: CmdReload, Target: version, Reason: "test", Actor: "op"})
		if len(w.replies) != 1 || w.replies[0].Code != Done {
			t.Fatalf("%+v", w.replies)
		}
		over, w.over = w.over, nil
		return over
	}
	const dollar = risk.Money(10_000)
	if r := order("A1", "100"); r != risk.Accepted {
		t.Fatal(r)
	}
	if over := limit(5000 * dollar); len(over) != 0 {
		t.Errorf("a limit of what is used: %+v", over)
	}
	over := limit(4999 * dollar)
	if len(over) != 1 || risk.Reason(over[0].Seq) != risk.AccountGrossExceeded || over[0].Value != uint64(dollar) || over[0].Account != 0 {
		t.Fatalf("a limit one below: %+v", over)
	}
	if again := limit(4999 * dollar); len(again) != 0 {
		t.Errorf("the same limit again is recorded again: %+v", again)
	}
	if w.core.reg.liveCount != 1 {
		t.Error("the order was cancelled")
	}
	if r := order("A2", "1"); r != risk.AccountGrossExceeded {
		t.Errorf("above its limit it takes %s", r)
	}
	limit(5049 * dollar)
	if r := order("A3", "1"); r != risk.AccountGrossExceeded {
		t.Errorf("limit + 1: %s", r)
	}
	limit(5050 * dollar)
	if r := order("A4", "1"); r != risk.Accepted {
		t.Errorf("limit: %s", r)
	}
}

// TestReloadsOfDaysUnknown: a limit that counts what was booked on a trade date begins only while all of that can be told apart; until
// the day roll, where what cannot has no ExecID.
func TestReloadsOfDaysUnknown(t *testing.T) {
	w := newWorldOf(t, plain()).logon()
	w.from(acme, "35=D|11=A1|1=ACME-1|55=IBM|54=1|38=1|40=2|44=50|60=20261122-13:30:00|")
	begin := func(in risk.Class) ReplyCode {
		for _, c := range []*Core{w.core, w.shadow} {
			next := *c.set
			c.Stage(&Change{Version: uint64(in), Setup: &next, Limits: []risk.Setting{
				&risk.CreditSetting{Kind: risk.ScopeFirm, In: risk.Part{Class: in}, Limits: risk.Limits{Gross: risk.Unlimited, Net: 5000}}}})
		}
		w.command(Command{ID: 7, Kind: CmdReload, Target: uint64(in), Reason: "test", Actor: "op"})
		return w.replies[0].Code
	}
	unnamed := func(more uint32) {
		for range more {
			for _, uid := range []uint32{7, 8} {
				w.command(Command{ID: 7, Kind: CmdAdjust, Index: 0, Target: uint64(ibm), Side: risk.Buy, Qty: risk.PriceScale, Price: risk.PriceScale, UID: uid})
			}
		}
	}
	unnamed(unnamedMax)
	if code := begin(risk.Stock); code != Done {
		t.Errorf("%d bookings: %d", unnamedMax, code)
	}
	unnamed(1)
	if code := begin(risk.ETF); code != DayUnknown {
		t.Errorf("one more: %d", code)
	}
	w.command(Command{ID: 1, Kind: CmdRoll, Target: 20261123})
	if code := begin(risk.ETF); code != Done {
		t.Errorf("after the roll: %d", code)
	}
	w.core.reg.inexact, w.shadow.reg.inexact = 1, 1
	if code := begin(risk.Bond); code != DayUnknown {
		t.Errorf("after a booking that was cut: %d", code)
	}
}

// TestReloadOfWorthAlone: a limit of what positions are worth, of a scope that keeps them already, counts nothing that was
// booked on a trade date: it begins though not all of that can be told apart.
func TestReloadOfWorthAlone(t *testing.T) {
	w := newWorldOf(t, plain()).logon()
	w.from(acme, "35=D|11=A1|1=ACME-1|55=IBM|54=1|38=1|40=2|44=50|60=20261122-13:30:00|")
	version := uint64(0)
	firm := func(l risk.Limits) ReplyCode {
		version++
		l.Gross, l.Net = risk.Unlimited, risk.Unlimited
		for _, c := range []*Core{w.core, w.shadow} {
			next := *c.set
			c.Stage(&Change{Version: version, Setup: &next, Limits: []risk.Setting{&risk.CreditSetting{Kind: risk.ScopeFirm, Limits: l}}})
		}
		w.command(Command{ID: 7, Kind: CmdReload, Target: version, Reason: "test", Actor: "op"})
		return w.replies[0].Code
	}
	long := risk.Unmeasured()
	long[risk.MeasureLongAll] = 1000 * risk.PriceScale
	if code := firm(risk.Limits{Measures: long}); code != Done {
		t.Fatal("positions: ", code)
	}
	w.core.reg.unnamed, w.shadow.reg.unnamed = unnamedMax+1, unnamedMax+1
	if code := firm(risk.Limits{Measures: long, DailyLoss: 5000}); code != Done {
		t.Error("worth: ", code)
	}
}
