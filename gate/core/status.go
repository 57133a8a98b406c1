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
	c.noOrderReport(ev, d)
}

// noOrderReport says of a ClOrdID that there is no order behind it: nobody knows it (d.Reason says so),
// or it was refused when it first came.
func (c *Core) noOrderReport(ev *Event, d *Decision) {
	w := c.begin(ev, d, ev.Link, "8")
	w.String(fix.TagAvgPx, "0")
	w.Value(fix.TagClOrdID, d.msg.Value(fix.TagClOrdID))
	w.String(fix.TagCumQty, "0")
	c.gateExecID(d, w)
	execType := "I"
	if c.old(ev.Link) {
		w.String(fix.TagExecTransType, "3")
		execType = "8"
	}
	w.String(fix.TagOrderID, "NONE")
	w.String(fix.TagOrdStatus, "8")
	c.echo(d, w, fix.TagSide)
	c.echo(d, w, fix.TagSymbol)
	if d.Reason != risk.Unjudged {
		c.reasonText(d, w, ev.Link, d.Reason)
	} else {
		w.String(fix.TagText, "the order was refused when it first came")
	}
	w.String(fix.TagExecType, execType)
	w.String(fix.TagLeavesQty, "0")
	c.echo(d, w, fix.TagOrdStatusReqID)
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
		c.noOrderReport(ev, d)
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
