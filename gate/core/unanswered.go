package core

import "math"

// Requests that await an answer, in order of sending.

// pushSent notes a request that awaits an answer, in order of sending.
func (c *Core) pushSent(request uint32) {
	if c.reg.sentTail-c.reg.sentHead == uint64(len(c.sent)) {
		c.reg.sentHead++
	}
	c.sent[c.reg.sentTail&uint64(len(c.sent)-1)] = request
	c.reg.sentTail++
}

// popSent drops answered requests from the head of the ring, a few each time.
func (c *Core) popSent() {
	for n := 0; n < 4 && c.reg.sentHead != c.reg.sentTail; n++ {
		if c.requests[c.sent[c.reg.sentHead&uint64(len(c.sent)-1)]].State == Pending {
			return
		}
		c.reg.sentHead++
	}
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
	if c.orders[q.Order].State != Live {
		return
	}
	c.flag(d, q.Order, FlagSuspect, 1)
	if q.Kind != CancelRequest && c.mayAsk(q.Order) {
		c.askStatus(ev, d, request)
	}
}

// overdue reports whether an answer about an order is overdue, other than that to the request at hand.
// Where that one is granted, what was sent before it is superseded.
func (c *Core) overdue(ev *Event, o *Order, request uint32, granted bool) bool {
	r := o.First
	if granted {
		r = request
	}
	limit := c.set.Venues[o.Venue].UnansweredNs
	for ; r != NoIndex; r = c.requests[r].Next {
		if q := &c.requests[r]; r != request && q.State == Pending && ev.Now.MonoNs-q.AtNs >= limit {
			return true
		}
	}
	return false
}
