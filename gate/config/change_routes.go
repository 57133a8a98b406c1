package config

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// routes finds which new orders a running gate would send elsewhere. Orders that are open stay with the venue that has them, and
// what follows them goes there. Names that come or go have their routes with them.
func (c *Change) routes(was, is *Config) {
	before, now := was.routesText(), is.routesText()
	for _, n := range c.New {
		delete(now, n.String())
	}
	for _, n := range c.Gone {
		delete(before, n.String())
	}
	keys := maps.Clone(before)
	maps.Copy(keys, now)
	for _, key := range slices.Sorted(maps.Keys(keys)) {
		if before[key] != now[key] {
			c.Routes = append(c.Routes, fmt.Sprintf("%s: %s, was %s", key, cmp.Or(now[key], noRoute), cmp.Or(before[key], noRoute)))
		}
	}
	c.preserved(was, is)
}

const noRoute = "none of its own"

// routesText says by what has a route where that leads.
func (c *Config) routesText() map[string]string {
	r, text := &c.Routes, map[string]string{}
	if r.Default != None {
		text["default"] = c.targetText(r.Default)
	}
	for _, x := range r.Symbols {
		text[Named{InstrumentNumber, c.Instruments[x.From].Symbol}.String()] = c.targetText(x.Venue)
	}
	for _, x := range r.Accounts {
		text[Named{AccountNumber, c.Accounts[x.From].Name}.String()] = c.targetText(x.Venue)
	}
	for _, x := range r.ExDestinations {
		text["ExDestination "+x.ExDestination] = c.targetText(x.Venue)
	}
	for _, x := range r.Lines {
		sticky := "account"
		if x.BySymbol {
			sticky = "symbol"
		}
		var names []string
		for _, venue := range x.Venues {
			names = append(names, c.Venues[venue].Name)
		}
		text["lines "+x.Name] = strings.Join(names, " ") + " by " + sticky
	}
	return text
}

func (c *Config) targetText(to int) string {
	if to >= LinesBase {
		return c.Routes.Lines[to-LinesBase].Name
	}
	return c.Venues[to].Name
}

// preserved refuses that a venue which reads participants' own ClOrdIDs gets them from another link than it had: two orders could
// have one name there, and a report would be booked for the wrong one.
func (c *Change) preserved(was, is *Config) {
	if !slices.ContainsFunc(is.Venues, func(v Venue) bool { return v.PreserveClOrdID }) {
		return
	}
	before, now := was.reachedBy(), is.reachedBy()
	for i := range is.Venues {
		name := is.Venues[i].Name
		if a, b := before[name], now[name]; is.Venues[i].PreserveClOrdID && a != "" && b != "" && a != b {
			c.Restart = append(c.Restart, fmt.Sprintf("venue %s preserves ClOrdIDs, and would get those of link %s beside those that %s has sent", name, b, a))
		}
	}
}

// reachedBy is a link that reaches each venue, the first of those that do.
func (c *Config) reachedBy() map[string]string {
	by, routeOf := map[string]string{}, c.Routes.ofAccounts()
	for i := range c.Links {
		for _, v := range c.Routes.reached(c.Links[i].Accounts, routeOf) {
			if by[c.Venues[v].Name] == "" {
				by[c.Venues[v].Name] = c.Links[i].Session.Name
			}
		}
	}
	return by
}
