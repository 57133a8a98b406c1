package sim

import (
	"portcullis/gate/core"
	"portcullis/risk"
	"portcullis/risk/twin"
)

// Names of those who bear credit beside accounts. Client ACME is of the group, trader ANN of the desk. Orders name nobody: whose they
// are is their link's.
var (
	groupNames  = []string{"GROUP"}
	deskNames   = []string{"DESK"}
	traderNames = []string{"ANN", "BOB"}
	algoNames   = []string{"TWAP", "VWAP"}
	venueNames  = []string{"XSIM", "YSIM"}
)

// authors are those of the orders of a participant's link.
var authors = [...]risk.Author{acme: {Trader: 1}, beta: {Trader: 2, Algo: 1}, acme2: {Trader: 1, Algo: 2}}

// classes of the symbols. Each has one of its own, so a part of a scope by class is that by symbol.
var (
	classes    = []risk.Class{risk.Stock, risk.ETF}
	classNames = []string{"stock", "etf"}
)

// scopeOf is one of those who bear credit, by its kind and number and by its name in the twin.
type scopeOf struct {
	kind  risk.Scope
	index uint32
	name  twin.Bearer
}

// allScopes are all of them.
var allScopes = func() (all []scopeOf) {
	for _, row := range []struct {
		kind  risk.Scope
		word  string
		names []string
	}{{risk.ScopeFirm, "firm", []string{""}}, {risk.ScopeGroup, "group", groupNames}, {risk.ScopeClient, "client", clientNames},
		{risk.ScopeAccount, "account", accountNames}, {risk.ScopeDesk, "desk", deskNames}, {risk.ScopeTrader, "trader", traderNames},
		{risk.ScopeAlgo, "algo", algoNames}, {risk.ScopeLink, "link", linkNames}, {risk.ScopeVenue, "venue", venueNames}} {
		for i, name := range row.names {
			all = append(all, scopeOf{row.kind, uint32(i), twin.Bearer{Kind: row.word, Name: name}})
		}
	}
	return all
}()

// counts reports whether what is booked at a place counts in a scope.
func (s *scopeOf) counts(at *risk.Place) bool {
	client := uint32(core.NoIndex)
	if at.Account != core.NoIndex {
		client = accountOwner[at.Account]
	}
	switch s.kind {
	case risk.ScopeFirm:
		return true
	case risk.ScopeGroup:
		return client == acme
	case risk.ScopeClient:
		return client == s.index
	case risk.ScopeAccount:
		return at.Account == s.index
	case risk.ScopeDesk:
		return at.Trader == 1
	case risk.ScopeTrader:
		return uint32(at.Trader) == s.index+1
	case risk.ScopeAlgo:
		return uint32(at.Algo) == s.index+1
	case risk.ScopeLink:
		return at.Owner == s.index
	}
	return at.Venue == s.index
}

// nameScopes tells the twin whose is what.
func nameScopes(l *twin.Ledger) {
	for i, name := range accountNames {
		l.Account(name, clientNames[accountOwner[i]])
	}
	l.Client(clientNames[acme], groupNames[0])
	l.Trader(traderNames[0], deskNames[0])
	for i, symbol := range symbolNames {
		l.Class(symbol, classNames[i])
		l.Slice(classNames[i])
		l.Slice(symbol)
	}
}

// by is who and what a place counts for beside its account, as the twin names it.
func by(at risk.Place) (by twin.By) {
	if at.Trader != 0 {
		by.Trader = traderNames[at.Trader-1]
	}
	if at.Algo != 0 {
		by.Algo = algoNames[at.Algo-1]
	}
	if at.Owner != core.NoIndex {
		by.Link = linkNames[at.Owner]
	}
	if at.Venue != core.NoIndex {
		by.Venue = venueNames[at.Venue]
	}
	return by
}

// setAside names them in a setup, and their orders' authors.
func setAside(s *core.Setup) {
	s.Groups, s.Desks = groupNames, deskNames
	for _, name := range traderNames {
		s.Traders = append(s.Traders, core.AuthorSetup{Name: name, Client: core.NoIndex})
	}
	for _, name := range algoNames {
		s.Algos = append(s.Algos, core.AuthorSetup{Name: name, Client: core.NoIndex})
	}
	for l, author := range authors {
		s.Links[l].Author = author
	}
}

// limitAside limits them, all but what comes and goes with reloads.
func (v *limits) limitAside(book *risk.Book) error {
	money := func(units risk.Money) risk.Money { return units * risk.MoneyScale }
	set := func(kind risk.Scope, index uint32, l risk.Limits) error { return book.SetLimits(kind, index, l) }
	for _, err := range []error{
		set(risk.ScopeGroup, 0, risk.Limits{Gross: money(v.firmGross), Net: risk.Unlimited, Measures: limited(risk.MeasureLongAll, int64(v.clientLong)*risk.PriceScale)}),
		set(risk.ScopeDesk, 0, risk.Limits{Gross: money(3 * v.gross), Net: money(v.clientNet), Warn: warnedLevels}),
		book.SetTrader(0, risk.Trader{Desk: 0, Limits: risk.Limits{Gross: money(3 * v.gross), Net: risk.Unlimited, Measures: limited(risk.MeasureShort, int64(v.allShort)*risk.PriceScale)}}),
		book.SetTrader(1, risk.Trader{Desk: risk.NoIndex, Limits: risk.Limits{Gross: risk.Unlimited, Net: risk.Unlimited, Measures: limited(risk.MeasureInventory, int64(money(v.firmOpen)))}}),
		set(risk.ScopeAlgo, 0, risk.Limits{Gross: risk.Unlimited, Net: money(v.net)}),
		set(risk.ScopeAlgo, 1, risk.Limits{Gross: money(2 * v.gross), Net: risk.Unlimited, Measures: limited(risk.MeasureOpen, int64(money(v.gross)))}),
		set(risk.ScopeLink, beta, risk.Limits{Gross: money(v.firmGross), Net: risk.Unlimited}),
		set(risk.ScopeVenue, 1, risk.Limits{Gross: risk.Unlimited, Net: money(2 * v.clientNet)}),
	} {
		if err != nil {
			return err
		}
	}
	return nil
}

// parts are the limits that reloads bring and take away: in types and symbols, of positions, of a link and a venue.
func (p *profile) parts(named bool) (list []risk.Setting) {
	v := variants[p.variant]
	part := func(symbol uint32) risk.Part { return risk.Part{Class: risk.OneInstrument, Instrument: symbol} }
	for _, s := range []risk.CreditSetting{
		{Kind: risk.ScopeLink, Index: acme, Limits: risk.Limits{Gross: 2 * v.gross, Net: risk.Unlimited}},
		{Kind: risk.ScopeVenue, Index: 0, Limits: risk.Limits{Gross: v.firmGross, Net: risk.Unlimited}},
		{Kind: risk.ScopeClient, Index: acme, In: risk.Part{Class: risk.Stock}, Limits: risk.Limits{Gross: 2 * v.gross, Net: v.clientNet, Measures: limited(risk.MeasureLong, int64(v.clientLong)*risk.PriceScale)}},
		{Kind: risk.ScopeAccount, Index: 0, In: risk.Part{Class: risk.ETF}, Limits: risk.Limits{Gross: v.gross, Net: risk.Unlimited, Measures: limited(risk.MeasureShortAll, int64(v.allShort)*risk.PriceScale)}},
		{Kind: risk.ScopeTrader, Index: 0, In: part(0), Limits: risk.Limits{Gross: 2 * v.gross, Net: risk.Unlimited}},
		{Kind: risk.ScopeDesk, Index: 0, In: part(1), Limits: risk.Limits{Gross: risk.Unlimited, Net: v.net, Warn: warnedLevels}},
		{Kind: risk.ScopeAlgo, Index: 0, In: risk.Part{Class: risk.Stock}, Limits: risk.Limits{Gross: 3 * v.gross, Net: risk.Unlimited}},
		{Kind: risk.ScopeGroup, Index: 0, In: part(0), Limits: risk.Limits{Gross: risk.Unlimited, Net: risk.Unlimited, Measures: limited(risk.MeasureInventory, int64(v.firmOpen)*risk.MoneyScale)}},
	} {
		if !named {
			s.Limits = risk.Unbounded
		}
		for _, m := range []*risk.Money{&s.Limits.Gross, &s.Limits.Net} {
			if *m != risk.Unlimited {
				*m *= risk.MoneyScale
			}
		}
		list = append(list, &s)
	}
	return list
}
