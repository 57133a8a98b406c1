package core

import (
	"math"

	"portcullis/fix"
	"portcullis/risk"
)

// A restriction, a halt or a right that is taken away stops what enters. Whether it also cancels what is open is each control's
// own setting, CancelOpen: after such a change a job looks at every open order, and has those cancelled that such a control would
// refuse now, as a kill does.

// startSweep has open orders looked at, where there is a control that has some cancelled.
func (c *Core) startSweep(d *Decision, cancels []risk.Reason) {
	if len(cancels) > 0 {
		c.startJob(d, sweepJob, NoIndex)
	}
}

// sweepLookNs bounds how long nobody looks whether a list has begun or ended: the times of lists are UTC, and that clock may
// be set.
const sweepLookNs = 60_000_000_000

// sweepDueNs is the monotonic time at which that is looked at.
func (c *Core) sweepDueNs() int64 {
	if c.reg.sweepDueNs == 0 {
		return math.MaxInt64
	}
	return c.reg.sweepDueNs
}

// sweepDue has open orders looked at again where a list has begun or ended since the last time, else waits for the next.
func (c *Core) sweepDue(ev *Event, d *Decision) {
	switch {
	case len(c.set.CancelOpen) == 0: // another configuration cancels nothing
		d.effect(SweepAwaits)
	case c.book.NextListing(c.reg.sweptNs) <= ev.Now.UTCNs:
		c.startSweep(d, c.set.CancelOpen)
	default:
		c.awaitListing(ev, d, c.reg.sweptNs)
	}
}

// awaitListing notes when to look again after orders were looked at from a time on.
func (c *Core) awaitListing(ev *Event, d *Decision, sweptNs int64) {
	next := c.book.NextListing(sweptNs)
	if next == risk.Forever && c.reg.sweepDueNs == 0 {
		return
	}
	e := d.effect(SweepAwaits)
	if e.Seq = uint64(sweptNs); next != risk.Forever {
		e.Value = uint64(ev.Now.MonoNs + max(0, min(next-ev.Now.UTCNs, sweepLookNs)))
	}
}

// stepSweep cancels the next order that a control refuses by now.
func (c *Core) stepSweep(ev *Event, d *Decision, slot uint32, j *job) {
	n, end := j.cursor, min(c.reg.ordersUsed, j.cursor+scanMax)
	for ; n < end; n++ {
		o := &c.orders[n]
		if !o.mayTrade() || o.Flags&FlagKillCancel != 0 || c.barred(o, ev.Now.UTCNs) == risk.Accepted {
			continue
		}
		d.Order = n
		c.killOrder(ev, d, n, nil)
		d.jobMoved(slot, n+1, 0)
		return
	}
	if n == c.reg.ordersUsed {
		c.awaitListing(ev, d, int64(j.from))
	}
	d.scanned(slot, n, c.reg.ordersUsed)
}

// barred is a control that would refuse an open order now and has such orders cancelled; Accepted: there is none.
func (c *Core) barred(o *Order, utcNs int64) risk.Reason {
	if len(c.set.CancelOpen) == 0 {
		return risk.Accepted
	}
	var found [risk.StandingMax]risk.Reason
	for _, r := range c.Standing(o, utcNs, &found) {
		if c.cancelsOpen(r) {
			return r
		}
	}
	return risk.Accepted
}

// cancelsOpen reports whether a control has open orders cancelled.
func (c *Core) cancelsOpen(control risk.Reason) bool {
	for _, r := range c.set.CancelOpen {
		if r == control {
			return true
		}
	}
	return false
}

// Standing gives the controls that would refuse an open order at a time.
func (c *Core) Standing(o *Order, utcNs int64, out *[risk.StandingMax]risk.Reason) []risk.Reason {
	at := risk.Order{Place: o.Place, Link: o.Owner, UTCNs: utcNs, Terms: risk.Terms{Side: o.Side, OrdType: o.OrdType, TimeInForce: o.TimeInForce}}
	return c.book.Standing(&at, out)
}

// tellBarred adds to the report that an order is cancelled which control has had it cancelled, unless the venue's own words
// are there.
func (c *Core) tellBarred(ev *Event, d *Decision, w sheet, o *Order) {
	if !d.has(Ended) || o.Flags&FlagOrphan != 0 || d.msg.Has(fix.TagText) {
		return
	}
	r := risk.Accepted
	switch {
	case c.matched(o):
		r = risk.SelfMatch
	case o.Flags&FlagKillCancel != 0:
		if r = c.barred(o, ev.Now.UTCNs); r == risk.Accepted && len(c.set.CancelOpen) > 0 {
			r = c.aboveLimit(o)
		}
	}
	if r != risk.Accepted {
		row := r.Row()
		w.Open(fix.TagText)
		w.PartString(row.Code)
		w.PartString(": cancelled, ")
		w.PartString(row.Text)
		w.Close()
	}
}
