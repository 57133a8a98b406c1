package risk

// Order is a NewOrderSingle or an OrderCancelReplaceRequest as the checks see it: names are numbers, the
// reference prices have been read, and for a replace the order as it stands is beside it.
type Order struct {
	Place          // in which scopes it counts; of a replace, the order's
	Link    uint32 // that sent it, and in whose throttle it counts
	Replace bool
	NowNs   int64 // monotonic: windows
	UTCNs   int64 // ages of reference prices
	Terms   Terms
	Form    *Form // what it says beside them; nil: nothing
	Quote   Quote
	Located bool // its sender says that what it sells short is located: LocateReqd(114)=N

	CapacitiesBarred CapacitySet // of its link
	LinkTests        TestRule    // of its link
	TooLate          Reason      // its venue does not take it at this time of day, or in this phase: CloseCutOff, NoCancelPeriod; else Unjudged
	Pass             Soft        // controls that somebody has passed for it

	// Of a replace only: the order as it stands.
	Prior          []Version // live versions, at most VersionsMax - 1
	Cum            Qty       // executed
	OpenBooked     Qty       // what Move has booked for it by now
	ReservedBooked Money
	K              Factor // pinned when the order was accepted; 0 for a new order
}

// Check is one comparison that was made: the control is named by the Reason it refuses with.
// Value and Limit are in the unit of the control's row in the reason table.
type Check struct {
	Value, Limit int64
	Scope        uint32 // number of the account, client, link or instrument it belongs to
	Control      Reason
	Of           Scope // what Scope is a number of, where any scope may have set the limit; else 0
	In           Class // in which of its instruments it did: OneInstrument = the order's alone
}

// ChecksMax bounds the trace of one order.
const ChecksMax = 256

// 30 single checks, one for each part of the quantity, all of each scope and its throttles fit, venues having none:
// without slices the trace is whole, and its length is a byte.
const _ = uint(255 - 30 - partsMax - (2+int(measures))*PathMax - ThrottlesMax*(PathMax-1))

// Judgement is the answer and everything that led to it. The caller reuses one.
type Judgement struct {
	Reason    Reason // Accepted, or the first control that failed
	RefSource RefSource
	RefTag    uint32 // the tag that a Reason of form is about; 0: none in particular
	Trips     bool   // the control that failed disables whoever its last Check is of
	Closing   bool   // all of it fits in the closing capacity (exposure 4)
	Meets     bool   // it meets open orders of its own, which are to be cancelled
	Passed    Soft   // controls that it failed, and that somebody has passed for it
	Worst     Price  // w of the new version; the risk price where the instrument has one
	K         Factor
	Ref       Price
	RefAgeNs  int64
	Open      Qty   // q of the order with this version added
	Reserved  Money // r of the order with this version added
	Count     int   // how many Checks are set
	Checks    [ChecksMax]Check

	pass        Soft   // of the order
	refVerdict  Reason // of the waterfall; judged later, in its place
	refAgeMaxNs int64  // age limit of the source that gave the price, or of the first that was too old
	valued      bool   // Worst is known
	over        bool   // something leaves ±MagnitudeMax; refused once every limit let it pass
}

// note traces a comparison.
func (j *Judgement) note(control Reason, scope uint32, value, limit int64) {
	j.noteOf(control, origin{index: scope}, value, limit)
}

// noteOf traces a comparison with a limit that any scope may set. It writes where the trace is kept: a Check that is put
// together elsewhere and copied would be read before its parts are out of the processor's store buffer.
func (j *Judgement) noteOf(control Reason, from origin, value, limit int64) {
	c := j.next()
	c.Value, c.Limit = value, limit
	c.Scope, c.Control, c.Of, c.In = from.index, control, from.of, from.in
}

// add traces a comparison that was kept for later.
func (j *Judgement) add(c *Check) {
	j.noteOf(c.Control, origin{of: c.Of, index: c.Scope, in: c.In}, c.Value, c.Limit)
}

// next is the place of the next comparison. The last place of a trace is kept for what comes last: slices may be limited in
// more ways than have room.
func (j *Judgement) next() *Check {
	n := min(j.Count, ChecksMax-2)
	j.Count = n + 1
	return &j.Checks[n&(ChecksMax-1)]
}

// fail traces a control that refuses.
func (j *Judgement) fail(control Reason, scope uint32, value, limit int64) Reason {
	j.note(control, scope, value, limit)
	return control
}

// failAt also says which tag it is about.
func (j *Judgement) failAt(tag uint32, control Reason, scope uint32, value, limit int64) Reason {
	j.RefTag = tag
	return j.fail(control, scope, value, limit)
}

// atMost traces value ≤ limit and judges it: X = limit passes, one unit more fails.
func (j *Judgement) atMost(control Reason, scope uint32, value, limit int64) Reason {
	j.note(control, scope, value, limit)
	if value > limit {
		return control
	}
	return Accepted
}

// CheckRoom answers TableFull if the order, once accepted, would need a row that no table has
// left. It comes before the kills in precedence, so the caller may ask it first.
func (b *Book) CheckRoom(o *Order) Reason {
	if o.Account >= uint32(len(b.accounts)) || b.accounts[o.Account].depth == 0 ||
		o.Instrument >= uint32(len(b.instruments)) || b.instruments[o.Instrument].k == 0 {
		return Accepted // unknown, and refused as such
	}
	if b.totals[0].positions+b.rowsNeeded(o) > int64(b.capacity.Positions) {
		return TableFull
	}
	if !b.repeatRoom(o) {
		return TableFull
	}
	return Accepted
}

// Check judges an order or replace on everything after kill and duplicate ClOrdID, in the order
// of the Reasons, and stops at the first that fails. It only reads; Move books what it found:
// j.Open - o.OpenBooked and j.Reserved - o.ReservedBooked.
func (b *Book) Check(o *Order, j *Judgement) {
	j.begin()
	j.pass = o.Pass
	j.Reason = b.judge(o, j)
}

func (j *Judgement) begin() {
	j.Count, j.RefTag, j.Passed = 0, 0, 0
	j.Trips, j.Closing, j.Meets, j.valued, j.over = false, false, false, false, false
	j.RefSource, j.Worst, j.K, j.Ref, j.RefAgeNs, j.Open, j.Reserved = 0, 0, 0, 0, 0, 0, 0
}

// judge is the column of checks, in the order of the Reasons. Each returns Accepted or the Reason that refuses.
func (b *Book) judge(o *Order, j *Judgement) Reason {
	if r := b.CheckRoom(o); r != Accepted {
		return j.fail(r, NoIndex, 0, 0)
	}
	if r := b.checkAccount(o, j); r != Accepted {
		return r
	}
	if r := b.checkThrottles(o, j, Messages, SymbolQtyTrades); r != Accepted {
		return r
	}
	if r := b.checkInstrument(o, j); r != Accepted {
		return r
	}
	if r := b.checkTerms(o, j); r != Accepted {
		return r
	}
	if r := b.checkIncrements(o, j); r != Accepted {
		return r
	}
	if b.instruments[o.Instrument].rate.AgeMaxNs != 0 {
		if r := b.checkRate(o, j); r != Accepted {
			return r
		}
	}
	b.value(o, j)
	if r := b.checkSize(o, j); r != Accepted {
		return r
	}
	if r := b.checkCollar(o, j); r != Accepted {
		return r
	}
	if o.Terms.Side == SellShort && b.shorts[o.Instrument].priceTest != 0 {
		if r := b.checkShortPrice(o, j); r != Accepted {
			return r
		}
	}
	if r := b.checkThrottles(o, j, NotionalSum, SymbolDayQty); r != Accepted {
		return r
	}
	if r := b.checkRepeats(o, j); r != Accepted {
		return r
	}
	if group := b.accounts[o.Account].matchGroup; group != 0 {
		if r := b.checkSelfMatch(o, j, group); r != Accepted {
			return r
		}
	}
	if r := b.checkOpenOrders(o, j); r != Accepted {
		return r
	}
	if r := b.checkPosition(o, j); r != Accepted {
		return r
	}
	return b.checkCredit(o, j)
}

// checkAccount: the account is known, the link is entitled to it, and its trade date has begun.
func (b *Book) checkAccount(o *Order, j *Judgement) Reason {
	if o.Account >= uint32(len(b.accounts)) || b.accounts[o.Account].depth == 0 {
		return j.fail(AccountUnknown, o.Account, 0, 0)
	}
	if !b.Entitled(o.Link, o.Account) {
		return j.fail(AccountNotEntitled, o.Account, 0, 0)
	}
	if a := &b.accounts[o.Account]; a.closed || a.startOfDay && !a.dayOpen {
		return j.fail(AccountClosed, o.Account, 0, 0)
	}
	return Accepted
}

// checkInstrument: the symbol is known, permitted to who trades it, and trading.
func (b *Book) checkInstrument(o *Order, j *Judgement) Reason {
	if o.Instrument >= uint32(len(b.instruments)) || b.instruments[o.Instrument].k == 0 {
		return j.fail(SymbolUnknown, o.Instrument, 0, 0)
	}
	if r := b.checkRestricted(o, j); r != Accepted {
		return r
	}
	if r := b.checkLists(o, j); r != Accepted {
		return r
	}
	if b.totals[0].unsettled != 0 {
		if r := b.checkUnsettled(o, j); r != Accepted {
			return r
		}
	}
	if r := b.checkHalt(o, j); r != Accepted {
		return r
	}
	if r := b.checkPhase(o, j); r != Accepted {
		return r
	}
	return b.checkTestSymbol(o, j)
}

func (b *Book) checkRestricted(o *Order, j *Judgement) Reason {
	if b.instruments[o.Instrument].restricted {
		return j.fail(SymbolRestricted, o.Instrument, 0, 0)
	}
	return Accepted
}

// checkTerms: type, time in force and all else that the order says are permitted, and agree with each other.
func (b *Book) checkTerms(o *Order, j *Judgement) Reason {
	if r := b.checkPermitted(o, j); r != Accepted {
		return r
	}
	if o.TooLate != Unjudged {
		return j.fail(o.TooLate, o.Venue, 0, 0)
	}
	if in, t := &b.instruments[o.Instrument], &o.Terms; !t.consistent(in.mayBeNegative) {
		return j.fail(PriceTermsInconsistent, o.Instrument, int64(t.Price), int64(t.StopPx))
	}
	if r := b.checkForm(o, j); r != Accepted {
		return r
	}
	return b.checkCapacity(o, j)
}

func (b *Book) checkPermitted(o *Order, j *Judgement) Reason {
	a, in, t := &b.accounts[o.Account], &b.instruments[o.Instrument], &o.Terms
	switch {
	case !a.sides.Has(t.Side):
		return j.fail(SideForbidden, o.Account, int64(t.Side), int64(a.sides))
	case !(a.ordTypes & in.ordTypes).Has(t.OrdType):
		return j.fail(OrdTypeForbidden, o.Account, int64(t.OrdType), int64(a.ordTypes&in.ordTypes))
	case !(a.timesInForce & in.timesInForce).Has(t.TimeInForce):
		return j.fail(TimeInForceForbidden, o.Account, int64(t.TimeInForce), int64(a.timesInForce&in.timesInForce))
	}
	return Accepted
}

// checkIncrements: the quantity is a multiple of the lot, prices are on their ticks.
func (b *Book) checkIncrements(o *Order, j *Judgement) Reason {
	in, t := &b.instruments[o.Instrument], &o.Terms
	j.note(OffLot, o.Instrument, int64(t.Qty), int64(in.lot))
	if t.Qty <= 0 || t.Qty%in.lot != 0 {
		return OffLot
	}
	if t.HasPrice {
		tick, ok := in.onTick(t.Price)
		j.note(OffTick, o.Instrument, int64(t.Price), int64(tick))
		if !ok {
			return OffTick
		}
	}
	if t.HasStop {
		tick, ok := in.onTick(t.StopPx)
		j.note(OffTick, o.Instrument, int64(t.StopPx), int64(tick))
		if !ok {
			return OffTick
		}
	}
	if in.subPenny {
		if r := in.checkSubPenny(o, j); r != Accepted {
			return r
		}
	}
	return b.checkParts(o, j)
}

// value fixes what the later checks compare: reference, worst price, open quantity, reservation.
func (b *Book) value(o *Order, j *Judgement) {
	in, t := &b.instruments[o.Instrument], &o.Terms
	ref, verdict := in.reference(&o.Quote, t.Side, o.UTCNs)
	j.Ref, j.RefAgeNs, j.RefSource, j.refVerdict, j.refAgeMaxNs = ref.Price, ref.AgeNs, ref.Source, verdict, ref.AgeMaxNs
	if j.K = o.K; j.K == 0 {
		j.K = in.k
	}
	if verdict != Accepted && in.needsReference(t) {
		return // refused as such, in its place
	}
	worst, ok := in.worst(t, ref.Price)
	j.valued, j.Worst = true, worst
	open, reserved, fits := Reservation([]Version{{t.Qty, worst}}, o.Cum, j.K)
	if o.Prior != nil {
		q, r, f := Reservation(o.Prior, o.Cum, j.K)
		open, reserved, fits = max(open, q), max(reserved, r), fits && f
	}
	j.over = !ok || !fits || reserved > MagnitudeMax || open > MagnitudeMax
	if j.over {
		open, reserved = min(open, beyond), beyond
	}
	j.Open, j.Reserved = open, reserved
}
