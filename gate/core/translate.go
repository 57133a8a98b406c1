package core

import (
	"portcullis/fix"
	"portcullis/risk"
)

// What is different between the two versions of a participant and a venue. Fields that are the same in both pass as
// they are; what reports say in words of the version is said again in those of the other; what a message of the
// other version must have is added.

// Carried tells which tags of a message stand at the same place in the same message of another version.
type Carried func(msgType string) func(tag int) bool

// NewTags makes the policies between a participant and a venue of two versions, or of one: order is of what goes to
// the venue, report of what comes from it.
func NewTags(participant, venue *Dialect, order, report Carried, o PolicyOptions) *Tags {
	t := &Tags{
		Order: RequestPolicy(order("D"), o), Replace: RequestPolicy(order("G"), o), Cancel: CancelPolicy(order("F"), o),
		Report: ReportPolicy(report("8"), o), CancelReject: ReportPolicy(report("9"), o),
	}
	t.Order.between(participant, venue, "D", o)
	t.Replace.between(participant, venue, "G", o)
	t.Cancel.between(participant, venue, "F", o)
	t.Report.between(venue, participant, "8", o)
	t.CancelReject.between(venue, participant, "9", o)
	return t
}

// between makes a policy one for messages from a version to another, or to the same.
func (p *Policy) between(from, to *Dialect, msgType string, o PolicyOptions) {
	name := []byte(msgType)
	if from.Version != to.Version {
		p.words = to.words
		for tag := range p.action { // what its sender cannot leave out is no reason to refuse
			if p.action[tag] == RejectTag && from.words.Required(name, tag) && !to.words.Defines(name, tag) {
				p.action[tag] = DropTag
			}
		}
	}
	tags := to.of(msgType)
	switch msgType {
	case "8", "9":
		if from.Version != to.Version {
			p.say(from.of(msgType), tags)
		}
	default:
		for _, tag := range addedTags {
			if tags.must.in(tag) && !o.mentions(tag) {
				p.missing = append(p.missing, tag)
			}
		}
	}
}

// addedTags are required in orders of some versions and not in those of others.
var addedTags = [...]int{fix.TagHandlInst, fix.TagOrderQty, fix.TagTransactTime, fix.TagCxlType}

// mentions reports whether a venue's profile has its own word on a tag.
func (o *PolicyOptions) mentions(tag int) bool {
	for _, s := range o.Set {
		if s.Tag == tag {
			return true
		}
	}
	for _, list := range [...][]TagRange{o.Drop, o.Reject} {
		for _, r := range list {
			if r.First <= tag && tag <= r.Last {
				return true
			}
		}
	}
	return false
}

// spokenTags are those of reports that versions write differently, or not all of them.
var spokenTags = [...]int{fix.TagAvgPx, fix.TagCumQty, fix.TagExecTransType, fix.TagLastPx, fix.TagLastQty, fix.TagOrderID,
	fix.TagOrderQty, fix.TagOrdStatus, fix.TagOrigClOrdID, fix.TagSide, fix.TagSymbol, fix.TagCxlRejReason, fix.TagOrdRejReason,
	fix.TagExecType, fix.TagLeavesQty, fix.TagCxlRejResponseTo}

// say takes the tags that versions write differently out of what passes. Which request a report answers, by
// OrigClOrdID(41), is said in each version that can.
func (p *Policy) say(from, to *messageTags) {
	for _, tag := range spokenTags {
		p.action[tag] = DropTag
		if to.has.in(tag) {
			p.action[tag] = OwnTag
		}
		if to.must.in(tag) || tag == fix.TagOrigClOrdID && to.has.in(tag) && !from.has.in(tag) {
			p.missing = append(p.missing, tag)
		}
	}
}

// fits reports whether the i-th field, which passes, has a value for the receiver's version.
func (p *Policy) fits(m *fix.Message, i int) bool {
	if p.words == nil {
		return true
	}
	f := m.Field(i)
	return f.Tag >= policyTags || p.words.Permits(int(f.Tag), m.FieldValue(i))
}

// tags are a venue's policies toward the participant of a link.
func (c *Core) tags(venue, l uint32) *Tags {
	if t := c.set.Venues[venue].Tags[c.set.Links[l].Dialect.Version]; t != nil {
		return t
	}
	return &nothingPasses
}

var nothingPasses Tags

// Values of what the gate adds to a request.
const (
	automatic  = '1' // HandlInst(21): nobody intervenes
	wholeOrder = 'F' // CxlType(125) of FIX.4.0
)

// addMissing writes what the venue's version requires of a request and the participant's message lacks.
func (c *Core) addMissing(ev *Event, d *Decision, w *fix.Writer, p *Policy, l, original uint32) {
	for _, tag := range p.missing {
		switch {
		case d.msg.Has(tag):
		case tag == fix.TagHandlInst:
			w.Char(tag, automatic)
		case tag == fix.TagCxlType:
			w.Char(tag, wholeOrder)
		case tag == fix.TagTransactTime:
			w.Stamp(tag, ev.Now.UTCNs, c.set.Links[l].Precision)
		case original != NoIndex:
			w.Decimal(tag, int64(c.requests[original].Qty))
		}
	}
}

// saidBy is what a venue's report says, in the words of FIX.4.4. A version that has one word for both says of a
// replace that it is pending as it does of a cancel.
func (c *Core) saidBy(d *Decision, o *Order, r *venueReport) said {
	s := said{r.execType, c.statusTold(d, o), r.counted(o)}
	switch r.kind {
	case fill:
		s.execType = 'F'
	case bust:
		s.execType = 'H'
	case correction:
		s.execType = 'G'
	case statusOnly:
		s.execType = 'I'
	}
	if c.requests[d.Request].Kind == ReplaceRequest && c.spokenAt(o.Venue).pendingReplace() == pendingCancel {
		s.execType, s.status = replacePending(s.execType), replacePending(s.status)
	}
	return s
}

// Values of ExecType(150) and OrdStatus(39).
const pendingCancel, pendingReplace = '6', 'E'

// pendingReplace is how the version says that a replace is pending.
func (t *Dialect) pendingReplace() byte { return t.statuses[pendingReplace] }

func replacePending(value byte) byte {
	if value == pendingCancel {
		return pendingReplace
	}
	return value
}

// spokenAt is the dialect of a venue's line; a venue without one says nothing.
func (c *Core) spokenAt(venue uint32) *Dialect { return c.set.Links[c.set.Venues[venue].Link].Dialect }

// spokenTag writes a tag of a venue's report for a participant of another version; value is nil where the venue's
// message does not have it.
func (c *Core) spokenTag(d *Decision, w sheet, o *Order, tag int, value []byte) {
	r, t := &d.report, w.dialect
	switch tag {
	case fix.TagExecTransType, fix.TagExecType, fix.TagOrdStatus:
		words := t.spell(c.saidBy(d, o, r))
		switch tag {
		case fix.TagExecTransType:
			w.Char(tag, words.transType)
		case fix.TagExecType:
			w.Char(tag, words.execType)
		default:
			w.Char(tag, words.status)
		}
	case fix.TagCumQty:
		w.number(tag, value, int64(r.counted(o)))
	case fix.TagLeavesQty:
		w.number(tag, value, int64(r.open(o)))
	case fix.TagOrderQty:
		w.number(tag, value, int64(o.Qty))
	case fix.TagAvgPx:
		w.number(tag, value, int64(o.AvgPx))
	case fix.TagLastQty, fix.TagLastPx:
		w.number(tag, value, 0)
	case fix.TagSide:
		if !t.words.Permits(tag, value) {
			w.Char(tag, '0'+byte(o.Side))
			return
		}
		w.Value(tag, value)
	case fix.TagSymbol:
		if in := &c.set.Instruments[o.Instrument]; len(value) == 0 || string(value) == in.At(o.Venue) {
			w.String(tag, in.Symbol)
			return
		}
		w.Value(tag, value)
	case fix.TagOrdRejReason:
		w.Code(tag, risk.OrdRejReasonIn(codeOf(value), t.Version))
	case fix.TagCxlRejReason:
		w.Code(tag, risk.CxlRejReasonIn(codeOf(value), t.Version))
	case fix.TagCxlRejResponseTo:
		w.Char(tag, c.requests[d.Request].responseTo())
	}
}

// statusTold is the OrdStatus(39) of a venue's message, the order's own where it has none that can be read. What an execution makes of
// an order its counts say.
func (c *Core) statusTold(d *Decision, o *Order) byte {
	r := &d.report
	if status := only(d.msg.Value(fix.TagOrdStatus)); status != 0 && (d.MsgType != '8' || r.status != 0) {
		return status
	}
	switch shown := d.shown(d.Order, o); {
	case d.MsgType != '8' || o.overBy(shown):
		return shown
	case r.counted(o) > 0:
		return '1'
	}
	return '0'
}

// codeOf reads a reason of a venue; what is no number is other.
func codeOf(value []byte) uint64 {
	if code, ok := fix.ParseUint(value); ok {
		return code
	}
	return 99
}

// counted is CumQty(14) after a report.
func (r *venueReport) counted(o *Order) risk.Qty {
	switch {
	case r.hasCum:
		return r.cum
	case r.kind == fill:
		return o.Counted().Plus(r.lastQty)
	}
	return o.Counted()
}

// open is LeavesQty(151) after a report that does not say it.
func (r *venueReport) open(o *Order) risk.Qty {
	qty := o.Qty
	if r.qty > 0 {
		qty = r.qty
	}
	switch {
	case r.status == '2', r.kind == ended, o.EndedBy(r.status):
		return 0
	}
	return max(0, qty-r.counted(o))
}

// number writes a venue's number in its shortest form, which is a whole one where it can be: quantities were integers
// until FIX.4.1.
func (s sheet) number(tag int, value []byte, absent int64) {
	switch v, fault := fix.ParseDecimal(value); {
	case fault == fix.NumberOK:
		s.Decimal(tag, v)
	case s.dialect.words.Permits(tag, value): // an average may have more places than any price
		s.Value(tag, value)
	default:
		s.Decimal(tag, absent)
	}
}
