package core

import (
	"portcullis/fix/link"
	"portcullis/risk"
)

// Change is a configuration that is to take over while the gate runs. It has the numbers of the one in force, and differs
// in links, in venues that are new, in whoever else has a name and whose he is, in lists, in limits, in data of instruments, in routes and in
// the profiles and hours of venues alone.
type Change struct {
	Version uint64 // beginning of its hash
	Setup   *Setup
	Links   []LinkChange
	Renames bool           // venues call accounts or symbols otherwise
	Removes bool           // it does not name all that the one in force does, links aside
	Limits  []risk.Setting // and what is set for names that are new, or gone
	Lists   *risk.Lists    // that take the place of those in force; nil: they are the same

	// Uses are what the decision found open of what the configuration removes, Leaves what would leave what a kill stops: for
	// whoever asked, and in no record.
	Uses   Uses
	Leaves *risk.LeavesKill

	directory directory // of Setup
}

// LinkChange is one link that the configuration adds, changes or does not name any more.
type LinkChange struct {
	Link      uint32
	Gone      bool // not named any more: it has no rights and no connection
	Throttles []risk.Throttle
	Granted   []uint32 // accounts that it may trade for from now on
	Revoked   []uint32 // accounts that it may not trade for any more
}

// Stage lays a change ready; the CmdReload that names its version judges it and puts it in force. The caller
// does so while no such command is on its way. Whoever applies a journal without it, because he was built with the
// configuration that came last, has nothing to stage.
func (c *Core) Stage(next *Change) {
	next.directory = newDirectory(next.Setup)
	c.staged = next
}

// decideReload lets a staged configuration take over, unless a link would lose what it needs: a link that
// goes is held down, has no connection and no open order.
func (c *Core) decideReload(d *Decision, m *Command) (code ReplyCode, l uint32) {
	next := c.staged
	if next == nil || next.Version != m.Target {
		return NotStaged, NoIndex
	}
	if code, l = c.AskReload(next); code != Done {
		return code, l
	}
	d.effect(Reloaded).Value = next.Version
	c.startSweep(d, next.Setup.CancelOpen)
	c.startLowered(d, next.Limits)
	return Done, NoIndex
}

// AskReload says whether a change could take over as things stand, and which link stands in its way. It reads alone, and
// goes between two events.
func (c *Core) AskReload(next *Change) (code ReplyCode, l uint32) {
	if !c.holds(next.Setup) {
		return NotStaged, NoIndex
	}
	if code, l = c.askVenues(next.Setup); code != Done {
		return code, l
	}
	if c.GoesOverAll() {
		return GoesOverAll, NoIndex // what they go over may not get longer meanwhile
	}
	var room risk.Room
	room.NewFrom(risk.ScopeDesk, len(c.set.Desks))
	room.NewFrom(risk.ScopeTrader, len(c.set.Traders))
	room.NewFrom(risk.ScopeAlgo, len(c.set.Algos))
	room.NewFrom(risk.ScopeLink, len(c.set.Links))
	room.NewFrom(risk.ScopeVenue, len(c.set.Venues))
	for i := range next.Links {
		change := &next.Links[i]
		c.book.NeedThrottles(&room, risk.ScopeLink, change.Link, change.Throttles)
		c.book.NeedEntitled(&room, change.Link, change.Granted)
		st := &c.links[change.Link]
		switch {
		case !change.Gone && c.strange(next.Setup, change.Link):
			return LinkOfAnother, change.Link
		case !change.Gone:
		case c.shares[change.Link].live > 0:
			next.Uses = c.UsesBeside(next.Setup)
			return LinkHasOrders, change.Link
		case !st.Held || st.Conn != 0 || st.Phase != link.Down || c.massWaits(change.Link):
			return LinkInUse, change.Link
		}
	}
	if next.Renames {
		if next.Uses = c.renamedAt(next.Setup); len(next.Uses.Shown) > 0 {
			return RenamedOpen, NoIndex
		}
	}
	if !c.budgetsFit(next.Setup) {
		return BudgetTooLong, NoIndex
	}
	if next.Removes {
		if next.Uses = c.UsesBeside(next.Setup); len(next.Uses.Shown) > 0 {
			return StillUsed, NoIndex
		}
	}
	for _, limit := range next.Limits {
		err := limit.Need(c.book, &room)
		if leaves, stopped := err.(*risk.LeavesKill); stopped {
			next.Leaves = leaves
			return LeavesKill, NoIndex
		}
		switch err {
		case nil:
		case risk.ErrPositionsUnknown:
			return PositionsUnknown, NoIndex
		default:
			return StartsOnly, NoIndex
		}
	}
	switch {
	case room.Backfills && !c.remembersDay():
		return DayUnknown, NoIndex
	case !c.book.HasRoom(room):
		return TableFullCode, NoIndex
	}
	if next.Lists != nil && c.book.CheckLists(next.Lists) != nil {
		return ListsTooLong, NoIndex
	}
	return Done, NoIndex
}

// askVenues says whether there is a row for each venue that is new, and its name and its link's are so too: what was at a
// venue before, and what is left of its numbers, a start knows.
func (c *Core) askVenues(next *Setup) (code ReplyCode, l uint32) {
	if len(next.Venues) > c.VenueRows() {
		return TableFullCode, NoIndex
	}
	for v := range next.Venues {
		l := next.Venues[v].Link
		known := v < len(c.set.Venues)
		switch {
		case l == NoIndex, known && c.set.Venues[v].Link == l:
		case known || l < uint32(len(c.set.Links)):
			return StartsOnly, NoIndex
		}
	}
	return Done, NoIndex
}

// strange reports whether a link has orders open of accounts that are not of its client, where it gets another: nobody else of its
// client could cancel them, and who could before could not.
func (c *Core) strange(next *Setup, l uint32) (strange bool) {
	client := next.Links[l].Client
	if int(l) >= len(c.set.Links) || c.set.Links[l].Client == client || c.shares[l].live == 0 {
		return false
	}
	c.EachLive(func(_ uint32, o *Order) bool {
		strange = o.Owner == l && next.Accounts[o.Account].Client != client
		return !strange
	})
	return strange
}

// renamedAt are the open orders whose account or symbol their venue is to know by another name: it knows them by that of before.
func (c *Core) renamedAt(next *Setup) (uses Uses) {
	c.EachLive(func(_ uint32, o *Order) bool {
		if next.Accounts[o.Account].At(o.Venue) != c.accountAt(o.Account, o.Venue) || next.Instruments[o.Instrument].At(o.Venue) != c.symbolAt(o.Instrument, o.Venue) {
			uses.Add(Use{Of: risk.ScopeVenue, Number: o.Venue, ClOrdID: string(c.ClOrdID(o.First))})
		}
		return true
	})
	return uses
}

// holds reports whether the tables have a row for every number of a setup.
func (c *Core) holds(set *Setup) bool {
	return len(set.Links) <= len(c.links) && len(set.Accounts) <= len(c.unknown) && len(set.Instruments) <= len(c.askedMarks)
}

// applyReloaded puts the staged configuration in force. Orders, numbers, connections and the stamps of earlier
// orders stay as they are.
func (c *Core) applyReloaded(ev *Event, version uint64) {
	next := c.staged
	if next == nil || next.Version != version {
		return
	}
	c.staged, c.set, c.directory = nil, next.Setup, next.directory
	for i := range next.Links {
		change := &next.Links[i]
		c.exact(c.book.SetThrottles(risk.ScopeLink, change.Link, change.Throttles) == nil)
		for _, account := range change.Granted {
			c.exact(c.book.Entitle(change.Link, account) == nil)
		}
		for _, account := range change.Revoked {
			c.book.Revoke(change.Link, account)
		}
		c.links[change.Link].LookNs = 0 // its hours may be others
	}
	for _, limit := range next.Limits {
		c.exact(limit.Put(c.book) == nil)
	}
	c.backfill()
	if next.Lists != nil {
		c.exact(c.book.SetLists(next.Lists) == nil)
	}
	c.shareIDs()
	c.layCopiers()
	c.followHours(ev)
	c.refreshDue()
}
