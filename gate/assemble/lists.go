package assemble

import (
	"portcullis/gate/config"
	"portcullis/risk"
)

// Rows of lists beside those that a configuration takes at the start.
const (
	listingsSpare = 4096 // for reloads, and for what operators restrict
	rulesSpare    = 64   // for reloads
)

// scopeKinds are the scopes that may have lists, by what names them.
var scopeKinds = map[config.Kind]risk.Scope{config.AccountNumber: risk.ScopeAccount, config.ClientNumber: risk.ScopeClient, config.LinkNumber: risk.ScopeLink,
	config.VenueNumber: risk.ScopeVenue, config.GroupNumber: risk.ScopeGroup, config.DeskNumber: risk.ScopeDesk,
	config.TraderNumber: risk.ScopeTrader, config.AlgoNumber: risk.ScopeAlgo}

// lists turns the lists of a configuration into numbers. A venue's line is not meant by its link: the venue is.
func (l lookup) lists() *risk.Lists {
	out, numbers := &risk.Lists{}, map[string]uint8{}
	for i := range l.cfg.Lists {
		list := &l.cfg.Lists[i]
		numbers[list.Name] = uint8(i)
		for _, e := range list.Entries {
			out.Listings = append(out.Listings, risk.Listing{Instrument: l.of(config.InstrumentNumber, e.Symbol), List: uint8(i),
				FromNs: e.FromNs, UntilNs: e.UntilNs})
		}
	}
	set := func(names []string) (s risk.ListSet) {
		for _, name := range names {
			s |= 1 << numbers[name]
		}
		return s
	}
	for _, u := range l.cfg.ListUses {
		rules := risk.ScopeRules{Kind: risk.ScopeFirm, Rules: risk.Rules{Restricted: set(u.Restricted), Permitted: set(u.Permitted)}}
		if u.Name != "" {
			rules.Kind, rules.Index = scopeKinds[u.Of], l.of(u.Of, u.Name)
		}
		out.Rules = append(out.Rules, rules)
	}
	return out
}
