package core

import (
	"math"

	"portcullis/fix"
	"portcullis/risk"
)

// What an order says of its terms beside side, type, time, quantity and prices. Few orders say any of it, so it is read where
// the tag policy comes to the field; package risk judges it.

// termTags are such fields. What goes with them and is not listed is not understood.
var termTags = []int{fix.TagMaxFloor, fix.TagMaxShow, fix.TagDisplayQty, fix.TagSecondaryDisplayQty, fix.TagDisplayWhen, fix.TagDisplayMethod,
	fix.TagDisplayLowQty, fix.TagDisplayHighQty, fix.TagDisplayMinIncr, fix.TagRefreshQty, fix.TagMinQty, fix.TagMatchIncrement,
	fix.TagRule80A, fix.TagCustOrderCapacity, fix.TagExecInst, fix.TagExpireDate, fix.TagExpireTime,
	fix.TagDiscretionInst, fix.TagDiscretionOffset, fix.TagDiscretionOffsetType, fix.TagPegDifference, fix.TagPegOffsetType, fix.TagPegPriceType}

// Values that a check understands.
const (
	inPrice   = "0"      // DiscretionInst(388): from the displayed price; types of offsets (842, 836): not in ticks or basis points
	pegPrices = "123457" // PegPriceType(1094): last, mid, opening, market, primary, VWAP
)

// readTerm reads a field that is one of the order's terms.
func (c *Core) readTerm(ev *Event, d *Decision, tag uint32, v []byte) risk.Reason {
	o := &d.order
	if o.Form == nil {
		d.form = risk.Form{}
		o.Form = &d.form
	}
	f := o.Form
	switch tag {
	case fix.TagMinQty, fix.TagMatchIncrement:
		return d.readPart(risk.WithMinQty, tag, v)
	case fix.TagDisplayWhen, fix.TagDisplayMethod:
		f.Say(risk.WithDisplay, tag)
	case fix.TagDiscretionInst, fix.TagDiscretionOffset, fix.TagDiscretionOffsetType:
		f.Say(risk.WithDiscretion, tag)
		return d.readDiscretion(tag, v)
	case fix.TagPegDifference, fix.TagPegOffsetType:
		f.Say(risk.WithPegOffset, tag)
		return d.readPegOffset(tag, v)
	case fix.TagPegPriceType:
		f.SayPeg(tag)
		if !oneOf(v, pegPrices) {
			return d.at(tag, risk.FieldNotUnderstood)
		}
	case fix.TagOrderCapacity:
		f.SayCapacity(tag, risk.ParseOrderCapacity(only(v)))
	case fix.TagRule80A:
		f.SayCapacity(tag, risk.ParseRule80A(only(v)))
	case fix.TagCustOrderCapacity:
		f.SayCapacity(tag, risk.ParseCustomerCapacity(only(v)))
	case fix.TagExecInst:
		set, ok := risk.ParseExecInsts(v)
		if !ok {
			return d.at(tag, risk.FieldMalformed)
		}
		f.SayExecInsts(tag, set)
	case fix.TagExpireDate, fix.TagExpireTime:
		f.Say(risk.WithExpiry, tag)
		return c.readExpiry(ev, d, tag, v)
	default:
		return d.readPart(risk.WithDisplay, tag, v)
	}
	return risk.Accepted
}

// readPart reads a part of the quantity.
func (d *Decision) readPart(kind risk.FieldSet, tag uint32, v []byte) risk.Reason {
	qty, fault := fix.ParseDecimal(v)
	if fault != fix.NumberOK || !d.form.SayPart(kind, tag, risk.Qty(qty)) {
		return d.at(tag, risk.FieldMalformed)
	}
	return risk.Accepted
}

// readDiscretion reads how far beyond its displayed price an order may go: an offset without what it is from is not
// understood, and one below zero would go the other way.
func (d *Decision) readDiscretion(tag uint32, v []byte) risk.Reason {
	if tag != fix.TagDiscretionOffset {
		if string(v) != inPrice {
			return d.at(tag, risk.FieldNotUnderstood)
		}
		if !d.msg.Has(fix.TagDiscretionOffset) {
			return d.at(fix.TagDiscretionOffset, risk.FieldMissing)
		}
		return risk.Accepted
	}
	offset, fault := fix.ParseDecimal(v)
	if fault != fix.NumberOK || offset < 0 {
		return d.at(tag, risk.FieldMalformed)
	}
	if !d.msg.Has(fix.TagDiscretionInst) {
		return d.at(tag, risk.FieldNotUnderstood)
	}
	d.order.Terms.Discretion = risk.Price(offset)
	return risk.Accepted
}

// readPegOffset reads how far from what it is pegged to an order stands.
func (d *Decision) readPegOffset(tag uint32, v []byte) risk.Reason {
	if tag == fix.TagPegOffsetType {
		if string(v) != inPrice {
			return d.at(tag, risk.FieldNotUnderstood)
		}
		return risk.Accepted
	}
	offset, fault := fix.ParseDecimal(v)
	if fault != fix.NumberOK {
		return d.at(tag, risk.FieldMalformed)
	}
	d.order.Terms.PegOffset = risk.Price(offset)
	return risk.Accepted
}

// dateEndsNs is how long after its beginning in UTC a date is over everywhere: twelve hours behind UTC it ends last.
const dateEndsNs = 36 * 3600 * 1_000_000_000

// readExpiry reads when an order ends: on a trade date, which has not begun to be over, or at a time. A date that is over
// everywhere on earth is one of before, also where the gate has missed its roll.
func (c *Core) readExpiry(ev *Event, d *Decision, tag uint32, v []byte) risk.Reason {
	over, ok := false, false
	if tag == fix.TagExpireTime {
		var ns int64
		ns, ok = fix.ParseTimestamp(v)
		over = ns <= ev.Now.UTCNs
		d.form.ExpireTime = secondAfter(ns)
	} else {
		var date uint32
		date, ok = fix.ParseDate(v)
		begins, known := dayBegins(date)
		over = date < c.reg.tradeDate || known && ev.Now.UTCNs >= begins+dateEndsNs
		d.form.ExpireDate = date
	}
	if !ok {
		return d.at(tag, risk.FieldMalformed)
	}
	d.form.Expired = d.form.Expired || over
	return risk.Accepted
}

// secondAfter is the first whole second that is not before a time, 0 where it has no place.
func secondAfter(ns int64) uint32 {
	if s := (ns + 999_999_999) / 1_000_000_000; ns > 0 && s <= math.MaxUint32 {
		return uint32(s)
	}
	return 0
}

// oneOf reports whether a value is one of some characters.
func oneOf(v []byte, chars string) bool {
	for i := range len(chars) {
		if len(v) == 1 && v[0] == chars[i] {
			return true
		}
	}
	return false
}
