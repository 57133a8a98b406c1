package risk_test

import (
	"fmt"
	"strings"
	"testing"

	"portcullis/risk"
	"portcullis/risk/twin"
)

// asideKinds are the scopes that only some orders have, and their words for the twin.
var asideKinds = map[risk.Scope]string{risk.ScopeGroup: "group", risk.ScopeDesk: "desk", risk.ScopeTrader: "trader",
	risk.ScopeAlgo: "algo", risk.ScopeLink: "link", risk.ScopeVenue: "venue"}

// bears tells whether a desk's book has such scopes: those of a link and a venue only where they
// have limits.
func (d *desk) bears(kind risk.Scope) bool {
	_, limited := d.s.aside[kind]
	return limited || kind != risk.ScopeLink && kind != risk.ScopeVenue
}

// aside configures the scopes beside accounts. Client 0, 2 .. are of group 0, the others of none;
// traders 0 and 1 are of desk 0, the others of none.
func (d *desk) aside() {
	c := &d.s.capacity
	for kind, n := range map[risk.Scope]int{risk.ScopeGroup: c.Groups, risk.ScopeDesk: c.Desks, risk.ScopeAlgo: c.Algos,
		risk.ScopeLink: c.Links, risk.ScopeVenue: c.Venues} {
		for i := range uint32(n) {
			if d.bears(kind) {
				must(d.t, d.book.SetLimits(kind, i, d.limitsOf(kind)))
			}
		}
	}
	for i := range uint32(c.Traders) {
		row := risk.Trader{Desk: risk.NoIndex, Limits: d.limitsOf(risk.ScopeTrader)}
		if c.Desks > 0 && i < 2 {
			row.Desk = 0
			d.twin.Trader(fmt.Sprint("T", i+1), "D0")
		}
		must(d.t, d.book.SetTrader(i, row))
	}
}

// setAside limits a kind of scope beside accounts, all of them alike: "trader-gross".
func (s *settings) setAside(t *testing.T, key string, v risk.Money) {
	t.Helper()
	s.capacity.Groups, s.capacity.Desks, s.capacity.Traders, s.capacity.Algos, s.capacity.Venues = 1, 1, 1, 1, 1
	word, measure, _ := strings.Cut(key, "-")
	for kind, w := range asideKinds {
		if w != word {
			continue
		}
		l, limited := s.aside[kind]
		if !limited {
			l = risk.Limits{Gross: risk.Unlimited, Net: risk.Unlimited}
		}
		if measure == "gross" {
			l.Gross = v
		} else {
			l.Net = v
		}
		s.aside[kind] = l
		return
	}
	t.Fatalf("no scope is called %q", word)
}

func (d *desk) limitsOf(kind risk.Scope) risk.Limits {
	if l, limited := d.s.aside[kind]; limited {
		return l
	}
	return risk.Limits{Gross: risk.Unlimited, Net: risk.Unlimited}
}

func (d *desk) group(client uint32) uint32 {
	if d.s.capacity.Groups == 0 || client%2 != 0 {
		return risk.NoIndex
	}
	d.twin.Client(fmt.Sprint("C", client), "G0")
	return 0
}

// groupName and deskName are where aside and group put a client and a trader; "" = nowhere.
func (d *desk) groupName(client string) string {
	if d.s.capacity.Groups == 0 || client == "C1" {
		return ""
	}
	return "G0"
}

func (d *desk) deskName(trader string) string {
	if d.s.capacity.Desks == 0 || trader != "T1" && trader != "T2" {
		return ""
	}
	return "D0"
}

func (p place) full() risk.Place {
	return risk.Place{Account: p.account, Instrument: p.instrument, Author: p.author}
}

func (p place) pointer() *risk.Place {
	at := p.full()
	return &at
}

func (p place) by() twin.By {
	by := twin.By{Link: "L0", Venue: "V0"}
	if p.author.Trader != 0 {
		by.Trader = fmt.Sprint("T", p.author.Trader)
	}
	if p.author.Algo != 0 {
		by.Algo = fmt.Sprint("X", p.author.Algo)
	}
	return by
}

// home is where the sentences of testdata/risk trade: by trader 1 with algorithm 1, where there are any.
func (d *desk) home() place {
	return place{author: risk.Author{Trader: uint16(min(1, d.s.capacity.Traders)), Algo: uint16(min(1, d.s.capacity.Algos))}}
}

// asideNames are the names of the scopes beside accounts.
func (d *desk) asideNames() map[risk.Scope][]string {
	c := &d.s.capacity
	names := map[risk.Scope][]string{}
	for _, row := range []struct {
		kind   risk.Scope
		n      int
		prefix string
		first  int
	}{{risk.ScopeGroup, c.Groups, "G", 0}, {risk.ScopeDesk, c.Desks, "D", 0}, {risk.ScopeTrader, c.Traders, "T", 1},
		{risk.ScopeAlgo, c.Algos, "X", 1}, {risk.ScopeLink, c.Links, "L", 0}, {risk.ScopeVenue, c.Venues, "V", 0}} {
		for i := range row.n {
			if d.bears(row.kind) {
				names[row.kind] = append(names[row.kind], fmt.Sprint(row.prefix, row.first+i))
			}
		}
	}
	return names
}

func (d *desk) sameAside(m *twin.State) error {
	for kind, names := range d.asideNames() {
		for i, name := range names {
			err := sameScope(name, d.book.Credit(kind, uint32(i)), m.Aside[twin.Bearer{Kind: asideKinds[kind], Name: name}])
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// nowhere is the place of what belongs to nothing known.
var nowhere = risk.Place{Account: risk.NoIndex, Instrument: risk.NoIndex, Owner: risk.NoIndex, Venue: risk.NoIndex}

// TestMoves: a client that gets another group and a trader who gets another desk take along what counts, with all below them.
func TestMoves(t *testing.T) {
	s := open()
	s.capacity.Clients, s.capacity.Accounts, s.capacity.Groups, s.capacity.Desks, s.capacity.Traders = 2, 2, 2, 2, 3
	d := newDesk(t, s)
	free := d.limitsOf(risk.ScopeGroup)
	must(t, d.book.SetClient(0, risk.Client{Group: 1, Limits: free}))
	must(t, d.book.SetTrader(0, risk.Trader{Desk: 1, Limits: free}))
	at := place{author: risk.Author{Trader: 1}}.full()
	d.book.Execute(&at, risk.Buy, 1, 7)
	for kind, want := range map[risk.Scope][2]risk.Money{risk.ScopeGroup: {0, 7}, risk.ScopeDesk: {0, 7}} {
		if got := [2]risk.Money{d.book.Credit(kind, 0).EB, d.book.Credit(kind, 1).EB}; got != want {
			t.Errorf("%s: bought %v, want %v", asideKinds[kind], got, want)
		}
	}
	for to, want := range map[uint32][2]risk.Money{0: {7, 0}, risk.NoIndex: {0, 0}} {
		must(t, d.book.SetClient(0, risk.Client{Group: to, Limits: free}))
		must(t, d.book.SetTrader(0, risk.Trader{Desk: to, Limits: free}))
		d.book.Backfill(&at, &risk.Delta{Side: risk.Buy, Money: 7})
		if !d.book.Backfilled() {
			t.Error("not exact")
		}
		for _, kind := range []risk.Scope{risk.ScopeGroup, risk.ScopeDesk} {
			if got := [2]risk.Money{d.book.Credit(kind, 0).EB, d.book.Credit(kind, 1).EB}; got != want {
				t.Errorf("%s: bought %v, want %v", asideKinds[kind], got, want)
			}
		}
	}
	for what, err := range map[string]error{
		"group beyond the table":  d.book.SetClient(1, risk.Client{Group: 2, Limits: free}),
		"desk beyond the table":   d.book.SetTrader(1, risk.Trader{Desk: 2, Limits: free}),
		"trader beyond the table": d.book.SetTrader(3, risk.Trader{Desk: 0, Limits: free}),
	} {
		if err == nil {
			t.Errorf("%s was let pass", what)
		}
	}
}
