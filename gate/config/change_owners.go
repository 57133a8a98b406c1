package config

import "fmt"

// Moved is a name that stays, by its place in a configuration, and belongs to another than before.
type Moved struct {
	Named
	At      int
	Owner   Kind
	To, Was string // owners; "": nobody
}

func (m Moved) String() string {
	say := func(name string) string {
		if name == "" {
			return "none"
		}
		return name
	}
	return fmt.Sprintf("%s: of %s %s, was of %s", m.Named, m.Owner, say(m.To), say(m.Was))
}

// belongings are whose an entry may be.
var belongings = [...]struct {
	what, of Kind
	each     func(c *Config, f func(at int, name string, owner int))
}{
	{AccountNumber, ClientNumber, func(c *Config, f func(int, string, int)) {
		for i := range c.Accounts {
			f(i, c.Accounts[i].Name, c.Accounts[i].Client)
		}
	}},
	{ClientNumber, GroupNumber, func(c *Config, f func(int, string, int)) {
		for i := range c.Clients {
			f(i, c.Clients[i].Name, c.Clients[i].Group)
		}
	}},
	{TraderNumber, DeskNumber, func(c *Config, f func(int, string, int)) {
		for i := range c.Traders {
			f(i, c.Traders[i].Name, c.Traders[i].Desk)
		}
	}},
	{TraderNumber, ClientNumber, func(c *Config, f func(int, string, int)) {
		for i := range c.Traders {
			f(i, c.Traders[i].Name, c.Traders[i].Client)
		}
	}},
	{AlgoNumber, ClientNumber, func(c *Config, f func(int, string, int)) {
		for i := range c.Algos {
			f(i, c.Algos[i].Name, c.Algos[i].Client)
		}
	}},
	{LinkNumber, ClientNumber, func(c *Config, f func(int, string, int)) {
		for i := range c.Links {
			f(i, c.Links[i].Session.Name, c.Links[i].Client)
		}
	}},
}

// Moves are those of a configuration that the one before had too. It goes by names, wherever these stand.
func Moves(was, is *Config) (list []Moved) {
	wasOwners, isOwners := was.Names(), is.Names()
	for _, b := range belongings {
		before := map[string]string{}
		b.each(was, func(_ int, name string, owner int) { before[name] = nameAt(wasOwners[b.of], owner) })
		b.each(is, func(at int, name string, owner int) {
			to := nameAt(isOwners[b.of], owner)
			if old, known := before[name]; known && old != to {
				list = append(list, Moved{Named{b.what, name}, at, b.of, to, old})
			}
		})
	}
	return list
}

func nameAt(names []string, i int) string {
	if i == None {
		return ""
	}
	return names[i]
}

// withoutOwners has nobody belong to anybody. Its tables are those of Detached.
func (c *Config) withoutOwners() {
	for i := range c.Accounts {
		c.Accounts[i].Client = None
	}
	for i := range c.Clients {
		c.Clients[i].Group = None
	}
	for i := range c.Traders {
		c.Traders[i].Desk, c.Traders[i].Client = None, None
	}
	for i := range c.Algos {
		c.Algos[i].Client = None
	}
	for i := range c.Links {
		c.Links[i].Client = None
	}
}
