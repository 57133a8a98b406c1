package core

import (
	"portcullis/fix"
	"portcullis/risk"
)

// reportKind is what an ExecutionReport says, whatever the FIX version says it with.
type reportKind uint8

const (
	noChange   reportKind = iota // pending new, pending cancel, pending replace, stopped, suspended
	newReport                    // 150=0
	replaced                     // 150=5
	restated                     // 150=D
	fill                         // 150=F; 4.2: 150=1 or 2 with 20=0
	ended                        // 39=4, 8, C, or 39=3 of an order for the day
	bust                         // 150=H; 4.2: 20=1
	correction                   // 150=G; 4.2: 20=2
	statusOnly                   // 150=I; 4.2: 20=3
)

// venueReport is an ExecutionReport as read.
type venueReport struct {
	kind      reportKind
	status    byte   // OrdStatus(39); 0: it cannot be read
	execType  byte   // ExecType(150)
	doubt     uint32 // tag of an execution's report that cannot be read, or was rounded; 0: none
	hasPrice  bool
	hasCum    bool
	hasLeaves bool
	hasAvgPx  bool
	revives   bool // it confirms a request that is gone
	newUnits  bool // it restates its order in other units than before
	again     bool // it says terms again that were confirmed before: perhaps those that held before what has come since
	ahead     bool // its execution is in the units of after a split that the roll has not applied yet
	stale     bool // and surely those: it has a count of before executions that are booked
	idle      bool // a bust or correction of nothing that is booked: it says again what was said before, or is not for us

	late   uint8 // of before so many splits its counts and terms are, which were taken over
	splits uint8 // and of before so many lastQty and lastPx, likewise

	qty, cum, leaves risk.Qty   // 38, 14, 151
	lastQty          risk.Qty   // 32
	price, lastPx    risk.Price // 44, 31
	avgPx            risk.Price // 6
}

// total is the quantity of an open order as its report says it: OrderQty(38), or what is executed and what is left;
// 0 where it says neither.
func (r *venueReport) total() risk.Qty {
	if r.qty > 0 || !r.hasCum || !r.hasLeaves || r.leaves <= 0 {
		return r.qty
	}
	return r.cum.Plus(r.leaves)
}

// decideVenue judges an application message of a venue.
func (c *Core) decideVenue(ev *Event, d *Decision) {
	switch msgType(&d.msg) {
	case '8':
		c.decideReport(ev, d)
	case '9':
		c.decideCancelReject(ev, d)
	case 'r':
		c.decideMassReport(ev, d)
	case 'f':
		c.decideSecurityStatus(ev, d)
	case 'h':
		c.decideSessionStatus(ev, d)
	case '3':
		c.decideSessionReject(ev, d)
	case 'j':
		c.decideBusinessReject(ev, d)
	default:
		c.refuseFaulty(ev, d)
	}
}

// decideReport books what a venue says of an order (exposure 7) and passes it on to the owner.
func (c *Core) decideReport(ev *Event, d *Decision) {
	d.MsgType = '8'
	venue := c.set.Links[ev.Link].Venue
	m := &d.msg
	request := c.requestOf(venue, m.Value(fix.TagClOrdID))
	if request == NoIndex {
		request = c.requestOf(venue, m.Value(fix.TagOrigClOrdID))
	}
	r := &d.report
	if tag := c.readReport(ev, d, r); tag != 0 {
		c.unreadable(ev, d, request, tag)
		return
	}
	if request == NoIndex && (r.kind == bust || r.kind == correction) {
		request = c.bustedRequest(venue, m)
	}
	if request == NoIndex {
		c.unknownOrder(ev, d, venue, r)
		return
	}
	d.Request, d.Order = request, c.requests[request].Order
	o := &c.orders[d.Order]
	if r.kind == statusOnly {
		c.statusAnswer(ev, d, o, r)
		c.killAgain(ev, d, d.has(Confirmed))
		return
	}
	if r.kind == fill || r.kind == correction {
		if slot := c.knownAs(d, venue, d.Order, r); c.bookedAs(slot) { // it changes nothing, and its owner has it
			c.doubtSeen(ev, d, o, r, slot)
			return
		}
	}
	if o.resolved(r) {
		c.recognise(d, o, r)
		return
	}
	c.settleNamed(d, o)
	if r.late = uint8(c.lateBy(d, o, r)); c.restatedSince(o) && !r.overCorporateAction(m) {
		c.takeCounts(d, o, r)
	}
	r.ahead = r.kind == fill && c.toldAhead(d, o.Instrument, o, r)
	r.again = c.saysAgain(d, o, r)
	r.stale = r.again && r.hasCum && r.cum < o.Cum
	c.bookReport(ev, d, o, r)
	if (r.kind == fill || r.kind == correction) && !c.sameOrder(d, o) {
		d.alert(ExecutionOfAnother).Order = d.Order
		c.flag(d, d.Order, FlagSuspect, 1)
	}
	if r.doubt != 0 {
		c.partlyRead(ev, d, o, r)
	}
	c.recordOvershoot(d)
	c.noteStatus(d, o, r)
	c.passReport(ev, d, o, "8")
	c.tellDoubtful(ev, d, o)
	c.killAgain(ev, d, r.kind == newReport || r.kind == replaced || r.kind == fill && d.has(Confirmed))
}

// saysAgain reports whether a report says terms of a request that its venue has granted before, and has perhaps said before.
func (c *Core) saysAgain(d *Decision, o *Order, r *venueReport) bool {
	again, _ := d.msg.Flag(fix.TagPossResend)
	switch {
	case !again:
		return false
	case r.kind == restated: // it is about what holds, whatever it names
		return c.requests[o.Current].State == Granted
	}
	return (r.kind == newReport || r.kind == replaced) && c.requests[d.Request].State != Pending
}

// sameOrder reports whether the Side(54) and Symbol(55) of an execution are those of the order that it
// names, where they can be read. The id is what it is booked by: a human must say which of them is wrong.
func (c *Core) sameOrder(d *Decision, o *Order) bool {
	side, symbol := d.msg.Value(fix.TagSide), d.msg.Value(fix.TagSymbol)
	return (len(side) == 0 || only(side) == '0'+byte(o.Side)) &&
		(len(symbol) == 0 || string(symbol) == c.symbolAt(o.Instrument, o.Venue))
}

// bookReport books what a report says, by its kind.
func (c *Core) bookReport(ev *Event, d *Decision, o *Order, r *venueReport) {
	switch r.kind {
	case newReport, replaced, restated:
		c.confirm(ev, d, o, r)
	case fill:
		c.bookFill(ev, d, o, r)
	case bust, correction:
		c.bookBust(ev, d, o.Venue, r)
		if r.idle = !d.has(Busted); r.idle && o.State == Live && o.overBy(r.status) {
			r.status = o.Status
			c.contradicted(ev, d, o)
		}
	case ended:
		c.bookEnd(ev, d, o, r)
	}
}

// confirm takes over the terms of the report; replaces sent later stay live. What a report says of
// a request that a later one has superseded no longer holds. A restatement is of the terms that hold.
func (c *Core) confirm(ev *Event, d *Decision, o *Order, r *venueReport) {
	request := d.Request
	if r.kind == restated {
		request = o.Current
	}
	q := &c.requests[request]
	later := q.Next
	switch r.revives = c.revived(d, o, request, r); {
	case r.revives:
		r.again = false                  // it is news: the request was taken to be gone
		later = c.requests[o.First].Next // what was sent before it is unanswered still
		d.alert(OrderInDoubt).Order = d.Order
		if o.State == Final {
			d.effect(Reopened).Order = d.Order
		}
	case !o.mayTrade() || q.Kind == CancelRequest || q.State != Pending && request != o.Current:
		return
	}
	r.newUnits = c.inOtherUnits(d, o, r)
	e := d.effect(Confirmed)
	e.Order, e.Request = d.Order, request
	e.Qty, e.Price, e.Second, e.Worst, e.OrdType, e.Prices = q.Qty, q.Price, q.Second, q.Worst, q.OrdType, q.Prices
	if q.State == Granted || q.State != Pending && !r.revives { // said again: what is not repeated stays
		e.Qty, e.Price, e.Second, e.Worst, e.OrdType, e.Prices = o.Qty, o.Price, o.Second, o.Worst, o.OrdType, o.Prices
	}
	c.takeTerms(ev, d, o, e, r)
	cum, executed := r.countOf(&d.msg, o), o.Executed
	if r.newUnits {
		e.Flags = NewUnits
		cum, executed = c.countAnew(d, o, r, e.Qty)
	}
	d.prior[0] = risk.Version{Qty: e.Qty, Worst: e.Worst}
	n := 1
	for ; later != NoIndex && n < len(d.prior); later = c.requests[later].Next {
		if p := &c.requests[later]; p.State == Pending && p.Kind == ReplaceRequest {
			d.prior[n] = risk.Version{Qty: p.Qty, Worst: p.Worst}
			if r.newUnits {
				c.carryOver(d, o, later, e.Qty, &d.prior[n])
			}
			n++
		}
	}
	status := o.statusAfter(r)
	vs := o.bound(d.prior[:n], status, cum)
	e.Open, e.Reserved = c.reservation(o, vs, min(cum, executed), o.K)
	if cum != o.Cum {
		c.rebooked(d, o, vs, cum, executed)
	}
	c.compare(ev, d, o, r, cum, executed)
	c.endIfOver(ev, d, o, status, counts{cum, executed, e.Open, n - 1})
}

// revived reports whether a venue confirms what it has refused, or asked for again as missing, or restates as open what it has
// ended: it has it after all, whoever was told otherwise. What may be said again, or late, is no news.
func (c *Core) revived(d *Decision, o *Order, request uint32, report *venueReport) bool {
	q := &c.requests[request]
	switch {
	case report.kind == restated:
		return o.State == Final && report.leaves > 0 && !o.overBy(report.status) && report.cum >= o.Cum && !saidBefore(&d.msg)
	case q.State != Gone || report.kind != newReport && report.kind != replaced:
		return false
	case o.State == Final:
		return q.Kind == NewRequest && report.kind == newReport
	}
	for r := c.requests[o.Current].Next; r != NoIndex; r = c.requests[r].Next {
		if r == request {
			return q.Kind == ReplaceRequest
		}
	}
	return false
}

// takeTerms takes OrderQty(38) and Price(44) over from a report. 0 is no term of an order: some
// venues write it where they have nothing to say. Of a peg many write where it stands now, which is no new cap. Terms that
// are said again may no longer hold: they take nothing off what is reserved.
func (c *Core) takeTerms(ev *Event, d *Decision, o *Order, e *Effect, r *venueReport) {
	switch {
	case r.newUnits:
		c.takeUnits(ev, d, o, e, r)
		return
	case r.again && r.stale:
		return
	case r.again:
		e.Qty = max(e.Qty, r.qty)
	case r.qty > 0:
		if r.price == 0 && r.qty < e.Qty && c.carriedOver(o, e.Request) {
			e.Worst = scaledPrice(e.Worst, int64(e.Qty), int64(r.qty)) // it may be granted as it was sent
		}
		e.Qty = r.qty
	}
	if e.Prices&PriceGiven == 0 || !r.hasPrice || r.price == 0 || r.price == e.Price || e.OrdType == risk.Pegged && r.price < e.Price {
		return
	}
	t := termsOf(o.Side, e.OrdType, r.price, e.Second, e.Prices)
	worst, ok := c.worst(ev, o.Instrument, &t)
	if !ok {
		worst = max(e.Worst, r.price)
	}
	if r.again {
		e.Worst = max(e.Worst, worst)
		return
	}
	e.Price, e.Worst = r.price, worst
}

// termsOf rebuilds the terms that a worst price depends on.
func termsOf(side risk.Side, typ risk.OrdType, price, second risk.Price, given PricesGiven) risk.Terms {
	t := risk.Terms{Side: side, OrdType: typ, Price: price, HasPrice: given&PriceGiven != 0, HasStop: given&StopPxGiven != 0}
	switch {
	case t.HasStop:
		t.StopPx = second
	case given&DiscretionGiven != 0:
		t.Discretion = second
	case given&PegOffsetGiven != 0:
		t.PegOffset = second
	}
	return t
}

// worst is the worst price of terms at today's reference; false: there is no reference.
func (c *Core) worst(ev *Event, instrument uint32, t *risk.Terms) (risk.Price, bool) {
	c.quote(ev, instrument)
	w, _, reason := c.book.Worst(instrument, t, &ev.Quote, ev.Now.UTCNs)
	return w, reason == risk.Accepted
}

// compare holds the venue's CumQty(14) against the executions booked. Where they differ the order
// is suspect, the venue is asked, and the reservation counts with the smaller one (exposure 7);
// where they agree again it no longer is.
func (c *Core) compare(ev *Event, d *Decision, o *Order, r *venueReport, cum, executed risk.Qty) {
	suspect := o.Flags&FlagSuspect != 0
	if cum == executed {
		waits := r.kind == statusOnly && c.requests[d.Request].otherTerms(r)
		if suspect && r.hasCum && !waits && !r.stale && !d.has(Flagged) && c.endsDoubt(d, o, r.status) && !c.overdue(ev, o, d.Request, r.kind == newReport || r.kind == replaced) {
			c.flag(d, d.Order, FlagSuspect, 0)
		}
		return
	}
	if cum-executed != o.Cum-o.Executed {
		d.alert(CumQtyDiffers).Order = d.Order
	}
	if !suspect {
		c.suspect(ev, d, o, r)
	}
}

// suspect marks an order whose counts are in doubt; the venue is asked where it can be.
func (c *Core) suspect(ev *Event, d *Decision, o *Order, r *venueReport) {
	c.flag(d, d.Order, FlagSuspect, 1)
	if o.State == Live && r.kind != statusOnly && c.mayAsk(d.Order) {
		c.askStatus(ev, d, d.Request)
	}
}

// rebooked computes open quantity and reservation anew from the versions.
func (c *Core) rebooked(d *Decision, o *Order, vs []risk.Version, cum, executed risk.Qty) *Effect {
	e := d.effect(Rebooked)
	e.Order, e.Qty = d.Order, cum
	e.Open, e.Reserved = c.reservation(o, vs, min(cum, executed), o.K)
	return e
}

// reservation is exposure 3; what cannot be computed does not become less.
func (c *Core) reservation(o *Order, vs []risk.Version, counted risk.Qty, k risk.Factor) (risk.Qty, risk.Money) {
	open, reserved, ok := risk.Reservation(vs, max(counted, 0), k)
	if !ok || reserved > risk.MagnitudeMax || open > risk.MagnitudeMax {
		return min(max(open, o.Open), risk.MagnitudeMax), max(o.Reserved, min(reserved, risk.MagnitudeMax))
	}
	return open, reserved
}

// noteStatus remembers the venue's OrdStatus, AvgPx and OrderID where they are new.
func (c *Core) noteStatus(d *Decision, o *Order, r *venueReport) {
	id := d.msg.Value(fix.TagOrderID)
	sameID := len(id) == 0 || len(id) > venueOrderIDBytesMax || string(o.VenueOrderID()) == string(id)
	if !r.hasAvgPx {
		r.avgPx = o.AvgPx
	}
	status := o.statusAfter(r)
	if o.State == Live && o.EndedBy(status) && !d.has(Ended) && !d.has(Rebooked) && !d.has(Confirmed) {
		status = o.Status // nothing of it was booked: what is open stays so
	}
	if status == o.Status && r.avgPx == o.AvgPx && sameID {
		return
	}
	e := d.effect(Reported)
	e.Order, e.Status, e.Price = d.Order, status, r.avgPx
	if !sameID {
		e.Off, e.Len = d.textRange(fix.TagOrderID)
	}
}
