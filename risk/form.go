package risk

import "math/bits"

// FieldSet says which kinds of fields there are beside those that every order has.
type FieldSet uint16

const (
	WithPrice      FieldSet = 1 << iota // Price(44)
	WithStopPx                          // StopPx(99)
	WithDisplay                         // MaxFloor(111), MaxShow(210), DisplayQty(1138) and what goes with them: an iceberg
	WithMinQty                          // MinQty(110)
	WithDiscretion                      // DiscretionInst(388) and DiscretionOffsetValue(389)
	WithPeg                             // PegPriceType(1094), or a value of ExecInst(18) that says the same
	WithPegOffset                       // PegOffsetValue(211)
	WithExecInst                        // ExecInst(18)
	WithExpiry                          // ExpireDate(432), ExpireTime(126)
	WithCapacity                        // OrderCapacity(528), Rule80A(47)
	WithCustomer                        // CustOrderCapacity(582)
	fieldKinds     = iota
)

// GrantedFields are the kinds of fields that accounts and instruments are permitted one by one; the others go with a
// permitted type or time in force.
const GrantedFields = WithDisplay | WithMinQty | WithDiscretion

// form is what an order type or a time in force has to do with fields, and a type with times in force. What it neither
// requires nor permits is refused: it would be ignored at best, and hides what its sender meant.
type form struct {
	requires, permits FieldSet
	times             TimeInForceSet // 0: all
}

const forTheDay TimeInForceSet = 1<<Day | 1<<AtTheClose

const (
	inBook    = WithDisplay | WithMinQty
	peg       = WithPeg | WithPegOffset
	always    = WithExecInst | WithCapacity | WithCustomer
	atAnyTime = WithPrice | WithStopPx | WithMinQty | WithDiscretion | peg
)

// ordTypeForms is the matrix of order types and fields.
var ordTypeForms = [...]form{
	//                         requires                 and permits, and the times in force that it has
	Market:                    {0, WithMinQty, 0},
	Limit:                     {WithPrice, inBook | WithDiscretion, 0},
	Stop:                      {WithStopPx, WithMinQty, 0},
	StopLimit:                 {WithPrice | WithStopPx, inBook, 0},
	MarketOnClose:             {0, 0, forTheDay},
	LimitOrBetter:             {WithPrice, inBook, 0},
	LimitOnClose:              {WithPrice, 0, forTheDay},
	MarketWithLeftoverAsLimit: {0, inBook, 0},
	Pegged:                    {0, WithPrice | inBook | WithDiscretion | peg, 0}, // its price is the cap
}

// timeForms is that of times in force and fields.
var timeForms = [...]form{
	Day:               {permits: atAnyTime | WithDisplay},
	GoodTillCancel:    {permits: atAnyTime | WithDisplay},
	AtTheOpening:      {permits: atAnyTime},
	ImmediateOrCancel: {permits: atAnyTime},
	FillOrKill:        {permits: atAnyTime &^ WithMinQty}, // all of it is the least
	GoodTillCrossing:  {permits: atAnyTime | WithDisplay},
	GoodTillDate:      {requires: WithExpiry, permits: atAnyTime | WithDisplay},
	AtTheClose:        {permits: atAnyTime},
}

// Form is what an order says beside its Terms.
type Form struct {
	Fields     FieldSet // of the kinds that its Terms do not tell
	ExecInsts  ExecInstSet
	Expired    bool               // it ends at a time that is over
	ExpireDate uint32             // ExpireDate(432), YYYYMMDD; 0: none
	ExpireTime uint32             // ExpireTime(126), the Unix second in which it has come; 0: none, or one that is too far away
	tags       [fieldKinds]uint32 // the first tag of each kind
	parts      [partsMax]part
	count      int // of parts
	pegs       int // how many things it is to follow

	capacities CapacitySet
}

// part is a quantity that is part of OrderQty(38): to show, or to fill at least.
type part struct {
	qty Qty
	tag uint32
}

// partsMax bounds the tags of such quantities in one message.
const partsMax = 12

// tagTimeInForce is what a type without that time in force is told of.
const tagTimeInForce = 59

// Say notes that a message has a field of a kind.
func (f *Form) Say(kind FieldSet, tag uint32) {
	if f.Fields&kind == 0 {
		f.Fields |= kind
		f.tags[bits.TrailingZeros16(uint16(kind))] = tag
	}
}

// SayPeg notes what a peg is to follow. Whoever names two has said nothing.
func (f *Form) SayPeg(tag uint32) {
	f.Say(WithPeg, tag)
	f.pegs++
}

// SayPart notes a quantity that is part of OrderQty(38); false = there are too many.
func (f *Form) SayPart(kind FieldSet, tag uint32, qty Qty) bool {
	f.Say(kind, tag)
	if f.count == partsMax {
		return false
	}
	f.parts[f.count] = part{qty, tag}
	f.count++
	return true
}

// Part is the part of the quantity that a tag told.
func (f *Form) Part(tag uint32) (Qty, bool) {
	for i := range f.count {
		if p := &f.parts[i]; p.tag == tag {
			return p.qty, true
		}
	}
	return 0, false
}

// tag is the first one of the first of some kinds.
func (f *Form) tag(kinds FieldSet) uint32 { return f.tags[bits.TrailingZeros16(uint16(kinds))] }

// fieldControls are the controls of the fields that are granted one by one.
var fieldControls = [...]struct {
	kind    FieldSet
	control Reason
}{{WithDisplay, DisplayForbidden}, {WithMinQty, MinQtyForbidden}, {WithDiscretion, DiscretionForbidden}}

// checkForm holds what an order says beside its terms against its type, its time in force, and what account and
// instrument are permitted.
func (b *Book) checkForm(o *Order, j *Judgement) Reason {
	f, t := o.Form, &o.Terms
	typ, tif := &ordTypeForms[t.OrdType], &timeForms[t.TimeInForce]
	switch {
	case typ.times != 0 && !typ.times.Has(t.TimeInForce):
		return j.failAt(tagTimeInForce, FieldContradicts, o.Instrument, 0, 0)
	case tif.requires != 0 && (f == nil || tif.requires&^f.Fields != 0):
		return j.fail(ExpiryMissing, o.Account, 0, 0)
	case f == nil:
		return Accepted
	case f.Expired:
		return j.failAt(f.tag(WithExpiry), OrderExpired, o.Account, 0, 0)
	}
	strange := f.Fields &^ ((typ.requires | typ.permits | WithExpiry) & (tif.requires | tif.permits)) &^ always
	if f.pegs > 1 {
		strange |= WithPeg
	}
	if f.Fields&WithDiscretion != 0 && (!t.HasPrice || f.Fields&WithPegOffset != 0) {
		strange |= WithDiscretion // it is beyond a price, and that of a peg moves by itself
	}
	if f.ExecInsts&allOrNoneInsts != 0 {
		strange |= f.Fields & inBook // neither a part to fill nor one to show
	}
	if strange != 0 {
		return j.failAt(f.tag(strange), FieldContradicts, o.Instrument, 0, 0)
	}
	granted := b.accounts[o.Account].fields & b.instruments[o.Instrument].fields
	for i := range fieldControls {
		if c := &fieldControls[i]; f.Fields&c.kind&^granted != 0 {
			return j.failAt(f.tag(c.kind), c.control, o.Account, 0, 0)
		}
	}
	return b.checkExecInsts(o, j)
}

// checkParts: what is shown, and what is filled at least, is a part of the order in lots.
func (b *Book) checkParts(o *Order, j *Judgement) Reason {
	f, lot := o.Form, b.instruments[o.Instrument].lot
	if f == nil {
		return Accepted
	}
	for _, p := range f.parts[:f.count] {
		j.note(PartQtyOutOfRange, o.Instrument, int64(p.qty), int64(o.Terms.Qty))
		if p.qty <= 0 || p.qty > o.Terms.Qty || p.qty%lot != 0 {
			j.RefTag = p.tag
			return PartQtyOutOfRange
		}
	}
	return Accepted
}
