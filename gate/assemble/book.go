package assemble

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"portcullis/gate/config"
	"portcullis/gate/core"
	"portcullis/risk"
)

// Bounds of tables that no configuration names.
const (
	positionsMax = 1 << 17 // pairs of an account, or a scope that keeps positions, and an instrument with a position or an open order
	repeatsMax   = 1 << 20 // accepted orders remembered inside their repeat windows
	killsMax     = 256

	// Room for links and limits that are added while the gate runs; a start lays the tables out anew.
	orderRulesSpare   = 1 << 10 // limits of single orders
	measuredSpare     = 1 << 10 // scopes that had no limits beside gross and net
	slicesSpare       = 1 << 10 // limits in a type or a symbol, which each take one of those too
	holdersSpare      = 1 << 3  // scopes that begin to keep positions
	venuesSpare       = 1 << 2  // each takes room for every request there may be
	stampsSpare       = 1 << 16 // orders counted in the windows of such links
	throttlesSpare    = 2       // of each link that there may be
	entitlementsSpare = 1 << 12 // accounts that they may trade for
)

// Book builds the risk book and sets every limit.
func Book(cfg *config.Config, n *config.Numbers, alloc func(int) []byte) (*risk.Book, error) {
	size := cfg.Gate.Capacity
	c := risk.Capacity{
		Accounts:    max(accountRows(&size), n.Count(config.AccountNumber)),
		Clients:     max(size.Clients+1, n.Count(config.ClientNumber)), // the suspense accounts'
		Instruments: max(size.Instruments, n.Count(config.InstrumentNumber)),
		Links:       max(size.Links, n.Count(config.LinkNumber)),

		Groups:  max(size.Groups, n.Count(config.GroupNumber)),
		Desks:   max(size.Desks, n.Count(config.DeskNumber)),
		Traders: max(size.Traders, n.Count(config.TraderNumber)),
		Algos:   max(size.Algos, n.Count(config.AlgoNumber)),
		Venues:  venueRows(cfg, n),

		RepeatEntries: min(repeatsMax, 16*size.OpenOrders),
		Kills:         killsMax,

		OrderLimits: countOrderRules(cfg) + orderRulesSpare,
		Measured:    measuredSpare,
		Slices:      slicesSpare,

		Entitlements: entitlementsSpare,
	}
	c.Throttles = cfg.ThrottleRoom(c.Instruments)
	c.Throttles.Windows += throttlesSpare * c.Links
	c.Throttles.Meters += throttlesSpare*c.Links + c.Instruments
	c.Throttles.Stamps += stampsSpare
	c.Throttles.Trips += throttlesSpare * c.Links
	for i := range cfg.Links {
		c.Entitlements += len(cfg.Links[i].Accounts)
	}
	listings, rules := risk.NeedOfLists(lookup{cfg, n}.lists())
	c.Listings, c.Rules = listings+listingsSpare, rules+rulesSpare
	holders := c.Accounts + holdersSpare
	cfg.Limited(func(l config.Limits) {
		c.Slices += len(l.Slices)
		c.Measured += len(l.Slices)
		holders += len(l.Slices)
		if l.Measures != nil || l.DailyLoss != 0 {
			holders++
		}
		if l.Measures != nil || l.Warn != (risk.WarnLevels{}) || l.DailyLoss != 0 {
			c.Measured++
		}
	})
	if slices.ContainsFunc(cfg.Accounts, func(a config.Account) bool { return a.SelfMatch != "" }) {
		c.RestingOrders = size.OpenOrders
	}
	c.Positions = min(positionsMax, holders*c.Instruments)
	book := risk.NewBook(c, alloc)
	return book, Limits(cfg, n, book)
}

// accountRows is how many accounts a gate has room for, the suspense accounts of its venues beside those of its own.
func accountRows(size *config.Capacity) int { return size.Accounts + size.Venues }

// venueRows is how many venues a start makes room for.
func venueRows(cfg *config.Config, n *config.Numbers) int {
	count := n.Count(config.VenueNumber)
	return max(count, min(cfg.Gate.Capacity.Venues, count+venuesSpare))
}

// Limits sets every limit of a configuration in a book.
func Limits(cfg *config.Config, n *config.Numbers, book *risk.Book) error {
	l := lookup{cfg, n}
	if err := book.SetLimits(risk.ScopeFirm, 0, limits(cfg.Firm)); err != nil {
		return fmt.Errorf("firm: %w", err)
	}
	if err := l.setPhaseRules(book); err != nil {
		return err
	}
	if err := l.setAside(book); err != nil {
		return err
	}
	for i := range cfg.Clients {
		if err := book.SetClient(l.client(i), l.clientOf(i)); err != nil {
			return fmt.Errorf("client %s: %w", cfg.Clients[i].Name, err)
		}
	}
	for i := range cfg.Accounts {
		if err := book.SetAccount(l.account(i), l.accountOf(&cfg.Accounts[i])); err != nil {
			return fmt.Errorf("account %s: %w", cfg.Accounts[i].Name, err)
		}
	}
	for i := range cfg.Instruments {
		if err := book.SetInstrument(l.instrument(i), instrument(&cfg.Instruments[i])); err != nil {
			return fmt.Errorf("instrument %s: %w", cfg.Instruments[i].Symbol, err)
		}
	}
	for i := range cfg.Links {
		if err := l.setLink(book, i); err != nil {
			return fmt.Errorf("link %s: %w", cfg.Links[i].Session.Name, err)
		}
	}
	if err := errors.Join(l.setOrderRules(book), l.setSlices(book)); err != nil {
		return err
	}
	if err := book.SetLists(l.lists()); err != nil {
		return fmt.Errorf("lists: %w", err)
	}
	if err := l.setThrottles(book); err != nil {
		return err
	}
	return errors.Join(l.setSuspense(book), l.setGone(book))
}

func (l lookup) setThrottles(book *risk.Book) error {
	for _, s := range l.cfg.Scopes() {
		list := s.AllThrottles()
		if len(list) == 0 {
			continue
		}
		kind, number := l.place(&s)
		if err := book.SetThrottles(kind, number, list); err != nil {
			return fmt.Errorf("%s: throttles: %w", &s, err)
		}
	}
	return nil
}

// setAside sets the limits of those who are neither firm, client nor account.
func (l lookup) setAside(book *risk.Book) error {
	set := func(kind risk.Scope, what config.Kind, name string, own *config.Limits) error {
		if own == nil {
			return nil
		}
		if err := book.SetLimits(kind, l.of(what, name), limits(*own)); err != nil {
			return fmt.Errorf("%s %s: %w", what, name, err)
		}
		return nil
	}
	var errs []error
	for i := range l.cfg.Groups {
		errs = append(errs, set(risk.ScopeGroup, config.GroupNumber, l.cfg.Groups[i].Name, &l.cfg.Groups[i].Limits))
	}
	for i := range l.cfg.Desks {
		errs = append(errs, set(risk.ScopeDesk, config.DeskNumber, l.cfg.Desks[i].Name, &l.cfg.Desks[i].Limits))
	}
	for i := range l.cfg.Traders {
		if err := book.SetTrader(l.trader(i), l.traderOf(i)); err != nil {
			errs = append(errs, fmt.Errorf("trader %s: %w", l.cfg.Traders[i].Name, err))
		}
	}
	for i := range l.cfg.Algos {
		errs = append(errs, set(risk.ScopeAlgo, config.AlgoNumber, l.cfg.Algos[i].Name, &l.cfg.Algos[i].Limits))
	}
	for i := range l.cfg.Links {
		errs = append(errs, set(risk.ScopeLink, config.LinkNumber, l.cfg.Links[i].Session.Name, l.cfg.Links[i].Limits))
	}
	for i := range l.cfg.Venues {
		errs = append(errs, set(risk.ScopeVenue, config.VenueNumber, l.cfg.Venues[i].Name, l.cfg.Venues[i].Limits))
	}
	return errors.Join(errs...)
}

// clientOf and traderOf are those as the book has them.
func (l lookup) clientOf(i int) risk.Client {
	in := &l.cfg.Clients[i]
	return risk.Client{Group: l.group(in.Group), Limits: limits(in.Limits)}
}

func (l lookup) traderOf(i int) risk.Trader {
	in := &l.cfg.Traders[i]
	return risk.Trader{Desk: l.desk(in.Desk), Limits: limits(in.Limits)}
}

func limits(in config.Limits) risk.Limits {
	return risk.Limits{Gross: risk.Money(in.Gross), Net: risk.Money(in.Net), ClosingReserveBps: int64(in.ClosingReserveBps),
		Measures: in.Measures, Warn: in.Warn, DailyLoss: risk.Money(in.DailyLoss)}
}

// accountOf is an account as the book has it.
func (l lookup) accountOf(in *config.Account) risk.Account {
	out := risk.Account{
		Client: l.client(in.Client), Limits: limits(in.Limits),
		OrderLimits: orderLimits(&in.OrderLimits),
		LongMax:     risk.Qty(in.LongMax), ShortMax: risk.Qty(in.ShortMax), OpenOrdersMax: in.OpenOrdersMax,
		RepeatCountMax: in.Repeat.CountMax, RepeatWindowNs: in.Repeat.WindowNs, RepeatDisables: in.RepeatDisables,
		SellLongChecked: in.SellLongChecked, StartOfDay: in.StartOfDay, PhaseRules: phaseRulesOf(in.PhaseRules),
	}
	if in.ShortChecked {
		out.Short |= risk.ShortMarkChecked
	}
	out.Short |= locateRules[in.Locate]
	out.SelfMatch, out.SelfMatchAction = l.selfMatch(in), in.SelfMatchAction
	for _, c := range []byte(in.Sides) {
		side, _ := risk.ParseSide(c)
		out.Sides = out.Sides.With(side)
	}
	out.OrdTypes, out.TimesInForce, out.Fields = ordTypes(in.OrdTypes), timesInForce(in.TimeInForces), orderFields(in.OrderFields)
	out.CapacitiesBarred, out.Tests = barred(in.Capacities), risk.TestRule(in.Tests)
	out.ExecInsts, _ = risk.ParseExecInsts([]byte(in.ExecInsts))
	return out
}

// barred are the capacities that a configuration does not list.
func barred(of config.Capacities) (set risk.CapacitySet) {
	if of.Order != config.Any {
		set |= risk.OrderCapacities
		for _, c := range []byte(of.Order) {
			if c == config.Unstated {
				set &^= risk.CapacityUnstated
			} else {
				set &^= risk.ParseOrderCapacity(c)
			}
		}
	}
	if of.Customer != config.Any {
		set |= risk.CustomerCapacities
		for _, c := range []byte(of.Customer) {
			if c == config.Unstated {
				set &^= risk.CustomerUnstated
			} else {
				set &^= risk.ParseCustomerCapacity(c)
			}
		}
	}
	return set
}

// ordTypes, timesInForce and orderFields are sets of the configuration's codes.
func ordTypes(codes string) (set risk.OrdTypeSet) {
	for _, c := range []byte(codes) {
		t, _ := risk.ParseOrdType(c)
		set = set.With(t)
	}
	return set
}

func timesInForce(codes string) (set risk.TimeInForceSet) {
	for _, c := range []byte(codes) {
		t, _ := risk.ParseTimeInForce(c)
		set = set.With(t)
	}
	return set
}

func orderFields(codes string) (set risk.FieldSet) {
	for _, c := range []byte(codes) {
		switch c {
		case config.IcebergField:
			set |= risk.WithDisplay
		case config.MinQtyField:
			set |= risk.WithMinQty
		case config.DiscretionField:
			set |= risk.WithDiscretion
		}
	}
	return set
}

// selfMatch numbers self-match groups by the least number for life of an account of each: a name means another group for
// another client.
func (l lookup) selfMatch(in *config.Account) (group uint32) {
	for i := range l.cfg.Accounts {
		if a := &l.cfg.Accounts[i]; in.SelfMatch != "" && a.Client == in.Client && a.SelfMatch == in.SelfMatch {
			if n := 1 + l.account(i); group == 0 || n < group {
				group = n
			}
		}
	}
	return group
}

var locateRules = [...]risk.ShortRules{config.LocateDeclared: risk.LocateDeclared, config.LocateRequired: risk.LocateRequired}

// setSuspense gives each venue's suspense account its place in the firm, and no limit at all:
// whatever is booked there is above its limits and says so.
func (l lookup) setSuspense(book *risk.Book) error {
	for i := range l.cfg.Venues {
		if err := l.suspenseOf(i).Put(book); err != nil {
			return fmt.Errorf("suspense account of %s: %w", l.cfg.Venues[i].Name, err)
		}
	}
	return nil
}

func (l lookup) suspenseOf(venue int) *risk.AccountSetting {
	return &risk.AccountSetting{Index: l.of(config.AccountNumber, suspense(l.cfg.Venues[venue].Name)),
		Account: risk.Account{Client: l.of(config.ClientNumber, suspenseClient), Closed: true}}
}

// setLink gives a link its rights. What it sets, a core.LinkChange carries to a running gate.
func (l lookup) setLink(book *risk.Book, i int) error {
	number := l.link(i)
	for _, account := range l.accounts(i) {
		if err := book.Entitle(number, account); err != nil {
			return err
		}
	}
	return nil
}

func instrument(in *config.Instrument) risk.Instrument {
	out := risk.Instrument{
		K: risk.Factor(in.Factor), Lot: risk.Qty(in.Lot), QtyMax: risk.Qty(in.OrderQtyMax), Adv: risk.Qty(in.Adv),
		BandBps: int64(in.BandBps), CollarBps: int64(in.CollarBps),
		WholeCents: in.WholeCents, Collars: risk.Collars{Amount: risk.Price(in.CollarAmount), Ticks: int64(in.CollarTicks), NearBps: int64(in.NearTouchBps), FarBps: int64(in.FarTouchBps)},
		Sources: sources(in.Sources),
		Ages: risk.SourceAges{QuoteNs: in.QuoteAgeMaxNs, LastNs: in.LastAgeMaxNs, CloseNs: int64(in.CloseAgeMaxDays) * dayNs,
			StaticNs: int64(in.StaticAgeMaxDays) * dayNs},
		OrdTypes: ordTypes(in.OrdTypes), TimesInForce: timesInForce(in.TimeInForces), Fields: orderFields(in.OrderFields),
		Restricted: in.Restricted, Halted: in.Halted, Test: in.Test, PhaseRules: phaseRulesOf(in.PhaseRules), Class: classes[in.Type],
		RiskPriceBuy: risk.Price(in.RiskPriceBuy), RiskPriceSell: risk.Price(in.RiskPriceSell), MayBeNegative: in.NegativePrices,
	}
	if in.StaticDate != 0 {
		out.Static = risk.Static{Price: risk.Price(in.StaticPrice), AtNs: config.DayNs(in.StaticDate)}
	}
	if in.FXAgeMaxNs != config.Unlimited {
		out.Rate = risk.Rate{AtNs: in.FXAsOfNs, AgeMaxNs: in.FXAgeMaxNs}
	}
	copy(out.Ticks[:], in.Ticks)
	return out
}

// sourceWords are the words of sources of reference prices.
var sourceWords = map[string]risk.RefSource{"mid": risk.RefMid, "touch": risk.RefTouch, "last": risk.RefLast, "close": risk.RefClose,
	"static": risk.RefStatic}

func sources(words string) (s risk.Sources) {
	for i, word := range strings.Fields(words) {
		s[i] = sourceWords[word]
	}
	return s
}

// Core builds a core with empty tables for a configuration.
func Core(cfg *config.Config, n *config.Numbers, prices core.Prices, alloc func(int) []byte) (*core.Core, error) {
	setup, err := Setup(cfg, n, prices, alloc)
	if err != nil {
		return nil, err
	}
	book, err := Book(cfg, n, alloc)
	if err != nil {
		return nil, err
	}
	return core.New(setup, book), nil
}
