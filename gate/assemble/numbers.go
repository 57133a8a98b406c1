package assemble

import (
	"portcullis/gate/config"
	"portcullis/gate/core"
	"portcullis/risk"
)

// suspense is the account of a venue that books fills of orders nobody knows.
func suspense(venue string) string { return "SUSPENSE:" + venue }

// suspenseClient owns all suspense accounts; it has no limits, so it cannot trade.
const suspenseClient = "SUSPENSE"

// Assign gives every name of a configuration its number, those of suspense accounts included, and notes what each belongs to of which
// that is not known yet. The configuration may never come into force.
func Assign(cfg *config.Config, n *config.Numbers) error {
	if err := cfg.AssignAll(n, beside(cfg)); err != nil {
		return err
	}
	return lookup{cfg, n}.own(n.OwnNew)
}

// Own notes what each name of a configuration that is in force belongs to.
func Own(cfg *config.Config, n *config.Numbers) error { return lookup{cfg, n}.own(n.Own) }

// LostOwners names what a configuration that was in force gives an owner and the registry has none of: Assign had noted it, so lines of
// the registry are lost. Own of that configuration writes them anew.
func LostOwners(cfg *config.Config, n *config.Numbers) (names []string) {
	_ = lookup{cfg, n}.own(func(kind config.Kind, list []config.Owned) error {
		for _, o := range list {
			if _, known := n.Owner(kind, o.Number); !known && o.Of != config.NoOwner {
				names = append(names, kind.String()+" "+n.Name(kind, o.Number))
			}
		}
		return nil
	})
	return names
}

// CheckOwned tells whether all that always has an owner has one, once Assign has noted what the configuration says: an account has its
// client, and an instrument its type. What is gone and lacks it would count with nobody but the firm.
func CheckOwned(n *config.Numbers) error {
	var names []string
	for _, kind := range [...]config.Kind{config.AccountNumber, config.InstrumentNumber} {
		for number := range uint32(n.Count(kind)) {
			if _, known := n.Owner(kind, number); !known {
				names = append(names, kind.String()+" "+n.Name(kind, number))
			}
		}
	}
	return n.CheckOwned(names)
}

// CheckRoom tells whether Assign would have a row for each name. It gives none a number.
func CheckRoom(cfg *config.Config, n *config.Numbers) error { return cfg.CheckRoom(n, beside(cfg)) }

// beside are the names that a gate needs and no configuration has.
func beside(cfg *config.Config) config.Names {
	names := config.Names{config.ClientNumber: {suspenseClient}}
	for i := range cfg.Venues {
		names[config.AccountNumber] = append(names[config.AccountNumber], suspense(cfg.Venues[i].Name))
	}
	return names
}

// Use counts in the number of every name that Assign gives one.
func Use(cfg *config.Config, n *config.Numbers, counts *config.Counts) {
	cfg.UseAll(n, counts)
	n.Use(counts, config.ClientNumber, suspenseClient)
	for i := range cfg.Venues {
		n.Use(counts, config.AccountNumber, suspense(cfg.Venues[i].Name))
	}
}

// lookup finds numbers of names that Assign has seen.
type lookup struct {
	cfg *config.Config
	n   *config.Numbers
}

func (l lookup) of(kind config.Kind, name string) uint32 {
	number, ok := l.n.Of(kind, name)
	if !ok {
		return core.NoIndex
	}
	return number
}

func (l lookup) account(i int) uint32 {
	if i == config.None {
		return core.NoIndex
	}
	return l.of(config.AccountNumber, l.cfg.Accounts[i].Name)
}

func (l lookup) group(i int) uint32 {
	if i == config.None {
		return core.NoIndex
	}
	return l.of(config.GroupNumber, l.cfg.Groups[i].Name)
}

func (l lookup) desk(i int) uint32 {
	if i == config.None {
		return core.NoIndex
	}
	return l.of(config.DeskNumber, l.cfg.Desks[i].Name)
}

// author names a trader and an algorithm by the numbers that orders carry; None = nobody.
func (l lookup) author(trader, algo int) (by risk.Author) {
	if trader != config.None {
		by.Trader = uint16(l.trader(trader) + 1)
	}
	if algo != config.None {
		by.Algo = uint16(l.algo(algo) + 1)
	}
	return by
}

func (l lookup) trader(i int) uint32 { return l.of(config.TraderNumber, l.cfg.Traders[i].Name) }
func (l lookup) algo(i int) uint32   { return l.of(config.AlgoNumber, l.cfg.Algos[i].Name) }

// anyClient is the number of a client, NoIndex for each of them.
func (l lookup) anyClient(i int) uint32 {
	if i == config.None {
		return core.NoIndex
	}
	return l.client(i)
}

func (l lookup) client(i int) uint32 { return l.of(config.ClientNumber, l.cfg.Clients[i].Name) }

func (l lookup) instrument(i int) uint32 {
	return l.of(config.InstrumentNumber, l.cfg.Instruments[i].Symbol)
}

func (l lookup) link(i int) uint32 { return l.of(config.LinkNumber, l.cfg.Links[i].Session.Name) }

func (l lookup) venue(i int) uint32 {
	if i == config.None {
		return core.NoIndex
	}
	return l.of(config.VenueNumber, l.cfg.Venues[i].Name)
}

func (l lookup) venueLink(i int) uint32 {
	return l.of(config.LinkNumber, l.cfg.Venues[i].Session.Name)
}
