package core

import (
	"portcullis/fix"
	"portcullis/fix/link"
	"portcullis/risk"
)

// Cancel on disconnect (behaviour 9, C1 to C5). The open orders of a participant's link that was lost are orphans: once
// the grace time is over they are cancelled, unless the link's Logon was completed before. What is no loss: the
// link's hours are over, an operator holds it down, the gate stops in order; and a Logout, where it is not set.

// CancelOnDisconnect says what the loss of a link means for the orders that were entered over it.
type CancelOnDisconnect struct {
	On      bool
	GraceNs int64 // from the loss on; 0: they are cancelled at once
	GTC     bool  // GTC and GTD orders too
	Logout  bool  // the participant's Logout is a loss too
}

// watchLoss notes at a step of a link that it was lost, or that it is back within its grace time. A venue's line that is
// lost too long stops the venue; its Logout is a loss too.
func (c *Core) watchLoss(ev *Event, d *Decision) {
	l, r, cod := &c.links[ev.Link], &d.result, c.set.Links[ev.Link].CancelOnDisconnect
	if venue := c.lineOf(ev.Link); venue != NoIndex {
		cod = CancelOnDisconnect{On: c.set.Venues[venue].DownNs != 0, GraceNs: c.set.Venues[venue].DownNs, Logout: true}
	}
	c.watchVenueLoss(d, ev.Link)
	ended := l.Phase.LoggedOn() && !r.Next.Phase.LoggedOn() && r.Next.Phase != link.LogoutSent
	switch {
	case r.LoggedOn && l.lostNs != 0:
		d.effect(LinkLost).Link = ev.Link
	case ended && cod.On && (cod.Logout || !r.LoggedOut):
		e := d.effect(LinkLost)
		e.Link, e.Seq, e.Value = ev.Link, uint64(cod.GraceNs), uint64(ev.Now.MonoNs+cod.GraceNs)
		e.Status = byte(lostConnection)
		if r.LoggedOut {
			e.Status = byte(lostByLogout)
		}
	}
}

// lossCause is what ended a link, as ExecRestatementReason(378) names it.
type lossCause uint8

const (
	lostConnection lossCause = 12
	lostByLogout   lossCause = 13
)

func (c *Core) applyLinkLost(e *Effect) {
	l := &c.links[e.Link]
	l.lostNs, l.graceNs = int64(e.Value), int64(e.Seq)
	if e.Value != 0 {
		l.lostBy = lossCause(e.Status)
		c.dueNs = min(c.dueNs, l.lostNs)
	}
}

// lostTooLong follows that the grace time of a link is over.
func (c *Core) lostTooLong(ev *Event, d *Decision, l uint32) {
	venue := c.set.Links[l].Venue
	if venue == NoIndex {
		c.startOrphans(d, l)
		return
	}
	d.effect(LinkLost).Link = l
	of, _ := risk.Only(risk.ScopeVenue, venue)
	c.killBy(ev, d, &of, c.set.Venues[venue].DownMode.OrCancel(), risk.Unjudged)
}

// startOrphans begins to cancel the orders of a link whose grace time is over: those there are now, for it may come back
// with new ones while the job is at work.
func (c *Core) startOrphans(d *Decision, l uint32) {
	d.alert(LinkOrphaned).Link = l
	e := c.startJob(d, orphanJob, NoIndex)
	e.Link, e.Seq = l, c.reg.turn
}

// orphaned reports whether the job at work is to cancel an order.
func (c *Core) orphaned(o *Order) bool {
	cod := &c.set.Links[o.Owner].CancelOnDisconnect
	return o.opened <= c.links[o.Owner].orphansTo && cod.On && (cod.GTC || !o.isGoodTill())
}

// stepOrphans cancels the next orphan.
func (c *Core) stepOrphans(ev *Event, d *Decision, slot uint32, j *job) {
	n, end := j.cursor, min(c.reg.ordersUsed, j.cursor+scanMax)
	for ; n < end; n++ {
		o := &c.orders[n]
		if !o.mayTrade() || o.Flags&FlagOrphan != 0 || !c.orphaned(o) {
			continue
		}
		d.Order = n
		c.flag(d, n, FlagOrphan, 1)
		if !c.cancelling(ev, o) {
			c.gateCancel(ev, d, n, NoIndex)
		}
		d.jobMoved(slot, n+1, 0)
		return
	}
	d.scanned(slot, n, c.reg.ordersUsed)
}

// wantedBy is why the gate wants an order cancelled, now and after each new state.
const wantedBy = FlagKillCancel | FlagOrphan

// Lost returns the monotonic time at which the orders of a link that was lost are cancelled; 0: they are not.
func (c *Core) Lost(l uint32) int64 { return c.links[l].lostNs }

// otherRestatement is the ExecRestatementReason(378) of what a version has no word for.
const otherRestatement = 99

// tellRestated adds to the report that an orphan is cancelled why that is, as far as the owner's version has a word for it.
func (c *Core) tellRestated(d *Decision, w sheet, o *Order) {
	if o.Flags&FlagOrphan == 0 {
		return
	}
	cause := c.links[o.Owner].lostBy
	for _, code := range [...]int{int(cause), otherRestatement} {
		if w.dialect.restatements[code] && !d.msg.Has(fix.TagExecRestatementRsn) {
			w.Uint(fix.TagExecRestatementRsn, uint64(code))
			break
		}
	}
	switch {
	case d.msg.Has(fix.TagText):
	case cause == lostByLogout:
		w.String(fix.TagText, "cancelled on logout")
	default:
		w.String(fix.TagText, "cancelled on disconnect")
	}
}
