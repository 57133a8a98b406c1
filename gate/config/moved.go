package config

import "slices"

// Numbered is a configuration whose entries name those of other tables by the places that these have in is: what only
// stands elsewhere is named alike in both.
func (c *Config) Numbered(is *Config) *Config {
	groups := places(c.Groups, is.Groups, func(x Group) string { return x.Name })
	clients := places(c.Clients, is.Clients, func(x Client) string { return x.Name })
	accounts := places(c.Accounts, is.Accounts, func(x Account) string { return x.Name })
	desks := places(c.Desks, is.Desks, func(x Desk) string { return x.Name })
	traders := places(c.Traders, is.Traders, func(x Trader) string { return x.Name })
	algos := places(c.Algos, is.Algos, func(x Algo) string { return x.Name })
	venues := places(c.Venues, is.Venues, func(x Venue) string { return x.Name })
	instruments := places(c.Instruments, is.Instruments, func(x Instrument) string { return x.Symbol })
	phases := places(c.PhaseRules, is.PhaseRules, func(x PhaseRules) string { return x.Name })
	n := *c
	n.Clients, n.Accounts, n.Links = slices.Clone(c.Clients), slices.Clone(c.Accounts), slices.Clone(c.Links)
	n.Traders, n.Algos = slices.Clone(c.Traders), slices.Clone(c.Algos)
	for i := range n.Clients {
		n.Clients[i].Group = groups.of(n.Clients[i].Group)
	}
	for i := range n.Accounts {
		n.Accounts[i].Client, n.Accounts[i].PhaseRules = clients.of(n.Accounts[i].Client), phases.of(n.Accounts[i].PhaseRules)
	}
	n.Instruments = slices.Clone(c.Instruments)
	for i := range n.Instruments {
		n.Instruments[i].PhaseRules = phases.of(n.Instruments[i].PhaseRules)
	}
	for i := range n.Traders {
		n.Traders[i].Desk, n.Traders[i].Client = desks.of(n.Traders[i].Desk), clients.of(n.Traders[i].Client)
	}
	for i := range n.Algos {
		n.Algos[i].Client = clients.of(n.Algos[i].Client)
	}
	n.Routes = c.Routes.numbered(instruments, accounts, venues)
	n.Venues = slices.Clone(c.Venues)
	for i := range n.Venues {
		v := &n.Venues[i]
		v.AccountMap = slices.Clone(v.AccountMap)
		for at := range v.AccountMap {
			v.AccountMap[at].Account = accounts.of(v.AccountMap[at].Account)
		}
		v.AccountMap = without(v.AccountMap, func(a AccountAlias) bool { return a.Account < None })
		v.SymbolMap = slices.Clone(v.SymbolMap)
		for at := range v.SymbolMap {
			v.SymbolMap[at].Instrument = instruments.of(v.SymbolMap[at].Instrument)
		}
		v.SymbolMap = without(v.SymbolMap, func(a SymbolAlias) bool { return a.Instrument < None })
	}
	n.Copiers = slices.Clone(c.Copiers)
	for i := range n.Copiers {
		n.Copiers[i].Venue = venues.of(n.Copiers[i].Venue)
	}
	n.DropCopy.Sessions = slices.Clone(c.DropCopy.Sessions)
	for i := range n.DropCopy.Sessions {
		s := &n.DropCopy.Sessions[i]
		s.Clients, s.Accounts = clients.each(s.Clients), accounts.each(s.Accounts)
	}
	for i := range n.Links {
		k := &n.Links[i]
		k.Client, k.DefaultAccount = clients.of(k.Client), accounts.of(k.DefaultAccount)
		k.Trader, k.Algo = traders.of(k.Trader), algos.of(k.Algo)
		k.Accounts = accounts.each(k.Accounts)
	}
	return &n
}

// numbered are the same routes; those of what is gone are gone with it.
func (r *Routes) numbered(instruments, accounts, venues moved) Routes {
	to := func(target int) int {
		if target >= LinesBase {
			return target // lines have no numbers
		}
		return venues.of(target)
	}
	from := func(list []Route, of moved) []Route {
		list = slices.Clone(list)
		for i := range list {
			list[i] = Route{of.of(list[i].From), to(list[i].Venue)}
		}
		return without(list, func(r Route) bool { return r.From < None })
	}
	n := Routes{slices.Clone(r.Lines), from(r.Symbols, instruments), from(r.Accounts, accounts), slices.Clone(r.ExDestinations), to(r.Default)}
	for i := range n.ExDestinations {
		n.ExDestinations[i].Venue = to(n.ExDestinations[i].Venue)
	}
	for i := range n.Lines {
		n.Lines[i].Venues = slices.Clone(n.Lines[i].Venues)
		for at, venue := range n.Lines[i].Venues {
			n.Lines[i].Venues[at] = venues.of(venue)
		}
	}
	return n
}

// moved says by the place of an entry in one table which it has in another.
type moved []int

// gone and what is below it are the places of entries that the other table has not.
const gone = None - 1

func places[T any](was, is []T, name func(T) string) moved {
	at := map[string]int{}
	for i, x := range is {
		at[name(x)] = i
	}
	to := make(moved, len(was))
	for i, x := range was {
		to[i] = gone - i
		if n, stays := at[name(x)]; stays {
			to[i] = n
		}
	}
	return to
}

// of is the place of an entry, None of none.
func (m moved) of(i int) int {
	if i == None {
		return None
	}
	return m[i]
}

// each are the places of entries.
func (m moved) each(list []int) []int {
	list = slices.Clone(list)
	for i := range list {
		list[i] = m.of(list[i])
	}
	return list
}
