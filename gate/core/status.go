package core

import (
	"portcullis/fix"
	"portcullis/fix/link"
	"portcullis/risk"
)

// decideStatusRequest answers OrderStatusRequest(H) from the gate's state.
func (c *Core) decideStatusRequest(ev *Event, d *Decision) {
	if !c.orderFields(ev, d, nil) {
		return
	}
	if slot := c.findOwn(d); slot != NoIndex && c.ids[slot].request != NoIndex {
		c.statusReport(ev, d, c.ids[slot].request)
		return
	}
	d.Reason = risk.UnknownOrder
	c.noOrderReport(ev, d, 'I')
}

// noOrderReport says that there is no order behind a message: it is refused now (ExecType 8), nobody knows its
// ClOrdID (I, and d.Reason says so), or it was refused when it first came (I).
func (c *Core) noOrderReport(ev *Event, d *Decision, execType byte) {
	w := c.own(ev, d, ev.Link, "8")
	words := w.dialect.spell(said{execType: execType, status: '8'})
	refused := execType == '8'
	if refused {
		c.echo(d, w, fix.TagAccount)
	}
	w.String(fix.TagAvgPx, "0")
	w.Value(fix.TagClOrdID, d.msg.Value(fix.TagClOrdID))
	w.String(fix.TagCumQty, "0")
	c.gateExecID(d, w)
	w.Char(fix.TagExecTransType, words.transType)
	if w.tags.must.in(fix.TagLastQty) {
		w.String(fix.TagLastPx, "0")
		w.String(fix.TagLastQty, "0")
	}
	w.String(fix.TagOrderID, "NONE")
	if refused || w.tags.must.in(fix.TagOrderQty) {
		c.echo(d, w, fix.TagOrderQty)
	}
	w.Char(fix.TagOrdStatus, words.status)
	if refused {
		c.echo(d, w, fix.TagOrdType)
		c.echo(d, w, fix.TagPrice)
	}
	c.echo(d, w, fix.TagSide)
	c.echo(d, w, fix.TagSymbol)
	if d.Reason != risk.Unjudged {
		c.reasonText(d, w.Writer, ev.Link, d.Reason)
	} else {
		w.String(fix.TagText, "the order was refused when it first came")
	}
	if refused {
		w.Stamp(fix.TagTransactTime, ev.Now.UTCNs, c.set.Links[ev.Link].Precision)
		w.Code(fix.TagOrdRejReason, risk.OrdRejReasonFor(d.Reason, w.dialect.Version))
	}
	w.Char(fix.TagExecType, words.execType)
	w.String(fix.TagLeavesQty, "0")
	if !refused {
		c.echo(d, w, fix.TagOrdStatusReqID)
	}
	c.end(ev, d, ev.Link, link.ReportMessage, NoIndex)
}

// statusReport says where an order stands, to who asked; nothing is sent to the venue.
func (c *Core) statusReport(ev *Event, d *Decision, request uint32) {
	slot := c.requests[request].Order
	d.Order, d.Request = slot, request
	status := c.orders[slot].shown()
	c.ownerReport(ev, d, slot, ownerReport{request: request, execType: 'I', status: status, asked: true})
}

// statusAgain answers a D, F or G that repeats an earlier one by the status of its order; of a refused
// F or G that is the order it names. False: there is none. A D or G counts all the same.
func (c *Core) statusAgain(ev *Event, d *Decision, id uint32) bool {
	request := c.ids[id].request
	if request == NoIndex && d.MsgType != 'D' {
		original := c.originalOf(ev.Link, d.msg.Value(fix.TagOrigClOrdID))
		if original == NoIndex {
			return false
		}
		d.Order = c.requests[original].Order
	}
	c.counted(ev, d)
	switch {
	case request != NoIndex:
		c.statusReport(ev, d, request)
	case d.MsgType == 'D':
		c.noOrderReport(ev, d, 'I')
	default:
		c.ownerReport(ev, d, d.Order, ownerReport{execType: 'I', status: c.orders[d.Order].shown(), asked: true, cancel: true})
	}
	return true
}

// shown is the OrdStatus(39) that the gate answers with: the venue's, or pending cancel while a
// cancel is owed, of which the venue does not know.
func (o *Order) shown() byte {
	if o.State == Live && o.Flags&FlagCancelOwed != 0 {
		return '6'
	}
	return o.Status
}
