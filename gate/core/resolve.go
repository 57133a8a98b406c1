package core

import (
	"encoding/binary"
	"math/bits"

	"github.com/cespare/xxhash/v2"

	"portcullis/fix"
	"portcullis/risk"
)

// Outcome is what a human says of an order in doubt. The numbers are journaled and never reused.
type Outcome uint8

const (
	StaysOpen    Outcome = 1 // the venue has it; it stays reserved, and its requests are asked about no more
	WasFilled    Outcome = 2
	WasCancelled Outcome = 3
	WasRejected  Outcome = 4
)

// resolvedText tells an owner whose word it is.
const resolvedText = "RESOLVED: by an operator's word, in place of a report that the venue owes"

// decideResolve ends the doubt about an order by a human's word (behaviour 7): it stays open, or is over. That it is over
// gives back what it reserves, so where two people stand behind what checks, two have to say so.
// What was executed beyond the executions booked is booked with it: Qty at Price.
func (c *Core) decideResolve(ev *Event, d *Decision, m *Command) ReplyCode {
	slot, code := c.findDoubt(CommandName(ev.Data), m.Index)
	if code != Done {
		return code
	}
	o, id := &c.orders[slot], CommandExecID(ev.Data)
	ended := o.State == Final
	switch {
	case ended && !o.endedAs(m), !ended && !c.possible(d, o, m):
		return Impossible
	case !ended && len(id) > 0 && c.bookedAs(c.findExecution(o.Venue, id, c.reg.tradeDate, 0)):
		return ExecBooked
	case m.Outcome != StaysOpen:
		code = c.loosens(d, m, c.resolution(slot, m, id))
	}
	switch {
	case code != Done:
	case ended:
		d.Order = slot
		c.flag(d, slot, FlagSuspect, 0)
	default:
		c.resolveOrder(ev, d, slot, m)
	}
	return code
}

// resolution names what is said of an order, whatever it is called by who says so. Another order in its slot later has another
// generation.
func (c *Core) resolution(slot uint32, m *Command, execID []byte) uint64 {
	var what [40]byte
	first := c.orders[slot].First
	binary.LittleEndian.PutUint32(what[:], first)
	binary.LittleEndian.PutUint32(what[4:], uint32(c.requests[first].Gen))
	binary.LittleEndian.PutUint64(what[8:], uint64(m.Qty))
	binary.LittleEndian.PutUint64(what[16:], uint64(m.Price))
	binary.LittleEndian.PutUint64(what[24:], xxhash.Sum64(execID))
	what[32] = byte(m.Outcome)
	return xxhash.Sum64(what[:])
}

// resolveOrder makes true what a human says of an order that may have come to that end.
func (c *Core) resolveOrder(ev *Event, d *Decision, slot uint32, m *Command) {
	o := &c.orders[slot]
	d.Order = slot
	if m.Outcome == StaysOpen {
		for r := o.First; r != NoIndex; r = c.requests[r].Next {
			c.settle(d, r)
		}
		c.flag(d, slot, FlagUnknown|FlagSuspect, 0)
		if o.Cum != o.Executed { // what is booked is what counts, until the venue counts something else again
			c.rebooked(d, o, d.prior[:c.versions(o, d.prior[:], NoIndex)], o.Executed, o.Executed)
		}
		if o.Flags&wantedBy != 0 && !c.cancelling(ev, o) && c.wanted(ev, o) {
			c.gateCancel(ev, d, slot, NoIndex) // in place of what is overdue
		} else {
			c.giveUp(ev, d, o, NoIndex)
		}
		return
	}
	status := [...]byte{WasFilled: '2', WasCancelled: '4', WasRejected: '8'}[m.Outcome]
	c.endByHand(ev, d, o, m, status)
}

// endedAs reports whether an order that is over came to the end that a human says, with nothing to book.
func (o *Order) endedAs(m *Command) bool {
	end := WasCancelled
	switch o.Status {
	case '2':
		end = WasFilled
	case '8':
		end = WasRejected
	}
	return m.Outcome == end && m.Qty == 0
}

// findDoubt finds the order in doubt that a gate's OrderID, a venue's ClOrdID or a participant's ClOrdID
// names, the last of link l if that is not NoIndex. A name of several is refused.
func (c *Core) findDoubt(name []byte, l uint32) (slot uint32, code ReplyCode) {
	slot, code = NoIndex, UnknownTarget
	for v := range c.set.Venues {
		if r := c.parseVenueID(&c.set.Venues[v], name); r != NoIndex && l == NoIndex {
			slot, code = c.doubted(r, slot, code)
		}
	}
	for n := range c.set.Links {
		if l != NoIndex && l != uint32(n) || c.set.Links[n].Venue != NoIndex {
			continue
		}
		if id := c.lookupID(uint32(n), name); id != NoIndex && c.ids[id].request != NoIndex {
			slot, code = c.doubted(c.ids[id].request, slot, code)
		}
	}
	return slot, code
}

// doubted takes the order of a request beside those found before.
func (c *Core) doubted(request, slot uint32, code ReplyCode) (uint32, ReplyCode) {
	found := c.requests[request].Order
	o := &c.orders[found]
	switch {
	case o.Flags&(FlagUnknown|FlagSuspect) == 0:
		if code == UnknownTarget {
			code = NotInDoubt
		}
	case slot != NoIndex && slot != found:
		code = Ambiguous
	case code != Ambiguous:
		slot, code = found, Done
	}
	return slot, code
}

// possible reports whether an order can have come to such an end: the quantities of a filled one add up,
// of a rejected one nothing was executed, and nothing is added beyond what the order allows. What is booked is so,
// whatever the terms that we know.
func (c *Core) possible(d *Decision, o *Order, m *Command) bool {
	executed := o.Executed.Plus(m.Qty)
	most, exact := risk.Qty(0), false
	for _, v := range d.prior[:c.versions(o, d.prior[:], NoIndex)] {
		most, exact = max(most, v.Qty), exact || v.Qty == executed
	}
	if m.Qty < 0 || m.Qty > risk.MagnitudeMax || m.Qty > 0 && executed > most || (m.Qty > 0) != (m.Price > 0) {
		return false
	}
	switch m.Outcome {
	case StaysOpen:
		return m.Qty == 0 && o.mayTrade()
	case WasFilled:
		return exact || m.Qty == 0 && executed > most
	case WasRejected:
		return executed == 0
	}
	return m.Outcome == WasCancelled
}

// endByHand books what was executed, ends the order and tells its owner, also about its requests that
// await an answer.
func (c *Core) endByHand(ev *Event, d *Decision, o *Order, m *Command, status byte) {
	r := ownerReport{request: NoIndex, execType: status, status: status, final: true, text: resolvedText,
		byHand: true, cum: o.Executed + m.Qty, avgPx: averagePx(o, m)}
	if m.Qty > 0 {
		c.executeByHand(ev, d, o, m)
		fill := r
		fill.execType, fill.lastQty, fill.lastPx = 'F', m.Qty, m.Price
		if status != '2' {
			fill.status, fill.final = '1', false
		}
		c.ownerReport(ev, d, d.Order, fill)
	}
	c.rebooked(d, o, nil, r.cum, r.cum)
	c.over(d, status)
	e := d.effect(Reported)
	e.Order, e.Status, e.Price = d.Order, status, r.avgPx
	c.flag(d, d.Order, FlagSuspect, 0)
	if m.Qty == 0 || status != '2' {
		if status == '2' {
			r.execType = 'I' // the executions were told before
		}
		c.ownerReport(ev, d, d.Order, r)
	}
	c.tellDoubtful(ev, d, o)
	c.recordOvershoot(d)
}

// executeByHand books what a human says was executed. With the venue's ExecID it is remembered as if the
// venue had reported it. Without, a bust needs a hand too, and the order is marked: what the venue still
// reports of it, up to the CumQty(14) that now holds, is the same, see resolved.
func (c *Core) executeByHand(ev *Event, d *Decision, o *Order, m *Command) {
	e := d.effect(Executed)
	e.Order, e.Account, e.Instrument, e.Side, e.K, e.Venue = d.Order, o.Account, o.Instrument, o.Side, o.K, o.Venue
	c.money(d, e, m.Qty, m.Price)
	if id := CommandExecID(ev.Data); len(id) > 0 {
		e.Off, e.Len = uint32(len(ev.Data)-len(id)), uint32(len(id))
		c.remember(d, e)
		c.reconcile(d, e, id, false)
		return
	}
	c.flag(d, d.Order, FlagResolved, 1)
}

// resolved reports whether an execution that a venue reports was booked by a human's word already.
func (o *Order) resolved(r *venueReport) bool {
	return o.Flags&FlagResolved != 0 && r.kind == fill && r.hasCum && r.cum <= o.Cum
}

// recognise takes such an execution: it is not booked again, however often the venue or a drop copy tells of it, and a human
// is to see that the two agree. A bust of it needs a hand too.
func (c *Core) recognise(d *Decision, o *Order, r *venueReport) {
	d.alert(ExecutionResolved).Order = d.Order
	e := d.effect(Recognised)
	e.Order, e.Account, e.Instrument, e.Side, e.Venue = d.Order, o.Account, o.Instrument, o.Side, o.Venue
	e.Qty, e.Price = r.lastQty, r.lastPx
	e.Off, e.Len = d.textRange(fix.TagExecID)
	c.remember(d, e)
	c.reconcile(d, e, d.msg.Value(fix.TagExecID), c.toldEarlier(&d.msg))
}

// averagePx is AvgPx(6) with what is booked by hand.
func averagePx(o *Order, m *Command) risk.Price {
	if m.Qty == 0 || o.Executed < 0 || o.AvgPx < 0 {
		return o.AvgPx
	}
	hi, lo := bits.Mul64(uint64(o.AvgPx), uint64(o.Executed))
	hi2, lo2 := bits.Mul64(uint64(m.Price), uint64(m.Qty))
	lo, carry := bits.Add64(lo, lo2, 0)
	hi, _ = bits.Add64(hi, hi2, carry)
	average, _ := bits.Div64(hi, lo, uint64(o.Executed+m.Qty))
	return risk.Price(average)
}
