package core

import (
	"github.com/cespare/xxhash/v2"

	"portcullis/fix"
	"portcullis/risk"
)

// decideParticipant judges an application message of a participant. Only what is judged is passed on: any other
// type is refused as unsupported.
func (c *Core) decideParticipant(ev *Event, d *Decision) {
	m := &d.msg
	if tag := m.Repeated(); tag != 0 {
		c.rejectSession(ev, d, fix.RepeatedTag, uint32(tag))
		return
	}
	if v := m.Value(fix.TagApplVerID); v != nil && string(v) != c.set.Links[ev.Link].ApplVerID {
		c.rejectSession(ev, d, fix.IncorrectValue, fix.TagApplVerID) // what it says is not what is judged
		return
	}
	d.own = c.lookupID(ev.Link, m.Value(fix.TagClOrdID))
	switch msgType(m) {
	case 'D':
		c.decideNewOrder(ev, d)
	case 'G':
		c.decideReplace(ev, d)
	case 'F':
		c.decideCancel(ev, d)
	case 'H':
		c.decideStatusRequest(ev, d)
	case 'q':
		c.decideMassCancel(ev, d)
	default:
		c.decideLongType(ev, d)
	}
}

// decideLongType judges the messages whose MsgType(35) has two letters.
func (c *Core) decideLongType(ev *Event, d *Decision) {
	switch string(d.msg.Type()) {
	case "AF":
		c.decideMassStatus(ev, d)
	case "DH":
		c.decidePartyAction(ev, d)
	default:
		c.answerBusiness(ev, d, risk.MessageUnsupported)
	}
}

// decideNewOrder judges a NewOrderSingle in the order of the Reasons: form, gate, kill, ClOrdID,
// then every control of the risk book, then the venue. The first that fails answers; nothing is
// reserved by an order that fails.
func (c *Core) decideNewOrder(ev *Event, d *Decision) {
	o := &d.order
	d.MsgType = 'D'
	if !c.orderFields(ev, d, newOrderTags[:]) {
		return
	}
	seen := c.findOwn(d)
	if seen != NoIndex && c.sameMessage(d, seen) && c.statusAgain(ev, d, seen) {
		return
	}
	venue, routed := uint32(NoIndex), risk.Accepted
	reason := c.readOrder(ev, d, o)
	if reason == risk.Accepted {
		c.complete(o)
		venue, routed = c.route(d)
		if o.Venue = venue; venue != NoIndex {
			v := &c.set.Venues[venue]
			c.cutOffOrder(ev, o)
			reason = c.policyReason(ev, d, v, &c.tags(venue, ev.Link).Order)
		}
	}
	if reason == risk.Accepted {
		reason = c.stopReason(d, o, &o.Place)
	}
	if reason == risk.Accepted {
		reason = c.drainReason(ev.Link)
	}
	if reason == risk.Accepted && seen != NoIndex {
		reason = risk.DuplicateClOrdID
	}
	if reason == risk.Accepted {
		reason = c.tooOld(ev, d)
	}
	if reason == risk.Accepted {
		reason = c.attribute(d, o)
	}
	if reason == risk.Accepted {
		c.readQuote(ev, o)
		o.Pass = c.passes(ev, d)
		c.book.Check(o, &d.Judgement)
		reason = d.judged()
	}
	if reason == risk.Accepted {
		reason = routed
	}
	if reason == risk.Accepted && c.line(venue).Draining {
		reason = risk.VenueDraining
	}
	if reason == risk.Accepted {
		reason = c.venueReason(ev, venue, o.Account, ev.Link)
	}
	if reason == risk.Accepted && d.Judgement.Meets {
		reason = c.clearWay(ev, d, o, venue)
	}
	d.Reason = reason
	if reason != risk.Accepted {
		c.refuseOrder(ev, d)
		c.cancelBoth(ev, d)
		return
	}
	c.acceptNew(ev, d, o, venue)
	c.usePasses(ev, d)
}

// acceptNew forwards the order and books it, in one decision.
func (c *Core) acceptNew(ev *Event, d *Decision, o *risk.Order, venue uint32) {
	c.cancelMet(ev, d)
	v := &c.set.Venues[venue]
	d.Order, d.Request = c.nextOrder(), c.nextRequest(d)
	e := d.effect(Opened)
	e.Order, e.Request = d.Order, d.Request
	e.ID = c.idForOwn(d)
	e.Off, e.Len = d.textRange(fix.TagClOrdID)
	e.Link, e.Venue = ev.Link, venue
	e.Account, e.Instrument, e.Author = o.Account, o.Instrument, o.Author
	e.Side, e.OrdType, e.TimeInForce = o.Terms.Side, o.Terms.OrdType, o.Terms.TimeInForce
	e.Qty, e.Worst, e.K = o.Terms.Qty, d.Judgement.Worst, d.Judgement.K
	e.setPrices(o)
	e.setExpiry(o)
	e.Open, e.Reserved = d.Judgement.Open, d.Judgement.Reserved
	e.Value = d.bodyHash()
	e.Seq = c.nextOut(ev, d, v.Link)
	c.forward(ev, d, &c.tags(venue, ev.Link).Order, 'D', NoIndex)
}

// Tags without which a message is not what its type says, in the order they are asked for.
var (
	newOrderTags = [...]int{fix.TagSide, fix.TagSymbol, fix.TagOrdType, fix.TagTransactTime}
	replaceTags  = [...]int{fix.TagOrigClOrdID, fix.TagSide, fix.TagSymbol, fix.TagOrdType, fix.TagTransactTime}
	cancelTags   = [...]int{fix.TagOrigClOrdID, fix.TagSide, fix.TagSymbol, fix.TagTransactTime}
)

// orderFields answers a message without the tags that FIX requires: without a readable ClOrdID by
// BusinessMessageReject, without another by Reject. TransactTime came with FIX.4.2.
func (c *Core) orderFields(ev *Event, d *Decision, required []int) bool {
	m, t := &d.msg, c.set.Links[ev.Link].Dialect
	if len(m.Value(fix.TagClOrdID)) == 0 {
		c.answerBusiness(ev, d, d.at(fix.TagClOrdID, risk.FieldMissing))
		return false
	}
	for _, tag := range required {
		if !m.Has(tag) && (tag != fix.TagTransactTime || t.of("D").has.in(tag)) {
			d.Reason = risk.FieldMissing
			c.rejectSession(ev, d, fix.RequiredMissing, uint32(tag))
			return false
		}
	}
	return true
}

// readOrder turns a D or G into what the checks see. It refuses for form only: names that are unknown stay
// NoIndex, and are refused when their turn comes in the order of the Reasons.
func (c *Core) readOrder(ev *Event, d *Decision, o *risk.Order) risk.Reason {
	m := &d.msg
	set := &c.set.Links[ev.Link]
	o.Link, o.Owner, o.Venue, o.Author, o.Replace = ev.Link, ev.Link, NoIndex, risk.Author{}, false
	o.NowNs, o.UTCNs = ev.Now.MonoNs, ev.Now.UTCNs
	o.TooLate = risk.Unjudged
	o.CapacitiesBarred, o.LinkTests = set.CapacitiesBarred, set.Tests
	o.Form, o.Prior, o.Cum, o.OpenBooked, o.ReservedBooked, o.K = nil, nil, 0, 0, 0, 0
	if m.Has(fix.TagAccount) {
		d.account = c.accounts.lookUp(m.Value(fix.TagAccount))
	} else {
		d.account = c.defaultAccount(set)
	}
	d.symbol = c.symbols.lookUp(m.Value(fix.TagSymbol))
	o.Account, o.Instrument = d.account.number, d.symbol.number
	if c.wide {
		c.askForRows(o)
	}
	if reason := c.readTerms(d, &o.Terms); reason != risk.Accepted {
		return reason
	}
	if v := m.Value(fix.TagCurrency); v != nil && o.Instrument != NoIndex &&
		string(v) != c.set.Instruments[o.Instrument].Currency {
		return d.at(fix.TagCurrency, risk.FieldNotUnderstood) // prices are judged in the instrument's own
	}
	if len(m.Value(fix.TagClOrdID)) > ClOrdIDBytesMax {
		return d.at(fix.TagClOrdID, risk.ClOrdIDTooLong)
	}
	if reason := located(d, o); reason != risk.Accepted {
		return reason
	}
	return c.readParties(d, set, &o.Author)
}

// defaultAccount is the account of a link's orders that name none.
func (c *Core) defaultAccount(set *LinkSetup) named {
	if set.DefaultAccount == NoIndex {
		return named{number: NoIndex}
	}
	return named{number: set.DefaultAccount, route: routeOf(c.set.Routes.ByAccount, int(set.DefaultAccount)), renamed: true}
}

// readTerms reads side, type, time in force, quantity and prices in their canonical forms.
func (c *Core) readTerms(d *Decision, t *risk.Terms) risk.Reason {
	m := &d.msg
	*t = risk.Terms{}
	var ok bool
	if t.Side, ok = risk.ParseSide(only(m.Value(fix.TagSide))); !ok {
		return d.at(fix.TagSide, risk.FieldMalformed)
	}
	if t.OrdType, ok = risk.ParseOrdType(only(m.Value(fix.TagOrdType))); !ok {
		if risk.UnpricedOrdType(only(m.Value(fix.TagOrdType))) {
			return d.at(fix.TagOrdType, risk.OrdTypeUnsupported)
		}
		return d.at(fix.TagOrdType, risk.FieldMalformed)
	}
	tif := byte('0') // absent means Day
	if m.Has(fix.TagTimeInForce) {
		tif = only(m.Value(fix.TagTimeInForce))
	}
	if t.TimeInForce, ok = risk.ParseTimeInForce(tif); !ok {
		return d.at(fix.TagTimeInForce, risk.FieldMalformed)
	}
	if !m.Has(fix.TagOrderQty) {
		return d.at(fix.TagOrderQty, risk.FieldMissing)
	}
	qty, fault := fix.ParseDecimal(m.Value(fix.TagOrderQty))
	if fault != fix.NumberOK || qty <= 0 {
		return d.at(fix.TagOrderQty, risk.FieldMalformed)
	}
	t.Qty = risk.Qty(qty)
	if t.HasPrice = m.Has(fix.TagPrice); t.HasPrice {
		price, fault := fix.ParseDecimal(m.Value(fix.TagPrice))
		if fault != fix.NumberOK {
			return d.at(fix.TagPrice, risk.FieldMalformed)
		}
		t.Price = risk.Price(price)
	}
	if t.HasStop = m.Has(fix.TagStopPx); t.HasStop {
		stop, fault := fix.ParseDecimal(m.Value(fix.TagStopPx))
		if fault != fix.NumberOK {
			return d.at(fix.TagStopPx, risk.FieldMalformed)
		}
		t.StopPx = risk.Price(stop)
	}
	return risk.Accepted
}

// at notes the tag that a reason is about.
func (d *Decision) at(tag uint32, reason risk.Reason) risk.Reason {
	d.RefTag = tag
	return reason
}

// judged is the verdict of the risk checks. It notes the tag that the verdict is about.
func (d *Decision) judged() risk.Reason {
	if tag := d.Judgement.RefTag; tag != 0 {
		d.RefTag = tag
	}
	return d.Judgement.Reason
}

// only returns the character of a one-character value; 0 is no value of any FIX enumeration.
func only(v []byte) byte {
	if len(v) == 1 {
		return v[0]
	}
	return 0
}

// readQuote reads the reference price for an order.
func (c *Core) readQuote(ev *Event, o *risk.Order) {
	c.quote(ev, o.Instrument)
	o.Quote = ev.Quote
}

// quote reads the reference price once, or leaves the recorded one in a replay.
func (c *Core) quote(ev *Event, instrument uint32) {
	if !ev.Quoted && instrument != NoIndex {
		c.set.Prices.Quote(instrument, &ev.Quote)
		c.book.InUnits(instrument, &ev.Quote)
		ev.Quoted = true
	}
}

// tooOld refuses an order that was first sent too long ago: a resent one (PossDupFlag or PossResend), or one that
// came above a gap and had to wait for its turn.
func (c *Core) tooOld(ev *Event, d *Decision) risk.Reason {
	m := &d.msg
	dup, ok1 := m.Flag(fix.TagPossDupFlag)
	again, ok2 := m.Flag(fix.TagPossResend)
	if !ok1 || !ok2 {
		return d.at(fix.TagPossResend, risk.FieldMalformed)
	}
	tag := fix.TagOrigSendingTime
	switch {
	case !dup && !again && ev.Code != WasEarly:
		return risk.Accepted
	case !dup && !again:
		tag = fix.TagSendingTime
	case !dup && !m.Has(tag):
		tag = fix.TagTransactTime
	}
	ageMax := c.set.Links[ev.Link].MaxOrderAgeNs
	sent, ok := fix.ParseTimestamp(m.Value(tag))
	if age := ev.Now.UTCNs - sent; !ok || age > ageMax || age < -ageMax {
		return d.at(uint32(tag), risk.StaleResend) // a time to come proves nothing either
	}
	if again && c.reg.earlier[0] != 0 {
		if made, ok := fix.ParseTimestamp(m.Value(fix.TagTransactTime)); !ok || made < c.reg.rolledNs {
			return d.at(fix.TagTransactTime, risk.StaleResend) // it may have been taken yesterday, whose ids are forgotten
		}
	}
	return risk.Accepted
}

// sameMessage reports whether a message marked as possibly resent repeats the one that took its
// ClOrdID, byte for byte. It is then answered with the order's status and not judged again.
func (c *Core) sameMessage(d *Decision, id uint32) bool {
	dup, _ := d.msg.Flag(fix.TagPossDupFlag)
	again, _ := d.msg.Flag(fix.TagPossResend)
	e := &c.ids[id]
	return (dup || again) && (e.request != NoIndex || e.refused || e.mass) && e.body == d.bodyHash()
}

// bodyHash is the hash of everything between header and trailer.
func (d *Decision) bodyHash() uint64 {
	m := &d.msg
	first := min(3, m.Len()) // behind BeginString, BodyLength and MsgType
	for first < m.Len() && IsHeader(m.Field(first).Tag) {
		first++
	}
	if first == m.Len() {
		return 0
	}
	from := int(m.Field(first - 1).End)
	to := int(m.Field(m.Len() - 2).End)
	if from > to {
		return 0
	}
	return xxhash.Sum64(m.Raw[from:to])
}

// textRange says where in Event.Data the value of a tag lies, as Effect.Off and Effect.Len carry it.
func (d *Decision) textRange(tag int) (off, size uint32) {
	f, _ := d.msg.Find(tag)
	return f.Off, f.End - f.Off
}

// venueReason says why no order may go to a venue now.
func (c *Core) venueReason(ev *Event, venue, account, owner uint32) risk.Reason {
	l := c.line(venue)
	switch {
	case l.Phase != linkUp:
		return risk.VenueDown
	case l.Blocked:
		return risk.VenueBusy
	}
	if r := c.budgetReason(venue, account, ev.Now.MonoNs); r != risk.Accepted {
		return r
	}
	switch {
	case c.lost[venue] || c.missing[venue] > 0 || c.owed[venue] > 0 || c.hasUnknown(venue, account, owner):
		return risk.VenueRecovering
	case l.EgressStopped:
		return risk.EgressBlocked
	}
	return risk.Accepted
}

// room refuses where a table has no free slot. A new order and a replace leave room for a cancel of every open
// order, and a cancel takes that room. One for another link's order takes none of what the sender's own orders keep.
func (c *Core) room(d *Decision, l uint32) risk.Reason {
	spareRequests, spareIDs := c.spareRequests(), c.spareIDs(l)
	full := c.nextRequest(d) == NoIndex || c.idForOwn(d) == NoIndex
	switch d.MsgType {
	case 'D':
		full = full || c.nextOrder() == NoIndex || spareRequests < 2 || spareIDs < 2
	case 'G':
		full = full || spareRequests < 1 || spareIDs < 1
	case 'F':
		own := c.orders[d.Order].Owner == l
		full = full || spareIDs < 1 && !(own && c.shares[l].kept > 0)
	}
	if full {
		return risk.TableFull
	}
	return risk.Accepted
}
