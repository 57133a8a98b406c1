package risk_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"portcullis/risk"
	"portcullis/risk/twin"
)

// measureWords are the measures beside gross and net as the tables of testdata/risk spell them: "desk-net-long".
var measureWords = []string{risk.MeasureGross: "-", risk.MeasureNet: "-", risk.MeasureOpen: "open", risk.MeasureExecuted: "executed", risk.MeasureNetLong: "net-long",
	risk.MeasureNetShort: "net-short", risk.MeasureCarry: "carry", risk.MeasureInventory: "inventory", risk.MeasureLong: "long", risk.MeasureShort: "short", risk.MeasureLongAll: "long-all",
	risk.MeasureShortAll: "short-all"}

// creditWords are all scopes that bear credit.
var creditWords = map[risk.Scope]string{risk.ScopeFirm: "firm", risk.ScopeClient: "client", risk.ScopeAccount: "account",
	risk.ScopeGroup: "group", risk.ScopeDesk: "desk", risk.ScopeTrader: "trader", risk.ScopeAlgo: "algo", risk.ScopeLink: "link",
	risk.ScopeVenue: "venue"}

// scopesInOrder is how a path goes.
var scopesInOrder = []risk.Scope{risk.ScopeAccount, risk.ScopeClient, risk.ScopeGroup, risk.ScopeFirm, risk.ScopeDesk, risk.ScopeTrader,
	risk.ScopeAlgo, risk.ScopeLink, risk.ScopeVenue}

// setMeasure reads "client-open=500"; false: it is no such setting.
func (s *settings) setMeasure(t *testing.T, key, v string) bool {
	word, measure, _ := strings.Cut(key, "-")
	if word, in, is := strings.Cut(word, "@"); is {
		s.setSlice(t, word, in, measure, v)
		return true
	}
	for m, w := range measureWords {
		for kind, k := range creditWords {
			if word != k || measure != w {
				continue
			}
			decimals := int32(4)
			if risk.Measure(m) >= risk.MeasureLong {
				decimals = 8
			}
			s.arm(kind, risk.Measure(m), limit(t, v, decimals))
			return true
		}
	}
	return false
}

// arm limits a measure of all scopes of a kind.
func (s *settings) arm(kind risk.Scope, m risk.Measure, limit int64) {
	set := func(l *risk.Limits) {
		if l.Measures == nil {
			l.Measures = risk.Unmeasured()
		}
		l.Measures[m] = limit
	}
	s.capacity.Measured, s.capacity.Positions = max(32, s.capacity.Measured), 64
	switch kind {
	case risk.ScopeFirm:
		set(&s.firm)
	case risk.ScopeClient:
		set(&s.client)
	case risk.ScopeAccount:
		set(&s.account.Limits)
	default:
		l, limited := s.aside[kind]
		if !limited {
			l = risk.Limits{Gross: risk.Unlimited, Net: risk.Unlimited}
		}
		set(&l)
		s.capacity.Groups, s.capacity.Desks, s.capacity.Algos, s.capacity.Venues = 1, 1, max(1, s.capacity.Algos), 1
		s.capacity.Traders = max(1, s.capacity.Traders)
		s.aside[kind] = l
	}
}

// measuresOf are the limits beside gross and net of all scopes of a kind.
func (s *settings) measuresOf(kind risk.Scope) *risk.Measures {
	switch kind {
	case risk.ScopeFirm:
		return s.firm.Measures
	case risk.ScopeClient:
		return s.client.Measures
	case risk.ScopeAccount:
		return s.account.Measures
	}
	return s.aside[kind].Measures
}

// bearer is what the twin calls a scope.
func bearer(kind risk.Scope, i uint32) twin.Bearer {
	b := twin.Bearer{Kind: creditWords[kind]}
	switch kind {
	case risk.ScopeFirm:
	case risk.ScopeTrader, risk.ScopeAlgo: // authors begin at 1
		b.Name = fmt.Sprint(map[risk.Scope]string{risk.ScopeTrader: "T", risk.ScopeAlgo: "X"}[kind], i+1)
	default:
		b.Name = fmt.Sprint(strings.ToUpper(b.Kind[:1]), i)
	}
	return b
}

// second is a measure as the twin has it.
func second(m *twin.State, who twin.Bearer, symbol string, which risk.Measure) decimal.Decimal {
	s, p := m.Credit(who), m.Held(who, symbol)
	long, short := m.Totals(who)
	return []decimal.Decimal{risk.MeasureGross: s.Gross(), risk.MeasureNet: s.Net(), risk.MeasureOpen: s.Open(), risk.MeasureExecuted: s.Executed(), risk.MeasureNetLong: s.NetLong(),
		risk.MeasureNetShort: s.NetShort(), risk.MeasureCarry: m.NetCarry(who), risk.MeasureInventory: m.Worth(who).Inventory, risk.MeasureLong: p.Long(), risk.MeasureShort: p.Short(), risk.MeasureLongAll: long,
		risk.MeasureShortAll: short}[which]
}

func inUnit(m risk.Measure, v int64) decimal.Decimal {
	if m.Reason().Row().Value == risk.UnitQty {
		return dec(risk.Qty(v))
	}
	return money(risk.Money(v))
}

// sameMeasures holds every measure that has a limit against the twin's.
func (d *desk) sameMeasures(m *twin.State) (err error) {
	c := &d.s.capacity
	parts := []risk.Part{{}}
	for _, slice := range d.s.slices {
		parts = append(parts, slice.in)
	}
	d.book.EachLoss(func(l risk.Loss) {
		if who := bearer(l.Of, l.Index); !money(l.Value).Equal(m.Loss(who)) {
			err = fmt.Errorf("loss of %v is %s, twin %s", who, money(l.Value), m.Loss(who))
		}
	})
	for kind, n := range map[risk.Scope]int{risk.ScopeFirm: 1, risk.ScopeClient: c.Clients, risk.ScopeAccount: c.Accounts, risk.ScopeGroup: c.Groups,
		risk.ScopeDesk: c.Desks, risk.ScopeTrader: c.Traders, risk.ScopeAlgo: c.Algos, risk.ScopeLink: c.Links, risk.ScopeVenue: c.Venues} {
		for i := range uint32(n) {
			for ins := range uint32(c.Instruments) {
				_, symbol := place{instrument: ins}.names()
				for _, in := range parts {
					who := bearer(kind, i)
					who.In = partName(in)
					if who.In == symbol || who.In == "" || who.In == kindOf(ins) {
						d.book.EachMeasure(kind, i, in, ins, func(which risk.Measure, v, _ int64) {
							if unmarked(m, who, which) != (v == risk.Unmarked) {
								err = fmt.Errorf("%v: %s is %d, twin %+v", who, measureWords[which], v, m.Worth(who))
								return
							}
							if want, got := second(m, who, symbol, which), inUnit(which, v); v != risk.Unmarked && !got.Equal(want) {
								err = fmt.Errorf("%v in %s: %s is %s, twin %s", who, symbol, measureWords[which], got, want)
							}
						})
					}
				}
			}
		}
	}
	return err
}

// expectMeasures is the verdict of those limits, from the twin with the order added.
func (d *desk) expectMeasures(after *twin.State, at place, closing bool) risk.Reason {
	_, symbol := at.names()
	missing := risk.Accepted
	for m := range measureWords {
		which := risk.Measure(m)
		if closing && which != risk.MeasureGross && which != risk.MeasureOpen && which != risk.MeasureExecuted {
			continue
		}
		exceeded := false
		d.eachLimit(which, at, func(who twin.Bearer, limit decimal.Decimal, slice bool) {
			if closing && slice && which == risk.MeasureGross {
				limit = limit.Add(limit.Mul(decimal.New(500, -4)))
			}
			if unmarked(after, who, which) {
				missing = risk.MarkMissing
				return
			}
			exceeded = exceeded || second(after, who, symbol, which).GreaterThan(limit)
		})
		switch {
		case exceeded && (which == risk.MeasureCarry || missing == risk.Accepted):
			return which.Reason()
		case which >= risk.MeasureInventory && missing != risk.Accepted: // it answers between the two
			return missing
		}
	}
	return risk.Accepted
}

// eachLimit gives the limits of a measure in all scopes and slices that something at a place counts in.
func (d *desk) eachLimit(which risk.Measure, at place, f func(who twin.Bearer, limit decimal.Decimal, slice bool)) {
	account, symbol := at.names()
	for _, kind := range scopesInOrder {
		limits, who := d.s.measuresOf(kind), d.bearerOf(kind, account, at)
		if limits != nil && limits[which] != risk.Unlimited && who != (twin.Bearer{}) {
			f(who, inUnit(which, limits[which]), false)
		}
	}
	for _, slice := range d.s.slices {
		who := d.bearerOf(slice.kind, account, at)
		who.In = partName(slice.in)
		if who.Kind != "" && (who.In == symbol || who.In == kindOf(at.instrument)) && slice.limits[which] != risk.Unlimited {
			f(who, inUnit(which, slice.limits[which]), true)
		}
	}
}

// unmarked tells whether a measure cannot be known, because something held has no mark.
func unmarked(m *twin.State, who twin.Bearer, which risk.Measure) bool {
	w := m.Worth(who)
	return which == risk.MeasureCarry && w.Unclosed > 0 || which == risk.MeasureInventory && w.Unmarked > 0
}

// bearerOf is the scope of a kind that what happens at a place counts in; none is empty.
func (d *desk) bearerOf(kind risk.Scope, account string, at place) twin.Bearer {
	client := fmt.Sprint("C", at.account%uint32(d.s.capacity.Clients))
	by, who := at.by(), twin.Bearer{Kind: creditWords[kind]}
	switch kind {
	case risk.ScopeFirm:
		return who
	case risk.ScopeAccount:
		who.Name = account
	case risk.ScopeClient:
		who.Name = client
	case risk.ScopeGroup:
		who.Name = d.groupName(client)
	case risk.ScopeDesk:
		who.Name = d.deskName(by.Trader)
	case risk.ScopeTrader:
		who.Name = by.Trader
	case risk.ScopeAlgo:
		who.Name = by.Algo
	case risk.ScopeLink:
		who.Name = by.Link
	case risk.ScopeVenue:
		who.Name = by.Venue
	}
	if who.Name == "" {
		return twin.Bearer{}
	}
	return who
}

// TestPositionsOfAScopeBeginLater: one that is limited later has what is held by then, but for those who own no accounts.
func TestPositionsOfAScopeBeginLater(t *testing.T) {
	s := open()
	s.capacity.Measured = 2
	d := newDesk(t, s)
	l := s.client
	l.Measures = risk.Unmeasured()
	l.Measures[risk.MeasureOpen] = 1
	must(t, d.book.SetClient(0, risk.Client{Group: risk.NoIndex, Limits: l}))
	d.do("foreign buy 1 @ 1")
	l.Measures[risk.MeasureOpen], l.Measures[risk.MeasureLong] = risk.Unlimited, risk.PriceScale
	must(t, d.book.SetClient(0, risk.Client{Group: risk.NoIndex, Limits: l}))
	if !d.book.Lacking() || !d.book.Backfilled() || d.book.Lacking() {
		t.Error("it is not backfilled once")
	}
	d.book.EachMeasure(risk.ScopeClient, 0, risk.Part{}, 0, func(m risk.Measure, v, _ int64) {
		if m == risk.MeasureLong && v != risk.PriceScale {
			t.Errorf("it has %d", v)
		}
	})
	if got := d.do("new O0 buy 1 limit 50"); got != "SCOPE_LONG_POSITION" {
		t.Errorf("got %s", got)
	}
	for known, want := range []error{nil, risk.ErrPositionsUnknown} { // of a link that is new nothing was booked
		var room risk.Room
		room.NewFrom(risk.ScopeLink, known)
		if err := (&risk.CreditSetting{Kind: risk.ScopeLink, Limits: l}).Need(d.book, &room); err != want || room.Backfills {
			t.Errorf("a link, with %d that were known before: %v, %+v", known, err, room)
		}
	}
	if err := (&risk.CreditSetting{Kind: risk.ScopeLink, Limits: l}).Need(d.book, new(risk.Room)); err != risk.ErrPositionsUnknown {
		t.Errorf("a link: %v", err)
	}
	l.Measures = nil
	must(t, d.book.SetClient(0, risk.Client{Group: risk.NoIndex, Limits: l})) // nothing is limited any more
	if got := d.do("new O1 buy 5 limit 50"); got != "accepted" {
		t.Errorf("got %s", got)
	}
	l.Measures = risk.Unmeasured()
	l.Measures[risk.MeasureNetLong] = -1
	if d.book.SetClient(0, risk.Client{Group: risk.NoIndex, Limits: l}) == nil {
		t.Error("a negative limit was taken")
	}
}

// TestWarnLevels: a level is reached at exactly its share of the limit, and left five points below.
func TestWarnLevels(t *testing.T) {
	s := open()
	s.set(t, "gross=500")
	s.capacity.Measured = 1
	s.account.Warn = risk.WarnLevels{75, 90}
	d := newDesk(t, s)
	at := place{}.full()
	var out [4]risk.Warning
	for _, c := range []struct {
		reserved risk.Money
		level    uint8
	}{{374_9999, 0}, {375_0000, 75}, {449_9999, 75}, {450_0000, 90}, {500_0000, 90}} {
		n := d.book.Warnings([]risk.Change{{Place: at, Delta: risk.Delta{Side: risk.Buy, Reserved: c.reserved}}}, out[:])
		if n > 1 || n == 0 != (c.level == 0) || n == 1 && (out[0].Level != c.level || !out[0].Up || out[0].Measure != risk.AccountGrossExceeded) {
			t.Errorf("%d: %+v", c.reserved, out[:n])
		}
	}
	d.book.SetWarned(risk.ScopeAccount, 0, risk.Part{}, risk.AccountGrossExceeded, 90)
	for _, c := range []struct {
		reserved risk.Money
		level    uint8
		n        int
	}{{425_0000, 0, 0}, {424_9999, 75, 1}, {350_0000, 75, 1}, {349_9999, 0, 1}} {
		n := d.book.Warnings([]risk.Change{{Place: at, Delta: risk.Delta{Side: risk.Buy, Reserved: c.reserved}}}, out[:])
		if n != c.n || n == 1 && (out[0].Level != c.level || out[0].Up) {
			t.Errorf("%d: %+v", c.reserved, out[:n])
		}
	}
	d.book.Roll()
	if n := d.book.Warnings([]risk.Change{{Place: at, Delta: risk.Delta{Side: risk.Buy, Reserved: 375_0000}}}, out[:]); n != 1 || !out[0].Up {
		t.Errorf("after the roll: %+v", out[:n])
	}
	for _, bad := range []risk.WarnLevels{{100}, {75, 75}, {0, 75}} {
		a := s.account
		a.Warn = bad
		if d.book.SetAccount(0, a) == nil {
			t.Errorf("%v was taken", bad)
		}
	}
}

// TestWorthBeginsLater: what positions are worth is computed when a scope that is valued later is backfilled, not with each limit.
func TestWorthBeginsLater(t *testing.T) {
	s := open()
	s.capacity.Measured = 2
	d := newDesk(t, s)
	d.do("foreign buy 2 @ 1")
	d.book.Mark(0, 20260101, 5*risk.PriceScale, risk.PriceScale, false)
	d.book.InForce()
	inventory := func() (worth int64) {
		d.book.EachMeasure(risk.ScopeClient, 0, risk.Part{}, 0, func(m risk.Measure, v, _ int64) {
			if m == risk.MeasureInventory {
				worth = v
			}
		})
		return worth
	}
	l := s.client
	l.Measures = risk.Unmeasured()
	l.Measures[risk.MeasureInventory] = 1
	must(t, d.book.SetClient(0, risk.Client{Group: risk.NoIndex, Limits: l}))
	if got := inventory(); got != 0 || !d.book.Lacking() {
		t.Errorf("before: %d", got)
	}
	if !d.book.Backfilled() || d.book.Lacking() {
		t.Error("it is not backfilled once")
	}
	if got := inventory(); got != 10_0000 {
		t.Errorf("worth %d", got)
	}
}
