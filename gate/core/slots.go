package core

// Slots of orders and requests: which comes next, and how it is taken and given back. next… are
// read by Decide and name what take… will take in Apply.

// nextOrder is the slot the next order will have: one never used, else the one final longest.
func (c *Core) nextOrder() uint32 {
	if c.reg.ordersUsed < uint32(len(c.orders)) {
		return c.reg.ordersUsed
	}
	return c.reg.finalHead
}

// takeOrder readies a slot, giving back the requests of the order it held.
func (c *Core) takeOrder(slot uint32) {
	if slot == c.reg.ordersUsed {
		c.reg.ordersUsed++
		return
	}
	c.popFinal()
	c.freeRequests(&c.orders[slot])
}

// popFinal takes the order that is final longest off the list and returns its slot.
func (c *Core) popFinal() uint32 {
	slot := c.reg.finalHead
	c.reg.finalHead = c.orders[slot].next
	if c.reg.finalHead == NoIndex {
		c.reg.finalTail = NoIndex
	}
	return slot
}

func (c *Core) freeRequests(o *Order) {
	for r := o.First; r != NoIndex; {
		next := c.requests[r].Next
		c.freeRequest(r)
		r = next
	}
	o.First = NoIndex
}

func (c *Core) freeRequest(r uint32) {
	q := &c.requests[r]
	if q.ID != NoIndex {
		id := &c.ids[q.ID]
		id.uses--
		if id.request == r {
			id.request = NoIndex
		}
	}
	c.setState(q, FreeRequest)
	*q = Request{Gen: q.Gen, Next: c.reg.reqFree}
	c.reg.reqFree = r
	c.reg.reqInUse--
}

// chainMax bounds the requests that one order keeps: those that wait for an answer, the first, which
// names the order, the one that holds, and the youngest of the others.
const chainMax = 24

// pruneRequests gives back an order's oldest answered requests until it has no more than keep: an
// order may be replaced any number of times. What a cancel in flight may have named is kept with it.
func (c *Core) pruneRequests(o *Order, keep int) {
	n := 0
	for r := o.First; r != NoIndex; r = c.requests[r].Next {
		n++
	}
	for prior := o.First; n > keep && c.requests[prior].Next != NoIndex; {
		r := c.requests[prior].Next
		if !c.prunable(o, r) {
			prior = r
			continue
		}
		c.dropRequest(o, prior, r)
		n--
	}
}

// dropRequest gives back a request of an order; prior is the one before it.
func (c *Core) dropRequest(o *Order, prior, r uint32) {
	if c.requests[prior].Next = c.requests[r].Next; r == o.Last {
		o.Last = prior
	}
	c.freeRequest(r)
}

// makeRoom gives back a refused cancel whose slot the order's next cancel takes.
func (c *Core) makeRoom(o *Order, refused uint32) {
	for prior := o.First; prior != NoIndex; prior = c.requests[prior].Next {
		if c.requests[prior].Next == refused {
			c.dropRequest(o, prior, refused)
			return
		}
	}
}

func (c *Core) prunable(o *Order, r uint32) bool {
	q := &c.requests[r]
	if r == o.Current || q.State == Pending || q.isOwed() {
		return false
	}
	return q.Next == NoIndex || c.requests[q.Next].Kind != CancelRequest || c.requests[q.Next].State != Pending
}

// spareRequests is how many requests may be taken beside the one that each live order without a
// cancel has kept for it.
func (c *Core) spareRequests() int {
	r := c.reg
	return len(c.requests) - int(r.reqInUse) - int(r.liveCount-r.cancels)
}

// nextRequest is the slot the next request of a decision will have, behind those that it takes already; NoIndex when none is
// free.
func (c *Core) nextRequest(d *Decision) uint32 {
	free, used := c.reg.reqFree, c.reg.reqUsed
	for i := range d.EffectLen {
		switch e := &d.Effects[i]; {
		case e.Kind != Opened && e.Kind != Asked:
		case e.Request == free:
			free = c.requests[free].Next
		case e.Request == used:
			used++
		}
	}
	switch {
	case free != NoIndex:
		return free
	case used < uint32(len(c.requests)):
		return used
	}
	return NoIndex
}

// nextGen is the generation the slot will have then.
func (c *Core) nextGen(slot uint32) uint32 { return (c.requests[slot].Gen + 1) % (RequestMax + 1) }

func (c *Core) takeRequest(slot uint32) *Request {
	q := &c.requests[slot]
	q.Gen = c.nextGen(slot)
	if slot == c.reg.reqFree {
		c.reg.reqFree = q.Next
	} else {
		c.reg.reqUsed++
	}
	c.reg.reqInUse++
	return q
}

// pushFinal puts an order at the end of the list of final orders.
func (c *Core) pushFinal(slot uint32) {
	c.orders[slot].next = NoIndex
	if c.reg.finalTail == NoIndex {
		c.reg.finalHead = slot
	} else {
		c.orders[c.reg.finalTail].next = slot
	}
	c.reg.finalTail = slot
}

// dropFinal takes an order out of the list of final orders, wherever it is: it lives again.
func (c *Core) dropFinal(slot uint32) {
	if c.reg.finalHead == slot {
		c.popFinal()
		return
	}
	for n := c.reg.finalHead; n != NoIndex; n = c.orders[n].next {
		if o := &c.orders[n]; o.next == slot {
			o.next = c.orders[slot].next
			if c.reg.finalTail == slot {
				c.reg.finalTail = n
			}
			return
		}
	}
}

// pruneMax bounds the orders that are looked at for answered requests: enough to see all of them once
// before an eighth of the requests is used up.
const pruneMax = 16

// keepRequestsFree gives back requests while few are to spare, so that long replace chains starve
// neither orders nor cancels: the answered ones of the order at hand, all of the order that is final
// longest, and where that has none, the answered ones of the next live order in turn.
func (c *Core) keepRequestsFree(order uint32) {
	if c.spareRequests() >= len(c.requests)/8 {
		return
	}
	if order < c.reg.ordersUsed {
		c.pruneLive(order)
	}
	inUse := c.reg.reqInUse
	if c.reg.finalHead != NoIndex && c.reg.finalHead != order {
		slot := c.popFinal()
		c.freeRequests(&c.orders[slot])
		c.pushFinal(slot) // last in the list again, without requests
	}
	for n := 0; n < pruneMax && inUse == c.reg.reqInUse; n++ {
		if c.reg.pruneNext++; c.reg.pruneNext >= c.reg.ordersUsed {
			c.reg.pruneNext = 0
		}
		c.pruneLive(c.reg.pruneNext)
	}
}

func (c *Core) pruneLive(order uint32) {
	if o := &c.orders[order]; o.State == Live {
		c.pruneRequests(o, 0)
	}
}
