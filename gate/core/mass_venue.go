package core

import (
	"math"

	"portcullis/fix"
	"portcullis/fix/link"
	"portcullis/risk"
)

// A kill of the firm cancels the orders of a venue whose profile says so by one OrderMassCancelRequest (K6).
// It stands for cancels and replaces no report: each order lives until the venue says of it that it is over,
// and those that are not a second later, or when the venue refuses, are cancelled one by one.

// massWaitNs is how long a mass cancel is waited for.
const massWaitNs = 1_000_000_000

// venueMass is the last mass cancel that was sent to a venue.
type venueMass struct {
	dueNs  int64  // when its orders are cancelled one by one; 0: it was, or was refused
	killID uint64 // whose it is
	seq    uint64 // MsgSeqNum on the venue's line
	gen    uint32 // its name, with epoch, in the last slot, which no request has
	epoch  uint16
	era    uint8
	told   bool // the venue has said that it carries it out
}

// massNow reports whether a kill's cancel of an order goes by a mass cancel: the kill wants every order that
// the venue has over this line, and nobody doubts what the venue has of this one.
func (c *Core) massNow(ev *Event, j *job, o *Order) bool {
	if j.of != risk.WholeFirm || c.takesNone(ev, o) || j.marks&keepGTC != 0 || o.Flags&(FlagCancelPending|FlagUnknown) != 0 {
		return false
	}
	if mass := &c.venueMass[o.Venue]; mass.killID == j.killID {
		return mass.dueNs != 0 // sent; refused or over time, it is of no use any more
	}
	l := c.line(o.Venue)
	return c.set.Venues[o.Venue].MassCancel && l.Phase == linkUp && !l.Blocked && c.reg.reqUsed <= RequestMax
}

// massKill has an order cancelled by the mass cancel of a kill, which the first of a venue's orders sends.
func (c *Core) massKill(ev *Event, d *Decision, slot uint32, j *job) {
	c.flag(d, slot, FlagKillCancel, 1)
	venue := c.orders[slot].Venue
	if c.venueMass[venue].killID == j.killID {
		return
	}
	v := &c.set.Venues[venue]
	e := d.effect(MassSent)
	e.Venue, e.Value, e.Seq = venue, j.killID, c.nextOut(ev, d, v.Link)
	w := c.own(ev, d, v.Link, "q")
	c.writeVenueID(w.Writer, fix.TagClOrdID, v, RequestMax, c.strayGen(), c.reg.epoch)
	w.Stamp(fix.TagTransactTime, ev.Now.UTCNs, c.set.Links[v.Link].Precision)
	w.Char(fix.TagMassCancelRequest, '7')
	v.writeSet(w.Writer)
	c.end(ev, d, v.Link, link.CancelMessage, NoIndex)
}

// strayGen is the generation of the next name that belongs to no request.
func (c *Core) strayGen() uint32 { return uint32(c.reg.strayNo % RequestMax) }

// applyMassSent notes a mass cancel that is sent, or that the venue carries it out.
func (c *Core) applyMassSent(ev *Event, e *Effect) {
	mass := &c.venueMass[e.Venue]
	if e.Kind == MassTold {
		mass.told = true
		return
	}
	*mass = venueMass{dueNs: ev.Now.MonoNs + massWaitNs, killID: e.Value, seq: e.Seq, gen: c.strayGen(),
		epoch: uint16(c.reg.epoch), era: c.eraOf(e.Venue)}
	c.reg.strayNo++
}

// massDueNs is when the first venue's time for a mass cancel is over.
func (c *Core) massDueNs() int64 {
	due := int64(math.MaxInt64)
	for venue := range c.venueMass {
		if at := c.venueMass[venue].dueNs; at != 0 {
			due = min(due, at)
		}
	}
	return due
}

// startSingles begins to cancel one by one what the mass cancel of a venue should have.
func (c *Core) startSingles(ev *Event, d *Decision) {
	for venue := range c.venueMass {
		if mass := &c.venueMass[venue]; mass.dueNs != 0 && mass.dueNs <= ev.Now.MonoNs {
			if !mass.told {
				d.alert(MassCancelUnanswered).Venue = uint32(venue)
			}
			c.startJob(d, singlesJob, uint32(venue))
			return
		}
	}
}

// stepSingles cancels the next order of a venue that a kill wants cancelled and that is not over.
func (c *Core) stepSingles(ev *Event, d *Decision, slot uint32, j *job) {
	n, end := j.cursor, min(c.reg.ordersUsed, j.cursor+scanMax)
	for ; n < end; n++ {
		o := &c.orders[n]
		if !o.mayTrade() || o.Venue != j.Venue || o.Flags&FlagKillCancel == 0 || c.cancelling(ev, o) || !c.wanted(ev, o) {
			continue
		}
		d.Order = n
		c.gateCancel(ev, d, n, NoIndex)
		d.jobMoved(slot, n+1, 0)
		return
	}
	d.scanned(slot, n, c.reg.ordersUsed)
}

// decideMassReport takes what a venue says of a mass cancel. That it carries it out is no order's end.
func (c *Core) decideMassReport(ev *Event, d *Decision) {
	venue := c.set.Links[ev.Link].Venue
	refused := only(d.msg.Value(fix.TagMassCancelResponse)) == '0'
	switch {
	case !c.namesMass(venue, d.msg.Value(fix.TagClOrdID)):
		if refused {
			d.alert(UnmatchedReject).Link = ev.Link
		}
		c.refuseFaulty(ev, d)
	case refused:
		c.massRefused(d, venue)
	default:
		d.effect(MassTold).Venue = venue
	}
}

// massRefused: a venue does not carry out a mass cancel, whichever way it says so.
func (c *Core) massRefused(d *Decision, venue uint32) {
	d.alert(MassCancelRefused).Venue = venue
	c.startJob(d, singlesJob, venue)
}

// namesMass reports whether an id is that of the mass cancel that a venue is to carry out.
func (c *Core) namesMass(venue uint32, id []byte) bool {
	mass := &c.venueMass[venue]
	epoch, slot, gen, ok := splitVenueID(&c.set.Venues[venue], id)
	return ok && mass.dueNs != 0 && slot == RequestMax && epoch == uint64(mass.epoch) && gen == uint64(mass.gen)
}

// rejectsMass reports whether a venue's Reject(35=3) or BusinessMessageReject(35=j) is about it.
func (c *Core) rejectsMass(ev *Event, d *Decision) bool {
	venue := c.set.Links[ev.Link].Venue
	mass := &c.venueMass[venue]
	seq, ok := d.msg.Uint(fix.TagRefSeqNum)
	return c.namesMass(venue, d.msg.Value(fix.TagBusinessRejectRefID)) ||
		ok && mass.dueNs != 0 && mass.era == c.eraOf(venue) && mass.seq == uint64(seq)
}
