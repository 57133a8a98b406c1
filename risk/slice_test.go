package risk_test

import (
	"fmt"
	"testing"

	"portcullis/risk"
)

// slice limits all scopes of a kind in a part of their instruments; closing orders may use 5 % above its gross.
type slice struct {
	kind   risk.Scope
	in     risk.Part
	limits risk.Measures
}

// In a book with slices the instruments 0 and 1 are stocks, the others are options.
func kindOf(ins uint32) string {
	if ins < 2 {
		return "stock"
	}
	return "option"
}

func partName(in risk.Part) string {
	switch in.Class {
	case risk.Stock:
		return "stock"
	case risk.Option:
		return "option"
	case risk.OneInstrument:
		return fmt.Sprint("S", in.Instrument)
	}
	return ""
}

// setSlice reads "client@stock-gross=500", "firm@S0-net-long=40".
func (s *settings) setSlice(t *testing.T, word, in, measure, v string) {
	t.Helper()
	for kind, k := range creditWords {
		if k != word {
			continue
		}
		for _, part := range []risk.Part{{Class: risk.Stock}, {Class: risk.Option}, {Class: risk.OneInstrument}} {
			for m, w := range append([]string{"gross", "net"}, measureWords[risk.MeasureOpen:]...) {
				if partName(part) == in && w == measure {
					s.slice(kind, part, risk.Measure(m), limit(t, v, map[bool]int32{true: 8, false: 4}[risk.Measure(m) >= risk.MeasureLong]))
					return
				}
			}
		}
	}
	t.Fatalf("%s@%s-%s is no slice", word, in, measure)
}

func (s *settings) slice(kind risk.Scope, in risk.Part, m risk.Measure, limit int64) {
	s.capacity.Measured, s.capacity.Positions, s.capacity.Slices = 64, 64, 64
	if kind != risk.ScopeFirm && kind != risk.ScopeClient && kind != risk.ScopeAccount {
		s.arm(kind, risk.MeasureOpen, risk.Unlimited) // so that there are such scopes
		s.capacity.Measured, s.capacity.Positions = 64, 64
	}
	for i := range s.slices {
		if s.slices[i].kind == kind && s.slices[i].in == in {
			s.slices[i].limits[m] = limit
			return
		}
	}
	n := slice{kind, in, *risk.Unmeasured()}
	n.limits[m] = limit
	s.slices = append(s.slices, n)
}

// slice sets up what the settings say about slices.
func (d *desk) slice() {
	c := &d.s.capacity
	for i := range uint32(c.Instruments) {
		_, symbol := place{instrument: i}.names()
		d.twin.Class(symbol, kindOf(i))
	}
	for _, s := range d.s.slices {
		n := map[risk.Scope]int{risk.ScopeFirm: 1, risk.ScopeClient: c.Clients, risk.ScopeAccount: c.Accounts, risk.ScopeGroup: c.Groups,
			risk.ScopeDesk: c.Desks, risk.ScopeTrader: c.Traders, risk.ScopeAlgo: c.Algos, risk.ScopeLink: c.Links, risk.ScopeVenue: c.Venues}[s.kind]
		d.twin.Slice(partName(s.in))
		for i := range uint32(n) {
			l := s.limits
			must(d.t, d.book.SetSlice(s.kind, i, s.in, risk.Limits{Gross: risk.Money(l[risk.MeasureGross]), Net: risk.Money(l[risk.MeasureNet]),
				ClosingReserveBps: 500, Measures: &l}))
		}
	}
}

// TestSlicesBeginLater: they are backfilled with what is booked by then; what there is can be changed.
func TestSlicesBeginLater(t *testing.T) {
	s := open()
	s.set(t, "client@stock-gross=500")
	s.capacity.Slices++
	s.capacity.Measured++
	d := newDesk(t, s)
	free := risk.Limits{Gross: risk.Unlimited, Net: risk.Unlimited}
	stock := risk.Part{Class: risk.Stock}
	d.do("foreign buy 9 @ 50")
	must(t, d.book.SetSlice(risk.ScopeFirm, 0, stock, risk.Limits{Gross: 450_0000, Net: risk.Unlimited}))
	at := place{}.full()
	d.book.Backfill(&at, &risk.Delta{Side: risk.Buy, Money: 450_0000})
	d.book.Backfilled()
	d.book.Backfill(&at, &risk.Delta{Side: risk.Buy, Money: 1}) // nothing lacks it any more
	d.book.EachMeasure(risk.ScopeFirm, 0, stock, 0, func(m risk.Measure, v, _ int64) {
		if m == risk.MeasureGross && v != 450_0000 {
			t.Errorf("the firm has %d", v)
		}
	})
	must(t, d.book.SetSlice(risk.ScopeFirm, 0, stock, free))
	if got := d.do("new O1 buy 2 limit 50"); got != "CREDIT_SLICE_GROSS" {
		t.Errorf("got %s", got)
	}
	must(t, d.book.SetSlice(risk.ScopeClient, 0, stock, free))
	if got := d.do("new O1 buy 2 limit 50"); got != "accepted" {
		t.Errorf("got %s", got)
	}
	for _, in := range []risk.Part{{}, {Class: 77}, {Class: risk.OneInstrument, Instrument: 5}} {
		if d.book.SetSlice(risk.ScopeClient, 0, in, free) == nil {
			t.Errorf("%+v was taken", in)
		}
	}
	if newDesk(t, open()).book.SetSlice(risk.ScopeClient, 0, stock, free) == nil {
		t.Error("a book without room for slices took one")
	}
}
