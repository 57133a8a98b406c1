package core

import (
	"portcullis/fix/link"
	"portcullis/risk"
)

// What a JobMoved effect adds to a kill's counts: one byte each, in the order of Reply.
const (
	countInScope   = 1
	countWithdrawn = 1 << 8
	countCancel    = 1 << 16
	countOwed      = 1 << 24
	countExcluded  = 1 << 32
)

// The table of jobs: Capacity.Jobs kills, first so that nothing delays them; the stop; four places
// for each venue; the day roll.
const (
	venueJobs    = 4
	placeUnknown = 0
	placeOwed    = 1
	placeMissed  = 2 // and the one after it

	// scanMax bounds the slots that one step looks at, so that live messages are never far behind.
	scanMax = 4096
)

// placeOf is where a job of this kind goes; a stop, a roll, and what a venue is asked or owed begin
// anew where they are at work already. NoIndex: every place is taken.
func (c *Core) placeOf(kind jobKind, venue uint32) uint32 {
	kills := uint32(len(c.jobs) - 2 - venueJobs*len(c.set.Venues))
	at := kills + 1 + venueJobs*venue
	switch kind {
	case stopJob:
		return kills
	case rollJob:
		return uint32(len(c.jobs) - 1)
	case unknownJob:
		return at + placeUnknown
	case owedJob:
		return at + placeOwed
	case missedJob:
		return c.freePlace(at+placeMissed, at+placeMissed+2)
	}
	return c.freePlace(0, kills)
}

func (c *Core) freePlace(from, to uint32) uint32 {
	for i := from; i < to; i++ {
		if c.jobs[i].Kind == noJob {
			return i
		}
	}
	return NoIndex
}

// startJob begins work that takes many steps; nil: there is no place for it.
func (c *Core) startJob(d *Decision, kind jobKind, venue uint32) *Effect {
	place := c.placeOf(kind, venue)
	if place == NoIndex {
		return nil
	}
	e := d.effect(JobStarted)
	e.Execution, e.Status, e.Venue = place, byte(kind), venue
	return e
}

// stepJob does the next step of the first job at work: at most one order each time.
func (c *Core) stepJob(ev *Event, d *Decision) {
	for i := range c.jobs {
		j := &c.jobs[i]
		switch j.Kind {
		case killJob:
			c.stepKill(ev, d, uint32(i), j)
		case missedJob:
			c.stepMissed(ev, d, uint32(i), j)
		case unknownJob:
			c.stepUnknown(ev, d, uint32(i), j)
		case owedJob:
			c.stepOwed(ev, d, uint32(i), j)
		case stopJob:
			c.stepStop(ev, d, uint32(i), j)
		case rollJob:
			c.stepRoll(ev, d, uint32(i), j)
		default:
			continue
		}
		return
	}
}

// scanned ends a job whose slots are all looked at, or notes how far it has come.
func (d *Decision) scanned(slot, cursor, used uint32) {
	if cursor >= used {
		d.effect(JobEnded).Execution = slot
		return
	}
	d.jobMoved(slot, cursor, 0)
}

func (d *Decision) jobMoved(slot, cursor uint32, count uint64) {
	e := d.effect(JobMoved)
	e.Execution, e.Seq, e.Value = slot, uint64(cursor), count
}

// stepKill cancels the next order in the scope of a kill; after the last one the command that
// asked for it is answered (behaviour 9, K3).
func (c *Core) stepKill(ev *Event, d *Decision, slot uint32, j *job) {
	n, end := j.cursor, min(c.reg.ordersUsed, j.cursor+scanMax)
	for ; n < end; n++ {
		o := &c.orders[n]
		if o.State != Live || !c.inScope(o, o.Owner, j) {
			continue
		}
		count := uint64(countInScope)
		switch {
		case o.isGoodTill() && j.keepGTC:
			count += countExcluded
		case o.Flags&FlagCancelPending == 0:
			c.wantCancelled(d, n)
			if c.gateCancel(ev, d, n) {
				count += countCancel
			} else {
				count += countOwed
			}
		default: // one is on its way already
			c.wantCancelled(d, n)
			if o.Flags&FlagCancelOwed != 0 {
				count += countOwed
			} else {
				count += countCancel
			}
		}
		d.jobMoved(slot, n+1, count)
		return
	}
	if n < c.reg.ordersUsed {
		d.jobMoved(slot, n, 0)
		return
	}
	d.effect(JobEnded).Execution = slot
	d.Reply = Reply{ID: j.command, KillID: j.killID, InScope: j.counts[0], Withdrawn: j.counts[1],
		Cancels: j.counts[2], Owed: j.counts[3], Excluded: j.counts[4]}
}

func (c *Core) wantCancelled(d *Decision, slot uint32) {
	c.flag(d, slot, FlagKillCancel, 1)
}

// inScope reports whether a kill covers an order, or what link l has sent for it.
func (c *Core) inScope(o *Order, l uint32, j *job) bool {
	switch risk.Scope(j.Scope) {
	case risk.ScopeFirm:
		return true
	case risk.ScopeClient:
		return c.set.Accounts[o.Account].Client == j.Index
	case risk.ScopeAccount:
		return o.Account == j.Index
	case risk.ScopeLink:
		return o.Owner == j.Index || l == j.Index
	}
	return false
}

// gateCancel sends a cancel of the gate's own for an order, at once and on the newest id, also
// while the order is not confirmed. False: the venue's line cannot take it, it is owed.
func (c *Core) gateCancel(ev *Event, d *Decision, slot uint32) bool {
	return c.gateCancelOf(ev, d, c.latest(&c.orders[slot], NoIndex))
}

// gateCancelOf names another request than the newest.
func (c *Core) gateCancelOf(ev *Event, d *Decision, original uint32) bool {
	slot := c.requests[original].Order
	request := c.nextRequest()
	if request == NoIndex {
		return false
	}
	l := c.line(c.orders[slot].Venue)
	sent := l.Phase == linkUp && !l.Blocked
	d.Request = request
	e := c.asked(ev, d, CancelRequest, slot)
	if !sent {
		e.Flags = FlagCancelOwed
		return false
	}
	c.writeCancel(ev, d, original, request, c.nextGen(request), c.reg.epoch, nil)
	return true
}

// stepOwed sends the next cancel that is owed to a venue: first of all, once its line is back.
func (c *Core) stepOwed(ev *Event, d *Decision, slot uint32, j *job) {
	l := c.set.Venues[j.Venue].Link
	if s := c.line(j.Venue); s.Phase != linkUp || s.Blocked {
		d.effect(JobEnded).Execution = slot
		return
	}
	n, end := j.cursor, min(c.reg.reqUsed, j.cursor+scanMax)
	for ; n < end; n++ {
		q := &c.requests[n]
		if q.State != Owed || c.orders[q.Order].Venue != j.Venue {
			continue
		}
		if c.orders[q.Order].State != Live {
			c.tooLate(ev, d, n)
			d.jobMoved(slot, n+1, 0)
			return
		}
		e := d.effect(OwedSent)
		e.Request, e.Order, e.Seq = n, q.Order, c.nextOut(ev, d, l)
		c.writeCancel(ev, d, c.latest(&c.orders[q.Order], NoIndex), n, q.Gen, uint64(q.Epoch), c.ClOrdID(n))
		d.jobMoved(slot, n+1, 0)
		return
	}
	d.scanned(slot, n, c.reg.reqUsed)
}

// stepStop logs out the next link; orders are kept.
func (c *Core) stepStop(ev *Event, d *Decision, slot uint32, j *job) {
	for n := j.cursor; n < uint32(len(c.links)); n++ {
		if p := c.links[n].Phase; p == link.Down || p == link.LogoutSent || p == link.Refused {
			continue
		}
		ev.Link = n
		link.Logout(&c.set.Links[n].Settings, &c.links[n].State, n, "gate is stopping", ev.Now, &d.Out, &d.result)
		c.sessionStep(ev, d)
		d.jobMoved(slot, n+1, 0)
		return
	}
	d.effect(JobEnded).Execution = slot
}
