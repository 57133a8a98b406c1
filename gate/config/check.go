package config

import (
	"fmt"
	"maps"
	"slices"

	"portcullis/fix/settings"
)

// check holds what must be true across sections.
func (l *loader) check() {
	l.checkSessionsUsed()
	l.checkCapacity()
	l.checkThrottleRoom()
	l.checkRoutes()
	l.warnNoVolume()
	var acceptors []*settings.Session
	for i := range l.config.Links {
		acceptors = append(acceptors, &l.config.Links[i].Session)
	}
	for i := range l.config.Copiers {
		if s := &l.config.Copiers[i].Session; !s.Initiator {
			acceptors = append(acceptors, s)
		}
	}
	l.checkDoors(acceptors)
}

// checkSessionsUsed refuses a session without rights: it would be a door that nobody owns.
func (l *loader) checkSessionsUsed() {
	for _, name := range slices.Sorted(maps.Keys(l.sessions)) {
		use := l.sessions[name]
		if use.used || l.draft && !use.session.Initiator {
			continue
		}
		section := "links"
		if use.session.Initiator {
			section = "venues"
		}
		l.add(place{use.session.File, use.session.Line},
			fmt.Sprintf("session %s has no entry under %s or recon.drop_copies in gate.yaml", use.session.Name, section),
			"add one, or remove the session")
	}
}

// checkCapacity refuses a configuration that does not fit its own tables.
func (l *loader) checkCapacity() {
	c, capacity := &l.config, &l.config.Gate.Capacity
	for _, table := range []struct {
		name      string
		used, max int
	}{
		{"links", len(c.Links) + len(c.Venues) + len(c.Copiers), capacity.Links}, {"venues", len(c.Venues), capacity.Venues},
		{"clients", len(c.Clients), capacity.Clients}, {"accounts", len(c.Accounts), capacity.Accounts},
		{"instruments", len(c.Instruments), capacity.Instruments}, {"groups", len(c.Groups), capacity.Groups},
		{"desks", len(c.Desks), capacity.Desks}, {"traders", len(c.Traders), capacity.Traders}, {"algos", len(c.Algos), capacity.Algos},
	} {
		if table.used > table.max {
			l.add(l.capacityAt, fmt.Sprintf("capacity of %s is %d, but %d are configured", table.name, table.max, table.used),
				"raise gate.capacity."+table.name)
		}
	}
}

// checkRoutes refuses routes between FIX versions that differ, unless the venue's profile says that the gate is to
// translate, and a preserved ClOrdID on a venue line that more than one link can reach.
func (l *loader) checkRoutes() {
	owner := make([]*Link, len(l.config.Venues)) // the first link that reaches a venue
	routeOf := l.config.Routes.ofAccounts()
	for i := range l.config.Links {
		link := &l.config.Links[i]
		for _, v := range l.config.Routes.reached(link.Accounts, routeOf) {
			l.checkVersions(link, &l.config.Venues[v])
			if l.config.Venues[v].PreserveClOrdID && owner[v] != nil {
				l.add(l.venues.at[v], fmt.Sprintf("venue %s preserves ClOrdIDs, but links %s and %s both reach it",
					l.config.Venues[v].Name, owner[v].Session.Name, link.Session.Name),
					"write clordid: translate, or route one link only")
			}
			if owner[v] == nil {
				owner[v] = link
			}
		}
	}
}

// checkVersions refuses a route whose two ends speak different FIX versions, where the venue's profile does not name
// the link's: what a translation leaves out is the broker's to agree with client and venue. Line 0 means that the
// session was not found, which is reported already.
func (l *loader) checkVersions(link *Link, venue *Venue) {
	from, to := &link.Session, &venue.Session
	if from.Line > 0 && to.Line > 0 && from.ApplVersion() != to.ApplVersion() && !slices.Contains(venue.Translate, from.ApplVersion()) {
		l.add(place{from.File, from.Line},
			fmt.Sprintf("link %s speaks %s, but its orders can be routed to venue %s, which speaks %s",
				from.Name, from.ApplVersion(), venue.Name, to.ApplVersion()),
			fmt.Sprintf("write translate: [%s] for venue %s, or route its accounts to a venue of the same version", from.ApplVersion(), venue.Name))
	}
}

// ofAccounts are where the routes of the accounts lead that have one of their own.
func (r *Routes) ofAccounts() map[int]int {
	routeOf := map[int]int{}
	for _, route := range r.Accounts {
		routeOf[route.From] = route.Venue
	}
	return routeOf
}

// Reached lists the venues that an order for one of these accounts can be routed to, each once; None is an account
// that has no route of its own.
func (r *Routes) Reached(accounts []int) []int { return r.reached(accounts, r.ofAccounts()) }

// reached does so where routeOf is at hand. A symbol's route wins over all; ExDestination and default are only
// reached by accounts without their own route.
func (r *Routes) reached(accounts []int, routeOf map[int]int) []int {
	var venues []int
	for _, route := range r.Symbols {
		venues = append(venues, route.Venue)
	}
	unrouted := false
	for _, account := range accounts {
		if venue, ok := routeOf[account]; ok {
			venues = append(venues, venue)
		} else {
			unrouted = true
		}
	}
	for _, route := range r.ExDestinations {
		if unrouted {
			venues = append(venues, route.Venue)
		}
	}
	if unrouted && r.Default != None {
		venues = append(venues, r.Default)
	}
	for i := 0; i < len(venues); i++ {
		if at := venues[i] - LinesBase; at >= 0 {
			venues[i] = r.Lines[at].Venues[0]
			venues = append(venues, r.Lines[at].Venues[1:]...)
		}
	}
	slices.Sort(venues)
	return slices.Compact(venues)
}
