package config

import "slices"

// numbered is a configuration whose entries name those of other tables by the places that these have in is: what only
// stands elsewhere is named alike in both.
func (c *Config) numbered(is *Config) *Config {
	groups := places(c.Groups, is.Groups, func(x Group) string { return x.Name })
	clients := places(c.Clients, is.Clients, func(x Client) string { return x.Name })
	accounts := places(c.Accounts, is.Accounts, func(x Account) string { return x.Name })
	desks := places(c.Desks, is.Desks, func(x Desk) string { return x.Name })
	traders := places(c.Traders, is.Traders, func(x Trader) string { return x.Name })
	algos := places(c.Algos, is.Algos, func(x Algo) string { return x.Name })
	n := *c
	n.Clients, n.Accounts, n.Links = slices.Clone(c.Clients), slices.Clone(c.Accounts), slices.Clone(c.Links)
	n.Traders, n.Algos = slices.Clone(c.Traders), slices.Clone(c.Algos)
	for i := range n.Clients {
		n.Clients[i].Group = groups.of(n.Clients[i].Group)
	}
	for i := range n.Accounts {
		n.Accounts[i].Client = clients.of(n.Accounts[i].Client)
	}
	for i := range n.Traders {
		n.Traders[i].Desk, n.Traders[i].Client = desks.of(n.Traders[i].Desk), clients.of(n.Traders[i].Client)
	}
	for i := range n.Algos {
		n.Algos[i].Client = clients.of(n.Algos[i].Client)
	}
	for i := range n.Links {
		k := &n.Links[i]
		k.Client, k.DefaultAccount = clients.of(k.Client), accounts.of(k.DefaultAccount)
		k.Trader, k.Algo = traders.of(k.Trader), algos.of(k.Algo)
		k.Accounts = slices.Clone(k.Accounts)
		for at := range k.Accounts {
			k.Accounts[at] = accounts.of(k.Accounts[at])
		}
	}
	return &n
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
