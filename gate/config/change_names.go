package config

import (
	"fmt"
	"slices"
	"strings"
)

// Named is a name of a kind, such as that of an account.
type Named struct {
	Of   Kind
	Name string
}

// String names it.
func (n Named) String() string { return n.Of.String() + " " + n.Name }

// followedKinds are those of which a running gate takes new names, and lets names go. Links are compared by themselves; of venues
// it takes new ones alone.
var followedKinds = [...]Kind{GroupNumber, ClientNumber, AccountNumber, DeskNumber, TraderNumber, AlgoNumber, InstrumentNumber}

// names finds those that are new, and those that are gone.
func (c *Change) names(was, is *Config) {
	before, after := was.Names(), is.Names()
	for _, kind := range followedKinds {
		c.New = append(c.New, lacking(kind, after[kind], before[kind])...)
		c.Gone = append(c.Gone, lacking(kind, before[kind], after[kind])...)
	}
	c.New = append(c.New, lacking(VenueNumber, after[VenueNumber], before[VenueNumber])...)
	for _, gone := range lacking(VenueNumber, before[VenueNumber], after[VenueNumber]) {
		c.Restart = append(c.Restart, gone.String()+" is gone")
	}
}

// lacking are the names of a list that another has not.
func lacking(kind Kind, list, other []string) (names []Named) {
	known := map[string]bool{}
	for _, name := range other {
		known[name] = true
	}
	for _, name := range list {
		if !known[name] {
			names = append(names, Named{kind, name})
		}
	}
	return names
}

// Begun is a scope that is new as a change of its limits, Ended one that is gone.
func (s *Scoped) Begun() *LimitChange { return &LimitChange{Was: s.blank(), Is: *s} }
func (s *Scoped) Ended() *LimitChange { return &LimitChange{Was: *s, Is: s.blank()} }

// blank is a scope without limits of its own.
func (s *Scoped) blank() Scoped {
	b := *s
	b.Orders = new([]OrderRule)
	b.Limits = nil
	if s.Throttles != nil {
		b.Throttles = new(*s.Throttles)
		*b.Throttles = nil
	}
	return b
}

// common are the entries of a list that another has too, in the order of their names.
func common[T any](list, other []T, name func(T) string) []T {
	names := map[string]bool{}
	for _, x := range other {
		names[name(x)] = true
	}
	list = slices.DeleteFunc(slices.Clone(list), func(x T) bool { return !names[name(x)] })
	slices.SortFunc(list, func(a, b T) int { return strings.Compare(name(a), name(b)) })
	return list
}

// without is a copy of a list that lacks some; nil where nothing is left.
func without[T any](list []T, lacks func(T) bool) (left []T) {
	for _, x := range list {
		if !lacks(x) {
			left = append(left, x)
		}
	}
	return left
}

// namesShown bounds how many names of one change people are shown.
const namesShown = 20

// NamesText says each of a list in a line, the first of many.
func NamesText(what string, list []Named) (lines []string) {
	for _, n := range list[:min(len(list), namesShown)] {
		lines = append(lines, what+" "+n.String())
	}
	if more := len(list) - namesShown; more > 0 {
		lines = append(lines, fmt.Sprintf("%s %d more", what, more))
	}
	return lines
}
