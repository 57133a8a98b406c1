package core

import (
	"strings"

	"github.com/shopspring/decimal"

	"portcullis/risk"
	"portcullis/risk/twin"
)

// measureWords are the measures beside gross and net as scripts spell them.
var measureWords = map[string]risk.Measure{"gross": risk.MeasureGross, "net": risk.MeasureNet, "open": risk.MeasureOpen, "executed": risk.MeasureExecuted, "net-long": risk.MeasureNetLong,
	"net-short": risk.MeasureNetShort, "long": risk.MeasureLong, "short": risk.MeasureShort, "long-all": risk.MeasureLongAll,
	"short-all": risk.MeasureShortAll, "carry": risk.MeasureCarry, "inventory": risk.MeasureInventory}

// limit changes the limits of a scope in both books: "limit trader ANN gross=5000 net-long=400", "limit client ACME
// in=stock gross=700", "limit firm in=IBM long=40". What is not named is not limited.
func (s *script) limit(w []string) {
	s.t.Helper()
	kind, i, words := risk.ScopeFirm, uint32(0), w[1:]
	if w[0] != "firm" {
		kind, i = s.creditScope(w[0], w[1])
		words = w[2:]
	}
	l, in := risk.Limits{Gross: risk.Unlimited, Net: risk.Unlimited}, risk.Part{}
	for _, word := range words {
		key, v, _ := strings.Cut(word, "=")
		switch m, known := measureWords[key]; {
		case key == "in":
			in = partOf(v)
		case key == "warn":
			for i, percent := range strings.Split(v, ",") {
				l.Warn[i] = uint8(s.number(percent))
			}
		case key == "loss":
			l.DailyLoss = risk.Money(s.fixed(v, 4))
		case key == "gross":
			l.Gross = risk.Money(s.fixed(v, 4))
		case key == "net":
			l.Net = risk.Money(s.fixed(v, 4))
		case known:
			if l.Measures == nil {
				l.Measures = risk.Unmeasured()
			}
			l.Measures[m] = s.fixed(v, map[risk.Unit]int{risk.UnitMoney: 4, risk.UnitQty: 8}[m.Reason().Row().Limit])
		default:
			s.fatal("what is %q", word)
		}
	}
	if in.Class == risk.AnyClass && !s.reloading {
		for _, c := range []*Core{s.w.core, s.w.shadow} {
			must(s.t, s.setLimits(c.book, kind, i, l))
		}
		s.taken = append(s.taken, &risk.CreditSetting{Kind: kind, Index: i, Limits: l})
		return
	}
	s.put(&risk.CreditSetting{Kind: kind, Index: i, In: in, Limits: l})
}

// partOf is "stock" or "IBM".
func partOf(name string) risk.Part {
	if class := classNames[name]; class != risk.AnyClass {
		return risk.Part{Class: class}
	}
	return risk.Part{Class: risk.OneInstrument, Instrument: index(symbolNames, name)}
}

func className(ins int) (name string) {
	for word, class := range classNames {
		if class == symbolClasses[ins] {
			name = word
		}
	}
	return name
}

func (s *script) setLimits(book *risk.Book, kind risk.Scope, i uint32, l risk.Limits) error {
	switch kind {
	case risk.ScopeClient:
		return book.SetClient(i, risk.Client{Group: s.w.groupOf(i), Limits: l})
	case risk.ScopeTrader:
		return book.SetTrader(i, risk.Trader{Desk: deskOf(i), Limits: l})
	case risk.ScopeAccount:
		a := s.w.account(i)
		a.Limits = l
		return book.SetAccount(i, a)
	}
	return book.SetLimits(kind, i, l)
}

// creditScope finds any scope but the firm by its words.
func (s *script) creditScope(word, name string) (risk.Scope, uint32) {
	s.t.Helper()
	switch word {
	case "client":
		return risk.ScopeClient, index(clientNames, name)
	case "account":
		return risk.ScopeAccount, index(accountNames, name)
	}
	return s.aside(word, name)
}

// measure holds measures that have a limit against what the script says: "measure client ACME open=500 long:IBM=40".
func (s *script) measure(w []string) {
	s.t.Helper()
	kind, i, words := risk.ScopeFirm, uint32(0), w[1:]
	if w[0] != "firm" {
		kind, i = s.creditScope(w[0], w[1])
		words = w[2:]
	}
	in := risk.Part{}
	for _, word := range words {
		key, want, _ := strings.Cut(word, "=")
		if key == "in" {
			in = partOf(want)
			continue
		}
		if key == "loss" {
			if l, limited := s.w.core.book.LossOf(kind, i); !limited || money(l.Value).String() != want {
				s.fatal("%s is %s", word, money(l.Value))
			}
			continue
		}
		name, symbol, _ := strings.Cut(key, ":")
		got := "not limited"
		s.w.core.book.EachMeasure(kind, i, in, index(symbolNames, symbol), func(m risk.Measure, v, _ int64) {
			if m == measureWords[name] {
				if got = inUnit(m, v).String(); v == risk.Unmarked {
					got = "unmarked"
				}
			}
		})
		if got != want {
			s.fatal("%s is %s", word, got)
		}
	}
}

func inUnit(m risk.Measure, v int64) decimal.Decimal {
	if m.Reason().Row().Value == risk.UnitMoney {
		return money(risk.Money(v))
	}
	return qty(risk.Qty(v))
}

// compareMeasures holds every measure that has a limit against the twin. Of suspect orders the twin knows less than is
// reserved: then it is not asked.
func (a *audit) compareMeasures(w *world, m *twin.State) {
	w.t.Helper()
	suspect := false
	w.core.EachLive(func(_ uint32, o *Order) bool {
		suspect = suspect || o.Cum != o.Executed
		return true
	})
	if suspect {
		return
	}
	compare := func(kind risk.Scope, i uint32, who twin.Bearer) {
		if l, limited := w.core.book.LossOf(kind, i); limited && !money(l.Value).Equal(m.Loss(who)) {
			w.t.Fatalf("loss of %v is %s, the twin says %s", who, money(l.Value), m.Loss(who))
		}
		for ins, symbol := range symbolNames {
			for in, part := range map[string]risk.Part{"": {}, className(ins): {Class: symbolClasses[ins]}, symbol: {Class: risk.OneInstrument, Instrument: uint32(ins)}} {
				who.In = in
				w.core.book.EachMeasure(kind, i, part, uint32(ins), func(which risk.Measure, v, _ int64) {
					worth := m.Worth(who)
					if (which == risk.MeasureCarry && worth.Unclosed > 0 || which == risk.MeasureInventory && worth.Unmarked > 0) != (v == risk.Unmarked) {
						w.t.Fatalf("%v: %s is %d, the twin says %+v", who, which.Reason(), v, worth)
					}
					if v == risk.Unmarked {
						return
					}
					if got, want := inUnit(which, v), measured(m, who, symbol)[which]; !got.Equal(want) {
						w.t.Fatalf("%v in %s: %s is %s, the twin says %s", who, symbol, which.Reason(), got, want)
					}
				})
			}
		}
	}
	compare(risk.ScopeFirm, 0, twin.Bearer{Kind: "firm"})
	for i, name := range accountNames {
		compare(risk.ScopeAccount, uint32(i), twin.Bearer{Kind: "account", Name: name})
	}
	for i, name := range clientNames {
		compare(risk.ScopeClient, uint32(i), twin.Bearer{Kind: "client", Name: name})
	}
	for _, row := range asideScopes {
		for i, name := range row.names {
			compare(row.kind, uint32(i), twin.Bearer{Kind: row.word, Name: name})
		}
	}
}

// measured is what the twin measures of a scope, by Measure.
func measured(m *twin.State, who twin.Bearer, symbol string) []decimal.Decimal {
	c, p := m.Credit(who), m.Held(who, symbol)
	long, short := m.Totals(who)
	return []decimal.Decimal{risk.MeasureGross: c.Gross(), risk.MeasureNet: c.Net(), risk.MeasureOpen: c.Open(), risk.MeasureExecuted: c.Executed(), risk.MeasureNetLong: c.NetLong(),
		risk.MeasureNetShort: c.NetShort(), risk.MeasureCarry: m.NetCarry(who), risk.MeasureInventory: m.Worth(who).Inventory, risk.MeasureLong: p.Long(), risk.MeasureShort: p.Short(), risk.MeasureLongAll: long,
		risk.MeasureShortAll: short}
}
