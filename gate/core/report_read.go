package core

import (
	"bytes"
	"math"

	"portcullis/fix"
	"portcullis/fix/link"
	"portcullis/risk"
)

// readReport reads the kind and the numbers of an ExecutionReport. It returns the tag without which
// the report says nothing, 0 if it says something. An execution is booked from what names it, LastQty
// and LastPx alone (exposure 7): what else of it cannot be read is left out, and noted as doubt.
// What is said twice is believed in neither.
func (c *Core) readReport(ev *Event, d *Decision, r *venueReport) (badTag uint32) {
	m, t := &d.msg, c.set.Links[ev.Link].Dialect
	*r = venueReport{status: only(m.Value(fix.TagOrdStatus)), execType: only(m.Value(fix.TagExecType))}
	kindTag := fix.TagExecType
	if r.execType == 0 {
		if m.Has(fix.TagExecType) || t.execType {
			return fix.TagExecType
		}
		kindTag, r.execType = fix.TagOrdStatus, r.status // FIX.4.0 has no ExecType
	}
	if r.execType != 0 && !oneOf(m.Value(kindTag), execTypes) {
		return uint32(kindTag) // it may be an execution, or an end
	}
	trans := only(m.Value(fix.TagExecTransType))
	if trans == 0 && m.Has(fix.TagExecTransType) || !t.transType && trans > '0' {
		return fix.TagExecTransType
	}
	r.kind = kindOf(r, t.transType, trans)
	if r.kind == fill && !t.execType && nothing(m.Value(fix.TagLastQty)) {
		r.kind = statusOnly // the status of an order that was filled before
	}
	if twice(m, fix.TagOrdStatus) || !oneOf(m.Value(fix.TagOrdStatus), ordStatuses) {
		r.status = 0
	}
	bad := uint32(m.Repeated())
	if bad == 0 {
		bad = d.faultTag()
	}
	if tag := r.readCounts(m); bad == 0 {
		bad = tag
	}
	if bad == 0 && r.status == 0 {
		bad = fix.TagOrdStatus
	}
	if r.kind != fill && r.kind != correction && r.kind != bust {
		return bad
	}
	r.doubt = bad
	for _, tag := range executionTags {
		if twice(m, tag) {
			return uint32(tag)
		}
	}
	if r.kind == bust {
		return 0
	}
	return r.readExecution(m)
}

// execTypes and ordStatuses are the values of ExecType(150) and OrdStatus(39) that FIX has, in any version. What another one means nobody
// knows.
const (
	execTypes   = "0123456789ABCDEFGHIJKL"
	ordStatuses = "0123456789ABCDE"
)

// executionTags say which execution a report is about, of which order, and what is booked for it.
var executionTags = [...]int{fix.TagExecType, fix.TagExecTransType, fix.TagExecID, fix.TagExecRefID, fix.TagClOrdID,
	fix.TagOrigClOrdID, fix.TagLastQty, fix.TagLastPx, fix.TagSide, fix.TagSymbol}

// twice reports whether a tag occurs more than once.
func twice(m *fix.Message, tag int) bool {
	if m.Repeated() == 0 {
		return false
	}
	n := 0
	for i := range m.Len() {
		if m.Field(i).Tag == uint32(tag) {
			n++
		}
	}
	return n > 1
}

// readCounts reads what a report says beside an execution. It returns the first tag that cannot be
// read; what is absent or cannot be read is 0.
func (r *venueReport) readCounts(m *fix.Message) (badTag uint32) {
	var v [5]int64
	var has [len(v)]bool
	for i, tag := range [...]int{fix.TagOrderQty, fix.TagCumQty, fix.TagLeavesQty, fix.TagPrice, fix.TagAvgPx} {
		text := m.Value(tag)
		n, fault := fix.ParseDecimal(text)
		switch {
		case text == nil:
		case tag == fix.TagAvgPx && fault == fix.NumberTooPrecise:
			// an average may have more places than any price; it is passed on as it is
		case fault != fix.NumberOK || n < 0 && i < 3 || twice(m, tag):
			if badTag == 0 {
				badTag = uint32(tag)
			}
		default:
			if i < 3 {
				n = min(n, risk.MagnitudeMax)
			}
			v[i], has[i] = n, true
		}
	}
	r.qty, r.cum, r.leaves = risk.Qty(v[0]), risk.Qty(v[1]), risk.Qty(v[2])
	r.price, r.avgPx = risk.Price(v[3]), risk.Price(v[4])
	r.hasCum, r.hasLeaves, r.hasPrice, r.hasAvgPx = has[1], has[2], has[3], has[4]
	return badTag
}

// readExecution reads what an execution is booked from. It returns the tag that is missing or cannot
// be read: then nothing can be booked.
func (r *venueReport) readExecution(m *fix.Message) (badTag uint32) {
	if len(m.Value(fix.TagExecID)) == 0 {
		return fix.TagExecID
	}
	return r.readLast(m)
}

// readLast reads how much was executed, and at which price.
func (r *venueReport) readLast(m *fix.Message) (badTag uint32) {
	qty, roundedQty, fault := decimalUp(m.Value(fix.TagLastQty))
	if fault != fix.NumberOK || qty <= 0 {
		return fix.TagLastQty
	}
	px, roundedPx, fault := decimalUp(m.Value(fix.TagLastPx))
	if fault != fix.NumberOK {
		return fix.TagLastPx
	}
	r.lastQty, r.lastPx = risk.Qty(qty), risk.Price(px)
	switch {
	case r.doubt != 0:
	case roundedQty:
		r.doubt = fix.TagLastQty
	case roundedPx:
		r.doubt = fix.TagLastPx
	}
	return 0
}

// nothing reports whether a number is 0.
func nothing(text []byte) bool {
	v, fault := fix.ParseDecimal(text)
	return fault == fix.NumberOK && v == 0
}

// decimalUp reads a number that may have more places than the scale: it is rounded away from zero, as
// money is (exposure 1), so that an execution never counts for less than it was.
func decimalUp(text []byte) (v int64, rounded bool, fault fix.NumberFault) {
	v, fault = fix.ParseDecimal(text)
	if fault != fix.NumberTooPrecise {
		return v, false, fault
	}
	v, fault = fix.ParseDecimal(text[:bytes.IndexByte(text, '.')+1+fix.Decimals])
	switch {
	case fault != fix.NumberOK:
	case v == math.MaxInt64, v == -math.MaxInt64:
		fault = fix.NumberOverflow
	case text[0] == '-':
		v--
	default:
		v++
	}
	return v, true, fault
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

// partlyRead tells a human of an execution that was booked although something beside it cannot be
// read. Where that is a count, nothing shows that ours is right: the order is suspect.
func (c *Core) partlyRead(ev *Event, d *Decision, o *Order, r *venueReport) {
	d.RefTag = r.doubt
	d.alert(ReportPartlyRead).Order = d.Order
	m := &d.msg
	if m.Has(fix.TagCumQty) && !r.hasCum || r.kind != fill && m.Has(fix.TagLeavesQty) && !r.hasLeaves {
		c.suspect(ev, d, o, r)
	}
}

// unreadable is a report that cannot be read: nothing is booked, the order is suspect, and the venue is
// told and, the first time, asked.
func (c *Core) unreadable(ev *Event, d *Decision, request uint32, tag uint32) {
	a := d.alert(ReportUnreadable)
	a.Link = ev.Link
	if request != NoIndex {
		a.Order = c.requests[request].Order
		o := &c.orders[a.Order]
		c.flag(d, a.Order, FlagSuspect, 1)
		if o.State == Live && o.Flags&FlagSuspect == 0 && c.mayAsk(a.Order) {
			c.askStatus(ev, d, request)
		}
	}
	d.RefTag = tag
	if d.faulty() {
		c.refuseFaulty(ev, d)
		return
	}
	c.rejectSession(ev, d, faultOf(&d.msg, tag), tag)
	d.Reason, d.MsgType = risk.Unjudged, 0
}

// faultOf is what is wrong with a known tag that could not be read.
func faultOf(m *fix.Message, tag uint32) fix.FaultCode {
	switch {
	case twice(m, int(tag)):
		return fix.RepeatedTag
	case !m.Has(int(tag)):
		return fix.RequiredMissing
	case tag == fix.TagExecType || tag == fix.TagOrdStatus:
		return fix.IncorrectValue
	}
	return fix.IncorrectFormat
}

// refuseFaulty rejects a venue's message that the session layer has delivered in spite of its fault, and
// of which nothing could be booked. A Reject(35=3) is never answered.
func (c *Core) refuseFaulty(ev *Event, d *Decision) {
	if r := &d.result; r.Refuse && msgType(&d.msg) != '3' {
		link.Reject(&d.Out, &c.set.Links[ev.Link].Settings, ev.Link, &d.Link, &d.msg, r.Code, r.FaultTag, ev.Now)
	}
}

// partlyBooked tells a human of a venue's reject that was booked although the session layer refuses it.
func (d *Decision) partlyBooked(order uint32) {
	if d.faulty() {
		d.RefTag = d.faultTag()
		d.alert(ReportPartlyRead).Order = order
	}
}
