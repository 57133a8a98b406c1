package core

import (
	"portcullis/fix"
	"portcullis/fix/link"
	"portcullis/risk"
)

// decideMassCancel judges an OrderMassCancelRequest. As a cancel it is stopped neither by credit nor by
// rate nor by kill. Its OrderMassCancelReport follows when a cancel is on its way for each order in its
// scope; that an order is cancelled only its venue says, by a report of its own.
func (c *Core) decideMassCancel(ev *Event, d *Decision) {
	t := c.set.Links[ev.Link].Dialect
	if !t.mass {
		c.answerBusiness(ev, d, risk.MessageUnsupported)
		return
	}
	d.MsgType = 'q'
	if !c.orderFields(ev, d, massCancelTags[:]) {
		return
	}
	if !t.words.Permits(fix.TagMassCancelRequest, d.msg.Value(fix.TagMassCancelRequest)) {
		c.rejectSession(ev, d, fix.IncorrectValue, fix.TagMassCancelRequest) // the report would have to repeat it
		return
	}
	id := d.msg.Value(fix.TagClOrdID)
	var s massScope
	reason := c.massScopeOf(ev, d, fix.TagMassCancelRequest, &s)
	switch seen := c.findOwn(d); {
	case len(id) > ClOrdIDBytesMax:
		reason = d.at(fix.TagClOrdID, risk.ClOrdIDTooLong)
	case seen != NoIndex && c.ids[seen].mass && c.sameMessage(d, seen):
		c.massCancelReport(ev, d, ev.Link, &massReport{id: id, asked: only(d.msg.Value(fix.TagMassCancelRequest)),
			of: &s, text: "it was carried out when it first came"})
		return // what was opened since is not meant
	case seen != NoIndex:
		reason = d.at(fix.TagClOrdID, risk.DuplicateClOrdID)
	}
	if reason == risk.Accepted {
		reason = c.tooOld(ev, d)
	}
	if reason == risk.Accepted && c.massFull(ev.Link, massCancel) {
		reason = risk.TooManyPendingRequests
	}
	d.Reason = reason
	if reason != risk.Accepted {
		c.refuseMassCancel(ev, d, id)
		return
	}
	e := d.massAsked(ev, massCancel, &s, only(d.msg.Value(fix.TagMassCancelRequest)), fix.TagClOrdID)
	if c.spareIDs(ev.Link) > 0 {
		e.ID, e.Value = c.idForOwn(d), d.bodyHash()
	}
}

var massCancelTags = [...]int{fix.TagMassCancelRequest, fix.TagTransactTime}

func (c *Core) refuseMassCancel(ev *Event, d *Decision, id []byte) {
	c.refused(ev, d)
	if c.set.Links[ev.Link].BusinessReject {
		c.answerBusiness(ev, d, d.Reason)
		return
	}
	c.massCancelReport(ev, d, ev.Link, &massReport{id: id, asked: only(d.msg.Value(fix.TagMassCancelRequest)), refused: true})
}

// massPassMax bounds the orders that one step passes over because a cancel is on its way: their requests are
// looked at.
const massPassMax = 256

// stepMassCancel has the next order in the scope of a request cancelled that has no cancel on its way; after
// the last one the request is answered.
func (c *Core) stepMassCancel(ev *Event, d *Decision, l uint32, m *massRequest) {
	n, end, passed := m.cursor, min(c.reg.ordersUsed, m.cursor+scanMax), 0
	for ; n < end && passed < massPassMax; n++ {
		o := &c.orders[n]
		if !o.mayTrade() || !m.meant(c, l, o) {
			continue
		}
		if c.cancelling(ev, o) {
			passed++
			continue
		}
		d.Order = n
		done := c.massCancelOrder(ev, d, o, m)
		d.massMoved(l, massCancel, n+1, 1, done)
		return
	}
	if n < c.reg.ordersUsed {
		d.massMoved(l, massCancel, n, 0, 0)
		return
	}
	d.massEnded(l, massCancel)
	r := massReport{id: m.name(), asked: m.asked, affected: m.done, of: &m.massScope,
		text: "a cancel is on its way for each order: its own report says when it is cancelled"}
	switch {
	case m.found == 0:
		r.text = "there was nothing to cancel: no order of its scope was open without a cancel on its way"
	case m.done < m.found:
		r.text = "not every order could be cancelled for want of room: ask again"
	}
	c.massCancelReport(ev, d, l, &r)
}

// massCancelOrder returns 1 if a cancel of the order is on its way then. The owner of an order whose
// cancel is owed hears of that now.
func (c *Core) massCancelOrder(ev *Event, d *Decision, o *Order, m *massRequest) uint32 {
	switch c.gateCancelOf(ev, d, c.latest(o, NoIndex), NoIndex, m.id) {
	case 0:
		return 0
	case countOwed:
		state := c.cancelGoes(ev, o)
		if state == Owed && c.line(o.Venue).Phase == linkUp {
			break // it is only slow
		}
		c.ownerReport(ev, d, d.Order, ownerReport{request: NoIndex, execType: '6', status: '6', text: owedTexts[state]})
	}
	return 1
}

// massReport is what an OrderMassCancelReport says.
type massReport struct {
	id       []byte     // ClOrdID(11)
	asked    byte       // MassCancelRequestType(530)
	refused  bool       // for d.Reason; else it was carried out
	affected uint32     // TotalAffectedOrders(533): cancels sent, or owed, for this request
	of       *massScope // of what was carried out
	text     string
}

// massCancelReport answers an OrderMassCancelRequest.
func (c *Core) massCancelReport(ev *Event, d *Decision, l uint32, r *massReport) {
	w := c.own(ev, d, l, "r")
	w.Value(fix.TagClOrdID, r.id)
	c.gateID(d, w, fix.TagOrderID)
	c.massScopeTags(d, w, r)
	if r.refused {
		c.reasonText(d, w.Writer, l, d.Reason)
	} else {
		w.String(fix.TagText, r.text)
	}
	w.Stamp(fix.TagTransactTime, ev.Now.UTCNs, c.set.Links[l].Precision)
	w.Char(fix.TagMassCancelRequest, r.asked)
	if r.refused {
		w.Char(fix.TagMassCancelResponse, '0')
		w.Code(fix.TagMassCancelRejectRsn, massRejectReason(d, w.dialect.Version))
	} else {
		w.Char(fix.TagMassCancelResponse, r.asked)
	}
	w.Uint(fix.TagTotalAffectedOrders, uint64(r.affected))
	if w.tags.has.in(fix.TagMassActionReportID) {
		c.gateID(d, w, fix.TagMassActionReportID)
	}
	d.ReportCount++
	c.end(ev, d, l, link.ReportMessage, NoIndex)
}

// massScopeTags repeats side, symbol, underlying and market: of a request that is refused as they came.
func (c *Core) massScopeTags(d *Decision, w sheet, r *massReport) {
	if r.refused {
		c.echo(d, w, fix.TagSide)
		c.echo(d, w, fix.TagSymbol)
		for _, tag := range [...]int{fix.TagUnderlyingSymbol, fix.TagMarketID} {
			if v := d.msg.Search(tag); len(v) > 0 && len(v) <= echoBytesMax {
				w.Value(tag, v)
			}
		}
		return
	}
	if r.of.side != 0 {
		w.Char(fix.TagSide, '0'+byte(r.of.side))
	}
	if r.of.instrument != NoIndex && r.asked == '1' {
		w.String(fix.TagSymbol, c.set.Instruments[r.of.instrument].Symbol)
	}
	if r.of.underlyingSize != 0 {
		w.Value(fix.TagUnderlyingSymbol, r.of.underlyingName())
	}
	if r.of.venue != NoIndex {
		w.String(fix.TagMarketID, c.set.Venues[r.of.venue].Name)
	}
}

// massRejectReason is MassCancelRejectReason(532): what is wrong with the scope, else 99 (other), which
// FIX.4.3 does not have.
func massRejectReason(d *Decision, v risk.FIXVersion) int {
	switch {
	case d.Reason == risk.ScopeUnsupported:
		return 0
	case d.Reason == risk.UnderlyingUnknown:
		return 2
	case d.Reason == risk.MarketUnknown:
		return 7
	case d.Reason == risk.SymbolUnknown && d.RefTag == fix.TagProduct:
		return 3
	case d.Reason == risk.SymbolUnknown && d.RefTag == fix.TagCFICode:
		return 4
	case d.Reason == risk.SymbolUnknown && d.RefTag == fix.TagSecurityType:
		return 5
	case d.Reason == risk.SymbolUnknown:
		return 1
	case v < risk.FIX44:
		return risk.Omit
	}
	return 99
}
