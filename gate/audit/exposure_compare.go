package audit

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"portcullis/gate/core"
	"portcullis/risk"
	"portcullis/risk/twin"
)

// figure is one number that is known both ways.
type figure struct {
	name   string
	book   decimal.Decimal
	second decimal.Decimal
}

// compare holds the book's figures against risk/twin's. An order that is suspect stays reserved for
// the larger of two accounts of it; what that adds is named and taken off before comparing.
func (s *State) compare(w io.Writer, sc Scope) error {
	if s.second == nil {
		return fmt.Errorf("exposure: the journal was loaded without its bookings")
	}
	m := s.second.ledger.Measure()
	kept := s.kept(w, sc, m)
	t := newTable("figure", ">in the book", ">recomputed", "")
	differ := 0
	for _, f := range append(s.figures(sc, m, kept), s.strayed(sc, m)...) {
		verdict := "equal"
		if !f.book.Equal(f.second) {
			verdict = "DIFFERENT by " + f.book.Sub(f.second).String()
			differ++
		}
		t.add(f.name, f.book.String(), f.second.String(), verdict)
	}
	fmt.Fprintf(w, "recomputed by risk/twin from %d bookings of the journal:\n", s.second.bookings)
	t.write(w, "  ")
	if len(m.Unknown) > 0 {
		fmt.Fprintf(w, "  bookings that name what was never booked: %s\n", strings.Join(m.Unknown, ", "))
		differ++
	}
	if differ > 0 {
		return fmt.Errorf("exposure of %s: %w", sc.text, ErrDiffers)
	}
	return nil
}

// surplus is what suspect orders hold beyond their own versions.
type surplus struct{ rb, rs, ob, os, osLong decimal.Decimal }

func (s *State) kept(w io.Writer, sc Scope, m *twin.State) (k surplus) {
	s.core.EachLive(func(slot uint32, o *core.Order) bool {
		if o.Flags&core.FlagSuspect == 0 || !s.has(sc, o.Place) {
			return true
		}
		own := m.Orders[s.second.orders[slot]]
		r, q := money(o.Reserved).Sub(own.R), scaled(o.Open).Sub(own.Q)
		if r.Sign() < 0 || q.Sign() < 0 || r.Sign()+q.Sign() == 0 {
			return true
		}
		fmt.Fprintf(w, "suspect order %s keeps %s more reserved than its versions need\n", s.core.VenueID(o.First), r)
		switch {
		case o.Side.IsBuy():
			k.rb, k.ob = k.rb.Add(r), k.ob.Add(q)
		case o.Side == risk.Sell:
			k.osLong = k.osLong.Add(q)
			fallthrough
		default:
			k.rs, k.os = k.rs.Add(r), k.os.Add(q)
		}
		return true
	})
	return k
}

// figures are a scope's by the book, but for what suspect orders keep, beside those of the twin.
func (s *State) figures(sc Scope, m *twin.State, k surplus) []figure {
	list := s.booked(sc, k)
	for i, v := range s.recomputed(sc, m) {
		list[i].second = v
	}
	return list
}

// booked are a scope's figures by the book; what k is of is left out of them.
func (s *State) booked(sc Scope, k surplus) []figure {
	if sc.instrument != core.NoIndex {
		p := s.core.Book().Position(sc.number, sc.instrument)
		return []figure{{name: "P", book: scaled(p.P)}, {name: "OB", book: scaled(p.OB).Sub(k.ob)}, {name: "OS", book: scaled(p.OS).Sub(k.os)},
			{name: "OS long", book: scaled(p.OSLong).Sub(k.osLong)}, {name: "sold short", book: scaled(p.ShortSold)}}
	}
	v := s.view(sc)
	eb, es, rb, rs := money(v.EB), money(v.ES), money(v.RB).Sub(k.rb), money(v.RS).Sub(k.rs)
	return []figure{{name: "EB", book: eb}, {name: "ES", book: es}, {name: "RB", book: rb}, {name: "RS", book: rs},
		{name: "gross", book: eb.Add(es).Add(rb).Add(rs)}, {name: "net", book: decimal.Max(eb.Add(rb).Sub(es), es.Add(rs).Sub(eb))},
		{name: "open orders", book: decimal.NewFromInt(v.OpenOrders)}}
}

// recomputed are the twin's figures, in the order of booked.
func (s *State) recomputed(sc Scope, m *twin.State) []decimal.Decimal {
	if sc.instrument != core.NoIndex {
		t := m.Position(s.journal.account(sc.number), s.journal.instrument(sc.instrument))
		return []decimal.Decimal{t.P, t.OB, t.OS, t.OSLong, t.ShortSold}
	}
	t := m.Firm
	switch sc.kind {
	case risk.ScopeClient:
		t = m.Clients[s.journal.client(sc.number)]
	case risk.ScopeAccount:
		t = m.Accounts[s.journal.account(sc.number)]
	case risk.ScopeFirm:
	default:
		t = m.Aside[twin.Bearer{Kind: scopeWords[sc.kind], Name: s.journal.name(scopeKinds[sc.kind], sc.number)}]
	}
	return []decimal.Decimal{t.EB, t.ES, t.RB, t.RS, t.Gross(), t.Net(), decimal.NewFromInt(int64(t.OpenOrders))}
}

// strayed are the positions of a scope that are not what was executed in them.
func (s *State) strayed(sc Scope, m *twin.State) (found []figure) {
	if sc.instrument != core.NoIndex {
		return nil // it is a figure of its own
	}
	if _, aside := asideScopes[scopeWords[sc.kind]]; aside {
		return nil // positions are accounts'
	}
	s.core.Book().EachPosition(func(account, instrument uint32, v risk.PositionView) {
		at, symbol := s.journal.account(account), s.journal.instrument(instrument)
		if second := m.Position(at, symbol).P; s.has(sc, risk.Place{Account: account, Instrument: instrument}) && !scaled(v.P).Equal(second) {
			found = append(found, figure{"P of " + at + "/" + symbol, scaled(v.P), second})
		}
	})
	slices.SortFunc(found, func(a, b figure) int { return strings.Compare(a.name, b.name) })
	return found
}

// money is an amount as a decimal.
func money(m risk.Money) decimal.Decimal { return decimal.New(int64(m), -4) }
