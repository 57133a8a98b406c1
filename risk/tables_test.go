package risk_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"portcullis/risk"
	"portcullis/risk/twin"
)

// TestStories plays the worked example and the event table of the exposure page, holds each
// figure against the table, and every figure of the book against the twin.
func TestStories(t *testing.T) {
	for _, name := range []string{"worked.txt", "events.txt"} {
		t.Run(name, func(t *testing.T) {
			rows, plain := readTable(t, name)
			s := open()
			for _, w := range strings.Fields(plain["set"]) {
				s.set(t, w)
			}
			d := newDesk(t, s)
			for _, r := range rows {
				got := d.do(r.cells[1])
				scopes := map[string]risk.ScopeView{"account": d.book.Credit(risk.ScopeAccount, 0), "client": d.book.Credit(risk.ScopeClient, 0),
					"firm": d.book.Credit(risk.ScopeFirm, 0)}
				for scope, v := range scopes {
					figures := fmt.Sprint(money(v.EB), money(v.ES), money(v.RB), money(v.RS), money(v.Gross()),
						money(v.Net()), dec(d.book.Position(0, 0).P))
					if want := strings.Join(r.cells[3:], " "); got != r.cells[2] || figures != want {
						t.Fatalf("%s:%d %s: %s: %s %s, want %s %s", name, r.line, r.cells[1], scope, got, figures,
							r.cells[2], want)
					}
				}
				if err := d.same(); err != nil {
					t.Fatalf("%s:%d %s: %v", name, r.line, r.cells[1], err)
				}
			}
		})
	}
}

// TestLimits plays each row on three fresh books: inside and at the limit pass, beyond is refused.
func TestLimits(t *testing.T) {
	rows, _ := readTable(t, "limits.txt")
	seen := map[string]bool{}
	for _, r := range rows {
		wants := []string{"accepted", "accepted", r.cells[5]}
		seen[r.cells[5]] = true
		for i, sentence := range r.cells[2:5] {
			if sentence == "-" {
				continue
			}
			s := open()
			for _, w := range strings.Fields(r.cells[0]) {
				s.set(t, w)
			}
			d := newDesk(t, s)
			for _, before := range strings.Split(r.cells[1], ";") {
				if strings.TrimSpace(before) == "" {
					continue
				}
				if got := d.do(before); got != "accepted" && got != "booked" && !strings.Contains(before, "reject") {
					t.Fatalf("limits.txt:%d %s: %s", r.line, before, got)
				}
			}
			if got := d.do(sentence); got != wants[i] {
				t.Errorf("limits.txt:%d %s: %s: %s, want %s", r.line, r.cells[0], sentence, got, wants[i])
			}
		}
	}
	for _, c := range []risk.Reason{risk.TableFull, risk.AccountUnknown, risk.AccountNotEntitled, risk.AccountClosed,
		risk.MessageRateExceeded, risk.OrderRateExceeded, risk.SymbolRateExceeded, risk.NotionalRateExceeded, risk.QtyRateExceeded, risk.SymbolUnknown, risk.SymbolRestricted, risk.InstrumentRestricted, risk.InstrumentNotPermitted, risk.SymbolHalted,
		risk.VenueHalted, risk.PhaseNotKnown, risk.PhaseForbidden, risk.OrdTypeForbiddenInPhase, risk.TimeInForceForbiddenInPhase, risk.SideForbidden,
		risk.OrdTypeForbidden, risk.TimeInForceForbidden, risk.PriceTermsInconsistent, risk.FieldContradicts, risk.DisplayForbidden,
		risk.ExpiryMissing, risk.OrderExpired, risk.ExecInstForbidden, risk.SweepForbidden,
		risk.CapacityMissing, risk.CapacityForbidden, risk.TestSymbolForbidden, risk.TestSymbolOnly, risk.CloseCutOff, risk.NoCancelPeriod,
		risk.MinQtyForbidden, risk.DiscretionForbidden, risk.OffLot, risk.OffTick, risk.SubPennyPrice, risk.PartQtyOutOfRange,
		risk.OrderQtyTooLarge, risk.OrderQtyTooSmall, risk.NotionalTooLarge, risk.FXRateStale, risk.VolumeMissing, risk.VolumeShareExceeded, risk.OrderQtyBelowCumQty, risk.ReferencePriceMissing,
		risk.ReferencePriceStale, risk.PriceOutsideCollar, risk.CollarAmountExceeded, risk.CollarTicksExceeded, risk.TouchMissing, risk.NearTouchExceeded,
		risk.FarTouchExceeded, risk.RepeatedOrder, risk.OpenOrderCountExceeded,
		risk.ReduceOnly, risk.LongPositionExceeded, risk.ShortPositionExceeded, risk.SellLongExceedsPosition, risk.AccountGrossExceeded,
		risk.AccountNetExceeded, risk.ClientGrossExceeded, risk.ClientNetExceeded, risk.FirmGrossExceeded,
		risk.FirmNetExceeded, risk.GroupGrossExceeded, risk.GroupNetExceeded, risk.DeskGrossExceeded, risk.DeskNetExceeded,
		risk.TraderGrossExceeded, risk.TraderNetExceeded, risk.AlgoGrossExceeded, risk.AlgoNetExceeded, risk.LinkGrossExceeded,
		risk.LinkNetExceeded, risk.VenueGrossExceeded, risk.VenueNetExceeded, risk.SliceGrossExceeded, risk.SliceNetExceeded, risk.OpenCreditExceeded, risk.ExecutedCreditExceeded,
		risk.NetLongExceeded, risk.NetShortExceeded, risk.ScopeLongExceeded, risk.ScopeShortExceeded, risk.TotalLongExceeded,
		risk.TotalShortExceeded, risk.ArithmeticOverflow} {
		if !seen[c.String()] {
			t.Errorf("limits.txt has no row for %s", c)
		}
	}
}

// TestPrecedence breaks every control at once and mends one after the other.
func TestPrecedence(t *testing.T) {
	rows, plain := readTable(t, "precedence.txt")
	last, places := -1, precedence(t)
	all := open()
	for _, r := range rows {
		if !strings.HasSuffix(r.cells[0], "=unknown") {
			all.set(t, r.cells[0])
		}
	}
	all.set(t, "positions=0")
	if got := newDesk(t, all).do(plain["order"]); got != "TABLE_FULL" {
		t.Fatalf("with everything broken: %s, want TABLE_FULL", got)
	}
	for i, r := range rows {
		s := open()
		for _, rest := range rows[i:] {
			s.set(t, rest.cells[0])
		}
		d := newDesk(t, s)
		got := "ACCEPTED"
		if v := d.do(plain["order"]); v != "accepted" {
			got = v
		}
		if got != r.cells[1] {
			t.Fatalf("precedence.txt:%d %s: %s, want %s", r.line, r.cells[0], got, r.cells[1])
		}
		if place := places[reasonOf(t, got)]; got != "ACCEPTED" && place <= last {
			t.Fatalf("precedence.txt:%d %s does not come after the one before", r.line, got)
		} else {
			last = place
		}
	}
}

func reasonOf(t *testing.T, code string) risk.Reason {
	t.Helper()
	for r := risk.Reason(0); r < 1000; r++ {
		if r.String() == code && (r == 0 || code != risk.Unjudged.String()) {
			return r
		}
	}
	t.Fatalf("no reason has code %s", code)
	return 0
}

func TestUnits(t *testing.T) {
	rows, _ := readTable(t, "units.txt")
	for _, r := range rows {
		p, q := risk.Price(fixed(t, r.cells[0], 8)), risk.Qty(fixed(t, r.cells[1], 8))
		k := risk.Factor(fixed(t, r.cells[2], 8))
		m, ok := risk.Notional(p, q, k)
		got := "overflow"
		if ok {
			got = money(m).String()
			if second := twin.Notional(dec(p), dec(q), dec(k)).String(); second != got {
				t.Errorf("units.txt:%d: %s, twin %s", r.line, got, second)
			}
		}
		if got != r.cells[3] {
			t.Errorf("units.txt:%d: %s, want %s", r.line, got, r.cells[3])
		}
	}
}

func TestWorstPrice(t *testing.T) {
	rows, _ := readTable(t, "worst.txt")
	words := map[string]byte{"limit": '2', "market": '1', "stop": '3', "stop limit": '4', "pegged": 'P',
		"limit on close": 'B', "market on close": '5', "market to limit": 'K', "limit or better": '7'}
	sides := map[string]byte{"buy": '1', "sell": '2', "short": '5', "short exempt": '6'}
	for _, r := range rows {
		c := r.cells
		terms := risk.Terms{Qty: 1, TimeInForce: risk.Day, HasPrice: c[2] != "-", HasStop: c[3] != "-"}
		terms.Side, _ = risk.ParseSide(sides[c[0]])
		terms.OrdType, _ = risk.ParseOrdType(words[c[1]])
		var prices twin.Prices
		if terms.HasPrice {
			terms.Price = risk.Price(fixed(t, c[2], 8))
			v := dec(terms.Price)
			prices.Limit = &v
		}
		if terms.HasStop {
			terms.StopPx = risk.Price(fixed(t, c[3], 8))
			v := dec(terms.StopPx)
			prices.Stop = &v
		}
		terms.Discretion, terms.PegOffset = risk.Price(fixed(t, c[4], 8)), risk.Price(fixed(t, c[5], 8))
		offset := dec(terms.PegOffset)
		prices.Offset = &offset
		ref := risk.Price(0)
		if c[6] != "-" {
			ref = risk.Price(fixed(t, c[6], 8))
		}
		band := fixed(t, c[7], 0)
		w, ok := risk.WorstPrice(&terms, ref, band)
		if c[8] == "overflow" {
			if ok {
				t.Errorf("worst.txt:%d: %s, want overflow", r.line, dec(w))
			}
			continue
		}
		second := twin.Worst(sideName(terms.Side), prices, dec(terms.Discretion), dec(ref), decimal.New(band, -4))
		if want := risk.Price(fixed(t, c[8], 8)); !ok || w != want || !second.Equal(dec(want)) {
			t.Errorf("worst.txt:%d: %s (twin %s), want %s", r.line, dec(w), second, c[8])
		}
	}
}

func TestReference(t *testing.T) {
	rows, _ := readTable(t, "reference.txt")
	words := []string{risk.RefNone: "none", risk.RefMid: "mid", risk.RefTouch: "touch", risk.RefLast: "last", risk.RefClose: "close",
		risk.RefStatic: "static"}
	const second, now = 1_000_000_000, int64(1_700_000_000_000_000_000)
	for _, r := range rows {
		c := r.cells
		s := open()
		if c[0] != "-" {
			for i, word := range strings.Fields(c[0]) {
				s.instrument.Sources[i] = risk.RefSource(slices.Index(words, word))
			}
		}
		s.instrument.Ages = risk.SourceAges{QuoteNs: 5 * second, LastNs: 7 * second, CloseNs: 100 * second, StaticNs: 1000 * second}
		at := func(cell int) int64 { return now - fixed(t, c[cell], 0)*second }
		q := risk.Quote{AtNs: at(4), LastAtNs: at(6), CloseAtNs: at(8)}
		for i, f := range []struct {
			cell int
			at   *risk.Price
		}{{2, &q.Bid}, {3, &q.Ask}, {5, &q.Last}, {7, &q.Close}} {
			if c[f.cell] != "-" {
				*f.at, q.Has = risk.Price(fixed(t, c[f.cell], 8)), q.Has|1<<i
			}
		}
		if c[9] != "-" {
			s.instrument.Static = risk.Static{Price: risk.Price(fixed(t, c[9], 8)), AtNs: at(10)}
		}
		terms := risk.Terms{Side: parseSide(t, c[1]), Qty: 1, OrdType: risk.Market, TimeInForce: risk.Day}
		_, ref, reason := newDesk(t, s).book.Worst(0, &terms, &q, now)
		got := fmt.Sprint(dec(ref.Price), " ", words[ref.Source], " ", reason)
		if want := strings.Join(c[11:], " "); got != want {
			t.Errorf("reference.txt:%d: %s, want %s", r.line, got, want)
		}
	}
}
