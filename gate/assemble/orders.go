package assemble

import (
	"errors"
	"fmt"

	"portcullis/gate/config"
	"portcullis/risk"
)

// orderScope is whoever may have rules for single orders.
type orderScope struct {
	kind   risk.Scope
	number uint32
	name   string
	rules  []config.OrderRule
}

// orderScopes are all of them, the firm first.
func (l lookup) orderScopes() []orderScope {
	cfg := l.cfg
	list := []orderScope{{risk.ScopeFirm, 0, "firm", cfg.FirmOrders}}
	add := func(kind risk.Scope, what config.Kind, name string, rules []config.OrderRule) {
		list = append(list, orderScope{kind, l.of(what, name), what.String() + " " + name, rules})
	}
	for i := range cfg.Groups {
		add(risk.ScopeGroup, config.GroupNumber, cfg.Groups[i].Name, cfg.Groups[i].Orders)
	}
	for i := range cfg.Clients {
		add(risk.ScopeClient, config.ClientNumber, cfg.Clients[i].Name, cfg.Clients[i].Orders)
	}
	for i := range cfg.Accounts {
		add(risk.ScopeAccount, config.AccountNumber, cfg.Accounts[i].Name, cfg.Accounts[i].Orders)
	}
	for i := range cfg.Desks {
		add(risk.ScopeDesk, config.DeskNumber, cfg.Desks[i].Name, cfg.Desks[i].Orders)
	}
	for i := range cfg.Traders {
		add(risk.ScopeTrader, config.TraderNumber, cfg.Traders[i].Name, cfg.Traders[i].Orders)
	}
	for i := range cfg.Algos {
		add(risk.ScopeAlgo, config.AlgoNumber, cfg.Algos[i].Name, cfg.Algos[i].Orders)
	}
	for i := range cfg.Links {
		add(risk.ScopeLink, config.LinkNumber, cfg.Links[i].Session.Name, cfg.Links[i].Orders)
	}
	for i := range cfg.Venues {
		add(risk.ScopeVenue, config.VenueNumber, cfg.Venues[i].Name, cfg.Venues[i].Orders)
	}
	return list
}

// countOrderRules is how many rows they take.
func countOrderRules(cfg *config.Config, n *config.Numbers) (count int) {
	for _, s := range (lookup{cfg, n}).orderScopes() {
		count += len(s.rules)
	}
	return count
}

func (l lookup) setOrderRules(book *risk.Book) error {
	var errs []error
	for _, s := range l.orderScopes() {
		for i := range s.rules {
			rule := &s.rules[i]
			if err := book.SetOrderLimits(s.kind, s.number, l.part(rule), orderLimits(&rule.OrderLimits)); err != nil {
				errs = append(errs, fmt.Errorf("%s: limits of single orders: %w", s.name, err))
			}
		}
	}
	return errors.Join(errs...)
}

// part is where a rule holds.
func (l lookup) part(rule *config.OrderRule) risk.Part {
	if rule.Symbol != "" {
		return risk.Part{Class: risk.OneInstrument, Instrument: l.of(config.InstrumentNumber, rule.Symbol)}
	}
	return risk.Part{Class: classes[rule.Type]}
}

func orderLimits(in *config.OrderLimits) risk.OrderLimits {
	return risk.OrderLimits{OrderQtyMax: risk.Qty(in.OrderQtyMax), OrderQtyMin: risk.Qty(in.OrderQtyMin),
		NotionalMax: risk.Money(in.NotionalMax), MarketMax: risk.Money(in.MarketNotionalMax), AdvBpsMax: int64(in.AdvBpsMax)}
}
