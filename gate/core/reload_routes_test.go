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
