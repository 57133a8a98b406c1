package core

import (
	"portcullis/fix"
	"portcullis/fix/link"
	"portcullis/risk"
)

// What a venue asks for again, and what it is asked.

// stepMissed settles the next request that a venue has asked for again: it had not arrived. First
// orders and replaces: they are void and their owners told. Then cancels, so that they name what is
// left: one is sent again, which is always safe, or told that its order is over.
func (c *Core) stepMissed(ev *Event, d *Decision, slot uint32, j *job) {
	used := 2 * c.reg.reqUsed
	n, end := j.cursor, min(used, j.cursor+scanMax)
	for ; n < end; n++ {
		request, cancels := n, n >= c.reg.reqUsed
		if cancels {
			request -= c.reg.reqUsed
		}
		q := &c.requests[request]
		if cancels != (q.Kind == CancelRequest) || q.State != Pending || q.Seq < j.from || q.Seq > j.to || !c.onLine(q, j.Venue) {
			continue
		}
		d.alert(RequestNotArrived).Order = q.Order
		switch {
		case !cancels:
			c.void(ev, d, request, risk.NotSent)
		case c.orders[q.Order].State != Live:
			c.tooLate(ev, d, request)
		default:
			c.sendAgain(ev, d, request)
		}
		d.jobMoved(slot, n+1, 0)
		return
	}
	d.scanned(slot, n, used)
}

// onLine reports whether a request was sent to a venue under the numbers its line counts with now.
func (c *Core) onLine(q *Request, venue uint32) bool {
	return c.orders[q.Order].Venue == venue && q.Era == c.eraOf(venue)
}

// sendAgain sends a cancel once more under a new number, or owes it while the line is down or the venue takes none.
func (c *Core) sendAgain(ev *Event, d *Decision, request uint32) {
	q := &c.requests[request]
	l := c.set.Venues[c.orders[q.Order].Venue].Link
	e := d.effect(Resent)
	e.Request, e.Order = request, q.Order
	switch {
	case l == NoIndex || !c.loggedOn(ev, d, l):
		e.owe(Owed)
		return
	case c.takesNone(ev, &c.orders[q.Order]):
		e.owe(Postponed)
		return
	}
	e.Seq = c.nextOut(ev, d, l)
	c.writeCancel(ev, d, c.latest(&c.orders[q.Order], NoIndex), request, q.Gen, uint64(q.Epoch), c.ownID(request))
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
	return c.asksAbout(q) && o.State == Live && o.Flags&FlagSuspect != 0 && c.mayAsk(q.Order)
}

// asksAbout reports whether an overdue request has a question of its own: a cancel has none where that about the
// D or G that it names says the same.
func (c *Core) asksAbout(q *Request) bool {
	return q.Kind != CancelRequest || c.requests[c.latest(&c.orders[q.Order], NoIndex)].State != Pending
}

// askUnknown asks a venue for a request of which nobody knows whether it arrived.
func (c *Core) askUnknown(ev *Event, d *Decision, request uint32) {
	q := &c.requests[request]
	switch o := &c.orders[q.Order]; {
	case !o.mayTrade():
		c.tooLate(ev, d, request)
	case q.Kind == CancelRequest:
		c.sendAgain(ev, d, request)
	case c.set.Venues[o.Venue].StatusRequest:
		c.askStatus(ev, d, request)
	case o.Flags&FlagCancelPending == 0:
		c.gateCancel(ev, d, q.Order, NoIndex)
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

// askStatus sends an OrderStatusRequest for a request. A venue knows an order by its D and G: about a cancel it
// is asked by what that names.
func (c *Core) askStatus(ev *Event, d *Decision, request uint32) {
	o := &c.orders[c.requests[request].Order]
	if c.requests[request].Kind == CancelRequest {
		request = c.latest(o, NoIndex)
	}
	v := &c.set.Venues[o.Venue]
	w := c.own(ev, d, v.Link, "H")
	w.String(fix.TagAccount, c.accountAt(o.Account, o.Venue))
	c.writeRequestID(w.Writer, fix.TagClOrdID, v, request)
	if id := o.VenueOrderID(); len(id) > 0 {
		w.Value(fix.TagOrderID, id)
	}
	w.Char(fix.TagSide, '0'+byte(o.Side))
	w.String(fix.TagSymbol, c.symbolAt(o.Instrument, o.Venue))
	c.end(ev, d, v.Link, link.RequestMessage, NoIndex)
}
