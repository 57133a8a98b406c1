package assemble

import (
	"encoding/binary"
	"fmt"
	"slices"

	"portcullis/gate/config"
	"portcullis/gate/core"
	"portcullis/risk"
)

// Version is the beginning of a configuration's hash, by which the journal names it.
func Version(cfg *config.Config) uint64 {
	hash := cfg.Hash()
	return binary.BigEndian.Uint64(hash[:])
}

// Change prepares a configuration to take over from the one in force; they differ in what a running gate follows
// alone, see config.Compare. Every name has been through Assign. It is a function of what is kept beside a journal.
func Change(was, is *config.Config, n *config.Numbers, prices core.Prices, alloc func(int) []byte) (*core.Change, error) {
	setup, err := Setup(is, n, prices, alloc)
	if err != nil {
		return nil, err
	}
	change := &core.Change{Version: Version(is), Setup: setup}
	before, after := lookup{was, n}, lookup{is, n}
	if err := after.sameMatches(before); err != nil {
		return nil, err
	}
	alike := was.Numbered(is) // whose links name accounts as those of is do
	next := map[string]int{}
	for i := range is.Links {
		next[is.Links[i].Session.Name] = i
	}
	for i := range was.Links {
		name := was.Links[i].Session.Name
		at, stays := next[name]
		delete(next, name)
		switch {
		case !stays:
			change.Links = append(change.Links, core.LinkChange{Link: before.link(i), Gone: true, Revoked: before.accounts(i)})
		case !config.SameLink(&alike.Links[i], &is.Links[at]):
			c := after.linkChange(at)
			c.Revoked = slices.DeleteFunc(before.accounts(i), func(a uint32) bool { return slices.Contains(c.Granted, a) })
			change.Links = append(change.Links, c)
		}
	}
	for i := range is.Links {
		if _, added := next[is.Links[i].Session.Name]; added {
			change.Links = append(change.Links, after.linkChange(i))
		}
	}
	lines := map[string]*config.Venue{}
	for i := range was.Venues {
		lines[was.Venues[i].Name] = &was.Venues[i]
	}
	for i := range is.Venues {
		if old := lines[is.Venues[i].Name]; old == nil || !config.SameLine(old, &is.Venues[i]) {
			change.Links = append(change.Links, core.LinkChange{Link: after.venueLink(i)})
		}
	}
	names := config.Compare(was, is)
	change.Renames = names.Renames
	if change.Removes = len(names.Gone) > 0; change.Removes {
		change.Limits = after.removed(was, setOf(names.Gone))
	}
	change.Limits = append(change.Limits, after.added(setOf(names.New))...)
	for _, s := range was.LinksNamed(names.Removed) {
		change.Limits = append(change.Limits, before.settings(s.Ended())...)
	}
	for _, s := range is.LinksNamed(names.Added) {
		change.Limits = append(change.Limits, after.settings(s.Begun())...)
	}
	change.Limits = append(change.Limits, after.moved(names.Moved)...)
	for _, c := range config.LimitChanges(was, is) {
		change.Limits = append(change.Limits, after.settings(&c)...)
	}
	for _, c := range config.InstrumentChanges(was, is) {
		change.Limits = append(change.Limits, &risk.InstrumentSetting{Index: after.instrument(c.At), Instrument: instrument(&is.Instruments[c.At])})
	}
	if !config.SameLists(was, is) {
		change.Lists = after.lists()
	}
	return change, nil
}

// moved are the settings of whoever belongs to another than before. What is not here is setup alone.
func (l lookup) moved(list []config.Moved) (settings []risk.Setting) {
	for _, m := range list {
		switch {
		case m.Of == config.AccountNumber:
			settings = append(settings, &risk.AccountSetting{Index: l.account(m.At), Account: l.accountOf(&l.cfg.Accounts[m.At])})
		case m.Of == config.ClientNumber:
			settings = append(settings, &risk.ClientSetting{Index: l.client(m.At), Client: l.clientOf(m.At)})
		case m.Owner == config.DeskNumber:
			settings = append(settings, &risk.TraderSetting{Index: l.trader(m.At), Trader: l.traderOf(m.At)})
		}
	}
	return settings
}

func setOf(names []config.Named) map[config.Named]bool {
	set := map[config.Named]bool{}
	for _, n := range names {
		set[n] = true
	}
	return set
}

// sameMatches refuses accounts that come or go where the others of their self-match group would get another number: what
// rests is filed under the one of before.
func (l lookup) sameMatches(before lookup) error {
	was := map[string]*config.Account{}
	for i := range before.cfg.Accounts {
		was[before.cfg.Accounts[i].Name] = &before.cfg.Accounts[i]
	}
	for i := range l.cfg.Accounts {
		a := &l.cfg.Accounts[i]
		if old := was[a.Name]; a.SelfMatch != "" && old != nil && before.selfMatch(old) != l.selfMatch(a) {
			return fmt.Errorf("account %s: the first account of its self-match group %s is another: restart", a.Name, a.SelfMatch)
		}
	}
	return nil
}

// linkChange is a link as the configuration has it.
func (l lookup) linkChange(i int) core.LinkChange {
	return core.LinkChange{Link: l.link(i), Throttles: l.cfg.Links[i].AllThrottles(), Granted: l.accounts(i)}
}

// accounts are those that a link may trade for.
func (l lookup) accounts(i int) (numbers []uint32) {
	for _, a := range l.cfg.Links[i].Accounts {
		numbers = append(numbers, l.account(a))
	}
	return numbers
}
