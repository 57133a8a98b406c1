package core

import (
	"portcullis/fix"
	"portcullis/fix/link"
	"portcullis/risk"
)

// decideCancelReject books a venue's OrderCancelReject(35=9): the request it names leaves the
// order's versions, the order lives on.
func (c *Core) decideCancelReject(ev *Event, d *Decision) {
	d.MsgType = '9'
	d.report = venueReport{}
	venue := c.set.Links[ev.Link].Venue
	request := c.requestOf(venue, d.msg.Value(fix.TagClOrdID))
	if request == NoIndex || d.msg.Repeated() != 0 || c.requests[request].Kind == NewRequest {
		d.alert(UnmatchedReject).Venue = venue
		c.refuseFaulty(ev, d)
		return
	}
	d.Request, d.Order = request, c.requests[request].Order
	d.partlyBooked(d.Order)
	q, o := &c.requests[request], &c.orders[d.Order]
	pending := q.State == Pending
	if pending && q.Kind == CancelRequest && o.Flags&FlagUnknown != 0 && c.settleByReject(ev, d, request) {
		return
	}
	status := c.rejectStatus(ev, d, o)
	if pending {
		if o.Flags&FlagSuspect != 0 && o.Cum == o.Executed && !c.overdue(ev, o, request, false) && c.endsDoubt(d, o, status) && !c.saysOver(ev, d) {
			c.flag(d, d.Order, FlagSuspect, 0)
		}
		c.denied(ev, d, request, status)
	} else {
		c.endIfOver(ev, d, o, status, counts{o.Cum, o.Executed, o.Open, c.pendingReplaces(o)})
	}
	if o.State == Live && !d.has(Ended) && c.saysOver(ev, d) && c.knowsTerms(d, o, request) {
		c.contradicted(ev, d, o) // its end, and what was executed before, the venue owes
	}
	if status != o.Status {
		e := d.effect(Reported)
		e.Order, e.Status, e.Price = d.Order, status, o.AvgPx
	}
	if q.State != Gone { // else its sender has been told
		c.passReport(ev, d, o, "9")
	}
	if q.ID == NoIndex {
		d.alert(CancelRefused).Order = d.Order
	}
	if pending {
		c.tellDoubtful(ev, d, o)
		c.killUnanswered(ev, d, request)
	}
}

// saysOver reports whether an OrderCancelReject says that its order is over, or unknown: what was executed of it before it does not
// say, so that is in doubt still. FIX.4.0 says only that the cancel comes too late.
func (c *Core) saysOver(ev *Event, d *Decision) bool {
	if !c.set.Links[ev.Link].Dialect.of("9").has.in(fix.TagOrdStatus) {
		return only(d.msg.Value(fix.TagCxlRejReason)) == '0'
	}
	switch only(d.msg.Value(fix.TagOrdStatus)) {
	case '4', '8', 'C':
		return true
	}
	return false
}

// knowsTerms reports whether a venue that refuses a request, and says how the order stands, owes no answer about its terms. That it does
// not know what the request names says nothing of the order where that was refused before, or superseded.
func (c *Core) knowsTerms(d *Decision, o *Order, refused uint32) bool {
	named, status := c.requestOf(o.Venue, d.msg.Value(fix.TagOrigClOrdID)), only(d.msg.Value(fix.TagOrdStatus))
	return status != 0 && o.Flags&FlagConfirmed != 0 && c.latest(o, refused) == o.Current &&
		(status != '8' || named == NoIndex || named == o.Current)
}

// rejectStatus is the OrdStatus(39) that holds after a refused cancel or replace: what the venue says
// in place of the pending state, and that the order is filled.
func (c *Core) rejectStatus(ev *Event, d *Decision, o *Order) byte {
	status := only(d.msg.Value(fix.TagOrdStatus))
	pending := o.Status == '6' || o.Status == 'E'
	if t := c.set.Links[ev.Link].Dialect; !t.of("9").has.in(fix.TagOrdStatus) {
		status = t.status(0, o.Counted()) // FIX.4.0 does not say it: the request is pending no more
	}
	switch {
	case o.State != Live:
	case status == '2', pending && (status == '0' || status == '1' || status == 'A' || status == '6' || status == 'E'):
		return status
	}
	return o.Status
}

// decideSessionReject and decideBusinessReject match a venue's 35=3 or 35=j to the request by its
// MsgSeqNum or id, and tell the owner in the words he waits for: 35=8 for a D, 35=9 for F and G.
func (c *Core) decideSessionReject(ev *Event, d *Decision) {
	c.decideRefusal(ev, d, c.requestNamed(ev, d))
}

func (c *Core) decideBusinessReject(ev *Event, d *Decision) {
	venue := c.set.Links[ev.Link].Venue
	request := c.requestOf(venue, d.msg.Value(fix.TagBusinessRejectRefID))
	if request == NoIndex {
		request = c.requestNamed(ev, d)
	}
	c.decideRefusal(ev, d, request)
}

func (c *Core) decideRefusal(ev *Event, d *Decision, request uint32) {
	if request == NoIndex || c.requests[request].State != Pending {
		if c.rejectsMass(ev, d) {
			c.massRefused(d, c.set.Links[ev.Link].Venue)
			return
		}
		d.alert(UnmatchedReject).Link = ev.Link
		c.refuseFaulty(ev, d)
		return
	}
	d.partlyBooked(c.requests[request].Order)
	c.void(ev, d, request, risk.VenueRejected)
	c.tellDoubtful(ev, d, &c.orders[c.requests[request].Order])
}

// void books that a request is void and tells its owner. A new order that the venue has spoken of
// before is not ended by such a contradiction: it stays reserved.
func (c *Core) void(ev *Event, d *Decision, request uint32, reason risk.Reason) {
	q := &c.requests[request]
	o := &c.orders[q.Order]
	d.Request, d.Order = request, q.Order
	if q.Kind == NewRequest && (o.Executed > 0 || len(o.VenueOrderID()) > 0) {
		d.alert(OrderInDoubt).Order = q.Order
		c.flag(d, q.Order, FlagSuspect, 1)
		return
	}
	c.denied(ev, d, request, o.Status)
	c.tellDenied(ev, d, request, reason)
	c.killUnanswered(ev, d, request)
}

// requestNamed finds the request that was sent with RefSeqNum(45).
func (c *Core) requestNamed(ev *Event, d *Decision) uint32 {
	if seq, ok := d.msg.Uint(fix.TagRefSeqNum); ok {
		return c.requestBySeq(c.set.Links[ev.Link].Venue, seq)
	}
	return NoIndex
}

// denied books that a request is void: refused by the venue, withdrawn, or never arrived. A new
// order ends; a replace leaves the versions; a cancel is no longer pending. status is the order's
// OrdStatus(39) then: what was pending may have been all that kept it open.
func (c *Core) denied(ev *Event, d *Decision, request uint32, status byte) {
	q := &c.requests[request]
	o := &c.orders[q.Order]
	d.Order, d.Request = q.Order, request
	c.voided(d, request)
	if o.State == Final {
		return
	}
	switch q.Kind {
	case NewRequest:
		c.over(d, '8')
		s := d.effect(Reported)
		s.Order, s.Status, s.Price = q.Order, '8', o.AvgPx
	case ReplaceRequest:
		n := c.versions(o, d.prior[:], request)
		e := c.rebooked(d, o, o.bound(d.prior[:n], status, o.Cum), o.Cum, o.Executed)
		c.endIfOver(ev, d, o, status, counts{o.Cum, o.Executed, e.Open, c.pendingReplaces(o) - 1})
	case CancelRequest:
		c.endIfOver(ev, d, o, status, counts{o.Cum, o.Executed, o.Open, c.pendingReplaces(o)})
	}
}

func (c *Core) voided(d *Decision, request uint32) {
	q := &c.requests[request]
	e := d.effect(Denied)
	e.Request, e.Order, e.RequestKind = request, q.Order, q.Kind
}

// tellDenied tells the owner of a request why it is void. The gate's own cancels have no owner.
func (c *Core) tellDenied(ev *Event, d *Decision, request uint32, reason risk.Reason) {
	q := &c.requests[request]
	if q.ID == NoIndex {
		d.alert(CancelRefused).Order = q.Order
		return
	}
	o := &c.orders[q.Order]
	if q.Kind == NewRequest {
		c.ownerReport(ev, d, q.Order, ownerReport{request: request, execType: '8', status: '8', reason: reason, final: true})
		return
	}
	l := c.ids[q.ID].link
	w := c.own(ev, d, l, "9")
	w.Value(fix.TagClOrdID, c.ClOrdID(request))
	c.writeOrderID(w.Writer, o)
	w.Char(fix.TagOrdStatus, w.dialect.status(d.shown(q.Order, o), o.Counted()))
	w.Value(fix.TagOrigClOrdID, c.ClOrdID(o.Current))
	c.reasonText(d, w.Writer, l, reason)
	w.Stamp(fix.TagTransactTime, ev.Now.UTCNs, c.set.Links[l].Precision)
	w.Code(fix.TagCxlRejReason, risk.CxlRejReasonFor(reason, w.dialect.Version))
	w.Char(fix.TagCxlRejResponseTo, q.responseTo())
	c.end(ev, d, l, link.ReportMessage, NoIndex)
}

// responseTo is CxlRejResponseTo(434): 1 for a cancel, 2 for a replace.
func (q *Request) responseTo() byte {
	if q.Kind == ReplaceRequest {
		return '2'
	}
	return '1'
}

// shown is the OrdStatus(39) to answer with when the decision is made true.
func (d *Decision) shown(slot uint32, o *Order) byte {
	for i := d.EffectLen - 1; i >= 0; i-- {
		if e := &d.Effects[i]; e.Kind == Reported && e.Order == slot {
			return e.Status
		}
	}
	return o.shown()
}

// decideWithdrawn books that an order's bytes were taken back before they began to leave, for a kill or
// for want of a disk: its number is gap-filled in its place, its owner is told, and the kill counts it.
func (c *Core) decideWithdrawn(ev *Event, d *Decision) {
	link.GapFill(&d.Out, &c.set.Links[ev.Link].Settings, ev.Link, ev.Seq, ev.Seq+1,
		c.lastIn(ev, d, ev.Link), ev.Now)
	if ev.Request >= c.reg.reqUsed || c.requests[ev.Request].State != Pending {
		return
	}
	q := &c.requests[ev.Request]
	c.denied(ev, d, ev.Request, c.orders[q.Order].Status)
	reason := risk.WithdrawnByKill
	if c.reg.journal != 0 && !c.Killed(ev.Request) {
		reason = risk.JournalUnavailable // the disk has failed to keep its record
	}
	c.tellDenied(ev, d, ev.Request, reason)
	for i := range c.jobs {
		j := &c.jobs[i]
		if j.Kind != killJob || !c.covers(&j.of, &c.orders[q.Order], c.sender(q)) {
			continue
		}
		count := uint64(countWithdrawn)
		if q.Kind == NewRequest {
			count += countInScope // it is over; an order whose replace was withdrawn is still to come
		}
		d.jobMoved(uint32(i), j.cursor, count)
		return
	}
}

// decideEgress stops a venue line whose bytes were not what was judged. The order keeps its
// reservation: its number was never sent, and the venue will say so. Where it is configured, what is
// wrong with one line stops the firm, unless it is stopped already.
func (c *Core) decideEgress(ev *Event, d *Decision) {
	a := d.alert(EgressStopped)
	a.Link, a.Seq, a.Status = ev.Link, ev.Seq, ev.Code
	a.Value = ParseEgressRecords(ev.Data).Accepted
	e := d.effect(LinkBlocked)
	e.Link, e.Value = ev.Link, linkEgressStopped
	d.Close = true
	if c.set.EgressKills && !c.firmKilled() {
		c.decideKill(ev, d, &Command{Kind: CmdKill, Scope: risk.ScopeFirm})
	}
}

func (c *Core) firmKilled() bool {
	for i := range c.book.Kills() {
		if k := &c.book.Kills()[i]; k.Firm() && k.Mode.Blocks() {
			return true
		}
	}
	return false
}
