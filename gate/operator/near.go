package operator

import (
	"slices"
	"strings"

	"portcullis/fix/settings"
	"portcullis/gate/config"
)

const (
	nearShown   = 3      // names that somebody may have meant
	spelledMost = 10_000 // of more names none is looked at letter by letter
)

// unknown says what is wrong with a name of some kind that the configuration has not, and which one may have been meant: a hurried
// operator leaves out what gate status puts before it, or names something of another kind.
func (n *Names) unknown(kind config.Kind, name string) string {
	text := "there is no " + kind.String() + " \"" + name + "\""
	if near := n.near(kind, name); len(near) > 0 {
		return text + ": did you mean " + strings.Join(near, " or ") + "?"
	}
	for _, other := range []config.Kind{config.VenueNumber, config.ClientNumber, config.AccountNumber, config.GroupNumber, config.InstrumentNumber,
		config.DeskNumber, config.TraderNumber, config.AlgoNumber, config.LinkNumber} {
		if _, known := n.Numbers.Of(other, name); known {
			return text + ", but a " + other.String() + " of that name"
		}
	}
	return text + ": names are as in the configuration"
}

// near are the names of a kind that have what was written in them, whatever its case; a venue's line for the venue; else the one that is
// spelled nearly so.
func (n *Names) near(kind config.Kind, name string) (near []string) {
	add := func(found string) {
		if len(near) < nearShown && !slices.Contains(near, found) {
			near = append(near, found)
		}
	}
	if kind == config.LinkNumber {
		for i := range n.Config.Venues {
			if v := &n.Config.Venues[i]; strings.EqualFold(v.Name, name) {
				add(v.Session.Name)
			}
		}
	}
	word, all := strings.ToLower(name), make([]string, n.Numbers.Count(kind))
	for i := range all {
		all[i] = n.Numbers.Name(kind, uint32(i))
		if word != "" && strings.Contains(strings.ToLower(all[i]), word) {
			add(all[i])
		}
	}
	if len(near) == 0 && len(all) <= spelledMost {
		if nearest := settings.Nearest(name, all); nearest != "" {
			add(nearest)
		}
	}
	return near
}
