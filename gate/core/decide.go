package core

import (
	"math"

	"portcullis/fix"
	"portcullis/fix/link"
	"portcullis/risk"
)

// Decide says what follows from an event. It reads the state and writes only d; secrets in a message
// it overwrites where they lie, before it looks at anything else.
func (c *Core) Decide(ev *Event, d *Decision) {
	d.Reset()
	switch ev.Kind {
	case Message:
		c.decideMessage(ev, d)
	case Admitted:
		c.decideAdmitted(ev, d)
	case Closed:
		c.decideClosed(ev, d)
	case Tick:
		c.decideTick(ev, d)
	case Withdrawn:
		c.decideWithdrawn(ev, d)
	case Stored:
		c.decideStored(ev, d)
	case CommandGiven:
		c.decideCommand(ev, d)
	case Blocked, Writable:
		c.decideBlocked(ev, d)
	case Started:
		d.effect(Booted).Value = ev.Seq
		c.startSweep(d, c.set.CancelOpen) // it may have started with other limits
	case Numbered:
		e := d.effect(Raised)
		e.Link, e.Seq = ev.Link, ev.Seq
	case TailLost:
		d.effect(RecordsLost).Value = uint64(len(c.set.Venues)) // any that comes later has lost none
	case JournalSpace:
		c.journalSpace(ev, d)
	case ClockChanged:
		c.clockChanged(ev, d)
	case EgressDifference:
		c.decideEgress(ev, d)
	case Noticed:
		if d.alert(Alert(ev.Code)); Alert(ev.Code) == ClockStepped {
			c.startSweep(d, c.set.CancelOpen) // lists begin and end by that clock: what was waited for is another moment now
		}
	case Configured:
		c.decideConfigured(ev, d)
	case Garbled:
		d.Noted = true // recorded; nothing changes
	}
	if c.book.Warns() {
		c.warn(d)
	}
}

func (c *Core) gateSet(d *Decision, flag GateFlag, value uint64) {
	e := d.effect(GateSet)
	e.Flags, e.Value = flag, value
}

// DueNs returns the monotonic time at which a Tick is wanted: now (0) while a job has work.
func (c *Core) DueNs() int64 {
	if c.reg.jobsActive > 0 || c.reg.massReady > 0 || c.reg.inexact != c.reg.inexactOld {
		return 0
	}
	return min(c.dueNs, c.unansweredDueNs(), c.doubtDueNs(), c.massDueNs(), c.killLookNs(), c.seenDueNs(), c.breakDueNs(), c.sweepDueNs(), c.postponedDueNs())
}

// decideTick does one thing that is due: first a link's timer, then by the order of the cases. Each is bounded, and DueNs
// asks for the next Tick while there is more.
func (c *Core) decideTick(ev *Event, d *Decision) {
	if ev.Now.MonoNs >= c.dueNs {
		for l := range c.set.Links {
			if link.DueNs(&c.set.Links[l].Settings, &c.links[l].State) <= ev.Now.MonoNs {
				ev.Link = uint32(l)
				c.tickLink(ev, d)
				return
			}
			if at := c.links[l].lostNs; at != 0 && at <= ev.Now.MonoNs {
				c.lostTooLong(ev, d, uint32(l))
				return
			}
		}
	}
	switch {
	case c.seenDueNs() <= ev.Now.MonoNs:
		d.effect(StateSeen).Value = c.reg.digest
	case c.reg.jobsActive > 0:
		c.stepJob(ev, d)
	case c.reg.inexact != c.reg.inexactOld:
		d.alert(BookInexact)
		d.effect(ToldInexact).Value = c.reg.inexact
	case c.sweepDueNs() <= ev.Now.MonoNs:
		c.sweepDue(ev, d)
	case c.postponedDueNs() <= ev.Now.MonoNs:
		c.postponedDue(ev, d)
	case c.killLookNs() <= ev.Now.MonoNs:
		c.startJob(d, killWatchJob, NoIndex)
	case c.breakDueNs() <= ev.Now.MonoNs:
		c.stepBreak(d)
	case c.massDueNs() <= ev.Now.MonoNs:
		c.startSingles(ev, d)
	case c.doubtDueNs() <= ev.Now.MonoNs:
		c.startDoubt(ev, d)
	case c.reg.massReady > 0 && c.unansweredDueNs() > ev.Now.MonoNs:
		c.stepMass(ev, d)
	default:
		c.checkUnanswered(ev, d)
	}
}

// refreshDue recomputes when the next link timer is due. dueNs may be too early, never too late.
func (c *Core) refreshDue() {
	c.dueNs = math.MaxInt64
	for l := range c.set.Links {
		c.dueNs = min(c.dueNs, link.DueNs(&c.set.Links[l].Settings, &c.links[l].State))
		if at := c.links[l].lostNs; at != 0 {
			c.dueNs = min(c.dueNs, at)
		}
	}
}

// begin opens a message of the gate on a link, with the MsgSeqNum(34) that it will have.
func (c *Core) begin(ev *Event, d *Decision, l uint32, msgType string) *fix.Writer {
	return d.Out.Begin(&c.set.Links[l].Settings, msgType, c.nextOut(ev, d, l), c.lastIn(ev, d, l), ev.Now.UTCNs)
}

// end closes the message, and holds it back where the link is not logged on: it has its number and is in the
// journal, and the peer will ask for it.
func (c *Core) end(ev *Event, d *Decision, l uint32, kind link.OutKind, request uint32) {
	seq := c.nextOut(ev, d, l)
	if !d.Out.End(l, kind, seq, request) {
		return
	}
	out := &d.Out.Outs[d.Out.Count-1]
	out.Hold = !c.loggedOn(ev, d, l)
	if l == ev.Link && d.SessionStep {
		d.Link.Sent(ev.Now)
	}
}

// nextOut is the number of the next message on a link, after those that d sends already.
func (c *Core) nextOut(ev *Event, d *Decision, l uint32) uint64 {
	if l == ev.Link && d.SessionStep {
		return d.Link.NextOut
	}
	next := c.links[l].NextOut
	for i := 0; i < d.Out.Count; i++ {
		if out := &d.Out.Outs[i]; out.Link == l && out.Seq >= next {
			next++ // a gap fill in the place of old numbers takes none
		}
	}
	return next
}

// lastIn is the last number taken from a link's peer, after this event.
func (c *Core) lastIn(ev *Event, d *Decision, l uint32) uint64 {
	next := c.links[l].NextIn
	switch {
	case l == ev.Link && d.SessionStep:
		next = d.Link.NextIn
	case l == ev.Link && d.Taken:
		next++
	}
	return max(next, 1) - 1
}

func (c *Core) loggedOn(ev *Event, d *Decision, l uint32) bool {
	phase := c.links[l].Phase
	if l == ev.Link && d.SessionStep {
		phase = d.Link.Phase
	}
	return phase == link.Up || phase == link.Settling || phase == link.LogoutSent
}

// gateReason is why the gate as a whole takes no orders; Accepted: it does.
func (c *Core) gateReason() risk.Reason {
	switch r := c.reg; {
	case r.stopping:
		return risk.GateStopping
	case r.journal != 0:
		return risk.JournalUnavailable
	case r.clockBad:
		return risk.ClockForbidden
	case r.execsFull || len(c.executions)-int(r.execInUse) <= len(c.executions)/8:
		return risk.TableFull // the last eighth is for executions of orders that are open
	}
	return risk.Accepted
}

// stopReason refuses a D or G for what stands above the order: the gate's state, room in the
// tables, an operator's hold on the link, kills. at is the order's place, whatever a replace names.
func (c *Core) stopReason(d *Decision, o *risk.Order, at *risk.Place) risk.Reason {
	if reason := c.gateReason(); reason != risk.Accepted {
		return reason
	}
	if reason := c.room(d, o.Link); reason != risk.Accepted {
		return reason
	}
	if c.links[o.Link].Held {
		return risk.LinkHeld
	}
	if reason := c.unapproved(at.Account); reason != risk.Accepted {
		return reason
	}
	if reason, _ := c.book.CheckKill(at, o.Link); reason != risk.Accepted {
		return reason
	}
	return c.book.CheckTripped(at, o.Link, &d.Judgement)
}
