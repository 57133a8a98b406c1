package core

import (
	"portcullis/fix"
	"portcullis/risk"
)

// readReport reads the numbers and the kind of an ExecutionReport. It returns the tag that cannot
// be read, 0 if all can.
func (c *Core) readReport(ev *Event, d *Decision, r *venueReport) (badTag uint32) {
	m := &d.msg
	*r = venueReport{status: only(m.Value(fix.TagOrdStatus)), execType: only(m.Value(fix.TagExecType))}
	var v [7]int64
	for i, tag := range [...]int{fix.TagOrderQty, fix.TagCumQty, fix.TagLeavesQty, fix.TagLastQty,
		fix.TagPrice, fix.TagLastPx, fix.TagAvgPx} {
		text := m.Value(tag)
		if text == nil {
			continue
		}
		n, fault := fix.ParseDecimal(text)
		if tag == fix.TagAvgPx && fault == fix.NumberTooPrecise {
			continue // an average may have more places than any price; it is passed on as it is
		}
		r.hasAvgPx = r.hasAvgPx || tag == fix.TagAvgPx
		if fault != fix.NumberOK || n < 0 && i < 4 {
			return uint32(tag)
		}
		v[i] = n
	}
	r.qty, r.cum, r.leaves, r.lastQty = risk.Qty(v[0]), risk.Qty(v[1]), risk.Qty(v[2]), risk.Qty(v[3])
	r.price, r.lastPx, r.avgPx = risk.Price(v[4]), risk.Price(v[5]), risk.Price(v[6])
	r.hasPrice, r.hasCum, r.hasLeaves = m.Has(fix.TagPrice), m.Has(fix.TagCumQty), m.Has(fix.TagLeavesQty)
	if r.status == 0 {
		return fix.TagOrdStatus
	}
	if r.execType == 0 {
		if m.Has(fix.TagExecType) || c.version(ev.Link) > risk.FIX40 {
			return fix.TagExecType
		}
		r.execType = r.status // FIX.4.0 has no ExecType
	}
	r.kind = kindOf(r, c.old(ev.Link), only(m.Value(fix.TagExecTransType)))
	if r.kind != fill && r.kind != correction {
		return 0
	}
	for _, tag := range [...]int{fix.TagExecID, fix.TagLastQty, fix.TagLastPx} {
		if !m.Has(tag) {
			return uint32(tag)
		}
	}
	if r.lastQty == 0 {
		return fix.TagLastQty
	}
	return 0
}

// kindOf folds the dialects together: until FIX.4.2 ExecTransType(20) tells bust, correction and
// status, and partial and full fills have ExecTypes of their own.
func kindOf(r *venueReport, old bool, trans byte) reportKind {
	if old {
		switch trans {
		case '1':
			return bust
		case '2':
			return correction
		case '3':
			return statusOnly
		}
	}
	switch r.execType {
	case '0':
		return newReport
	case '5':
		return replaced
	case 'D':
		return restated
	case '1', '2', 'F':
		return fill
	case 'H':
		return bust
	case 'G':
		return correction
	case 'I':
		return statusOnly
	case '4', '8', 'C', '3':
		return ended
	}
	return noChange
}

// statusAnswer is the venue's answer to the gate's own question. It settles an order of which
// nobody knew whether it had arrived; of any other it says whether our count is right, or that the
// venue has refused the order in words that were lost: a Reject(35=3) is never sent again.
func (c *Core) statusAnswer(ev *Event, d *Decision, o *Order, r *venueReport) {
	if o.Flags&FlagUnknown != 0 {
		c.settleByStatus(ev, d, o, r)
		return
	}
	if r.status == '8' && o.State == Live && c.requests[o.First].State == Pending && c.namesOrder(d) {
		c.void(ev, d, o.First, risk.VenueRejected)
		return
	}
	if o.State != Live || !r.hasCum || r.cum == o.Cum && o.Flags&FlagSuspect == 0 {
		return
	}
	n := c.versions(o, d.prior[:], NoIndex)
	c.rebooked(d, o, d.prior[:n], r.cum, o.Executed)
	c.compare(ev, d, o, r, r.cum, o.Executed)
	c.recordOvershoot(d)
}

// settleByStatus: 39=8 says that the request never arrived, a final status that the order is over;
// any other confirms it. An order whose executions we lack is not over for us: it stays reserved.
func (c *Core) settleByStatus(ev *Event, d *Decision, o *Order, r *venueReport) {
	c.flag(d, d.Order, FlagUnknown, 0)
	switch r.status {
	case '8':
		if c.requests[d.Request].State == Pending {
			c.void(ev, d, d.Request, risk.NotSent)
		}
		return
	case '4', 'C', '3', '2':
		if r.hasCum && r.cum != o.Executed {
			n := c.versions(o, d.prior[:], NoIndex)
			c.rebooked(d, o, d.prior[:n], r.cum, o.Executed)
			c.compareFinal(d, o, r)
		} else if r.status != '3' || !o.isGoodTill() {
			d.effect(Ended).Order = d.Order
		}
	default:
		c.confirm(ev, d, o, r)
	}
	c.recordOvershoot(d)
	c.noteStatus(d, o, r)
	c.passReport(ev, d, o, &c.set.Venues[o.Venue].Report, "8")
}

// namesOrder reports whether a report carries an OrderID(37) of the venue: it knows the order.
func (c *Core) namesOrder(d *Decision) bool {
	id := d.msg.Value(fix.TagOrderID)
	return len(id) > 0 && string(id) != "NONE"
}
