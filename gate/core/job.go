package core

import (
	"math"

	"portcullis/fix"
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
		if o.State != Live || !c.inScope(o, j) {
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

func (c *Core) inScope(o *Order, j *job) bool {
	switch risk.Scope(j.Scope) {
	case risk.ScopeFirm:
		return true
	case risk.ScopeClient:
		return c.set.Accounts[o.Account].Client == j.Index
	case risk.ScopeAccount:
		return o.Account == j.Index
	case risk.ScopeLink:
		return o.Owner == j.Index
	}
	return false
}

// gateCancel sends a cancel of the gate's own for an order, at once and on the newest id, also
// while the order is not confirmed. False: the venue's line cannot take it, it is owed.
func (c *Core) gateCancel(ev *Event, d *Decision, slot uint32) bool {
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
	c.writeCancel(ev, d, slot, request, c.nextGen(request), c.reg.epoch, nil)
	return true
}

// stepMissed settles the next request that a venue has asked for again: it had not arrived. Orders
// and replaces are void and their owners told; a cancel is sent again, which is always safe.
func (c *Core) stepMissed(ev *Event, d *Decision, slot uint32, j *job) {
	n, end := j.cursor, min(c.reg.reqUsed, j.cursor+scanMax)
	for ; n < end; n++ {
		q := &c.requests[n]
		if q.State != Pending || q.Seq < j.from || q.Seq > j.to || !c.onLine(q, j.Venue) {
			continue
		}
		d.alert(RequestNotArrived).Order = q.Order
		if q.Kind == CancelRequest {
			c.sendAgain(ev, d, n)
		} else {
			c.void(ev, d, n, risk.NotSent)
		}
		d.jobMoved(slot, n+1, 0)
		return
	}
	d.scanned(slot, n, c.reg.reqUsed)
}

// onLine reports whether a request was sent to a venue under the numbers its line counts with now.
func (c *Core) onLine(q *Request, venue uint32) bool {
	return c.orders[q.Order].Venue == venue && q.Era == c.eraOf(venue)
}

// sendAgain sends a cancel once more under a new number, or owes it while the line is down.
func (c *Core) sendAgain(ev *Event, d *Decision, request uint32) {
	q := &c.requests[request]
	l := c.set.Venues[c.orders[q.Order].Venue].Link
	e := d.effect(Resent)
	e.Request, e.Order = request, q.Order
	if l == NoIndex || !c.loggedOn(ev, d, l) {
		e.Flags = FlagCancelOwed
		return
	}
	e.Seq = c.nextOut(ev, d, l)
	c.writeCancel(ev, d, q.Order, request, q.Gen, uint64(q.Epoch), c.ClOrdID(request))
}

// stepUnknown looks for the next request that was unanswered when the venue's numbers began anew:
// nobody knows whether it arrived, and its order's account takes no new order. Where the line is up
// the venue is asked: by OrderStatusRequest where it answers them, else by a cancel of that id,
// which is always safe. It is asked too about what it has got and not answered in time.
func (c *Core) stepUnknown(ev *Event, d *Decision, slot uint32, j *job) {
	up := c.line(j.Venue).Phase == linkUp
	n, end := j.cursor, min(c.reg.reqUsed, j.cursor+scanMax)
	for ; n < end; n++ {
		q := &c.requests[n]
		if q.State != Pending || c.orders[q.Order].Venue != j.Venue {
			continue
		}
		if q.Era == c.eraOf(j.Venue) {
			if c.askable(q) {
				c.askStatus(ev, d, n)
				d.jobMoved(slot, n+1, 0)
				return
			}
			continue
		}
		known := c.orders[q.Order].State != Live || c.orders[q.Order].Flags&FlagUnknown != 0
		if known && !up {
			continue
		}
		if !known {
			d.alert(SeqNumbersReset).Order = q.Order
			c.flag(d, q.Order, FlagUnknown, 1)
		}
		if up {
			c.askUnknown(ev, d, n)
		}
		d.jobMoved(slot, n+1, 0)
		return
	}
	d.scanned(slot, n, c.reg.reqUsed)
}

// askable reports whether a request that the venue has got, and whose answer is overdue, can be asked
// about now: when it became overdue the line may have been down.
func (c *Core) askable(q *Request) bool {
	o := &c.orders[q.Order]
	return q.Kind != CancelRequest && o.State == Live && o.Flags&FlagSuspect != 0 && c.mayAsk(q.Order)
}

// askUnknown asks a venue for a request of which nobody knows whether it arrived.
func (c *Core) askUnknown(ev *Event, d *Decision, request uint32) {
	q := &c.requests[request]
	switch o := &c.orders[q.Order]; {
	case o.State != Live:
	case q.Kind == CancelRequest:
		c.sendAgain(ev, d, request)
	case c.set.Venues[o.Venue].StatusRequest:
		c.askStatus(ev, d, request)
	case o.Flags&FlagCancelPending == 0:
		c.gateCancel(ev, d, q.Order)
	}
}

func (c *Core) flag(d *Decision, slot uint32, flags Flags, value uint64) {
	e := d.effect(Flagged)
	e.Order, e.Flags, e.Value = slot, flags, value
}

// mayAsk reports whether an OrderStatusRequest can be sent for an order now.
func (c *Core) mayAsk(slot uint32) bool {
	venue := c.orders[slot].Venue
	l := c.line(venue)
	return c.set.Venues[venue].StatusRequest && l.Phase == linkUp && !l.Blocked
}

// askStatus sends an OrderStatusRequest for a request.
func (c *Core) askStatus(ev *Event, d *Decision, request uint32) {
	o := &c.orders[c.requests[request].Order]
	v := &c.set.Venues[o.Venue]
	w := c.begin(ev, d, v.Link, "H")
	w.String(fix.TagAccount, c.accountAt(o.Account, o.Venue))
	c.writeRequestID(w, fix.TagClOrdID, v, request)
	if id := o.VenueOrderID(); len(id) > 0 {
		w.Value(fix.TagOrderID, id)
	}
	w.Char(fix.TagSide, '0'+byte(o.Side))
	w.String(fix.TagSymbol, c.set.Instruments[o.Instrument].Symbol)
	c.end(ev, d, v.Link, link.RequestMessage, NoIndex)
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
			c.denied(d, n, c.orders[q.Order].Status)
			if q.ID != NoIndex { // its owner waits for an answer
				c.tellDenied(ev, d, n, risk.TooLateToCancel)
			}
			d.jobMoved(slot, n+1, 0)
			return
		}
		e := d.effect(OwedSent)
		e.Request, e.Order, e.Seq = n, q.Order, c.nextOut(ev, d, l)
		c.writeCancel(ev, d, q.Order, n, q.Gen, uint64(q.Epoch), c.ClOrdID(n))
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

// unansweredDueNs is when the oldest request without an answer becomes suspect.
func (c *Core) unansweredDueNs() int64 {
	r := c.reg
	if r.sentHead == r.sentTail {
		return math.MaxInt64
	}
	q := &c.requests[c.sent[r.sentHead&uint64(len(c.sent)-1)]]
	if q.State != Pending {
		return math.MaxInt64
	}
	return q.AtNs + c.set.Venues[c.orders[q.Order].Venue].UnansweredNs
}

// checkUnanswered alerts for the oldest request whose answer is overdue: its order is suspect, its
// reservation stays, and the venue is asked where it can be.
func (c *Core) checkUnanswered(ev *Event, d *Decision) {
	if c.unansweredDueNs() > ev.Now.MonoNs {
		return
	}
	request := c.sent[c.reg.sentHead&uint64(len(c.sent)-1)]
	q := &c.requests[request]
	a := d.alert(Unanswered)
	a.Order, a.Request = q.Order, request
	c.flag(d, q.Order, FlagSuspect, 1)
	if q.Kind != CancelRequest && c.mayAsk(q.Order) {
		c.askStatus(ev, d, request)
	}
}
