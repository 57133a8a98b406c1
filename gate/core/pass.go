package core

import (
	"portcullis/fix"
	"portcullis/fix/link"
)

// passReport sends a venue's 8 or 9 on, its ids translated back: an 8 to the order's owner, and to
// the link that asked where that is another; a 9 to who asked.
func (c *Core) passReport(ev *Event, d *Decision, o *Order, msgType string) {
	asked := uint32(NoIndex)
	if id := c.requests[d.Request].ID; id != NoIndex {
		asked = c.ids[id].link
	}
	if msgType == "8" {
		c.passTo(ev, d, o, msgType, o.Owner)
		if asked == o.Owner {
			return
		}
	}
	if asked != NoIndex { // else it was the gate's own cancel, and nobody waits for the answer
		c.passTo(ev, d, o, msgType, asked)
	}
}

// passTo sends the venue's message on to link l: in the order of its fields, those that pass as they are, those that the gate
// owns with the participant's ids and in the words of its version.
func (c *Core) passTo(ev *Event, d *Decision, o *Order, msgType string, l uint32) {
	m := &d.msg
	p := &c.tags(o.Venue, l).Report
	if msgType == "9" {
		p = &c.tags(o.Venue, l).CancelReject
	}
	w := c.beginPass(ev, d, l, msgType)
	request := c.toldAs(d.Request, msgType)
	unread, told := msgType == "8" && d.report.status == 0, false // an execution's status, which is as its order stands then
	run := -1
	for i := 3; i < m.Len()-1; i++ {
		f := m.Field(i)
		action := p.Action(f.Tag)
		if unread && f.Tag == fix.TagOrdStatus {
			if action = DropTag; !told {
				action, told = OwnTag, true
			}
		}
		if action == PassTag && !p.fits(m, i) {
			action = p.unfit
		}
		if d.faulty() && action == PassTag {
			if sound(m, i) {
				w.Writer.Value(int(f.Tag), m.FieldValue(i))
			}
			continue
		}
		if action == PassTag {
			if run < 0 {
				run = i
			}
			continue
		}
		if run >= 0 {
			w.Fields(m, run, i)
			run = -1
		}
		if action == OwnTag {
			c.ownReportTag(d, w, o, request, int(f.Tag), m.FieldValue(i))
		}
	}
	if run >= 0 {
		w.Fields(m, run, m.Len()-1)
	}
	if !m.Has(fix.TagClOrdID) {
		c.ownReportTag(d, w, o, request, fix.TagClOrdID, nil)
	}
	if unread && p.words == nil && !told {
		c.ownReportTag(d, w, o, request, fix.TagOrdStatus, nil)
	}
	for _, tag := range p.missing {
		if !m.Has(tag) {
			c.ownReportTag(d, w, o, request, tag, nil)
		}
	}
	if msgType == "8" && d.report.status == '4' && l == o.Owner {
		c.tellRestated(d, w, o)
		c.tellBarred(ev, d, w, o)
	}
	c.end(ev, d, l, link.ReportMessage, NoIndex)
}

// beginPass opens the message. What the venue may have said before, its PossResend(97)=Y, was passed on then.
func (c *Core) beginPass(ev *Event, d *Decision, l uint32, msgType string) sheet {
	again, _ := d.msg.Flag(fix.TagPossResend)
	t := c.set.Links[l].Dialect
	w := d.Out.BeginAgain(&c.set.Links[l].Settings, msgType, c.nextOut(ev, d, l), c.lastIn(ev, d, l), ev.Now.UTCNs,
		link.Again{PossResend: again})
	return sheet{w, t, t.of(msgType)}
}

// toldAs is the request whose ClOrdID a report carries, NoIndex for the order's own. A cancel for a mass
// request has the ClOrdID of that one, which is answered where the cancel is refused: what becomes of the
// order is told in the order's name.
func (c *Core) toldAs(request uint32, msgType string) uint32 {
	if q := &c.requests[request]; q.ID == NoIndex || msgType == "8" && c.byGate(q) {
		return NoIndex
	}
	return request
}

// sound reports whether a field of a faulty message can be sent on: it has a tag and a value, and where
// the value ends is not for another field to say.
func sound(m *fix.Message, i int) bool {
	f := m.Field(i)
	return f.Tag != 0 && f.Off < f.End && fix.DataOf(f.Tag) == 0 && fix.DataOf(m.Field(i-1).Tag) != f.Tag
}

// ownReportTag writes a participant's view of an id in a venue's report about a request, see toldAs, or of what its
// version writes differently.
func (c *Core) ownReportTag(d *Decision, w sheet, o *Order, request uint32, tag int, value []byte) {
	v := &c.set.Venues[o.Venue]
	switch tag {
	case fix.TagAccount:
		w.String(tag, c.set.Accounts[o.Account].Name)
	case fix.TagClOrdID:
		if request == NoIndex {
			request = o.Current
		}
		w.Value(tag, c.ClOrdID(request))
	case fix.TagOrigClOrdID:
		original := c.requestOf(o.Venue, value)
		if value == nil && c.requests[d.Request].Kind != NewRequest {
			original = o.Current
		}
		if original != NoIndex && request != NoIndex && c.requests[original].ID != NoIndex {
			w.Value(tag, c.ClOrdID(original))
		}
	case fix.TagExecID, fix.TagExecRefID:
		venueExecID(w, v, tag, value)
	case fix.TagOrderID:
		c.writeOrderID(w.Writer, o)
		if len(value) > 0 && string(value) != "NONE" {
			w.Value(fix.TagSecondaryOrderID, value)
		}
	case fix.TagSecondaryOrderID: // replaced by the venue's OrderID
	case fix.TagSecondaryClOrdID, fix.TagClOrdLinkID, fix.TagListID, fix.TagRefOrderID, fix.TagBusinessRejectRefID,
		fix.TagOrdStatusReqID:
		named := c.requestOf(o.Venue, value)
		switch {
		case named == NoIndex: // the venue's own
			w.Value(tag, value)
		case c.requests[named].ID != NoIndex && c.orders[c.requests[named].Order].Owner == o.Owner:
			w.Value(tag, c.ClOrdID(named))
		}
	default:
		c.spokenTag(d, w, o, tag, value)
	}
}
