package rehearsal

import (
	"slices"

	"portcullis/gate/config"
	"portcullis/risk"
)

// standing is what the lists of an account, its client and group, its link and the firm say of a symbol.
type standing uint8

const (
	tradable standing = iota
	restricted
	notPermitted
	forATime // it depends on the time of the order
)

// standing asks them; the lists of who else may stand behind an order, and of its venue, are left out.
func (t *selfTest) standing(l *config.Link, a *config.Account, symbol string) standing {
	found := tradable
	for i := range t.cfg.ListUses {
		u := &t.cfg.ListUses[i]
		if !t.concerns(u, l, a) {
			continue
		}
		on, always := t.on(u.Restricted, symbol)
		permitted, forGood := t.on(u.Permitted, symbol)
		switch {
		case on && always:
			return restricted
		case on || permitted && !forGood:
			found = forATime
		case len(u.Permitted) > 0 && !permitted && found == tradable:
			found = notPermitted
		}
	}
	return found
}

func (t *selfTest) concerns(u *config.ListUse, l *config.Link, a *config.Account) bool {
	client := &t.cfg.Clients[a.Client]
	switch {
	case u.Name == "":
		return true
	case u.Of == config.AccountNumber:
		return u.Name == a.Name
	case u.Of == config.ClientNumber:
		return u.Name == client.Name
	case u.Of == config.GroupNumber:
		return client.Group != config.None && u.Name == t.cfg.Groups[client.Group].Name
	case u.Of == config.LinkNumber:
		return u.Name == l.Session.Name
	}
	return false
}

// on reports whether a symbol is on one of some lists, and whether at all times.
func (t *selfTest) on(names []string, symbol string) (on, always bool) {
	for i := range t.cfg.Lists {
		list := &t.cfg.Lists[i]
		if !slices.Contains(names, list.Name) {
			continue
		}
		for _, e := range list.Entries {
			if e.Symbol == symbol {
				on, always = true, always || e.FromNs == 0 && e.UntilNs == risk.Forever
			}
		}
	}
	return on, always
}
