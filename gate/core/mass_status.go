package core

import (
	"portcullis/fix"
	"portcullis/fix/link"
	"portcullis/risk"
)

// decideMassStatus judges an OrderMassStatusRequest: it is answered from the gate's state, by a report for
// each order of its scope that may still trade (behaviour 7).
func (c *Core) decideMassStatus(ev *Event, d *Decision) {
	if !c.set.Links[ev.Link].Dialect.mass {
		c.answerBusiness(ev, d, risk.MessageUnsupported)
		return
	}
	id := d.msg.Value(fix.TagMassStatusReqID)
	for _, tag := range massStatusTags {
		if len(d.msg.Value(tag)) == 0 {
			d.Reason = risk.FieldMissing
			c.rejectSession(ev, d, fix.RequiredMissing, uint32(tag))
			return
		}
	}
	var s massScope
	reason := c.massScopeOf(ev, d, fix.TagMassStatusReqType, &s)
	switch {
	case len(id) > ClOrdIDBytesMax:
		c.answerBusiness(ev, d, d.at(fix.TagMassStatusReqID, risk.FieldMalformed))
		return
	case reason != risk.Accepted:
	case c.massFull(ev.Link, massStatus):
		reason = risk.TooManyPendingRequests
	}
	if reason != risk.Accepted {
		d.Reason = reason
		c.noOrdersReport(ev, d, ev.Link, id, &s)
		return
	}
	d.massAsked(ev, massStatus, &s, only(d.msg.Value(fix.TagMassStatusReqType)), fix.TagMassStatusReqID)
}

var massStatusTags = [...]int{fix.TagMassStatusReqID, fix.TagMassStatusReqType}

// stepMassStatus first counts the orders that a request is about, for each report says how many there are,
// and then tells of the next one. Orders that end meanwhile are told of as what they are then.
func (c *Core) stepMassStatus(ev *Event, d *Decision, l uint32, m *massRequest) {
	switch {
	case m.conn != c.links[l].Conn:
		d.massEnded(l, massStatus) // who has a new connection asks anew
	case !m.counted:
		c.countMassStatus(ev, d, l, m)
	default:
		c.tellMassStatus(ev, d, l, m)
	}
}

func (c *Core) countMassStatus(ev *Event, d *Decision, l uint32, m *massRequest) {
	n, end := m.cursor, min(c.reg.ordersUsed, m.cursor+scanMax)
	found := uint32(0)
	for ; n < end; n++ {
		if m.meant(c, l, &c.orders[n]) {
			found++
		}
	}
	switch {
	case n < c.reg.ordersUsed:
		d.massMoved(l, massStatus, n, found, 0)
	case m.found+found > 0:
		d.massMoved(l, massStatus, 0, found, 0).Flags = massCounted
	default:
		d.massEnded(l, massStatus)
		c.noOrdersReport(ev, d, l, m.name(), &m.massScope)
	}
}

func (c *Core) tellMassStatus(ev *Event, d *Decision, l uint32, m *massRequest) {
	n, end := m.cursor, min(c.reg.ordersUsed, m.cursor+scanMax)
	for ; n < end; n++ {
		o := &c.orders[n]
		if !m.meant(c, l, o) {
			continue
		}
		c.ownerReport(ev, d, n, ownerReport{request: NoIndex, execType: 'I', status: o.shown(), mass: m, to: l})
		if m.done+1 == m.found {
			d.massEnded(l, massStatus)
		} else {
			d.massMoved(l, massStatus, n+1, 0, 1)
		}
		return
	}
	if n < c.reg.ordersUsed {
		d.massMoved(l, massStatus, n, 0, 0)
		return
	}
	d.massEnded(l, massStatus) // the slot of one that had ended was taken for a new order
	c.noOrdersReport(ev, d, l, m.name(), &m.massScope)
}

// massTags name the request that a report answers: from FIX.4.4 on reports have tags for it.
func massTags(w sheet, id []byte, total uint32, last bool) {
	w.Value(fix.TagMassStatusReqID, id)
	w.Uint(fix.TagTotNumReports, uint64(total))
	if last {
		w.Char(fix.TagLastRptRequested, 'Y')
	} else {
		w.Char(fix.TagLastRptRequested, 'N')
	}
}

// noOrdersReport ends the answer to a mass request without an order: there is none, or d.Reason says why
// none is told of. A report must have a Side(54) and a Symbol(55): 7 is undisclosed.
func (c *Core) noOrdersReport(ev *Event, d *Decision, l uint32, id []byte, s *massScope) {
	side, symbol := byte('7'), "[N/A]"
	if s.side != 0 {
		side = '0' + byte(s.side)
	}
	if s.instrument != NoIndex {
		symbol = c.set.Instruments[s.instrument].Symbol
	}
	w := c.own(ev, d, l, "8")
	if s.account != NoIndex && d.Reason != risk.AccountNotEntitled {
		w.String(fix.TagAccount, c.set.Accounts[s.account].Name)
	}
	w.String(fix.TagAvgPx, "0")
	w.String(fix.TagCumQty, "0")
	c.gateExecID(d, w)
	w.String(fix.TagOrderID, "NONE")
	w.String(fix.TagOrdStatus, "8")
	w.Char(fix.TagSide, side)
	w.String(fix.TagSymbol, symbol)
	if d.Reason != risk.Unjudged {
		c.reasonText(d, w.Writer, l, d.Reason)
	} else {
		w.String(fix.TagText, "there are no more orders")
	}
	if d.Reason != risk.Unjudged {
		w.Code(fix.TagOrdRejReason, risk.OrdRejReasonFor(d.Reason, w.dialect.Version))
	}
	w.Char(fix.TagExecType, 'I')
	w.String(fix.TagLeavesQty, "0")
	massTags(w, id, 0, true)
	c.end(ev, d, l, link.ReportMessage, NoIndex)
}
