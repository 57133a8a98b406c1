package assemble

import (
	"encoding/binary"
	"slices"

	"portcullis/gate/config"
	"portcullis/gate/core"
)

// Version is the beginning of a configuration's hash, by which the journal names it.
func Version(cfg *config.Config) uint64 {
	hash := cfg.Hash()
	return binary.BigEndian.Uint64(hash[:])
}

// Change prepares a configuration to take over from the one in force; they differ in links, lists and limits alone, see
// config.Compare. Every name has been through Assign. It is a function of what is kept beside a journal.
func Change(was, is *config.Config, n *config.Numbers, prices core.Prices, alloc func(int) []byte) (*core.Change, error) {
	setup, err := Setup(is, n, prices, alloc)
	if err != nil {
		return nil, err
	}
	change := &core.Change{Version: Version(is), Setup: setup}
	before, after := lookup{was, n}, lookup{is, n}
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
		case !config.SameLink(&was.Links[i], &is.Links[at]):
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
	for i := range is.Venues {
		if !config.SameLine(&was.Venues[i], &is.Venues[i]) {
			change.Links = append(change.Links, core.LinkChange{Link: after.venueLink(i)})
		}
	}
	for _, c := range config.LimitChanges(was, is) {
		change.Limits = append(change.Limits, after.settings(&c)...)
	}
	if !config.SameLists(was, is) {
		change.Lists = after.lists()
	}
	return change, nil
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
