package core

import (
	"math"

	"portcullis/risk"
)

// Requests that await an answer, by venue in order of sending: each venue has its own time for one.

// sentEntry is one request as it was sent.
type sentEntry struct {
	seq     uint32 // the low bits of its MsgSeqNum
	request uint32
}

// sentRing is where a venue's entries lie in the common table: head..tail are perhaps unanswered, and
// those from from on were sent under the numbers that its line counts with now.
type sentRing struct{ head, tail, from uint64 }

func (c *Core) laySent() {
	c.sentSlots = uint64(powerOfTwo(c.set.Capacity.Requests))
	c.sentRings = table[sentRing](c, c.venueRows())
	c.sent = table[sentEntry](c, c.venueRows()*int(c.sentSlots))
}

func (c *Core) sentAt(venue uint32, at uint64) *sentEntry {
	return &c.sent[uint64(venue)*c.sentSlots+at&(c.sentSlots-1)]
}

// pushSent notes a request that awaits an answer.
func (c *Core) pushSent(request uint32) {
	q := &c.requests[request]
	venue := c.orders[q.Order].Venue
	r := &c.sentRings[venue]
	if r.tail-r.head == c.sentSlots {
		r.head++
	}
	*c.sentAt(venue, r.tail) = sentEntry{seq: uint32(q.Seq), request: request}
	r.tail++
}

// popSent drops answered requests from the heads of the rings.
func (c *Core) popSent() {
	for venue := range c.sentRings {
		r := &c.sentRings[venue]
		for n := 0; n < scanMax && r.head != r.tail; n++ {
			if c.requests[c.sentAt(uint32(venue), r.head).request].State == Pending {
				break
			}
			r.head++
		}
	}
}

// waitAnew gives a venue its whole time again for what it has not answered: it could not, while no process ran.
// What was overdue before is so still.
func (c *Core) waitAnew(venue uint32, nowNs int64) {
	for r, at := &c.sentRings[venue], c.sentRings[venue].head; at != r.tail; at++ {
		if q := &c.requests[c.sentAt(venue, at).request]; q.State == Pending {
			q.AtNs = nowNs
		}
	}
}

// requestBySeq finds the request that was sent to a venue with a MsgSeqNum and awaits an answer.
func (c *Core) requestBySeq(venue uint32, seq uint64) uint32 {
	r := &c.sentRings[venue]
	low, high := max(r.from, r.tail-min(r.tail, c.sentSlots)), r.tail
	for low < high {
		if mid := (low + high) / 2; int32(c.sentAt(venue, mid).seq-uint32(seq)) < 0 {
			low = mid + 1
		} else {
			high = mid
		}
	}
	if low == r.tail {
		return NoIndex
	}
	request := c.sentAt(venue, low).request
	if q := &c.requests[request]; q.State != Pending || q.Seq != seq || !c.onLine(q, venue) {
		return NoIndex
	}
	return request
}

// oldest is a venue's oldest request without an answer, NoIndex if there is none.
func (c *Core) oldest(venue uint32) uint32 {
	r := &c.sentRings[venue]
	if r.head == r.tail {
		return NoIndex
	}
	request := c.sentAt(venue, r.head).request
	if c.requests[request].State != Pending {
		return NoIndex
	}
	return request
}

// unansweredDueNs is when the first of the oldest requests becomes suspect.
func (c *Core) unansweredDueNs() int64 {
	due := int64(math.MaxInt64)
	for venue := range c.sentRings {
		if request := c.oldest(uint32(venue)); request != NoIndex {
			due = min(due, c.requests[request].AtNs+c.set.Venues[venue].UnansweredNs)
		}
	}
	return due
}

// checkUnanswered alerts for a request whose answer is overdue: its order is suspect, its reservation
// stays, and the venue is asked where it can be. A cancel or replace of an order that is over needs no answer
// of the venue's: its owner is told that it came too late.
func (c *Core) checkUnanswered(ev *Event, d *Decision) {
	for venue := range c.sentRings {
		request := c.oldest(uint32(venue))
		if request == NoIndex || c.requests[request].AtNs+c.set.Venues[venue].UnansweredNs > ev.Now.MonoNs {
			continue
		}
		c.unanswered(ev, d, request)
		return
	}
}

func (c *Core) unanswered(ev *Event, d *Decision, request uint32) {
	q := &c.requests[request]
	a := d.alert(Unanswered)
	a.Order, a.Request = q.Order, request
	if !c.orders[q.Order].mayTrade() {
		if q.Kind != NewRequest {
			c.tooLate(ev, d, request)
		}
		return
	}
	c.flag(d, q.Order, FlagSuspect, 1)
	if c.asksAbout(q) && c.mayAsk(q.Order) {
		c.askStatus(ev, d, request)
	}
}

// overdue reports whether an answer about an order is overdue, other than that to the request at hand, or will not be
// asked for because the doubt about its request was settled without. Where that one is granted, what was sent before it
// is superseded.
func (c *Core) overdue(ev *Event, o *Order, request uint32, granted bool) bool {
	r := o.First
	if granted {
		r = request
	}
	for ; r != NoIndex; r = c.requests[r].Next {
		if q := &c.requests[r]; r != request && (c.waitsLong(ev, o, q) || q.State == Pending && q.Seq == 0) {
			return true
		}
	}
	return false
}

// cancelling reports whether a cancel of an order is owed, or on its way and its answer not overdue: no other
// is sent meanwhile.
func (c *Core) cancelling(ev *Event, o *Order) bool {
	if o.Flags&FlagCancelPending == 0 {
		return false
	}
	for r := o.First; r != NoIndex; r = c.requests[r].Next {
		if q := &c.requests[r]; q.Kind == CancelRequest && (q.isOwed() || q.State == Pending && !c.waitsLong(ev, o, q)) {
			return true
		}
	}
	return false
}

// giveUp waits no more for the overdue answers to an order's cancels, other than that which this event brings,
// and tells those who sent them: an order has one cancel in flight, and the next may come. The venue
// may still answer: that the order is cancelled counts, that it is not has been told.
// It returns one whose slot the next cancel can take, NoIndex if there is none.
func (c *Core) giveUp(ev *Event, d *Decision, o *Order, except uint32) (slot uint32) {
	slot = NoIndex
	for r := o.First; r != NoIndex; r = c.requests[r].Next {
		if q := &c.requests[r]; r == except || q.Kind != CancelRequest || !c.waitsLong(ev, o, q) {
			continue
		}
		c.voided(d, r)
		if c.requests[r].ID != NoIndex {
			c.tellDenied(ev, d, r, risk.CancelUnanswered)
		}
		slot = r
	}
	return slot
}

// waitsLong reports whether the answer to one request of an order is overdue.
func (c *Core) waitsLong(ev *Event, o *Order, q *Request) bool {
	return q.State == Pending && ev.Now.MonoNs-q.AtNs >= c.set.Venues[o.Venue].UnansweredNs
}
