package core

import "portcullis/risk"

// When an order is over without the venue ending it outright.

// counts are an order's numbers after an event.
type counts struct {
	cum, executed risk.Qty // CumQty(14) as the venue says it, and the executions booked
	open          risk.Qty
	pending       int // replaces without an answer
}

// endIfOver is the one rule for the end of an order that was filled: the venue has said so, in this
// report or an earlier one, the executions booked say so too, and no replace could make it more. An
// order that is over otherwise, while executions of it are still missing, ends with the last of them.
func (c *Core) endIfOver(ev *Event, d *Decision, o *Order, status byte, n counts) {
	filled := status == '2' && n.open == 0 && n.pending == 0
	closed := o.EndedBy(status) && n.executed == n.cum
	switch {
	case o.State != Live:
	case filled || closed:
		c.over(d, status)
	case n.short(status):
		c.contradicted(ev, d, o)
	}
}

// short reports whether an order that is called filled is not: all its executions are here, nothing
// awaits an answer, and they leave something open.
func (n counts) short(status byte) bool {
	return status == '2' && n.open > 0 && n.pending == 0 && n.cum == n.executed
}

// contradicted makes an order suspect of which the venue says what cannot be, and asks it, the first
// time: the answer may be no better.
func (c *Core) contradicted(ev *Event, d *Decision, o *Order) {
	first := o.Flags&FlagSuspect == 0
	c.flag(d, d.Order, FlagSuspect, 1)
	if !first {
		return
	}
	d.alert(OrderInDoubt).Order = d.Order
	if c.mayAsk(d.Order) {
		c.askStatus(ev, d, o.Current)
	}
}

// over ends the order at hand.
func (c *Core) over(d *Decision, status byte) {
	e := d.effect(Ended)
	e.Order, e.Status = d.Order, status
}

// overBy reports whether an OrdStatus(39) says that an order is over, filled or otherwise.
func (o *Order) overBy(status byte) bool { return status == '2' || o.EndedBy(status) }

// EndedBy reports whether an OrdStatus(39) other than filled ends the order. Done for the day ends an
// order for the day only.
func (o *Order) EndedBy(status byte) bool {
	switch status {
	case '4', '8', 'C':
		return true
	case '3':
		return !o.isGoodTill()
	}
	return false
}

// mayTrade reports whether something of an order may be open at its venue. What is live and cannot trade has ended there, while
// executions that the venue has counted are missing.
func (o *Order) mayTrade() bool { return o.State == Live && !o.closed() }

// closed reports whether an order lives in our books alone: its venue has ended it.
func (o *Order) closed() bool { return o.State == Live && o.EndedBy(o.Status) }

// bound takes out of versions what can no longer be executed once a status holds: of an order that its venue has ended nothing
// is to come but what CumQty(14) has counted.
func (o *Order) bound(vs []risk.Version, status byte, cum risk.Qty) []risk.Version {
	if o.EndedBy(status) {
		for i := range vs {
			vs[i].Qty = min(vs[i].Qty, cum)
		}
	}
	return vs
}

// statusAfter is the OrdStatus(39) that holds after a report. A fill that leaves nothing is a fill in
// full, also where the venue shows a pending request beside it or calls it partial. What is over stays
// over when an execution, its bust, new terms or the acknowledgement are told late or again, or a request is still pending: of
// such an order only a bust or the answer to the gate's own question say something else; and of one that lives in our books alone,
// because executions of it are missing, only what opens it again or another end.
func (o *Order) statusAfter(r *venueReport) byte {
	late := r.kind == noChange || r.kind == newReport && !r.revives || r.kind == fill && r.cum <= o.Cum || r.idle || r.stale ||
		o.State == Final && (r.kind == replaced || r.kind == restated && !r.revives) || o.closed() && !o.EndedBy(r.status) && !r.opens()
	switch {
	case late && o.overBy(o.Status):
		return o.Status
	case r.kind == fill && r.hasLeaves && r.leaves == 0 && r.cum >= o.Qty && !o.EndedBy(r.status):
		return '2'
	case r.status == 0 && r.opens() && r.cum > 0:
		return '1'
	case r.status == 0 && r.opens():
		return '0'
	case r.status == 0:
		return o.Status
	}
	return r.status
}

// opens reports whether a report opens an order again that its venue has ended: it confirms what was gone, or takes an execution
// back and leaves something open.
func (r *venueReport) opens() bool {
	return r.revives || (r.kind == bust || r.kind == correction) && r.leaves > 0
}
