package core

// stepOwed looks at the next cancel that is owed to a venue: what waits for its line goes first of all, once that is back; what
// waits for its hours when these permit, within the budget.
func (c *Core) stepOwed(ev *Event, d *Decision, slot uint32, j *job) {
	l := c.line(j.Venue)
	up, room := l.Phase == linkUp && !l.Blocked, c.owedRoomNs(j.Venue, ev.Now.MonoNs)
	if c.postponed[j.Venue].count == 0 && (!up || c.owed[j.Venue] == 0) {
		d.effect(JobEnded).Execution = slot
		return
	}
	n, end := j.cursor, min(c.reg.reqUsed, j.cursor+scanMax)
	for ; n < end; n++ {
		q := &c.requests[n]
		if !q.isOwed() || c.orders[q.Order].Venue != j.Venue {
			continue
		}
		o := &c.orders[q.Order]
		goes := c.cancelGoes(ev, o)
		switch {
		case q.State == goes, q.State == Owed && !up: // it waits on
			continue
		case !o.mayTrade():
			c.tooLate(ev, d, n)
		case goes != Pending: // for the other of the two from now on
			e := d.effect(Resent)
			e.Request, e.Order = n, q.Order
			e.owe(goes)
		case q.State == Postponed && room > ev.Now.MonoNs:
			d.effect(JobEnded).Execution = slot
			e := d.effect(OwedAwaits)
			e.Venue, e.Value = j.Venue, uint64(room)
			return
		default:
			c.sendOwed(ev, d, n)
		}
		d.jobMoved(slot, n+1, 0)
		return
	}
	if n == c.reg.reqUsed {
		c.awaitHours(ev, d, j.Venue)
	}
	d.scanned(slot, n, c.reg.reqUsed)
}

func (c *Core) sendOwed(ev *Event, d *Decision, request uint32) {
	q := &c.requests[request]
	o := &c.orders[q.Order]
	e := d.effect(OwedSent)
	e.Request, e.Order, e.Seq = request, q.Order, c.nextOut(ev, d, c.set.Venues[o.Venue].Link)
	c.writeCancel(ev, d, c.latest(o, NoIndex), request, q.Gen, uint64(q.Epoch), c.ownID(request))
}
