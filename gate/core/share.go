package core

// One link must not use up the ids of the others: half of the id table is shared out evenly among the
// participants' links, and the other half is for who comes first.

// idShare is what a link holds of the id table.
type idShare struct {
	used int32 // ids taken
	kept int32 // ids kept free: one for a cancel of each live order
	live int32 // live orders
	_    int32
}

// shareIDs fixes the share of each participant's link, and what is left for all.
func (c *Core) shareIDs() {
	participants := 0
	for l := range c.set.Links {
		if c.set.Links[l].Venue == NoIndex && c.set.Links[l].Client != NoIndex {
			participants++
		}
	}
	c.idsOwn = int32(len(c.ids) / 2 / max(participants, 1))
	c.idsCommon = int32(len(c.ids)) - c.idsOwn*int32(participants)
	c.reg.idCommon = 0
	for l := range c.shares {
		c.reg.idCommon += c.shares[l].beyond(c.idsOwn)
	}
}

// beyond is what a link holds beyond its own share.
func (s *idShare) beyond(own int32) int32 { return max(s.used+s.kept-own, 0) }

// spareIDs is how many ids a link may take beside those that are kept for its cancels.
func (c *Core) spareIDs(l uint32) int32 {
	s := &c.shares[l]
	return max(c.idsOwn-s.used-s.kept, 0) + c.idsCommon - c.reg.idCommon
}

// hold counts a change of what a link holds. No more is kept than there are orders to cancel; a cancel
// after one that the venue refused takes what was kept for another of the link's orders.
func (c *Core) hold(l uint32, used, kept, live int32) {
	s := &c.shares[l]
	before := s.beyond(c.idsOwn)
	s.used += used
	s.live += live
	s.kept = min(max(s.kept+kept, 0), s.live)
	c.reg.idCommon += s.beyond(c.idsOwn) - before
}
