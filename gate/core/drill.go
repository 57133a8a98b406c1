package core

// A drill goes the way of a kill (K11): by the same lane, through the journal, through the search for unsent orders,
// over every order in its scope, to the reply. It blocks, withdraws and cancels nothing; it counts what a kill would.

// drillCountMax is how many orders one step counts: what fits the counts of a JobMoved effect.
const drillCountMax = 255

// decideDrill begins a drill; it is refused where a kill could not be of its scope.
func (c *Core) decideDrill(d *Decision, m *Command) {
	of, code := c.killTarget(m)
	mode := m.Mode.OrCancel()
	if code == Done {
		code = killMode(mode, &of)
	}
	if d.Reply = (Reply{ID: m.ID, Code: code}); code != Done {
		return
	}
	d.Reply.Code = TableFullCode
	if !c.book.KillRoom(of.Scope(), mode) {
		return
	}
	j := c.startJob(d, drillJob, NoIndex)
	if j == nil {
		return
	}
	j.Flags, j.Seq, j.Mode = Flags(of.Scope()), m.ID, mode
	j.setTarget(&of)
	if m.Flag {
		j.Side = keepGTC
	}
	d.Withdraw = true // the search; no scope is killed, so nothing is found
	d.Reply = Reply{}
}

// stepDrill counts the next orders in the scope of a drill; after the last one it is answered.
func (c *Core) stepDrill(ev *Event, d *Decision, slot uint32, j *job) {
	if j.cursor >= c.reg.ordersUsed {
		d.effect(JobEnded).Execution = slot
		d.Reply = Reply{ID: j.command, InScope: j.counts[0], Cancels: j.counts[2], Owed: j.counts[3], Excluded: j.counts[4],
			Waiting: j.counts[5]}
		return
	}
	n, end, count, counted := j.cursor, min(c.reg.ordersUsed, j.cursor+scanMax), uint64(0), 0
	for ; n < end && counted < drillCountMax; n++ {
		if o := &c.orders[n]; o.mayTrade() && c.covers(&j.of, o, o.Owner) {
			count += countInScope + c.drillOrder(ev, d, o, j)
			counted++
		}
	}
	d.jobMoved(slot, n, count)
}

// drillOrder says as what an order would count in a kill; 0: it would stay open.
func (c *Core) drillOrder(ev *Event, d *Decision, o *Order, j *job) uint64 {
	switch {
	case j.keeps(o):
		return countExcluded
	case o.Flags&FlagCancelOwed != 0:
		return countOwed
	case c.cancelling(ev, o):
		return countWaiting
	case c.nextRequest(d) == NoIndex:
		return 0
	case c.cancelGoes(ev, o) == Pending:
		return countCancel
	}
	return countOwed
}
