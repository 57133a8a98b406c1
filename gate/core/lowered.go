package core

import (
	"encoding/binary"

	"portcullis/risk"
)

// decideConfigured: another configuration than the last may have lower limits. What is above one then is recorded, as it
// is when an event takes it there (exposure 8): the accounts and their positions are gone over, then the scopes that they share. It
// blocks what is not closing; where a control says so, CancelOpen, it also has the open orders cancelled that add to it.
func (c *Core) decideConfigured(ev *Event, d *Decision) {
	d.Noted = true
	if len(ev.Data) < 8 {
		return
	}
	version := binary.BigEndian.Uint64(ev.Data)
	if version == c.reg.limitsOf {
		return
	}
	d.effect(LimitsSeen).Value = version
	if c.reg.limitsOf != 0 {
		c.startJob(d, loweredJob, NoIndex)
	}
}

// startLowered does so where a running gate gets lower limits.
func (c *Core) startLowered(d *Decision, limits []risk.Setting) {
	for _, limit := range limits {
		if limit.Lowers(c.book) {
			c.startJob(d, loweredJob, NoIndex)
			return
		}
	}
}

// stepLowered looks at the next of them.
func (c *Core) stepLowered(ev *Event, d *Decision, slot uint32, j *job) {
	accounts := uint32(len(c.set.Accounts))
	positions := accounts + c.book.PositionSlots()
	orders := positions + c.book.SharedScopes()
	used := orders
	if len(c.set.CancelOpen) > 0 {
		used += c.reg.ordersUsed
	}
	n := j.cursor
	for looked := 0; n < used && looked < scanMax; looked++ {
		did := false
		switch {
		case n < accounts:
			did = c.recordExcess(d, n)
		case n < positions:
			did = c.recordPosition(d, n-accounts)
		case n < orders:
			did = c.recordShared(d, n-positions)
		default:
			did = c.cancelAbove(ev, d, n-orders)
		}
		if n++; did {
			d.jobMoved(slot, n, 0)
			return
		}
	}
	d.scanned(slot, n, used)
}

// recordPosition records what of a position is above a limit.
func (c *Core) recordPosition(d *Decision, slot uint32) bool {
	var over [risk.OvershootsMax]risk.Overshoot
	instrument, n := c.book.PositionExcess(slot, over[:])
	for i := range min(n, len(over)) {
		d.overshot(&over[i], instrument)
	}
	return n > 0
}

// cancelAbove has an open order cancelled that adds to what is above a limit.
func (c *Core) cancelAbove(ev *Event, d *Decision, n uint32) bool {
	o := &c.orders[n]
	if !o.mayTrade() || o.Flags&FlagKillCancel != 0 || c.aboveLimit(o) == risk.Accepted {
		return false
	}
	d.Order = n
	c.killOrder(ev, d, n, nil)
	return true
}

// aboveLimit is a control that has open orders cancelled, and to whose measure, which is above its limit, an order adds; Accepted:
// there is none.
func (c *Core) aboveLimit(o *Order) risk.Reason {
	at := o.Place
	var before, after [risk.OvershootsMax]risk.Overshoot
	over := before[:min(c.book.Excess(&at, before[:]), len(before))]
	without := [...]risk.Change{{Place: at, Delta: risk.Delta{Side: o.Side, Open: -o.Open, Reserved: -o.Reserved, Orders: -1}}}
	left := after[:min(c.book.ExcessAfter(without[:], after[:]), len(after))]
	for i := range over {
		if c.cancelsOpen(over[i].Measure) && worse(&over[i], left) {
			return over[i].Measure
		}
	}
	return risk.Accepted
}
