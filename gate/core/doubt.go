package core

import (
	"math"

	"portcullis/fix"
	"portcullis/risk"
)

// Doubt about what a venue has got (behaviour 7) is doubt about requests: those that were unanswered
// when its numbers began anew. An order is unknown while one of its requests is in doubt.

// inDoubt reports whether nobody knows if a request arrived.
func (c *Core) inDoubt(q *Request) bool {
	return q.State == Pending && q.Era != c.eraOf(c.orders[q.Order].Venue)
}

// settleNamed ends the doubt about the requests that a venue's report names: it knows them.
func (c *Core) settleNamed(d *Decision, o *Order) {
	c.settle(d, d.Request)
	if original := c.requestOf(o.Venue, d.msg.Value(fix.TagOrigClOrdID)); original != NoIndex && original != d.Request {
		c.settle(d, original)
	}
}

func (c *Core) settle(d *Decision, request uint32) {
	if q := &c.requests[request]; c.inDoubt(q) {
		e := d.effect(Settled)
		e.Request, e.Order = request, q.Order
	}
}

// applySettled gives a request a place in the present numbers, where nothing asks for it again.
func (c *Core) applySettled(e *Effect) {
	q := &c.requests[e.Request]
	q.Era, q.Seq = c.eraOf(c.orders[q.Order].Venue), 0
	c.liftDoubt(&c.orders[e.Order])
}

// liftDoubt: an order is known again with the last of its requests.
func (c *Core) liftDoubt(o *Order) {
	if o.Flags&FlagUnknown == 0 {
		return
	}
	for r := o.First; r != NoIndex; r = c.requests[r].Next {
		if c.inDoubt(&c.requests[r]) {
			return
		}
	}
	o.Flags &^= FlagUnknown
	c.countUnknown(o, ^uint32(0))
}

// countUnknown counts an unknown order more, or one less: no order is taken meanwhile from its account
// or from its owner's link.
func (c *Core) countUnknown(o *Order, n uint32) {
	c.unknown[o.Account] += n
	c.unknownOf[o.Owner] += n
	c.reg.unknown += n
}

// hasUnknown reports whether orders are unknown in the scope that a venue's profile says.
func (c *Core) hasUnknown(venue, account, owner uint32) bool {
	if c.reg.unknown == 0 { // as a rule, and no row is read
		return false
	}
	if c.set.Venues[venue].UnknownByLink {
		return c.unknownOf[owner] > 0
	}
	return c.unknown[account] > 0
}

// doubtMaxNs is how long an order may be unknown before a human is asked.
const doubtMaxNs = 30_000_000_000

// doubtDueNs is when that is so of the first venue's orders.
func (c *Core) doubtDueNs() int64 {
	due := int64(math.MaxInt64)
	for _, at := range c.doubtNs {
		if at != 0 {
			due = min(due, at)
		}
	}
	return due
}

func (c *Core) startDoubt(ev *Event, d *Decision) {
	for venue, at := range c.doubtNs {
		if at != 0 && at <= ev.Now.MonoNs {
			c.startJob(d, doubtJob, uint32(venue))
			return
		}
	}
}

// stepDoubt asks a human about the next order of a venue that is unknown still.
func (c *Core) stepDoubt(d *Decision, slot uint32, j *job) {
	n, end := j.cursor, min(c.reg.ordersUsed, j.cursor+scanMax)
	for ; n < end; n++ {
		if o := &c.orders[n]; o.State == Live && o.Flags&FlagUnknown != 0 && o.Venue == j.Venue {
			d.alert(OrderUnknown).Order = n
			d.jobMoved(slot, n+1, 0)
			return
		}
	}
	d.scanned(slot, n, c.reg.ordersUsed)
}

// statusAnswer is the venue's answer to the gate's own question about a request. It settles one of
// which nobody knew whether it had arrived, and says whether our count is right and whether the order
// is over. One whose executions we lack is not over for us: it stays reserved until they come.
func (c *Core) statusAnswer(ev *Event, d *Decision, o *Order, r *venueReport) {
	q := &c.requests[d.Request]
	doubt := c.inDoubt(q)
	if r.status == '8' {
		c.statusRejected(ev, d, o, doubt)
		return
	}
	over := o.overBy(r.status)
	void := over && doubt && q.Kind == ReplaceRequest
	c.settleNamed(d, o)
	switch {
	case o.State != Live && doubt && q.Kind != NewRequest:
		c.tooLate(ev, d, d.Request)
		return
	case o.State != Live:
		return
	case !doubt && !over:
		if r.hasCum && (r.cum != o.Cum || o.Flags&FlagSuspect != 0) {
			c.recount(ev, d, o, r, NoIndex)
			c.recordOvershoot(d)
		}
		return
	case void:
		c.voided(d, d.Request)
		c.recount(ev, d, o, r, d.Request)
	case over || c.waitsStill(ev, q, r):
		c.recount(ev, d, o, r, NoIndex)
	case q.otherTerms(r):
		c.recount(ev, d, o, r, NoIndex)
		c.flag(d, d.Order, FlagSuspect, 1)
	default:
		c.confirm(ev, d, o, r)
	}
	c.recordOvershoot(d)
	told := !doubt && r.status == o.Status
	c.noteStatus(d, o, r)
	if !told {
		c.passReport(ev, d, o, "8")
	}
	if void {
		c.tellDenied(ev, d, d.Request, risk.TooLateToCancel)
	}
	c.tellDoubtful(ev, d, o)
}

// endsDoubt reports whether a message that says a status of an order may end the doubt about it. Where the venue cancels it when its
// line is lost, what is said again does not: it was true before, and nobody knows how long. One that should have ended before this
// trade date is in doubt until it has (exposure 9): what is said of it late was true the day before.
func (c *Core) endsDoubt(d *Decision, o *Order, status byte) bool {
	return (!saidBefore(&d.msg) || !c.dropped(o) || o.closed()) && (!c.outlived(o) || o.overBy(status))
}

// outlived reports whether an order was there at the roll and should have ended before it.
func (c *Core) outlived(o *Order) bool {
	return o.opened <= c.reg.rolledTurn && o.isOver(c.reg.tradeDate, c.reg.rolledNs)
}

// waitsStill reports whether the venue has got a request and neither granted nor refused it.
func (c *Core) waitsStill(ev *Event, q *Request, r *venueReport) bool {
	if q.Kind == NewRequest {
		return r.status == 'A'
	}
	return q.Kind == ReplaceRequest && r.status == c.set.Links[ev.Link].Dialect.pendingReplace()
}

// otherTerms reports whether the venue shows an order on other terms than a replace asked for: it knows that one, and
// has not granted it, so that both hold until it says more.
func (q *Request) otherTerms(r *venueReport) bool {
	if q.Kind != ReplaceRequest {
		return false
	}
	total := r.total()
	return total > 0 && total != q.Qty || q.Prices&PriceGiven != 0 && r.hasPrice && r.price != 0 && r.price != q.Price
}

// statusRejected: a request in doubt never arrived; of an order that the venue knows the words of its
// refusal were lost, for a Reject(35=3) is never sent again. Otherwise the question may have
// overtaken the request, and says nothing.
func (c *Core) statusRejected(ev *Event, d *Decision, o *Order, doubt bool) {
	switch {
	case doubt:
		c.void(ev, d, d.Request, risk.NotSent)
	case o.State == Live && c.requests[o.First].State == Pending && c.namesOrder(d):
		c.void(ev, d, o.First, risk.VenueRejected)
	default:
		return
	}
	c.tellDoubtful(ev, d, o)
}

// recount takes the venue's CumQty(14) over and ends the order if that is what its status says.
// Request without, if any, is no version of it any more.
func (c *Core) recount(ev *Event, d *Decision, o *Order, r *venueReport, without uint32) {
	cum, pending := o.Cum, c.pendingReplaces(o)
	if r.hasCum {
		cum = r.cum
	}
	if without != NoIndex {
		pending--
	}
	n := c.versions(o, d.prior[:], without)
	status := o.statusAfter(r)
	e := c.rebooked(d, o, o.bound(d.prior[:n], status, cum), cum, o.Executed)
	c.compare(ev, d, o, r, cum, o.Executed)
	c.endIfOver(ev, d, o, status, counts{cum, o.Executed, e.Open, pending})
}

// tooLate takes a request out of an order that is over, and tells its owner. It is told nothing of
// the gate's own.
func (c *Core) tooLate(ev *Event, d *Decision, request uint32) {
	if o := &c.orders[c.requests[request].Order]; o.closed() && !d.has(Ended) {
		c.denied(ev, d, request, o.Status) // a version less
	} else {
		c.voided(d, request)
	}
	if c.requests[request].ID != NoIndex {
		c.tellDenied(ev, d, request, risk.TooLateToCancel)
	}
}

// tellDoubtful answers the owners of what is in doubt of an order that ends by this decision: the
// venue may have answered under the numbers that were lost. So it is with a request whose answer is
// overdue, and with a cancel whose order ends by the refusal of a replace, unless the order ends by it.
func (c *Core) tellDoubtful(ev *Event, d *Decision, o *Order) {
	end := d.ended()
	if end == 0 {
		return
	}
	for r := o.First; r != NoIndex; r = c.requests[r].Next {
		q := &c.requests[r]
		doubtful := q.Kind != NewRequest && o.Flags&FlagUnknown != 0 && c.inDoubt(q)
		late := c.waitsLong(ev, o, q)
		switch q.Kind {
		case NewRequest:
			late = false
		case CancelRequest:
			late = end != '4' && (late || d.has(Denied) && q.State == Pending)
		}
		if r != d.Request && (doubtful || late) {
			c.tooLate(ev, d, r)
		}
	}
}

// ended is the OrdStatus(39) by which this decision ends an order, 0 if it ends none.
func (d *Decision) ended() byte {
	for i := range d.EffectLen {
		if d.Effects[i].Kind == Ended {
			return d.Effects[i].Status
		}
	}
	return 0
}

// namesOrder reports whether a report carries an OrderID(37) of the venue: it knows the order.
func (c *Core) namesOrder(d *Decision) bool {
	id := d.msg.Value(fix.TagOrderID)
	return len(id) > 0 && string(id) != "NONE"
}

// settleByReject: a cancel was refused that may have asked about a request in doubt. That the venue
// does not know the order, CxlRejReason(102)=1, says that the request which the cancel named never
// arrived; the next one in doubt is asked about by another cancel, where the venue answers no
// OrderStatusRequest. Anything else leaves the doubt to a human.
func (c *Core) settleByReject(ev *Event, d *Decision, cancel uint32) bool {
	o := &c.orders[c.requests[cancel].Order]
	reason := only(d.msg.Value(fix.TagCxlRejReason))
	named := c.requestOf(o.Venue, d.msg.Value(fix.TagOrigClOrdID))
	if named == NoIndex || c.requests[named].Order != c.requests[cancel].Order {
		named = c.latest(o, NoIndex)
	}
	q := &c.requests[named]
	if reason == '0' {
		d.alert(UnknownOrderFinal).Order = d.Order
	}
	if reason != '1' || !c.inDoubt(q) || q.Kind == NewRequest && o.Executed > 0 {
		return false
	}
	if c.requests[cancel].ID != NoIndex {
		c.tellDenied(ev, d, cancel, risk.NotSent)
	}
	c.voided(d, cancel)
	c.void(ev, d, named, risk.NotSent)
	next := c.latest(o, named)
	asks := !c.set.Venues[o.Venue].StatusRequest && c.inDoubt(&c.requests[next])
	killed := q.Kind == ReplaceRequest && o.Flags&wantedBy != 0 && c.wanted(ev, o)
	if next != named && (asks || killed) {
		c.gateCancelOf(ev, d, next, cancel, NoIndex)
	}
	return true
}
