package audit

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"portcullis/gate/core"
	"portcullis/risk"
)

// AllScopes is the word for every scope at once.
const AllScopes = "all"

// Exposures prints the credit of every scope that bears any, and every position: as two tables, or as CSV.
func (s *State) Exposures(w io.Writer, asCSV bool) error {
	if asCSV {
		return s.exposureSheet(w)
	}
	fmt.Fprintf(w, "at record %d, %s, trade date %d, limits in %s\n", s.last.Seq, utc(s.last.UTCNs), s.core.TradeDate(), s.config.Currency)
	credit := newTable("scope", ">executed buy", ">sell", ">reserved buy", ">sell", ">gross", ">headroom", ">net", ">headroom", ">open orders")
	positions := newTable("position", ">P", ">open buys", ">open sells", ">sold short")
	for _, sc := range s.scopes() {
		if sc.instrument != core.NoIndex {
			p := s.core.Book().Position(sc.number, sc.instrument)
			positions.add(sc.text, decimal8(p.P), decimal8(p.OB), decimal8(p.OS), decimal8(p.ShortSold))
			continue
		}
		v := s.view(sc)
		credit.add(sc.text, amount(v.EB), amount(v.ES), amount(v.RB), amount(v.RS), amount(v.Gross()), headroom(v.GrossMax, v.Gross()),
			amount(v.Net()), headroom(v.NetMax, v.Net()), strconv.FormatInt(v.OpenOrders, 10))
	}
	credit.write(w, "  ")
	positions.write(w, "  ")
	return nil
}

// ExplainAll prints every scope and position with what it is made of, each held against a recomputation: ErrDiffers where one is
// not equal.
func (s *State) ExplainAll(w io.Writer) (err error) {
	for i, sc := range s.scopes() {
		if i > 0 {
			fmt.Fprintln(w)
		}
		if e := s.Exposure(w, sc, true); !errors.Is(err, e) {
			err = errors.Join(err, e)
		}
	}
	return err
}

// The sheet has one figure a line, the record that it is of first: two sheets of one record can be held against each
// other line by line, whoever made them.
var (
	exposureTitles = []string{"scope", "figure", "value"}
	recordCells    = [2]string{"journal", "record"}
)

func (s *State) exposureSheet(w io.Writer) error {
	out := csv.NewWriter(w)
	rows := [][]string{exposureTitles, {recordCells[0], recordCells[1], strconv.FormatUint(s.last.Seq, 10)}}
	for _, sc := range s.scopes() {
		for _, f := range s.booked(sc, surplus{}) {
			rows = append(rows, []string{sc.text, f.name, f.book.String()})
		}
	}
	return out.WriteAll(rows)
}

// scopes are all that bear credit, in the order of the configuration, then the positions by name.
func (s *State) scopes() []Scope {
	list := []Scope{{text: "firm", kind: risk.ScopeFirm, instrument: core.NoIndex}}
	c := s.config
	add := func(kind risk.Scope, names int, name func(i int) string) {
		for i := range names {
			n, known := s.journal.numbers.Of(scopeKinds[kind], name(i))
			if sc := (Scope{scopeWords[kind] + ":" + name(i), kind, n, core.NoIndex}); known && s.core.Book().BearsCredit(kind, n) {
				list = append(list, sc)
			}
		}
	}
	add(risk.ScopeGroup, len(c.Groups), func(i int) string { return c.Groups[i].Name })
	add(risk.ScopeClient, len(c.Clients), func(i int) string { return c.Clients[i].Name })
	add(risk.ScopeAccount, len(c.Accounts), func(i int) string { return c.Accounts[i].Name })
	add(risk.ScopeDesk, len(c.Desks), func(i int) string { return c.Desks[i].Name })
	add(risk.ScopeTrader, len(c.Traders), func(i int) string { return c.Traders[i].Name })
	add(risk.ScopeAlgo, len(c.Algos), func(i int) string { return c.Algos[i].Name })
	add(risk.ScopeLink, len(c.Links), func(i int) string { return c.Links[i].Session.Name })
	add(risk.ScopeVenue, len(c.Venues), func(i int) string { return c.Venues[i].Name })
	return append(list, s.positions()...)
}

func (s *State) positions() (list []Scope) {
	s.core.Book().EachPosition(func(account, instrument uint32, _ risk.PositionView) {
		list = append(list, Scope{"account:" + s.journal.account(account) + "/" + s.journal.instrument(instrument), risk.ScopeAccount, account, instrument})
	})
	slices.SortFunc(list, func(a, b Scope) int { return strings.Compare(a.text, b.text) })
	return list
}
