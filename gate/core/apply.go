package core

import (
	"portcullis/risk"
)

// Apply makes a decision true. It judges nothing: recovery and standby run it on decisions that
// were recorded, whatever build made them.
func (c *Core) Apply(ev *Event, d *Decision) {
	if ev.Now.UTCNs >= c.intervalsNs {
		c.layIntervals(ev.Now.UTCNs)
	}
	if d.Empty() { // not journaled: only what can be computed anew may change
		if ev.Kind == Tick {
			c.refreshDue()
		}
		return
	}
	c.applyLinks(ev, d)
	for i := 0; i < d.EffectLen; i++ {
		c.noteAnswer(ev, d, &d.Effects[i])
		c.noteDay(&d.Effects[i])
		c.applyEffect(ev, &d.Effects[i])
	}
	if c.book.Matches() {
		c.restOrders(d)
	}
	if d.MsgType == 'D' && d.Reason == risk.Accepted || d.MsgType == 'G' && d.Reason == risk.Accepted {
		c.book.NoteRepeat(c.repeatOrder(ev, d))
	}
	c.noteBudget(ev, d)
	c.reg.execNo += uint64(d.ReportCount)
	c.popSent()
	c.keepRequestsFree(d.Order)
	c.foldDecision(ev, d)
}

// applyEffect makes one fact true. What concerns no single order is in applyGate.
func (c *Core) applyEffect(ev *Event, e *Effect) {
	switch e.Kind {
	case Opened:
		c.applyOpened(ev, e)
	case Asked:
		c.applyAsked(ev, e)
	case Refused:
		c.applyRefused(ev, e)
	case Confirmed:
		c.applyConfirmed(e)
	case Denied:
		c.applyDenied(e)
	case Executed:
		c.applyExecuted(ev, e)
	case Recognised:
		c.keepExecution(ev, e, c.BookedAt(e))
		if e.Execution != NoIndex {
			c.executions[e.Execution].busted = true // it counts for nothing: what it is of is booked without its name
		}
	case Busted:
		at := c.BookedAt(e)
		c.bookTrade(&at, e, -e.Qty, -e.Money)
		c.executions[e.Execution].busted = true
		c.applyTakenBack(ev, e)
		if e.Order != NoIndex {
			c.orders[e.Order].Executed = c.orders[e.Order].Executed.Plus(-e.Qty)
		}
	case Recounted:
		c.orders[e.Order].Executed = e.Qty
	case Rebooked:
		o := &c.orders[e.Order]
		o.Cum = e.Qty
		if o.State == Live {
			c.rebook(o, e.Open, e.Reserved)
		}
	case Ended:
		c.applyEnded(e.Order, e.Status)
	case Flagged:
		c.applyFlagged(ev, e)
	case Reported:
		c.applyReported(ev, e)
	case Settled:
		c.applySettled(e)
	case Reopened:
		c.applyReopened(e.Order)
	case Repriced:
		c.applyRepriced(e)
	case Resent, OwedSent:
		c.applyResent(ev, e)
	case Alerted:
		c.reg.alerts++
		switch e.Alert {
		case LimitNear:
			c.applyWarned(e)
		case Unanswered:
			c.sentRings[c.orders[e.Order].Venue].head++
		case DropCopyDown:
			c.links[e.Link].toldDown = true
		}
	case MassAsked, MassOfUnderlying, MassMoved, MassEnded:
		c.applyMass(ev, e)
	case Calmed:
		c.applyWarned(e)
	default:
		c.applyGate(ev, e)
	}
}

// exact counts the bookings that the book had to clamp; a Tick tells a human.
func (c *Core) exact(ok bool) {
	if !ok {
		c.reg.inexact++
	}
}

// newRequest fills a slot with what was sent.
func (c *Core) newRequest(ev *Event, e *Effect, kind RequestKind) *Request {
	q := c.takeRequest(e.Request)
	gen := q.Gen
	*q = Request{}
	q.State, q.Kind, q.OrdType, q.Prices = Pending, kind, e.OrdType, e.Prices
	q.Epoch, q.Era, q.Gen = uint16(c.reg.epoch), c.eraOf(e.Venue), gen
	q.Order, q.Next, q.ID, q.Seq, q.AtNs = e.Order, NoIndex, e.ID, e.Seq, ev.Now.MonoNs
	q.Qty, q.Price, q.Second, q.Worst = e.Qty, e.Price, e.Second, e.Worst
	return q
}

// eraOf counts how often a venue line's numbers began anew.
func (c *Core) eraOf(venue uint32) uint8 { return c.line(venue).era }

// applyOpened takes the slots and the ClOrdID of a new order, counts it, and books what it reserves.
func (c *Core) applyOpened(ev *Event, e *Effect) {
	c.newRequest(ev, e, NewRequest)
	c.takeOrder(e.Order)
	o := &c.orders[e.Order]
	*o = Order{}
	o.State, o.Side, o.OrdType, o.TimeInForce, o.Status, o.Prices = Live, e.Side, e.OrdType, e.TimeInForce, 'A', e.Prices
	o.Owner, o.Venue, o.Account, o.Instrument, o.Author = e.Link, e.Venue, e.Account, e.Instrument, e.Author
	o.First, o.Last, o.Current, o.next = e.Request, e.Request, e.Request, NoIndex
	o.Qty, o.Price, o.Second, o.Worst, o.K = e.Qty, e.Price, e.Second, e.Worst, e.K
	o.AtNs, o.expiry = ev.Now.UTCNs, expiry(e.Money)
	c.reg.turn++
	o.opened = c.reg.turn
	c.reg.liveCount++
	c.hold(e.Link, 0, 1, 1)
	c.takeID(e.ID, e.Link, e.Request, e.Value, ev.Data[e.Off:e.Off+e.Len])
	c.noteMessage(ev, &o.Place, e.Link, 'D')
	c.noteTaken(ev, &o.Place, e.Link, e.Open, e.Reserved)
	c.move(o, e.Open, e.Reserved, 1)
	o.Open, o.Reserved = e.Open, e.Reserved
	c.pushSent(e.Request)
}

// applyAsked adds a replace or a cancel to the chain of its order. A replace is counted and rebooked; a cancel marks the
// order, and is sent or owed.
func (c *Core) applyAsked(ev *Event, e *Effect) {
	o := &c.orders[e.Order]
	if c.requests[e.Request].State == Gone {
		c.makeRoom(o, e.Request)
	}
	q := c.newRequest(ev, e, e.RequestKind)
	c.requests[o.Last].Next = e.Request
	o.Last = e.Request
	if e.ID != NoIndex {
		c.takeID(e.ID, e.Link, e.Request, e.Value, ev.Data[e.Off:e.Off+e.Len])
		if e.RequestKind == CancelRequest {
			if e.Link == o.Owner { // another link has kept none for this order
				c.hold(e.Link, 0, -1, 0)
			}
			c.noteMessage(ev, &o.Place, e.Link, 'F')
		}
	}
	if e.Execution != NoIndex {
		q.ID = e.Execution
		c.ids[q.ID].uses++
	}
	switch e.RequestKind {
	case ReplaceRequest:
		o.extend(expiry(e.Money))
		c.noteMessage(ev, &o.Place, e.Link, 'G')
		c.noteTaken(ev, &o.Place, e.Link, e.Open-o.Open, e.Reserved-o.Reserved)
		c.rebook(o, e.Open, e.Reserved)
		c.pushSent(e.Request)
	case CancelRequest:
		c.setCancelPending(o, true)
		q.Marks = c.early(o)
		if e.Cause == risk.SelfMatch {
			q.Marks |= ForMatch
		}
		if e.Flags&FlagCancelOwed != 0 {
			c.applyOwed(ev, o, q, e)
		} else {
			c.pushSent(e.Request)
		}
	}
	c.pruneRequests(o, chainMax)
}

// setCancelPending counts the orders that have a cancel in flight or owed: each of the others has a
// request kept free for one.
func (c *Core) setCancelPending(o *Order, pending bool) {
	if o.State == Live && pending != (o.Flags&FlagCancelPending != 0) {
		if pending {
			c.reg.cancels++
		} else {
			c.reg.cancels--
		}
	}
	o.Flags &^= FlagCancelPending | FlagCancelOwed
	if pending {
		o.Flags |= FlagCancelPending
	}
}

func (c *Core) applyRefused(ev *Event, e *Effect) {
	if e.ID != NoIndex {
		c.takeID(e.ID, e.Link, NoIndex, e.Value, ev.Data[e.Off:e.Off+e.Len])
	}
	at := risk.Place{Account: e.Account, Instrument: e.Instrument, Author: e.Author}
	c.noteMessage(ev, &at, e.Link, e.Status)
	if e.Seq == 1 {
		c.book.Note(risk.Rejects, &at, e.Link, 1, ev.Now.MonoNs)
	}
}

// applyConfirmed takes over confirmed terms; requests sent before the confirmed one are superseded, unless that was taken
// to be gone.
func (c *Core) applyConfirmed(e *Effect) {
	o, q := &c.orders[e.Order], &c.requests[e.Request]
	for r := o.First; q.State != Gone && r != e.Request && r != NoIndex; r = c.requests[r].Next {
		if q := &c.requests[r]; q.State == Pending && q.Kind != CancelRequest {
			q.State = Superseded
		}
	}
	if q.State == Pending || q.State == Gone {
		q.State = Granted
		o.Current = e.Request
	}
	o.Qty, o.Price, o.Second, o.Worst = e.Qty, e.Price, e.Second, e.Worst
	o.OrdType, o.Prices = e.OrdType, e.Prices
	o.Flags |= FlagConfirmed
	if e.Flags == NewUnits {
		c.markRestated(o)
	}
	if o.State == Live {
		c.rebook(o, e.Open, e.Reserved)
	}
	c.liftDoubt(o)
}

func (c *Core) applyDenied(e *Effect) {
	q, o := &c.requests[e.Request], &c.orders[e.Order]
	c.setState(q, Gone)
	if q.Kind == CancelRequest {
		c.setCancelPending(o, false)
	}
	c.liftDoubt(o)
}

func (c *Core) applyExecuted(ev *Event, e *Effect) {
	at := c.BookedAt(e)
	c.bookTrade(&at, e, e.Qty, e.Money)
	if e.Order != NoIndex {
		o := &c.orders[e.Order]
		o.Executed = o.Executed.Plus(e.Qty)
	}
	c.keepExecution(ev, e, at)
}

// keepExecution remembers an execution by the ExecID of the effect, in its slot and in its row of a drop copy.
func (c *Core) keepExecution(ev *Event, e *Effect, at risk.Place) {
	request, gen := uint32(NoIndex), uint32(0)
	if e.Order != NoIndex {
		request = c.orders[e.Order].First
		gen = c.requests[request].Gen
	}
	if e.ID != NoIndex {
		c.applyBooked(ev, e)
	}
	if e.Execution == NoIndex {
		return
	}
	x := &c.executions[e.Execution]
	if e.Execution == c.reg.execFree {
		c.reg.execFree = x.next
	} else {
		c.reg.execUsed++
	}
	c.reg.execInUse++
	hash, id := c.execName(ev, e)
	date := c.reg.tradeDate
	if e.Status == Earlier {
		date = uint32(e.Seq)
	}
	*x = execution{venue: e.Venue, date: date, request: request, gen: gen,
		account: at.Account, instrument: at.Instrument, owner: at.Owner, author: at.Author, side: e.Side, qty: e.Qty, money: e.Money, price: e.Price, hash: hash}
	if e.Status != Earlier {
		x.of = uint32(e.Seq)
	}
	x.ahead = e.Flags&UnitsAhead != 0
	if x.splits = uint8(e.Flags &^ UnitsAhead); e.Status == Earlier && e.Instrument != NoIndex { // it was booked in the units of today
		x.splits = max(x.splits, uint8(c.book.SplitsAfter(at.Instrument, date)))
	}
	x.size = uint8(copy(x.text[:], id))
	c.execIndex.put(hash, e.Execution)
}

// bookTrade books what an Executed or a Busted moves. One of an earlier trade date moves no money of this one (exposure 7).
func (c *Core) bookTrade(at *risk.Place, e *Effect, qty risk.Qty, money risk.Money) {
	if e.Status == Earlier {
		c.exact(c.book.Amend(at, e.Side, qty))
		return
	}
	c.exact(c.book.Execute(at, e.Side, qty, money))
	c.noteUnnamed(at, e)
	c.noteShort(at, e)
}

// execName is the ExecID of an execution: the event's, or where the word of a drop copy has waited that of its row.
func (c *Core) execName(ev *Event, e *Effect) (hash uint64, id []byte) {
	if e.Value == onWord && e.ID < uint32(len(c.copies)) {
		return c.copies[e.ID].hash, c.copies[e.ID].name()
	}
	id = ev.Data[e.Off : e.Off+e.Len]
	return execHash(e.Venue, id), id
}

// BookedAt is where an Executed or a Busted counts: where the execution taken back did, with its
// order, or where the effect says.
func (c *Core) BookedAt(e *Effect) risk.Place {
	switch {
	case e.Kind == Busted:
		return c.executions[e.Execution].place()
	case e.Order != NoIndex:
		return c.orders[e.Order].Place
	}
	return risk.Place{Account: e.Account, Instrument: e.Instrument, Owner: e.Link, Venue: e.Venue, Author: e.Author}
}

// move books a change of an order in its position and in every scope.
func (c *Core) move(o *Order, open risk.Qty, reserved risk.Money, count int) {
	c.exact(c.book.Move(&o.Place, o.Side, open, reserved, count))
}

// rebook moves every scope by the difference between what an order has booked and what it needs.
func (c *Core) rebook(o *Order, open risk.Qty, reserved risk.Money) {
	c.move(o, open-o.Open, reserved-o.Reserved, 0)
	o.Open, o.Reserved = open, reserved
}

// applyEnded: the venue's last word on an order answers its D; that it is cancelled answers a cancel
// as well, whichever id the report names. Any other request is still to be answered.
func (c *Core) applyEnded(slot uint32, status byte) {
	o := &c.orders[slot]
	if o.State != Live {
		return
	}
	c.move(o, -o.Open, -o.Reserved, -1)
	o.Open, o.Reserved = 0, 0
	if o.Flags&FlagUnknown != 0 {
		c.countUnknown(o, ^uint32(0))
	}
	c.setCancelPending(o, false)
	c.reg.turn++
	o.State, o.ended = Final, c.reg.turn
	o.Flags &^= FlagUnknown
	c.reg.liveCount--
	c.hold(o.Owner, 0, 0, -1)
	c.pushFinal(slot)
	c.grant(o, status)
}

// grant takes the end of an order for the answer to what it answers.
func (c *Core) grant(o *Order, status byte) {
	for r := o.First; r != NoIndex; r = c.requests[r].Next {
		q := &c.requests[r]
		if q.State == Pending && (q.Kind == NewRequest || q.Kind == CancelRequest && status == '4') {
			q.State = Granted
		}
	}
}

// applyReopened: a final order lives again; what it reserves comes with the Rebooked or Confirmed that follows.
func (c *Core) applyReopened(slot uint32) {
	o := &c.orders[slot]
	if o.State != Final {
		return
	}
	c.dropFinal(slot)
	o.State, o.next = Live, NoIndex
	c.reg.liveCount++
	c.hold(o.Owner, 0, 0, 1) // its cancel takes an id as any other message does
	c.move(o, 0, 0, 1)
}

// applyRepriced takes over what a request, or the terms that hold, reserve from a new trade date on.
func (c *Core) applyRepriced(e *Effect) {
	o := &c.orders[e.Order]
	o.K = e.K
	if e.Request == NoIndex {
		o.Worst = e.Worst
		if q := &c.requests[o.Current]; q.State == Pending {
			q.Worst = e.Worst // it is the original, not confirmed yet
		}
		return
	}
	q := &c.requests[e.Request]
	q.Worst = e.Worst
	if e.Qty != 0 {
		q.Qty, q.Price, q.Second = e.Qty, e.Price, e.Second
	}
}

// applyFlagged sets or clears flags of an order, and counts the orders of which nobody knows whether they arrived.
func (c *Core) applyFlagged(ev *Event, e *Effect) {
	o := &c.orders[e.Order]
	before := o.Flags
	if e.Value == 1 {
		o.Flags |= e.Flags
	} else {
		o.Flags &^= e.Flags
	}
	if (before^o.Flags)&FlagUnknown != 0 {
		if e.Value == 1 {
			c.countUnknown(o, 1)
			if due := &c.doubtNs[o.Venue]; *due == 0 {
				*due = ev.Now.MonoNs + doubtMaxNs
			}
		} else {
			c.countUnknown(o, ^uint32(0))
		}
	}
}

// applyReported notes what the venue last said of an order. A final OrdStatus answers requests even of an order that lives
// on for executions that are missing.
func (c *Core) applyReported(ev *Event, e *Effect) {
	o := &c.orders[e.Order]
	o.Status, o.AvgPx = e.Status, e.Price
	if e.Len > 0 {
		o.venueIDLen = uint8(copy(o.venueID[:], ev.Data[e.Off:e.Off+e.Len]))
	}
	if o.closed() {
		if o.Status == '4' {
			c.setCancelPending(o, false)
		}
		c.grant(o, o.Status)
	}
}

// applyResent notes that a request was sent under another number or, of a cancel, that it is owed again.
func (c *Core) applyResent(ev *Event, e *Effect) {
	q := &c.requests[e.Request]
	o := &c.orders[e.Order]
	if e.Flags&FlagCancelOwed != 0 {
		c.applyOwed(ev, o, q, e)
		c.liftDoubt(o)
		return
	}
	c.setState(q, Pending)
	q.Seq, q.AtNs, q.Era = e.Seq, ev.Now.MonoNs, c.eraOf(o.Venue)
	q.Marks = q.Marks&^Early | c.early(o)
	o.Flags &^= FlagCancelOwed
	c.pushSent(e.Request)
	c.liftDoubt(o)
}

// setState counts the cancels that are owed to a venue: it takes no order before those that wait for its line.
func (c *Core) setState(q *Request, state RequestState) {
	venue := c.orders[q.Order].Venue
	owed, later := &c.owed[venue], &c.postponed[venue].count
	switch q.State {
	case Owed:
		*owed--
	case Postponed:
		*later--
	}
	switch state {
	case Owed:
		*owed++
	case Postponed:
		*later++
	}
	q.State = state
}

// isOwed reports whether a cancel waits, for the line or the hours of its venue.
func (q *Request) isOwed() bool { return q.State == Owed || q.State == Postponed }

// repeatOrder is the order as the repeat window remembers it.
func (c *Core) repeatOrder(ev *Event, d *Decision) *risk.Order {
	e := d.taking(d.Request)
	o := &c.orders[e.Order]
	r := &d.order
	r.Place.Set(&o.Place)
	r.Link, r.NowNs = e.Link, ev.Now.MonoNs
	r.Terms = termsOf(o.Side, e.OrdType, e.Price, e.Second, e.Prices)
	r.Terms.TimeInForce, r.Terms.Qty = o.TimeInForce, e.Qty
	return r
}
