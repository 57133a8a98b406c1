package core

import (
	"math"

	"portcullis/fix/link"
	"portcullis/risk"
)

// A venue that is closed, or in a no-cancel period, would refuse a cancel. What the gate itself wants cancelled then, for a
// kill, a link that was lost, a control or a mass request, is postponed: owed until the venue takes cancels again, and sent then,
// once (behaviour 9, K4). Unlike what is owed to a line that is down it holds no order of others back.

// NoCancel is when a venue takes no cancels, beside those at the close after a CloseCutOff.
type NoCancel struct {
	Phases  risk.PhaseSet   // phases, of the venue or of the instrument, in which it takes none
	Periods []link.Schedule // in which it takes none
	Replace bool            // orders can be replaced then all the same
	Owes    bool            // a participant's cancel is owed too; else it is refused
}

// inNoCancel tells whether the venue of an order takes no cancel of it for the time of day or the phase.
func (c *Core) inNoCancel(ev *Event, o *Order) bool {
	n := &c.set.Venues[o.Venue].NoCancel
	if n.Phases != 0 && (n.Phases.Has(c.book.Phase(o.Venue, o.Instrument)) || n.Phases.Has(c.book.Phase(o.Venue, NoIndex))) {
		return true
	}
	return len(n.Periods) > 0 && c.noCancels[o.Venue].at(ev.Now.UTCNs, n.Periods...)
}

// takesNone tells whether a cancel of an order has to wait for its venue's hours, for whatever reason.
func (c *Core) takesNone(ev *Event, o *Order) bool {
	return c.cutOffCancel(ev, o) || c.inNoCancel(ev, o)
}

// cancelGoes is what becomes of a cancel of the gate's for an order: sent now, owed to the line or postponed.
func (c *Core) cancelGoes(ev *Event, o *Order) RequestState {
	switch l := c.line(o.Venue); {
	case l.Phase != linkUp || l.Blocked:
		return Owed
	case c.takesNone(ev, o):
		return Postponed
	}
	return Pending
}

// hoursEnd is the end of the interval around a moment in which a venue's clocks change nothing; MaxInt64: they never do.
func (c *Core) hoursEnd(venue uint32, utcNs int64) int64 {
	v := &c.set.Venues[venue]
	return min(intervalOf(utcNs, v.CloseCutOff.Past...).toNs, intervalOf(utcNs, v.NoCancel.Periods...).toNs)
}

// postponed counts a venue's cancels that wait for its hours, and says when they are looked at.
type postponed struct {
	count  uint32
	_      uint32
	lookNs int64 // monotonic; MaxInt64: only a phase can end the wait
	endNs  int64 // UTC: the hoursEnd when they were looked at last; 0: look whatever the clocks say
}

// hoursChanged has them looked at, for the hours may be others.
func (p *postponed) hoursChanged(nowNs int64) { p.endNs, p.lookNs = 0, nowNs }

// postponedLookNs bounds how long nobody looks at the clocks of a venue: they are of UTC, and that may be set.
const postponedLookNs = 60_000_000_000

// postponedDueNs is when the first of the venues with such cancels is looked at.
func (c *Core) postponedDueNs() int64 {
	due := int64(math.MaxInt64)
	for v := range c.postponed {
		if p := &c.postponed[v]; p.count > 0 {
			due = min(due, p.lookNs)
		}
	}
	return due
}

// postponedDue sends what may leave where the hours of a venue have changed since the last time, else waits for that.
func (c *Core) postponedDue(ev *Event, d *Decision) {
	for v := range c.postponed {
		p := &c.postponed[v]
		switch {
		case p.count == 0 || p.lookNs > ev.Now.MonoNs:
			continue
		case p.endNs == c.hoursEnd(uint32(v), ev.Now.UTCNs):
			c.awaitHours(ev, d, uint32(v))
		default:
			c.startJob(d, owedJob, uint32(v))
		}
		return
	}
}

// awaitHours notes when to look again at what a venue is owed.
func (c *Core) awaitHours(ev *Event, d *Decision, venue uint32) {
	if c.postponed[venue].count == 0 {
		return
	}
	e := d.effect(OwedAwaits)
	e.Venue = venue
	end := c.hoursEnd(venue, ev.Now.UTCNs)
	if e.Seq, e.Value = uint64(end), math.MaxInt64; end != math.MaxInt64 {
		e.Value = uint64(ev.Now.MonoNs + min(end-ev.Now.UTCNs, postponedLookNs))
	}
}

// startPostponed looks at what a venue is owed when something else than its clocks may have ended the wait.
func (c *Core) startPostponed(d *Decision, venue uint32) {
	if c.postponed[venue].count > 0 {
		c.startJob(d, owedJob, venue)
	}
}

// owe marks a cancel as owed: e is the effect by which it is.
func (e *Effect) owe(state RequestState) {
	e.Flags, e.Status = FlagCancelOwed, byte(state)
}

// applyOwed takes over that a cancel is owed.
func (c *Core) applyOwed(ev *Event, o *Order, q *Request, e *Effect) {
	state := RequestState(e.Status)
	if state != Postponed {
		state = Owed // of older programs, which wait for a line alone
	}
	c.setState(q, state)
	o.Flags |= FlagCancelOwed
	if p := &c.postponed[o.Venue]; state == Postponed && p.lookNs == 0 {
		p.lookNs = ev.Now.MonoNs
	}
}
