package core

import (
	"github.com/cespare/xxhash/v2"

	"portcullis/fix"
	"portcullis/fix/link"
	"portcullis/risk"
)

// refuseOrder answers a NewOrderSingle that was refused: ExecutionReport with ExecType and
// OrdStatus Rejected, or BusinessMessageReject for a link that wants it (behaviour 4).
func (c *Core) refuseOrder(ev *Event, d *Decision) {
	c.refused(ev, d)
	if c.set.Links[ev.Link].BusinessReject {
		c.answerBusiness(ev, d, d.Reason)
		return
	}
	c.noOrderReport(ev, d, '8')
}

// refuseChange answers an F or G that was refused: OrderCancelReject with the order's true state.
func (c *Core) refuseChange(ev *Event, d *Decision) {
	c.refused(ev, d)
	if c.set.Links[ev.Link].BusinessReject {
		c.answerBusiness(ev, d, d.Reason)
		return
	}
	w := c.own(ev, d, ev.Link, "9")
	w.Value(fix.TagClOrdID, d.msg.Value(fix.TagClOrdID))
	c.orderState(d, w)
	if orig := d.msg.Value(fix.TagOrigClOrdID); len(orig) > 0 {
		w.Value(fix.TagOrigClOrdID, orig)
	} else {
		w.String(fix.TagOrigClOrdID, "NONE")
	}
	c.reasonText(d, w.Writer, ev.Link, d.Reason)
	w.Stamp(fix.TagTransactTime, ev.Now.UTCNs, c.set.Links[ev.Link].Precision)
	w.Code(fix.TagCxlRejReason, risk.CxlRejReasonFor(d.Reason, w.dialect.Version))
	w.Char(fix.TagCxlRejResponseTo, responseTo(d.MsgType))
	c.end(ev, d, ev.Link, link.ReportMessage, NoIndex)
}

// orderState writes OrderID and OrdStatus of d.Order, or those of an order nobody knows.
func (c *Core) orderState(d *Decision, w sheet) {
	if d.Order == NoIndex {
		w.String(fix.TagOrderID, "NONE")
		w.String(fix.TagOrdStatus, "8")
		return
	}
	o := &c.orders[d.Order]
	c.writeOrderID(w.Writer, o)
	w.Char(fix.TagOrdStatus, w.dialect.status(o.shown(), o.Counted()))
}

// responseTo is CxlRejResponseTo(434): 1 for a cancel, 2 for a replace.
func responseTo(msgType byte) byte {
	if msgType == 'G' {
		return '2'
	}
	return '1'
}

// refused records that a message was refused: its ClOrdID is taken all the same, and it counts in
// throttles.
func (c *Core) refused(ev *Event, d *Decision) {
	e := d.effect(Refused)
	e.Link = ev.Link
	e.Order = d.Order
	e.Status = d.MsgType
	at := c.refusedAt(d)
	e.Account, e.Instrument, e.Author = at.Account, at.Instrument, at.Author
	if (d.MsgType == 'D' || d.MsgType == 'G') && inARow(d.Reason) {
		e.Seq = 1
	}
	id := d.msg.Value(fix.TagClOrdID)
	if len(id) > 0 && len(id) <= ClOrdIDBytesMax && c.findOwn(d) == NoIndex && c.spareIDs(ev.Link) > 0 {
		e.ID = c.idForOwn(d)
		e.Off, e.Len = d.textRange(fix.TagClOrdID)
		e.Value = d.bodyHash()
	}
	c.trip(ev, d)
	c.breached(ev, d)
	c.softRefusal(ev, d)
}

// counted counts a message that is answered before its verdict (behaviour 2).
func (c *Core) counted(ev *Event, d *Decision) {
	t := msgType(&d.msg)
	if d.EffectLen > 0 || t != 'D' && t != 'G' && t != 'F' && t != 'q' || c.set.Links[ev.Link].Venue != NoIndex {
		return // a refusal has counted it
	}
	e := d.effect(Refused)
	e.Link, e.Status = ev.Link, t
	if t == 'D' || t == 'G' {
		e.Seq = 1
	}
}

// echoBytesMax bounds what an answer repeats of a message, its ClOrdID excepted.
const echoBytesMax = 64

// echo repeats a field of the refused message, unless a peer could not read it there either.
func (c *Core) echo(d *Decision, w sheet, tag int) {
	v := d.msg.Value(tag)
	fits := len(v) > 0 && len(v) <= echoBytesMax && w.dialect.words.Permits(tag, v)
	switch tag {
	case fix.TagOrderQty, fix.TagPrice:
		_, fault := fix.ParseDecimal(v)
		fits = fits && fault == fix.NumberOK
	}
	switch {
	case fits:
		w.Value(tag, v)
	case w.tags.must.in(tag):
		w.String(tag, w.dialect.unread(tag))
	}
}

// answerBusiness answers by BusinessMessageReject, or where the version has none by Reject: unsupported types,
// an unreadable ClOrdID, and links that want every refusal so.
func (c *Core) answerBusiness(ev *Event, d *Decision, reason risk.Reason) {
	d.Reason = reason
	m := &d.msg
	c.counted(ev, d)
	msgType := "j"
	if !c.set.Links[ev.Link].Dialect.business {
		msgType = "3"
	}
	w := c.own(ev, d, ev.Link, msgType)
	if seq := m.Value(fix.TagMsgSeqNum); len(seq) > 0 {
		w.Value(fix.TagRefSeqNum, seq)
	}
	c.reasonText(d, w.Writer, ev.Link, reason)
	w.Value(fix.TagRefMsgType, m.Type())
	if id := m.Value(fix.TagClOrdID); len(id) > 0 {
		w.Value(fix.TagBusinessRejectRefID, id)
	}
	w.Code(fix.TagBusinessRejectReason, risk.BusinessRejectReasonFor(reason, w.dialect.Version))
	c.end(ev, d, ev.Link, link.ReportMessage, NoIndex)
}

// rejectSession answers a session-level fault of an application message by Reject(35=3). Its
// number is taken.
func (c *Core) rejectSession(ev *Event, d *Decision, code fix.FaultCode, tag uint32) {
	if d.Reason == risk.Unjudged {
		d.Reason = risk.FieldMalformed
	}
	d.RefTag, d.Rejected = tag, true
	c.counted(ev, d)
	if d.Taken {
		next := c.nextOut(ev, d, ev.Link) // behind what the link is sent beside it, such as a question about the order
		d.Taken, d.SessionStep = false, true
		d.Link = c.links[ev.Link].State
		d.Link.NextOut = next
		d.Link.Taken(ev.Now)
	}
	link.Reject(&d.Out, &c.set.Links[ev.Link].Settings, ev.Link, &d.Link, &d.msg, code, int(tag), ev.Now)
}

// ownerReport is an ExecutionReport of the gate's own about an order that it has accepted.
type ownerReport struct {
	request  uint32      // whose ClOrdID(11) it carries; NoIndex: the order's current one
	execType byte        // ExecType(150)
	status   byte        // OrdStatus(39)
	reason   risk.Reason // Unjudged: none
	asked    bool        // it goes to the link whose message this is, not to the owner's
	mass     *massRequest
	to       uint32 // of mass, which it answers: the link that asked
	cancel   bool   // 11 and 41 are those of that message
	final    bool   // LeavesQty(151) is 0
	text     string // Text(58) where reason is none; "" for no text
	byHand   bool   // cum and avgPx are CumQty(14) and AvgPx(6): this decision changes them
	cum      risk.Qty
	avgPx    risk.Price
	lastQty  risk.Qty // LastQty(32) and LastPx(31) of an execution by hand
	lastPx   risk.Price
}

// ownerReport tells an order's owner what happened to it at the gate.
func (c *Core) ownerReport(ev *Event, d *Decision, slot uint32, r ownerReport) {
	o := &c.orders[slot]
	l := o.Owner
	if r.asked {
		l = ev.Link
	}
	if r.mass != nil {
		l = r.to
	}
	set := &c.set.Links[l]
	if !r.byHand {
		r.cum, r.avgPx = o.Counted(), o.AvgPx
	}
	w := c.own(ev, d, l, "8")
	words := w.dialect.spell(said{r.execType, r.status, r.cum})
	w.String(fix.TagAccount, c.set.Accounts[o.Account].Name)
	w.Decimal(fix.TagAvgPx, int64(r.avgPx))
	if r.cancel {
		w.Value(fix.TagClOrdID, d.msg.Value(fix.TagClOrdID))
	} else {
		if r.request == NoIndex {
			r.request = o.Current
		}
		w.Value(fix.TagClOrdID, c.ClOrdID(r.request))
	}
	w.Decimal(fix.TagCumQty, int64(r.cum))
	c.gateExecID(d, w)
	w.Char(fix.TagExecTransType, words.transType)
	if r.lastQty > 0 || w.tags.must.in(fix.TagLastQty) {
		w.Decimal(fix.TagLastPx, int64(r.lastPx))
		w.Decimal(fix.TagLastQty, int64(r.lastQty))
	}
	c.writeOrderID(w.Writer, o)
	w.Decimal(fix.TagOrderQty, int64(o.Qty))
	w.Char(fix.TagOrdStatus, words.status)
	if r.cancel {
		w.Value(fix.TagOrigClOrdID, d.msg.Value(fix.TagOrigClOrdID))
	}
	if o.Prices&PriceGiven != 0 {
		w.Decimal(fix.TagPrice, int64(o.Price))
	}
	w.Char(fix.TagSide, '0'+byte(o.Side))
	w.String(fix.TagSymbol, c.set.Instruments[o.Instrument].Symbol)
	if r.reason != risk.Unjudged {
		c.reasonText(d, w.Writer, l, r.reason)
	} else if r.text != "" {
		w.String(fix.TagText, r.text)
	}
	w.Stamp(fix.TagTransactTime, ev.Now.UTCNs, set.Precision)
	if r.execType == '8' {
		w.Code(fix.TagOrdRejReason, risk.OrdRejReasonFor(r.reason, w.dialect.Version))
	}
	w.Char(fix.TagExecType, words.execType)
	leaves := max(0, int64(o.Qty-r.cum))
	if r.final || !o.mayTrade() {
		leaves = 0
	}
	w.Decimal(fix.TagLeavesQty, leaves)
	if r.asked {
		c.echo(d, w, fix.TagOrdStatusReqID)
	}
	if r.mass != nil {
		massTags(w, r.mass.name(), r.mass.found, r.mass.done+1 == r.mass.found)
	}
	c.end(ev, d, l, link.ReportMessage, NoIndex)
}

// writeOrderID writes the gate's OrderID(37): the name of the order's first request, unique for
// 400 days and over all venues.
func (c *Core) writeOrderID(w *fix.Writer, o *Order) {
	q := &c.requests[o.First]
	c.writeVenueID(w, fix.TagOrderID, &c.set.Venues[o.Venue], o.First, q.Gen, uint64(q.Epoch))
}

// gateExecID writes an ExecID(17) of the gate's own.
func (c *Core) gateExecID(d *Decision, w sheet) {
	c.gateID(d, w, fix.TagExecID)
	d.ReportCount++
}

// gateID writes an id of the gate's own, of which ReportCount counts the use: G, boot epoch, count.
func (c *Core) gateID(d *Decision, w sheet, tag int) {
	if w.dialect.numbered && tag == fix.TagExecID {
		count := c.reg.execNo + uint64(d.ReportCount)
		w.Uint(tag, c.reg.epoch*gateExecIDs+count%gateExecIDs)
		return
	}
	c.writeGateID(d, w.Writer, tag)
}

func (c *Core) writeGateID(d *Decision, w *fix.Writer, tag int) {
	w.Open(tag)
	w.PartString("G")
	w.PartUint36(c.reg.epoch, epochDigits)
	w.PartUint36(c.reg.execNo+uint64(d.ReportCount), 7)
	w.Close()
}

// gateExecIDs is how many ExecIDs of its own the gate has in one epoch, where they are integers.
const gateExecIDs = 10_000_000_000

// venueExecID writes a venue's ExecID(17) or ExecRefID(19) so that those of two venues differ: with the venue's prefix
// or, where an integer is wanted, as a hash of both, above all of the gate's own. The same gives the same, so a bust
// names the execution that its owner was told of.
func venueExecID(w sheet, v *VenueSetup, tag int, id []byte) {
	if w.dialect.numbered {
		hash := xxhash.Sum64(id) ^ xxhash.Sum64String(v.ExecPrefix)
		w.Uint(tag, hash>>2|1<<62)
		return
	}
	w.Open(tag)
	w.PartString(v.ExecPrefix)
	w.Part(id)
	w.Close()
}
