package config

import (
	"reflect"
	"slices"
)

// SameLists reports whether two configurations restrict and permit the same symbols.
func SameLists(a, b *Config) bool {
	return reflect.DeepEqual(a.Lists, b.Lists) && reflect.DeepEqual(a.ListUses, b.ListUses)
}

// loosenedLists says in which scopes lists refuse less than before.
func loosenedLists(was, is *Config) (loose []string) {
	before, after := listsByName(was), listsByName(is)
	uses := map[string]ListUse{}
	for _, u := range is.ListUses {
		uses[u.scope()] = u
	}
	for _, u := range was.ListUses {
		next := uses[u.scope()]
		if !covers(entries(after, next.Restricted), entries(before, u.Restricted)) {
			loose = append(loose, u.scope()+": its restricted lists have less on them")
		}
		if len(u.Permitted) > 0 && (len(next.Permitted) == 0 || !covers(entries(before, u.Permitted), entries(after, next.Permitted))) {
			loose = append(loose, u.scope()+": its permitted lists have more on them")
		}
	}
	return loose
}

// scope names who has the lists.
func (u *ListUse) scope() string {
	if u.Name == "" {
		return "firm"
	}
	return u.Of.String() + " " + u.Name
}

func listsByName(c *Config) map[string][]ListEntry {
	by := map[string][]ListEntry{}
	for i := range c.Lists {
		by[c.Lists[i].Name] = c.Lists[i].Entries
	}
	return by
}

// entries are those of some lists together, by symbol.
func entries(lists map[string][]ListEntry, names []string) map[string][]ListEntry {
	by := map[string][]ListEntry{}
	for _, name := range names {
		for _, e := range lists[name] {
			by[e.Symbol] = append(by[e.Symbol], e)
		}
	}
	return by
}

// covers reports whether every entry of small holds at no time at which none of wide does.
func covers(wide, small map[string][]ListEntry) bool {
	for symbol, list := range small {
		for _, e := range list {
			if !slices.ContainsFunc(wide[symbol], func(w ListEntry) bool { return w.FromNs <= e.FromNs && w.UntilNs >= e.UntilNs }) {
				return false
			}
		}
	}
	return true
}
