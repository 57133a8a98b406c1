package core

import "portcullis/fix/link"

// VenueCOD is what a venue cancels by itself when the gate's line to it is lost (C6). It says so of no order then: each of
// them may be open or not, and is suspect until the venue has said which. Its reservation stays, and the venue takes no new
// order until it has been asked about all.
type VenueCOD uint8

const (
	KeepsOrders VenueCOD = iota
	CancelsDay           // but for GTC and GTD orders
	CancelsAll
)

// watchVenueLoss notes at a step of a venue's line that it was lost. Whether the venue counts a Logout as a loss nobody
// declares, so each end is one.
func (c *Core) watchVenueLoss(d *Decision, l uint32) {
	on := func(p link.Phase) bool { return p.LoggedOn() || p == link.LogoutSent }
	if venue := c.lineOf(l); venue != NoIndex && on(c.links[l].Phase) && !on(d.result.Next.Phase) {
		c.startCOD(d, venue)
	}
}

// startCOD has the open orders looked at that a venue may have cancelled: once when its line is lost, and to ask about them
// when it is back.
func (c *Core) startCOD(d *Decision, venue uint32) {
	if c.set.Venues[venue].COD != KeepsOrders {
		c.startJob(d, codJob, venue)
	}
}

// dropped reports whether its venue cancels an order when the line is lost.
func (c *Core) dropped(o *Order) bool {
	cod := c.set.Venues[o.Venue].COD
	return cod == CancelsAll || cod == CancelsDay && !o.isGoodTill()
}

// stepCOD marks the next such order suspect and, where the line is up, asks about it: by OrderStatusRequest where the venue
// answers them, else by a cancel, which wants no more than what the venue has declared. Where a request is unanswered that asks
// by itself.
func (c *Core) stepCOD(ev *Event, d *Decision, slot uint32, j *job) {
	up := c.line(j.Venue).Phase == linkUp
	n, end := j.cursor, min(c.reg.ordersUsed, j.cursor+scanMax)
	for ; n < end; n++ {
		o := &c.orders[n]
		if !o.mayTrade() || o.Venue != j.Venue || !c.dropped(o) {
			continue
		}
		asks := up && c.requests[c.latest(o, NoIndex)].State != Pending
		if o.Flags&FlagSuspect != 0 && !asks {
			continue
		}
		d.Order = n
		c.flag(d, n, FlagSuspect, 1)
		switch {
		case !asks:
		case c.set.Venues[j.Venue].StatusRequest: // also while the line is slow: nothing asks a second time
			c.askStatus(ev, d, c.latest(o, NoIndex))
		case o.Flags&FlagCancelPending == 0:
			c.gateCancel(ev, d, n, NoIndex)
		}
		d.jobMoved(slot, n+1, 0)
		return
	}
	d.scanned(slot, n, c.reg.ordersUsed)
}
