package core

import (
	"portcullis/fix"
	"portcullis/fix/link"
)

// decideMessage lets the session layer judge a message and, where it is an application message in
// order, the business layer of the link's side.
func (c *Core) decideMessage(ev *Event, d *Decision) {
	m := &d.msg
	m.Index(ev.Data)
	if m.CarriesSecrets() { // nothing of them is judged, answered or journaled
		fix.OverwriteSecrets(ev.Data)
		m.Index(ev.Data)
	}
	if c.wide {
		c.askForNames(ev.Link, m)
	}
	set := &c.set.Links[ev.Link]
	st := &c.links[ev.Link].State
	r := &d.result
	if ev.Code == WasEarly {
		link.Kept(&set.Settings, st, ev.Link, m, ev.Now, &d.Out, r)
	} else {
		link.Receive(&set.Settings, st, ev.Link, m, ev.Now, &d.Out, r)
	}
	if r.Plain {
		d.Taken = true
	} else {
		c.sessionStep(ev, d)
	}
	if set.Venue != NoIndex && r.Fault.Garbled() && r.Deliver == link.Nothing {
		d.alert(VenueGarbled).Link = ev.Link
	}
	switch {
	case r.Deliver != link.InOrder:
	case set.DropCopy:
		c.decideCopy(ev, d)
	case set.Venue != NoIndex:
		c.decideVenue(ev, d)
	case msgType(m) != '3' && msgType(m) != 'j':
		c.decideParticipant(ev, d) // a participant's reject of a report is recorded, never answered
	}
}

// sessionStep takes over what the session layer decided, where that is more than "one more message in order".
func (c *Core) sessionStep(ev *Event, d *Decision) {
	r := &d.result
	d.SessionStep = true
	d.Link = r.Next
	d.Close = r.Close
	d.LinkFault = uint8(r.Fault)
	d.Early = r.Early
	set := &c.set.Links[ev.Link]
	if r.ResendFrom != 0 {
		c.resendRequested(ev, d, set)
	}
	if r.Reset {
		d.effect(Renumbered).Link = ev.Link
	}
	c.watchLoss(ev, d)
	if set.DropCopy {
		return
	}
	if set.Venue == NoIndex {
		if r.Reset {
			c.cutOff(ev, d)
		}
		return
	}
	ready := r.Settled || r.LoggedOn && !set.Settle
	if r.Reset || ready {
		c.startJob(d, unknownJob, set.Venue)
	}
	if ready {
		c.startCOD(d, set.Venue)
	}
	if ready && c.owed[set.Venue] > 0 {
		c.startJob(d, owedJob, set.Venue)
	}
}

// resendRequested answers a ResendRequest. Orders are never sent twice: toward a venue the gap is
// filled, and what had not arrived is settled one by one. A participant gets its reports again.
func (c *Core) resendRequested(ev *Event, d *Decision, set *LinkSetup) {
	from, to := d.result.ResendFrom, d.result.ResendTo
	if set.Venue == NoIndex {
		d.Resend = Range{from, to}
		return
	}
	link.GapFill(&d.Out, &set.Settings, ev.Link, from, to+1, c.lastIn(ev, d, ev.Link), ev.Now)
	if set.DropCopy {
		return // it was sent nothing that counts
	}
	if e := c.startJob(d, missedJob, set.Venue); e != nil {
		e.Seq, e.Value = from, to
	} else {
		d.alert(RequestsUnsettled).Link = ev.Link
	}
}

// decideAdmitted begins a connection. One that was on its way when an operator held the link down is closed at once.
func (c *Core) decideAdmitted(ev *Event, d *Decision) {
	if c.links[ev.Link].Held {
		d.Close, d.LinkFault = true, uint8(link.HeldDown)
		return
	}
	link.Connected(&c.set.Links[ev.Link].Settings, &c.links[ev.Link].State, ev.Link, ev.Now, &d.Out, &d.result)
	c.sessionStep(ev, d)
}

func (c *Core) decideClosed(ev *Event, d *Decision) {
	if c.links[ev.Link].Conn != ev.Conn {
		return // an older connection; the link has another by now
	}
	link.Disconnected(&c.set.Links[ev.Link].Settings, &c.links[ev.Link].State, ev.Now, &d.result)
	c.sessionStep(ev, d)
	d.Close = false
	if c.links[ev.Link].Blocked {
		d.effect(LinkBlocked).Link = ev.Link
	}
}

func (c *Core) tickLink(ev *Event, d *Decision) {
	link.Tick(&c.set.Links[ev.Link].Settings, &c.links[ev.Link].State, ev.Link, ev.Now, &d.Out, &d.result)
	c.sessionStep(ev, d)
}

func (c *Core) decideBlocked(ev *Event, d *Decision) {
	e := d.effect(LinkBlocked)
	e.Link = ev.Link
	if ev.Kind == Blocked {
		e.Value = 1
	} else if v := c.lineOf(ev.Link); v != NoIndex && c.owed[v] > 0 {
		c.startJob(d, owedJob, v)
	}
}

// decideStored sends one message again that a participant asked for, with PossDupFlag and the
// time at which it was first sent; or fills the gap of what is not sent again.
func (c *Core) decideStored(ev *Event, d *Decision) {
	if ev.Code == WasCutOff {
		c.decideCut(ev, d)
		return
	}
	set, st := &c.set.Links[ev.Link], &c.links[ev.Link]
	if st.Phase != link.Up || ev.Seq >= st.NextOut {
		return // nobody to send it to, or the numbers began anew since it was asked for
	}
	if len(ev.Data) == 0 {
		link.GapFill(&d.Out, &set.Settings, ev.Link, ev.Seq, min(ev.Seq2+1, st.NextOut),
			c.lastIn(ev, d, ev.Link), ev.Now)
		return
	}
	m := &d.msg
	m.Index(ev.Data)
	possResend, _ := m.Flag(fix.TagPossResend)
	w := d.Out.BeginAgain(&set.Settings, msgTypeText(m), ev.Seq, c.lastIn(ev, d, ev.Link), ev.Now.UTCNs,
		link.Again{PossDup: true, PossResend: possResend, Orig: m.Value(fix.TagSendingTime)})
	w.Fields(m, bodyOf(m), m.Len()-1)
	d.Out.End(ev.Link, link.SessionMessage, ev.Seq, NoIndex)
}

// bodyOf is the first field behind the header, which ends with the first tag that is not of it, or with
// the MessageEncoding(347) that passed: its last tag, which is kept.
func bodyOf(m *fix.Message) int {
	body := 3 // 8, 9, 35 come first
	for body < m.Len() && IsHeader(m.Field(body).Tag) && m.Field(body).Tag != fix.TagMessageEncoding {
		body++
	}
	return body
}

// headerTag tells the tags of the standard header, and CheckSum, which a message to be sent again
// or passed on does not keep.
var headerTag = func() (t [policyTags]bool) {
	for _, tag := range headerTags {
		t[tag] = true
	}
	return t
}()

// IsHeader tells the tags of the standard header, and those of the trailer.
func IsHeader(tag uint32) bool { return tag < policyTags && headerTag[tag] }

// msgType returns a one-letter MsgType(35), 0 for longer ones.
func msgType(m *fix.Message) byte {
	if t := m.Type(); len(t) == 1 {
		return t[0]
	}
	return 0
}

// msgTypeText returns the type of a stored message. The gate itself makes only these.
func msgTypeText(m *fix.Message) string {
	switch msgType(m) {
	case 0:
		return partyReportType // the only one with two letters
	case '8':
		return "8"
	case '9':
		return "9"
	case 'j':
		return "j"
	case 'r':
		return "r"
	}
	return "3"
}

// applyLinks moves sequence numbers: the event's link, then every link that a message goes out on.
func (c *Core) applyLinks(ev *Event, d *Decision) {
	switch {
	case d.SessionStep:
		c.links[ev.Link].State = d.Link
		c.links[ev.Link].toldDown = c.links[ev.Link].toldDown && !d.Link.Phase.LoggedOn()
		c.links[ev.Link].carried(ev)
		c.dueNs = min(c.dueNs, link.DueNs(&c.set.Links[ev.Link].Settings, &d.Link))
	case d.Taken:
		c.takenInOrder(ev)
	}
	switch ev.Kind {
	case Admitted:
		c.links[ev.Link].Conn = ev.Conn
	case Closed:
		c.links[ev.Link].Conn = 0
	}
	for i := 0; i < d.Out.Count; i++ {
		out := &d.Out.Outs[i]
		l := &c.links[out.Link]
		if out.Link == ev.Link && d.SessionStep || out.Seq < l.NextOut {
			continue // counted in d.Link, or sent under an old number
		}
		l.Sent(ev.Now)
	}
}

// takenInOrder notes a message that changes nothing else about its link. From a peer that was asked whether it is there it
// brings our own Heartbeat nearer, which waited for it.
func (c *Core) takenInOrder(ev *Event) {
	l := &c.links[ev.Link]
	l.Taken(ev.Now)
	if l.TestSentNs != 0 {
		c.dueNs = min(c.dueNs, link.DueNs(&c.set.Links[ev.Link].Settings, &l.State))
	}
}
