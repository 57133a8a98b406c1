package config

import (
	"slices"

	"portcullis/risk"
)

// Scoped is whoever has limits, with where they stand in a configuration.
type Scoped struct {
	Of        Kind // NoNumber: the firm
	Name      string
	Limits    *Limits // of credit; nil: a link or venue that has none
	Orders    *[]OrderRule
	Throttles *[]risk.Throttle // nil: a venue; order_rate of a link is beside them
	Account   *Account         // with limits of its own; nil: it is none
	Link      *Link            // nil: it is none
}

// String names the scope.
func (s *Scoped) String() string {
	if s.Of == NoNumber {
		return "firm"
	}
	return s.Of.String() + " " + s.Name
}

// Scopes are all of them, the firm first.
func (c *Config) Scopes() []Scoped {
	list := []Scoped{{Of: NoNumber, Limits: &c.Firm, Orders: &c.FirmOrders, Throttles: &c.FirmThrottles}}
	for i := range c.Groups {
		x := &c.Groups[i]
		list = append(list, Scoped{GroupNumber, x.Name, &x.Limits, &x.Orders, &x.Throttles, nil, nil})
	}
	for i := range c.Clients {
		x := &c.Clients[i]
		list = append(list, Scoped{ClientNumber, x.Name, &x.Limits, &x.Orders, &x.Throttles, nil, nil})
	}
	for i := range c.Accounts {
		x := &c.Accounts[i]
		list = append(list, Scoped{AccountNumber, x.Name, &x.Limits, &x.Orders, &x.Throttles, x, nil})
	}
	for i := range c.Desks {
		x := &c.Desks[i]
		list = append(list, Scoped{DeskNumber, x.Name, &x.Limits, &x.Orders, &x.Throttles, nil, nil})
	}
	for i := range c.Traders {
		x := &c.Traders[i]
		list = append(list, Scoped{TraderNumber, x.Name, &x.Limits, &x.Orders, &x.Throttles, nil, nil})
	}
	for i := range c.Algos {
		x := &c.Algos[i]
		list = append(list, Scoped{AlgoNumber, x.Name, &x.Limits, &x.Orders, &x.Throttles, nil, nil})
	}
	for i := range c.Links {
		x := &c.Links[i]
		list = append(list, Scoped{LinkNumber, x.Session.Name, x.Limits, &x.Orders, &x.Throttles, nil, x})
	}
	for i := range c.Venues {
		x := &c.Venues[i]
		list = append(list, Scoped{VenueNumber, x.Name, x.Limits, &x.Orders, nil, nil, nil})
	}
	return list
}

// LinksNamed are the links of these names as scopes.
func (c *Config) LinksNamed(names []string) []Scoped {
	return slices.DeleteFunc(c.Scopes(), func(s Scoped) bool { return s.Of != LinkNumber || !slices.Contains(names, s.Name) })
}

// Detached is the same configuration, in which the limits of Scopes can be written without a trace in c. What they point
// to is shared: a list or a set of measures is replaced, never written into.
func (c *Config) Detached() *Config {
	x := *c
	x.Groups, x.Clients, x.Accounts = slices.Clone(c.Groups), slices.Clone(c.Clients), slices.Clone(c.Accounts)
	x.Desks, x.Traders, x.Algos = slices.Clone(c.Desks), slices.Clone(c.Traders), slices.Clone(c.Algos)
	x.Links, x.Venues = slices.Clone(c.Links), slices.Clone(c.Venues)
	for i := range x.Links {
		x.Links[i].Limits = copied(x.Links[i].Limits)
	}
	for i := range x.Venues {
		x.Venues[i].Limits = copied(x.Venues[i].Limits)
	}
	return &x
}

func copied(l *Limits) *Limits {
	if l == nil {
		return nil
	}
	x := *l
	return &x
}
