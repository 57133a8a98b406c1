package core

import (
	"portcullis/fix"
	"portcullis/fix/link"
)

// A reset of a participant's numbers cuts off the reports that no connection has carried: they have old
// numbers, which nobody will ask for. They are sent again as new messages, with PossResend(97)=Y and the
// ExecID they had (behaviour 7). Who runs the core reads them back from the journal and gives each as a
// Stored event; how far that has come is state, so it goes on after a restart.

// Cut returns the old numbers of a link whose reports are still to be sent again; From 0: none.
func (c *Core) Cut(l uint32) Range { return c.links[l].cut }

// cutOff says at a reset which reports it cut off. Some of an earlier reset that are not read back yet
// cannot be told any more: their numbers are two resets old.
func (c *Core) cutOff(ev *Event, d *Decision) {
	l := &c.links[ev.Link]
	if l.cut.From != 0 {
		d.alert(ReportsCutOff).Link = ev.Link
	}
	from := l.unsent
	if ev.Kind == Closed && ev.Seq != 0 && (from == 0 || ev.Seq < from) {
		from = ev.Seq // it was in the send buffer
	}
	if from >= l.NextOut || !c.set.Links[ev.Link].ResendCut {
		from = 0
	}
	if from != 0 || l.cut.From != 0 {
		e := d.effect(CutOff)
		e.Link, e.Seq, e.Value = ev.Link, from, l.NextOut-1
	}
}

// decideCut sends a report again that a reset cut off, or goes on behind numbers that hold none.
func (c *Core) decideCut(ev *Event, d *Decision) {
	cut := c.links[ev.Link].cut
	if cut.From == 0 || ev.Seq < cut.From || ev.Seq > cut.To {
		return
	}
	e := d.effect(CutResent)
	e.Link, e.Seq = ev.Link, ev.Seq2+1
	if len(ev.Data) == 0 {
		return
	}
	m := &d.msg
	m.Index(ev.Data)
	w := c.begin(ev, d, ev.Link, msgTypeText(m))
	w.Char(fix.TagPossResend, 'Y')
	w.Fields(m, bodyOf(m), m.Len()-1)
	c.end(ev, d, ev.Link, link.ReportMessage, NoIndex)
}

// carried notes after a step of the session layer from which number on no connection has carried what
// was sent: behind a Logout of ours reports get numbers and wait, as they do while the link is down. A peer that logs on
// without a reset asks for that by itself.
func (l *linkState) carried(ev *Event) {
	if l.Phase.LoggedOn() {
		l.unsent = 0
		return
	}
	if l.unsent == 0 || l.unsent > l.NextOut { // above: the numbers began anew
		l.unsent = l.NextOut
	}
	if l.Phase == link.Down && ev.Kind == Closed && ev.Seq != 0 {
		l.unsent = min(l.unsent, ev.Seq)
	}
}

// applyCut takes over which reports are cut off, or how many of them have been sent again.
func (l *linkState) applyCut(e *Effect) {
	if e.Kind == CutOff {
		l.cut = Range{e.Seq, e.Value}
	} else {
		l.cut.From = e.Seq
	}
	if l.cut.From == 0 || l.cut.From > l.cut.To {
		l.cut = Range{}
	}
}
