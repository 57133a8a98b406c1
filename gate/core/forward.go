package core

import (
	"bytes"

	"portcullis/fix"
	"portcullis/fix/link"
	"portcullis/risk"
)

const linkUp = link.Up

// forward writes the message that was judged for the venue: the body as it came, byte for byte and
// in its order, except for the tags the gate owns; policyReason has looked at each. original is the request that OrigClOrdID(41)
// names, NoIndex for a new order.
func (c *Core) forward(ev *Event, d *Decision, p *Policy, msgType byte, original uint32) {
	m := &d.msg
	o := c.target(d, original)
	v := &c.set.Venues[o.venue]
	w := c.begin(ev, d, v.Link, typeText(msgType))
	next, account := 3, false
	for _, cut := range d.cuts[:d.cutCount] {
		w.Fields(m, next, int(cut.field))
		next = int(cut.field) + 1
		if cut.own {
			account = account || m.Field(next-1).Tag == fix.TagAccount
			c.ownTag(ev, d, w, next-1, o, original)
		}
	}
	w.Fields(m, next, m.Len()-1)
	if !account && p.Action(fix.TagAccount) == OwnTag {
		w.String(fix.TagAccount, c.accountAt(o.account, o.venue))
	}
	c.addMissing(ev, d, w, p, v.Link, original)
	v.writeSet(w)
	kind := link.OrderMessage
	if msgType == 'F' {
		kind = link.CancelMessage
	}
	c.end(ev, d, v.Link, kind, d.Request)
}

// writeSet appends what the venue's profile adds to each request.
func (v *VenueSetup) writeSet(w *fix.Writer) {
	for i := range v.Set {
		w.String(v.Set[i].Tag, v.Set[i].Value)
	}
}

// targetOrder is what forward needs to know of the order concerned.
type targetOrder struct{ venue, account, instrument uint32 }

func (c *Core) target(d *Decision, original uint32) targetOrder {
	if original == NoIndex {
		e := &d.Effects[d.EffectLen-1] // Opened
		return targetOrder{e.Venue, e.Account, e.Instrument}
	}
	o := &c.orders[d.Order]
	return targetOrder{o.Venue, o.Account, o.Instrument}
}

// policyReason applies the route's tag policy: what would not pass refuses the order, and what is not passed as it is
// becomes a cut. A ClOrdID that passes as it is must have a length that the venue takes.
func (c *Core) policyReason(ev *Event, d *Decision, v *VenueSetup, p *Policy) risk.Reason {
	m := &d.msg
	d.cutCount = 0
	fields := m.Fields()
	for i := 3; i < len(fields)-1; i++ {
		action := p.Action(fields[i].Tag)
		if action == PassTag && p.words == nil {
			continue // nearly every field
		}
		if action != DropTag && action != OwnTag {
			var reason risk.Reason
			if action, reason = c.judgeTag(ev, d, v, p, i); reason != risk.Accepted {
				return reason
			}
		}
		if action != PassTag {
			d.cuts[d.cutCount] = cut{field: uint16(i), own: action == OwnTag}
			d.cutCount++
		}
	}
	if v.Preserve && len(m.Value(fix.TagClOrdID)) > v.IDBytesMax {
		return d.at(fix.TagClOrdID, risk.ClOrdIDTooLong)
	}
	return risk.Accepted
}

// judgeTag says whether the i-th field passes or is dropped, where that depends on more than its tag. Half of a length and
// data pair is refused, and so is a data field that holds SOH: a venue that reads it without its length sees fields in it
// that nobody judged.
func (c *Core) judgeTag(ev *Event, d *Decision, v *VenueSetup, p *Policy, i int) (TagAction, risk.Reason) {
	m := &d.msg
	tag, value := m.Field(i).Tag, m.FieldValue(i)
	switch action := p.Action(tag); action {
	case PassTag:
	case LengthTag, DataTag:
		if !paired(m, i, action) {
			return RejectTag, d.at(tag, risk.FieldMalformed)
		}
		if action == DataTag && bytes.IndexByte(value, fix.SOH) >= 0 {
			return RejectTag, d.at(tag, risk.DataHoldsSOH)
		}
	case TermTag, CapacityTag:
		if reason := c.readTerm(ev, d, tag, value); reason != risk.Accepted {
			return RejectTag, reason
		}
		if action == CapacityTag && !c.book.CapacityJudged(&d.order) {
			return DropTag, risk.Accepted
		}
	case InstrumentTag:
		if in := d.order.Instrument; in == NoIndex || !fits(c.set.Instruments[in].Class, tag, value) {
			return RejectTag, d.at(tag, risk.FieldNotUnderstood)
		}
	case NotUnderstoodTag:
		return RejectTag, d.at(tag, risk.FieldNotUnderstood)
	default:
		return RejectTag, d.at(tag, risk.FieldForbidden)
	}
	switch {
	case p.fits(m, i):
		return PassTag, risk.Accepted
	case p.unfit == DropTag || c.isRouteTo(v, tag, value):
		return DropTag, risk.Accepted
	}
	return RejectTag, d.at(tag, risk.FieldForbidden)
}

// isRouteTo reports whether a field is the ExDestination(100) by which the routes name the venue: it has done its work
// when the order is there, so a version that has no such value need not be told.
func (c *Core) isRouteTo(v *VenueSetup, tag uint32, value []byte) bool {
	if tag != fix.TagExDestination {
		return false
	}
	target := c.destination(value)
	return target != NoIndex && c.set.Routes.leads(target, v, c.set.Venues)
}

// paired reports whether the other half of a length and data pair lies beside the i-th field.
func paired(m *fix.Message, i int, half TagAction) bool {
	if half == LengthTag {
		return m.Field(i+1).Tag == fix.DataOf(m.Field(i).Tag)
	}
	return m.Field(i).Tag == fix.DataOf(m.Field(i-1).Tag)
}

// ownTag writes the gate's value in the place of the participant's i-th field. That of a new order's account and symbol is
// the same where no venue has its own.
func (c *Core) ownTag(ev *Event, d *Decision, w *fix.Writer, i int, o targetOrder, original uint32) {
	v := &c.set.Venues[o.venue]
	switch tag := int(d.msg.Field(i).Tag); tag {
	case fix.TagAccount:
		if original == NoIndex && !d.account.renamed {
			w.Value(tag, d.msg.FieldValue(i))
			return
		}
		w.String(tag, c.accountAt(o.account, o.venue))
	case fix.TagSymbol:
		if original == NoIndex && !d.symbol.renamed {
			w.Value(tag, d.msg.FieldValue(i))
			return
		}
		w.String(tag, c.symbolAt(o.instrument, o.venue))
	case fix.TagClOrdID:
		if v.Preserve {
			w.Value(tag, d.msg.Value(tag))
			return
		}
		c.writeVenueID(w, tag, v, d.Request, c.nextGen(d.Request), c.reg.epoch)
	case fix.TagOrigClOrdID:
		c.writeRequestID(w, tag, v, original)
	case fix.TagSide:
		w.Char(tag, '0'+byte(c.orders[d.Order].Side))
	case fix.TagOrderQty:
		w.Decimal(tag, int64(c.requests[original].Qty))
	case fix.TagOrderID:
		if id := c.orders[d.Order].VenueOrderID(); len(id) > 0 {
			w.Value(tag, id)
		}
	default:
		c.otherID(ev, d, w, o.venue, tag, d.msg.FieldValue(i))
	}
}

// otherID writes an id beside those that name the order: SecondaryClOrdID(526), ClOrdLinkID(583) or
// ListID(66). Where it names this order or another of the link at this venue, the venue reads its own
// name for it; else it is left out, for on one line it could be the id of somebody else.
func (c *Core) otherID(ev *Event, d *Decision, w *fix.Writer, venue uint32, tag int, id []byte) {
	v := &c.set.Venues[venue]
	if v.Preserve {
		w.Value(tag, id)
		return
	}
	if bytes.Equal(id, d.msg.Value(fix.TagClOrdID)) {
		c.writeVenueID(w, tag, v, d.Request, c.nextGen(d.Request), c.reg.epoch)
		return
	}
	if r := c.requestByID(ev.Link, id); r != NoIndex && c.orders[c.requests[r].Order].Venue == venue {
		c.writeRequestID(w, tag, v, r)
	}
}

// writeRequestID writes the venue's name of a request that was sent before.
func (c *Core) writeRequestID(w *fix.Writer, tag int, v *VenueSetup, request uint32) {
	q := &c.requests[request]
	if v.Preserve && !c.byGate(q) {
		w.Value(tag, c.ClOrdID(request))
		return
	}
	c.writeVenueID(w, tag, v, request, q.Gen, uint64(q.Epoch))
}

// byGate reports whether a request is a cancel of the gate's own making, for a mass request or for none.
func (c *Core) byGate(q *Request) bool { return q.ID == NoIndex || c.ids[q.ID].mass }

// accountAt is the name a venue knows an account by.
func (c *Core) accountAt(account, venue uint32) string {
	return c.set.Accounts[account].At(venue)
}

// symbolAt is the Symbol(55) that a venue knows an instrument by.
func (c *Core) symbolAt(instrument, venue uint32) string {
	return c.set.Instruments[instrument].At(venue)
}

// typeText spells a MsgType without allocating.
func typeText(t byte) string {
	const types = "DFGH89j3"
	for i := range types {
		if types[i] == t {
			return types[i : i+1]
		}
	}
	return "0"
}

// writeCancel sends a cancel in the gate's words: for a kill, for a cancel owed. original is what it names;
// request is the cancel's slot, gen and epoch its name; own is the ClOrdID that a participant gave it.
func (c *Core) writeCancel(ev *Event, d *Decision, original, request, gen uint32, epoch uint64, own []byte) {
	o := &c.orders[c.requests[original].Order]
	v := &c.set.Venues[o.Venue]
	w := c.own(ev, d, v.Link, "F")
	w.String(fix.TagAccount, c.accountAt(o.Account, o.Venue))
	if v.Preserve && own != nil {
		w.Value(fix.TagClOrdID, own)
	} else {
		c.writeVenueID(w.Writer, fix.TagClOrdID, v, request, gen, epoch)
	}
	if id := o.VenueOrderID(); len(id) > 0 {
		w.Value(fix.TagOrderID, id)
	}
	w.Decimal(fix.TagOrderQty, int64(c.requests[original].Qty))
	c.writeRequestID(w.Writer, fix.TagOrigClOrdID, v, original)
	w.Char(fix.TagSide, '0'+byte(o.Side))
	w.String(fix.TagSymbol, c.symbolAt(o.Instrument, o.Venue))
	w.Stamp(fix.TagTransactTime, ev.Now.UTCNs, c.set.Links[v.Link].Precision)
	w.Char(fix.TagCxlType, wholeOrder)
	v.writeSet(w.Writer)
	c.end(ev, d, v.Link, link.CancelMessage, request)
}

// ownID is the ClOrdID that a participant gave a request, nil for one of the gate's own making.
func (c *Core) ownID(request uint32) []byte {
	if c.byGate(&c.requests[request]) {
		return nil
	}
	return c.ClOrdID(request)
}

// latest is the newest request of an order that a cancel can name: the last new or replace that
// the venue has or may have; request without, if any, it has not.
func (c *Core) latest(o *Order, without uint32) uint32 {
	last := o.Current
	for r := o.First; r != NoIndex; r = c.requests[r].Next {
		if q := &c.requests[r]; q.Kind != CancelRequest && q.State == Pending && r != without {
			last = r
		}
	}
	return last
}
