package core

import "portcullis/risk"

// EffectKind names a fact that a decision establishes. The numbers are journaled and never reused.
type EffectKind uint8

const (
	// Opened: a NewOrderSingle was accepted. It takes the ClOrdID, counts toward the rate, opens
	// Order with Request, reserves Reserved for Open, and notes the terms against repeats.
	Opened EffectKind = 1
	// Asked: a replace or cancel was accepted and sent: Request joins the chain of Order. It takes
	// the ClOrdID (unless the gate itself cancels), a replace counts toward the rate and rebooks. A cancel with
	// FlagCancelOwed is owed, not sent: Status is its RequestState, 0 for Owed.
	Asked EffectKind = 2
	// Refused: a message of a participant was refused: its ClOrdID is taken, and it counts in the throttles of Account,
	// Instrument and Author; Seq 1: also among those refused one after the other.
	Refused EffectKind = 3
	// Confirmed: the venue confirmed Request (New or Replaced): terms, rebooked. Requests before
	// it in the chain are superseded.
	Confirmed EffectKind = 4
	// Denied: the venue refused Request, or it never arrived: it leaves the order's versions.
	Denied EffectKind = 5
	// Executed: an execution was booked in slot Execution with Qty, Price and Money. Seq is the trade date that its venue says; 0: it says
	// none, or in older records the one that it is booked on.
	Executed EffectKind = 6
	// Busted: the execution in slot Execution was taken back.
	Busted EffectKind = 7
	// Rebooked: the order's open quantity and reservation are now Open and Reserved, CumQty(14) as
	// the venue says it is Qty.
	Rebooked EffectKind = 8
	// Ended: the order is final; nothing of it is reserved any more.
	Ended EffectKind = 9
	// Flagged: Flags are set on the order (Value 1) or cleared (Value 0).
	Flagged EffectKind = 10
	// Reported: what the venue last said: OrdStatus in Status, AvgPx in Price, OrderID in Off, Len.
	Reported EffectKind = 11
	// Resent: a request that did not arrive was sent again under Seq; with FlagCancelOwed it is owed, as of Asked.
	Resent EffectKind = 12
	// KillSet and KillLifted: a kill (where Cause tripped, what it left) of the Target whose scope is Status, its id in Value; Seq is the number under which the watchdog
	// recorded it, 0 where it was given to the engine.
	KillSet    EffectKind = 13
	KillLifted EffectKind = 14
	// JobStarted, JobMoved and JobEnded: job number Job.
	JobStarted EffectKind = 15
	JobMoved   EffectKind = 16
	JobEnded   EffectKind = 17
	// LinkBlocked: Value 1 = the link's send buffer is over its bound.
	LinkBlocked EffectKind = 18
	// GateSet: a gate-wide state (GateFlag in Flags) has the value Value.
	GateSet EffectKind = 19
	// Rolled: a new trade date, Value, has begun. Executions of before the date Seq are forgotten; 0, of older programs:
	// those of before the last one.
	Rolled EffectKind = 20
	// Halted: the instrument is halted (Value 1) or trades again (0).
	Halted EffectKind = 21
	// Overshot: after this event the measure that the control in Seq (a risk.Reason) limits is above
	// its limit by Value, in the unit of that control's row; Account is the number of the account or
	// client, 0 for the firm (exposure 8). Status is the kind of scope where the control
	// does not say it, Flags in which of its instruments (a risk.Class).
	Overshot EffectKind = 22
	// Alerted: something that a human must see; Alert says what.
	Alerted EffectKind = 23
	// Booted: a process took up the journal with epoch Value; no link has a connection.
	Booted EffectKind = 24
	// OwedSent: the cancel Request that was owed has been sent under Seq.
	OwedSent EffectKind = 25
	// Raised: the link's next outgoing MsgSeqNum is Seq.
	Raised EffectKind = 26
	// Positioned: the start-of-day position of Account in Instrument is Qty.
	Positioned EffectKind = 27
	// Renumbered: the link's numbers began again at 1. What was sent under them before is not sent
	// again; requests of before, on a venue's line, are in doubt.
	Renumbered EffectKind = 28
	// Reopened: an order that was final lives again: the bust of its execution says so, or its venue confirms it after all.
	Reopened EffectKind = 29
	// Repriced: at the day roll, Request's worst price is now Worst, the order's factor K. Request
	// NoIndex: the terms that hold. Where Qty is not 0 its order was restated over a split: it asks for Qty at Price and Second.
	Repriced EffectKind = 30
	// ToldInexact: the book has clamped Value bookings by now, and a human was told.
	ToldInexact EffectKind = 31
	// Settled: the venue has shown that it knows Request, so nobody is in doubt about it any more.
	Settled EffectKind = 32
	// DayOpened: the start-of-day positions of Account for this trade date are complete.
	DayOpened EffectKind = 33
	// LiftAsked: the user in Seq has asked to lift the kill in Value; it takes a second one.
	LiftAsked EffectKind = 34
	// CutOff: a reset of Link's numbers cut off the reports of the numbers Seq to Value, which are to be
	// sent again; Seq 0: none any more.
	CutOff EffectKind = 35
	// CutResent: of those, the ones below Seq have been.
	CutResent EffectKind = 36
	// AssignAsked: the user in Seq has asked to book Execution to Account; it takes a second one.
	AssignAsked EffectKind = 37
	// StraySent: so many cancels of orders that the gate does not know have been sent by now. StrayAsked was one user's word
	// for such a cancel: records of today have a WordGiven. One that waits in older records is given again.
	StrayAsked EffectKind = 38
	StraySent  EffectKind = 39
	// LinkHeld: an operator holds Link down (Value 1), or lets it up again (0); Seq is the id of the kill whose
	// mode it is to do so, 0 where it was asked for by itself.
	LinkHeld EffectKind = 40
	// RecordsLost: the end of the journal was lost. The first Value venues take no order until each was
	// accepted again; Recovered: Venue was.
	RecordsLost EffectKind = 41
	Recovered   EffectKind = 42
	// MassAsked: a mass request of Link was taken: a massKind in Status, its type (530, 585) in Seq, and which
	// orders it is about in Account, Instrument, Venue, Side and, by types of instruments, Flags; its name in Off, Len,
	// which ID takes where it is a ClOrdID. MassMoved: it goes on at order Seq; Value adds to what was found and
	// done. MassEnded: it is answered.
	MassAsked EffectKind = 43
	MassMoved EffectKind = 44
	MassEnded EffectKind = 45
	// MassOfUnderlying: the request that Link has asked last, of the massKind in Status, is about orders in symbols of the underlying
	// in Off, Len.
	MassOfUnderlying EffectKind = 128
	// MassSent: a mass cancel was sent to Venue under Seq, for the kill in Value. MassTold: the venue carries it out.
	MassSent EffectKind = 46
	MassTold EffectKind = 47
	// Reloaded: from here on decisions are judged by the configuration whose hash begins with Value.
	Reloaded EffectKind = 48
	// DayBegun: Account is closed and its start-of-day positions are 0: those of the trade date follow.
	DayBegun EffectKind = 49
	// ResolveAsked: in older records what is a WordGiven today, of a CmdResolveVenue by the user in Seq; Value 0: it waits no more.
	ResolveAsked EffectKind = 50
	// StateSeen: before this decision the digest of the state stood at Value; see digest.go.
	StateSeen EffectKind = 51
	// Drained: no new orders come over Link, or go over it where it is a venue's line; NoIndex: none at all (Value 1), or
	// they may again (0).
	Drained EffectKind = 52
	// Restricted: an operator restricts Instrument, until the UTC time Seq, in the scope of the kind Status with the
	// number Account (Value 1), or lifts that (0).
	Restricted EffectKind = 66
	// Phased: the risk.Phase in Value holds since the UTC time Seq at Venue, in Instrument or, without one, in all of it.
	Phased EffectKind = 67
	// VenueHalted: an operator halts Venue (Value 1), or lifts that (0).
	VenueHalted EffectKind = 68
	// LinkLost: a participant's Link was lost, by a lossCause in Status: its orders are cancelled at the monotonic time
	// Value, that is Seq nanoseconds later; Value 0: they are not, a Logon was completed.
	LinkLost EffectKind = 87
	// EasyToBorrow: short sales of Instrument need no locate on this trade date (Value 1), or do (0).
	EasyToBorrow EffectKind = 83
	// Located: Qty of Instrument is located for short sales of Account on this trade date.
	Located EffectKind = 84
	// PriceTested: the price test of short sales of Instrument is in force for Value trade dates, this one included.
	PriceTested EffectKind = 85
	// LimitsSeen: from here on the limits are those of the configuration whose hash begins with Value.
	LimitsSeen EffectKind = 77
	// AdjustAsked: likewise, of a CmdAdjust.
	AdjustAsked EffectKind = 75
	// Calmed: a measure (the control in Seq) of the scope in Account, Status and Flags, as of an Overshot, is below the
	// level of warning that it had reached; Value is the percentage of the one that it has still, 0 for none. An Alerted of
	// LimitNear says the same of a level that it has come up to: Qty is what it measures then, Money its limit.
	Calmed EffectKind = 76
	// MarkAsked: the user in Seq has asked for the mark Price of Instrument; it takes a second one.
	MarkAsked EffectKind = 104
	// LoosenAsked: likewise, of the command of the kind in Value about Instrument.
	LoosenAsked EffectKind = 123
	// Marked: Instrument is worth Price at the factor K, from the next MarksInForce on, in units of the date Seq; Value 1: that is its close too.
	Marked EffectKind = 105
	// MarksInForce: all that was Marked holds.
	MarksInForce EffectKind = 106
	// Recounted: the order's venue counts in other units from now on (150=D 378=0), in which Qty of it is executed.
	Recounted EffectKind = 119
	// SplitAsked: the user in Money has asked for a split of Instrument by the ratio in Value on the ex-date Seq; it takes a
	// second one. SplitSet: it is split then; Money is the UTC time at which that day begins, Qty the smallest part of a position.
	SplitAsked EffectKind = 120
	SplitSet   EffectKind = 121
	// SplitSettled: nothing that a split has left of Instrument in Account is open any more.
	SplitSettled EffectKind = 122
	// PartyActed: a party has given the kill in Value, or wants it lifted, over Link: PartyActionType(2329) in Status,
	// PartyActionRequestID(2328) in Off, Len; the job in Execution answers it, NoIndex: it is answered.
	PartyActed EffectKind = 114
	// Copied: the drop copy of Link has told of an execution of Venue (Value 1) of the trade date Seq, or taken it back (2), in
	// the row ID; Request is the order's that it names, Execution where it was booked before the row began, Reserved stands for the
	// TradeReportID(571) that tells of it, Money is the trade date in whose units it was told, where that is another. Flags CopiedApart: the
	// other side of the trade has the same ExecID; CopiedOurs: it corrects what the venue's line has told of.
	Copied EffectKind = 98
	// Recognised: what the venue's line tells, an execution of Qty at Price, is booked by a human's word that did not name it. It
	// is known from now on, in slot Execution and the row ID.
	Recognised EffectKind = 100
	// Broken: the break in Status stands in the row ID, or none does any more (0): by the word of the user in Seq, where Value
	// is the break.
	Broken EffectKind = 99
	// SweepAwaits: open orders have been held against the lists of the UTC time Seq; at the monotonic time Value it is
	// looked at whether one has begun or ended since, 0: none will.
	SweepAwaits EffectKind = 115
	// OwedAwaits: the cancels that wait for the hours of Venue are looked at again at the monotonic time Value; until the UTC
	// time Seq its clocks change nothing.
	OwedAwaits EffectKind = 118
	// LossStopped: the scope Status with the number Account is stopped, for it has lost Money, above the limit Reserved.
	LossStopped EffectKind = 107
	// Breached: the control in Seq (a risk.Reason) has refused once more in the scope Status with the number Account,
	// which Execution is the row of; Value 1: once too often.
	Breached EffectKind = 88
)

// Effect is one fact. Which fields mean something depends on Kind; the rest are zero. Off and Len
// delimit a text in Event.Data.
type Effect struct {
	Kind        EffectKind
	Side        risk.Side
	OrdType     risk.OrdType
	TimeInForce risk.TimeInForce
	Status      byte // OrdStatus(39); Executed, Busted: Earlier, or 0
	RequestKind RequestKind
	Alert       Alert
	Flags       Flags
	Prices      PricesGiven   // Opened, Asked: which prices the message carries
	Mode        risk.KillMode // KillSet, and JobStarted of a kill; 0, from when there was no other: KillBlockAndCancel
	Cause       risk.Reason   // KillSet of a control that tripped, or of a loss

	Link       uint32 // owner's link, or the link concerned
	Venue      uint32 // venue number
	Account    uint32
	Instrument uint32
	Order      uint32
	Request    uint32
	ID         uint32 // slot of the client's ClOrdID; NoIndex for the gate's own requests; of Executed, Copied, Recognised, Broken the row of a drop copy
	Execution  uint32 // slot of the execution; of the job for Job…; for Asked that of the ClOrdID of a mass request it serves
	Off        uint32
	Len        uint32
	Author     risk.Author // Opened, Refused; Executed without an order

	Seq      uint64
	Qty      risk.Qty
	Price    risk.Price
	Worst    risk.Price
	Second   risk.Price
	Open     risk.Qty
	Reserved risk.Money
	Money    risk.Money // of Opened and Asked the expiry
	K        risk.Factor
	Value    uint64
}

// Flags of a Copied.
const (
	CopiedApart Flags = 1
	CopiedOurs  Flags = 2
)

// NewUnits is the Flags of a Confirmed that restates its order in the units of after a split. Those of an Executed are of before how
// many splits of its instrument it was told: it is booked in the units of today.
const NewUnits Flags = 1

// UnitsAhead, in the Flags of an Executed: it is in the units of after a split that the next roll applies, which leaves it as it is.
const UnitsAhead Flags = 0x80

// Earlier is the Status of an Executed or a Busted of an earlier trade date, which Seq says: it moves positions, as they were at the
// start of the day too, and nothing of what was bought and sold since the roll (exposure 7).
const Earlier = 1

// setExpiry notes when an order ends, by its date where it says both.
func (e *Effect) setExpiry(o *risk.Order) {
	switch {
	case o.Form == nil:
	case o.Form.ExpireDate != 0:
		e.Money = risk.Money(o.Form.ExpireDate)
	case expiry(o.Form.ExpireTime) >= firstSecond:
		e.Money = risk.Money(o.Form.ExpireTime)
	}
}

// PricesGiven says which prices a message carries; zero is a price too. Beside Price(44) an order has one of the others
// at most, its second price.
type PricesGiven uint8

const (
	PriceGiven      PricesGiven = 1 << iota // Price(44)
	StopPxGiven                             // StopPx(99)
	DiscretionGiven                         // DiscretionOffsetValue(389)
	PegOffsetGiven                          // PegOffsetValue(211)
)

// setPrices notes the prices of an order's terms, and none beside them: a replace may drop the price that its order has.
func (e *Effect) setPrices(o *risk.Order) {
	t := &o.Terms
	e.Price, e.Second, e.Prices = 0, 0, 0
	if t.HasPrice {
		e.Price, e.Prices = t.Price, PriceGiven
	}
	switch {
	case t.HasStop:
		e.Second, e.Prices = t.StopPx, e.Prices|StopPxGiven
	case o.Form == nil:
	case o.Form.Fields&risk.WithDiscretion != 0:
		e.Second, e.Prices = t.Discretion, e.Prices|DiscretionGiven
	case o.Form.Fields&risk.WithPegOffset != 0:
		e.Second, e.Prices = t.PegOffset, e.Prices|PegOffsetGiven
	}
}

// Flags are an order's conditions beyond its state.
type Flags uint8

const (
	FlagConfirmed     Flags = 1 << iota // the venue has confirmed terms
	FlagSuspect                         // quantities differ, or an answer is overdue
	FlagUnknown                         // numbers were reset: nobody knows whether a request of it arrived
	FlagCancelPending                   // a cancel is in flight or owed
	FlagCancelOwed                      // the cancel waits for the venue's line, or its hours
	FlagKillCancel                      // a kill wants it cancelled, now and after each new state
	FlagResolved                        // executions of it are booked by hand whose ExecIDs nobody gave
	FlagOrphan                          // its owner's link was lost: it is wanted cancelled, now and after each new state
)

// GateFlag names a gate-wide state.
type GateFlag = Flags

const (
	GateStopping       GateFlag = 1
	GateJournalFull    GateFlag = 2
	GateClockForbidden GateFlag = 3
	GateExecutionsFull GateFlag = 4
)

// effect appends a fact. A decision never has more than EffectsMax; the bounds of each event keep
// it so, and the simulator checks it.
func (d *Decision) effect(kind EffectKind) *Effect {
	if d.EffectLen == EffectsMax {
		d.EffectLen--
	}
	e := &d.Effects[d.EffectLen]
	*e = Effect{}
	e.Kind, e.Link, e.Venue, e.Account, e.Instrument = kind, NoIndex, NoIndex, NoIndex, NoIndex
	e.Order, e.Request, e.ID, e.Execution = NoIndex, NoIndex, NoIndex, NoIndex
	d.EffectLen++
	return e
}

// has reports whether a fact of this kind was established.
func (d *Decision) has(kind EffectKind) bool { return d.first(kind) != nil }

// first is the first fact of a kind, nil if none was established.
func (d *Decision) first(kind EffectKind) *Effect {
	for i := range d.EffectLen {
		if d.Effects[i].Kind == kind {
			return &d.Effects[i]
		}
	}
	return nil
}

// taking is the effect by which a decision takes a request: it opens an order, or joins one.
func (d *Decision) taking(request uint32) *Effect {
	for i := range d.EffectLen {
		if e := &d.Effects[i]; (e.Kind == Opened || e.Kind == Asked) && e.Request == request {
			return e
		}
	}
	return nil
}

func (d *Decision) alert(a Alert) *Effect {
	e := d.effect(Alerted)
	e.Alert = a
	d.Alerts = true
	return e
}
