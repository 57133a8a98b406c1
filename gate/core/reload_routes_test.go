package core

import (
	"slices"
	"strings"
)

// reloadRoutes gives a running gate other routes: "reload route MSFT=XSIM ACME-1=SLOW default=SLOW". What has none of its own any
// more is "ACME-1=-".
func (s *script) reloadRoutes(words []string) {
	s.t.Helper()
	for _, c := range []*Core{s.w.core, s.w.shadow} {
		next := *c.set
		r := &next.Routes
		r.BySymbol, r.ByAccount, r.ByDestination = slices.Clone(r.BySymbol), slices.Clone(r.ByAccount), slices.Clone(r.ByDestination)
		for _, word := range words {
			from, name, _ := strings.Cut(word, "=")
			to := index([]string{"XSIM", "SLOW"}, name)
			symbol, account := index(symbolNames, from), index(accountNames, from)
			switch {
			case from == "default":
				r.Default = to
			case symbol != NoIndex:
				r.BySymbol[symbol] = to
			case account != NoIndex:
				r.ByAccount[account] = to
			default:
				r.ByDestination = append(r.ByDestination, Destination{Name: from, Venue: to})
			}
		}
		c.Stage(&Change{Version: 7, Setup: &next})
	}
	s.w.command(Command{ID: 7, Kind: CmdReload, Target: 7})
}

// reloadProfile gives XSIM another profile, in the words of "world": "reload profile reject=5001 budget=2 venue-symbol=IBM,IBMx".
func (s *script) reloadProfile(words []string) {
	s.t.Helper()
	was := s.conf
	c := *was
	s.conf = &c
	for _, word := range words {
		s.worldWord(word)
	}
	for _, of := range []*Core{s.w.core, s.w.shadow} {
		next := *of.set
		next.Venues, next.Instruments = slices.Clone(next.Venues), slices.Clone(next.Instruments)
		v := &next.Venues[0]
		v.Tags, v.Set, v.StatusRequest, v.MassCancel = c.policies(), c.tags.Set, !c.noStatus, c.massCancel
		v.UnknownByLink, v.COD, v.Budget.CountMax = c.unknownByLink, c.venueCOD, c.budget
		for i, name := range c.venueSymbols {
			next.Instruments[i].AtVenue = []string{name}
		}
		change := &Change{Version: 7, Setup: &next, Renames: c.venueSymbols != was.venueSymbols}
		of.Stage(change)
		s.uses = &change.Uses
	}
	s.w.command(Command{ID: 7, Kind: CmdReload, Target: 7})
	if !s.done() {
		s.conf = was
	}
}
