package core

import "portcullis/fix/link"

// heldText is the Text(58) of the Logout. Why a link is held down is nobody's business but the operators'.
const heldText = "the gate's operator holds this session down"

// revokedText is that of a peer whose certificate is revoked.
const revokedText = "the certificate of this session is revoked"

// seqNumMax bounds the numbers that an operator may set: engines that count in 32 bits are still about.
const seqNumMax = 1<<31 - 1

// decideHold: a link that an operator holds down is logged out, and has no connection until one lets it up
// again. Its orders are kept (behaviour C1): their cancels and reports go through what is left of the
// connection, and by the numbers once there is another. Given again, the command cuts a connection that has not
// ended by then: its peer does not answer the Logout.
func (c *Core) decideHold(ev *Event, d *Decision, m *Command) ReplyCode {
	if m.Index >= uint32(len(c.set.Links)) {
		return UnknownTarget
	}
	ev.Link = m.Index
	l := &c.links[m.Index]
	if m.Kind == CmdLinkUp && !l.Held {
		return NotHeld
	}
	if m.Kind == CmdLinkUp {
		d.effect(LinkHeld).Link = m.Index
		return Done
	}
	c.holdLink(ev, d, m.Index)
	d.Close = d.Close || l.Held && l.Conn != 0
	return Done
}

// holdLink logs a link out that has a connection, and holds it down from now on.
func (c *Core) holdLink(ev *Event, d *Decision, n uint32) *Effect {
	e := d.effect(LinkHeld)
	e.Link, e.Value = n, 1
	ev.Link = n
	link.Logout(&c.set.Links[n].Settings, &c.links[n].State, n, heldText, ev.Now, &d.Out, &d.result)
	c.sessionStep(ev, d)
	return e
}

// decideRevoked ends the connection of a peer that may not be who it says any more: the Logout leaves, and nothing that
// comes meanwhile is read. What becomes of its orders is as for any link that is lost; admission lets it in again with
// another certificate.
func (c *Core) decideRevoked(ev *Event, d *Decision, m *Command) ReplyCode {
	if m.Index >= uint32(len(c.set.Links)) {
		return UnknownTarget
	}
	l := &c.links[m.Index]
	if l.Conn == 0 || m.Target != 0 && m.Target != uint64(l.Conn) {
		return LineDown // it has ended, and what there is may be another peer
	}
	ev.Link = m.Index
	link.Cut(&c.set.Links[m.Index].Settings, &l.State, m.Index, link.Revoked, revokedText, ev.Now, &d.Out, &d.result)
	c.sessionStep(ev, d)
	d.alert(CertificateRevoked).Link = m.Index
	return Done
}

// decideNumbers sets the numbers of a link that is down to what an operator has agreed with its peer. An
// outgoing number stands for one message, for ever: it is how a resend finds that message, and how a
// venue says which orders did not arrive. So it never goes back, except where both numbers begin anew: that is a
// reset like any other, which says of every report and request of before what becomes of it.
func (c *Core) decideNumbers(ev *Event, d *Decision, m *Command) ReplyCode {
	if m.Index >= uint32(len(c.set.Links)) {
		return UnknownTarget
	}
	ev.Link = m.Index
	l := &c.links[m.Index]
	switch {
	case l.Phase != link.Down || l.Conn != 0:
		return LinkNotDown
	case m.Kind == CmdLinkReset:
		link.Restart(&l.State, ev.Now, &d.result)
	case m.NextIn|m.NextOut == 0 || max(m.NextIn, m.NextOut) > seqNumMax:
		return Malformed
	case m.NextOut != 0 && m.NextOut < l.NextOut:
		return NumberUsed
	default:
		link.Renumber(&l.State, m.NextIn, m.NextOut, &d.result)
	}
	if next := d.result.Next.NextOut; next > l.NextOut {
		e := d.effect(Raised)
		e.Link, e.Seq = m.Index, next
	}
	c.sessionStep(ev, d)
	return Done
}
