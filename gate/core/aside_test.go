package core

import (
	"strings"

	"github.com/shopspring/decimal"

	"portcullis/risk"
	"portcullis/risk/twin"
)

// Who and what orders count for beside their accounts, in a world with authors. Client ACME is of
// the group, trader ANN of the desk; BOB is BETA's alone.
var (
	groupNames  = []string{"GROUP"}
	deskNames   = []string{"DESK"}
	traderNames = []string{"ANN", "BOB"}
	algoNames   = []string{"TWAP", "VWAP"}
	venueNames  = []string{"XSIM"}

	clientGroup = []uint32{0, NoIndex, NoIndex}
	traderDesk  = []uint32{0, NoIndex}
)

// asideScopes are their kinds, by the words of scripts and of the twin.
var asideScopes = []struct {
	word  string
	kind  risk.Scope
	names []string
}{
	{"group", risk.ScopeGroup, groupNames}, {"desk", risk.ScopeDesk, deskNames}, {"trader", risk.ScopeTrader, traderNames},
	{"algo", risk.ScopeAlgo, algoNames}, {"link", risk.ScopeLink, linkNames}, {"venue", risk.ScopeVenue, venueNames},
}

// bookAuthors gives a book the scopes beside accounts, without limits.
func (w *world) bookAuthors(book *risk.Book) {
	w.t.Helper()
	free := risk.Limits{Gross: risk.Unlimited, Net: risk.Unlimited}
	for _, row := range asideScopes {
		for i := range uint32(len(row.names)) {
			if row.kind == risk.ScopeTrader {
				must(w.t, book.SetTrader(i, risk.Trader{Desk: deskOf(i), Limits: free}))
				continue
			}
			must(w.t, book.SetLimits(row.kind, i, free))
		}
	}
}

func deskOf(trader uint32) uint32 { return traderDesk[trader] }

// groupOf is the group of a client of a world.
func (w *world) groupOf(client uint32) uint32 {
	if w.conf.authors == "" || int(client) >= len(clientGroup) {
		return NoIndex
	}
	return clientGroup[client]
}

// setupAuthors lets orders name authors. In a strict world BETA's orders are BOB's and need an
// algorithm; ACME2 is for direct access, its orders need a trader.
func (w *world) setupAuthors(s *Setup) {
	s.Clients, s.Groups, s.Desks = clientNames, groupNames, deskNames
	s.Traders = []AuthorSetup{{Name: "ANN", Client: NoIndex}, {Name: "BOB", Client: 1}}
	s.Algos = []AuthorSetup{{Name: "TWAP", Client: NoIndex}, {Name: "VWAP", Client: 0}}
	if w.conf.authors == "strict" {
		s.Links[beta].Author, s.Links[beta].NeedsAlgo, s.Links[beta].Origination = risk.Author{Trader: 2}, true, NoDirectAccess
		s.Links[acme2].NeedsTrader, s.Links[acme2].Origination = true, DirectAccess
	}
}

// by is who and what a place counts for, as the twin names it.
func (w *world) by(at risk.Place) (by twin.By) {
	if at.Trader != 0 {
		by.Trader = traderNames[at.Trader-1]
	}
	if at.Algo != 0 {
		by.Algo = algoNames[at.Algo-1]
	}
	if at.Owner != NoIndex {
		by.Link = linkNames[at.Owner]
	}
	if at.Venue < uint32(len(venueNames)) {
		by.Venue = venueNames[at.Venue]
	}
	return by
}

// compareAside holds the scopes beside accounts against the twin. extra is what suspect orders
// reserve beyond it.
func (a *audit) compareAside(w *world, m *twin.State) {
	w.t.Helper()
	c := w.core
	extra := map[twin.Bearer][2]decimal.Decimal{} // buys, sells
	c.EachLive(func(slot uint32, o *Order) bool {
		more := money(o.Reserved).Sub(m.Orders[a.orders[slot]].R)
		by := w.by(o.Place)
		bearers := []twin.Bearer{{Kind: "trader", Name: by.Trader}, {Kind: "algo", Name: by.Algo}, {Kind: "link", Name: by.Link}, {Kind: "venue", Name: by.Venue}}
		if by.Trader != "" && deskOf(index(traderNames, by.Trader)) == 0 {
			bearers = append(bearers, twin.Bearer{Kind: "desk", Name: "DESK"})
		}
		if w.groupOf(accountOwner[o.Account]) == 0 {
			bearers = append(bearers, twin.Bearer{Kind: "group", Name: "GROUP"})
		}
		for _, b := range bearers {
			sums := extra[b]
			half := 1
			if o.Side.IsBuy() {
				half = 0
			}
			sums[half] = sums[half].Add(more)
			extra[b] = sums
		}
		return true
	})
	for _, row := range asideScopes {
		for i, name := range row.names {
			b := twin.Bearer{Kind: row.word, Name: name}
			s := m.Aside[b]
			s.RB, s.RS = s.RB.Add(extra[b][0]), s.RS.Add(extra[b][1])
			same(w, row.word+" "+name, s, c.book.Credit(row.kind, uint32(i)))
		}
	}
}

// aside finds a scope beside accounts by its word: "trader:ANN".
func (s *script) aside(word, name string) (kind risk.Scope, i uint32) {
	s.t.Helper()
	for _, row := range asideScopes {
		if row.word == word {
			if i = index(row.names, name); i == NoIndex {
				s.fatal("there is no %s %s", word, name)
			}
			return row.kind, i
		}
	}
	s.fatal("what is %q", word)
	return 0, 0
}

// killParts reads what a kill stops: "trader:ANN symbol:IBM keep-gtc".
func (s *script) killParts(m *Command, words []string) {
	s.t.Helper()
	of := risk.WholeFirm
	for _, word := range words {
		kind, name, named := strings.Cut(word, ":")
		switch {
		case !named:
		case kind == "symbol":
			of.Instrument = index(symbolNames, name)
		case kind == "client":
			of.Client = index(clientNames, name)
		case kind == "account":
			of.Account = index(accountNames, name)
		case kind == "nobody":
			of.Trader = 7
		default:
			scope, i := s.aside(kind, name)
			*of.Part(scope) = i
		}
	}
	if m.Scope = of.Scope(); m.Scope == risk.ScopeSeveral {
		m.Of = of
		return
	}
	m.Index = *of.Part(m.Scope)
}

// orderScopes are the scopes that only orders' own limits name beside those.
var orderScopes = map[string]struct {
	kind  risk.Scope
	names []string
}{"client": {risk.ScopeClient, clientNames}, "account": {risk.ScopeAccount, accountNames}}

// orders limits single orders of any scope in both books: "orders trader:ANN in=ETF qty=100 notional=5000".
func (s *script) orders(w []string) {
	s.t.Helper()
	kind, i, part, l := risk.ScopeFirm, uint32(0), risk.Part{}, risk.NoOrderLimits
	if word, name, named := strings.Cut(w[0], ":"); named {
		if scope, ok := orderScopes[word]; ok {
			kind, i = scope.kind, index(scope.names, name)
		} else {
			kind, i = s.aside(word, name)
		}
	}
	for _, word := range w[1:] {
		switch key, v, _ := strings.Cut(word, "="); key {
		case "in":
			if part.Class = classNames[v]; part.Class == risk.AnyClass {
				part = risk.Part{Class: risk.OneInstrument, Instrument: index(symbolNames, v)}
			}
		case "qty":
			l.OrderQtyMax = risk.Qty(s.fixed(v, 8))
		case "min":
			l.OrderQtyMin = risk.Qty(s.fixed(v, 8))
		case "notional":
			l.NotionalMax = risk.Money(s.fixed(v, 4))
		case "market-notional":
			l.MarketMax = risk.Money(s.fixed(v, 4))
		case "adv":
			l.AdvBpsMax = int64(s.number(v))
		default:
			s.fatal("what is %q", word)
		}
	}
	s.put(&risk.OrderSetting{Kind: kind, Index: i, In: part, Limits: l})
}

var classNames = map[string]risk.Class{"stock": risk.Stock, "etf": risk.ETF}
