package assemble

import (
	"errors"
	"fmt"

	"portcullis/gate/config"
	"portcullis/risk"
)

// limitedScope is whoever may have rules for single orders, and limits in parts of its instruments.
type limitedScope struct {
	kind   risk.Scope
	number uint32
	name   string
	rules  []config.OrderRule
	slices []config.Slice
}

// limitedScopes are all of them, the firm first.
func (l lookup) limitedScopes() []limitedScope {
	cfg := l.cfg
	list := []limitedScope{{risk.ScopeFirm, 0, "firm", cfg.FirmOrders, cfg.Firm.Slices}}
	add := func(kind risk.Scope, what config.Kind, name string, rules []config.OrderRule, limits *config.Limits) {
		s := limitedScope{kind: kind, number: l.of(what, name), name: what.String() + " " + name, rules: rules}
		if limits != nil {
			s.slices = limits.Slices
		}
		list = append(list, s)
	}
	for i := range cfg.Groups {
		add(risk.ScopeGroup, config.GroupNumber, cfg.Groups[i].Name, cfg.Groups[i].Orders, &cfg.Groups[i].Limits)
	}
	for i := range cfg.Clients {
		add(risk.ScopeClient, config.ClientNumber, cfg.Clients[i].Name, cfg.Clients[i].Orders, &cfg.Clients[i].Limits)
	}
	for i := range cfg.Accounts {
		add(risk.ScopeAccount, config.AccountNumber, cfg.Accounts[i].Name, cfg.Accounts[i].Orders, &cfg.Accounts[i].Limits)
	}
	for i := range cfg.Desks {
		add(risk.ScopeDesk, config.DeskNumber, cfg.Desks[i].Name, cfg.Desks[i].Orders, &cfg.Desks[i].Limits)
	}
	for i := range cfg.Traders {
		add(risk.ScopeTrader, config.TraderNumber, cfg.Traders[i].Name, cfg.Traders[i].Orders, &cfg.Traders[i].Limits)
	}
	for i := range cfg.Algos {
		add(risk.ScopeAlgo, config.AlgoNumber, cfg.Algos[i].Name, cfg.Algos[i].Orders, &cfg.Algos[i].Limits)
	}
	for i := range cfg.Links {
		add(risk.ScopeLink, config.LinkNumber, cfg.Links[i].Session.Name, cfg.Links[i].Orders, cfg.Links[i].Limits)
	}
	for i := range cfg.Venues {
		add(risk.ScopeVenue, config.VenueNumber, cfg.Venues[i].Name, cfg.Venues[i].Orders, cfg.Venues[i].Limits)
	}
	return list
}

// countOrderRules is how many rows they take.
func countOrderRules(cfg *config.Config, n *config.Numbers) (count int) {
	for _, s := range (lookup{cfg, n}).limitedScopes() {
		count += len(s.rules)
	}
	return count
}

func (l lookup) setOrderRules(book *risk.Book) error {
	var errs []error
	for _, s := range l.limitedScopes() {
		for i := range s.rules {
			rule := &s.rules[i]
			if err := book.SetOrderLimits(s.kind, s.number, l.part(rule.Type, rule.Symbol), orderLimits(&rule.OrderLimits)); err != nil {
				errs = append(errs, fmt.Errorf("%s: limits of single orders: %w", s.name, err))
			}
		}
	}
	return errors.Join(errs...)
}

// setSlices limits scopes in parts of their instruments.
func (l lookup) setSlices(book *risk.Book) error {
	var errs []error
	for _, s := range l.limitedScopes() {
		for i := range s.slices {
			slice := &s.slices[i]
			if err := book.SetSlice(s.kind, s.number, l.part(slice.Type, slice.Symbol), limits(slice.Limits)); err != nil {
				errs = append(errs, fmt.Errorf("%s: limits in %s%s: %w", s.name, slice.Type, slice.Symbol, err))
			}
		}
	}
	return errors.Join(errs...)
}

// part is where a limit holds: in a type of instruments, or in one.
func (l lookup) part(kind, symbol string) risk.Part {
	if symbol != "" {
		return risk.Part{Class: risk.OneInstrument, Instrument: l.of(config.InstrumentNumber, symbol)}
	}
	return risk.Part{Class: classes[kind]}
}

func orderLimits(in *config.OrderLimits) risk.OrderLimits {
	return risk.OrderLimits{OrderQtyMax: risk.Qty(in.OrderQtyMax), OrderQtyMin: risk.Qty(in.OrderQtyMin),
		NotionalMax: risk.Money(in.NotionalMax), MarketMax: risk.Money(in.MarketNotionalMax), AdvBpsMax: int64(in.AdvBpsMax)}
}
