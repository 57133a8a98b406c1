package risk

// Reason says why an order was accepted or refused. Source order is precedence: checks run in
// this order and the first that fails answers (behaviour 2). Each value has a fixed number that
// is journaled and never reused; where it stands in the source, not its number, is its place in
// the order. The zero value is not an acceptance: a decision nobody made refuses.
type Reason uint16

const (
	// Unjudged is the zero value: no check has spoken. It never leaves the gate as an acceptance.
	Unjudged Reason = 0
	// Accepted means that every control held and the order was reserved.
	Accepted Reason = 1

	// MessageUnsupported: a message type that the gate does not judge is never passed on (35=j 380=3).
	MessageUnsupported Reason = 10
	// FieldMissing: a tag that the checks need is absent.
	FieldMissing Reason = 11
	// FieldMalformed: a value is not in its canonical form, or out of its range.
	FieldMalformed Reason = 12
	// FieldForbidden: the route's tag policy rejects this tag (user-defined tags until listed).
	FieldForbidden Reason = 13
	// FieldNotUnderstood: the tag, or this value of it, changes quantity, price or risk and no control understands it.
	FieldNotUnderstood Reason = 14
	// OrdTypeUnsupported: OrdType(40) is of FIX, but nobody can say beforehand what such an order may cost.
	OrdTypeUnsupported Reason = 240
	// ClOrdIDTooLong: ClOrdID(11) is longer than the id table holds.
	ClOrdIDTooLong Reason = 15
	// DataHoldsSOH: a data field holds SOH: read without its length it would be several fields, none judged.
	DataHoldsSOH Reason = 16
	// ScopeUnsupported: a mass request is about orders that the gate does not tell apart from others.
	ScopeUnsupported Reason = 17
	// MarketUnknown: a mass cancel is of a market, and MarketID(1301) names no venue.
	MarketUnknown Reason = 408
	// UnderlyingUnknown: a mass request is of an underlying, and UnderlyingSymbol(311) is that of no symbol.
	UnderlyingUnknown Reason = 409
	// PartyNotEntitled: the link may not have that party stopped or reinstated, or not in that way.
	PartyNotEntitled Reason = 390
	// PartyUnknown: a PartyActionRequest names a party, a market or a symbol that there is not.
	PartyUnknown Reason = 391
	// PartyScopeUnsupported: a PartyActionRequest is about a part of what a party does that the gate does not tell apart.
	PartyScopeUnsupported Reason = 392
	// PartyNotStopped: what the link wants reinstated it has not stopped.
	PartyNotStopped Reason = 393

	// GateStopping: the gate is draining or shutting down.
	GateStopping Reason = 20
	// JournalUnavailable: the journal has no room or cannot write; nothing unrecorded may leave.
	JournalUnavailable Reason = 22
	// ClockForbidden: the configuration forbids trading in the present clock state.
	ClockForbidden Reason = 23
	// TableFull: a state table is full; capacity is fixed at start.
	TableFull Reason = 24
	// LinkHeld: an operator holds the link down, and its Logout is not answered yet.
	LinkHeld Reason = 25
	// Draining: an operator drains the link or the whole gate: no new orders, what is open is worked off.
	Draining Reason = 26
	// Unapproved: a second person has not approved the configuration, or what it says of the account, yet.
	Unapproved Reason = 350

	// KillFirm: the firm's kill switch is on.
	KillFirm Reason = 30
	// KillClient: the client's kill switch is on.
	KillClient Reason = 31
	// KillAccount: the account's kill switch is on.
	KillAccount Reason = 32
	// KillLink: the link's kill switch is on.
	KillLink Reason = 33

	// KillGroup: the kill switch of the client's group is on.
	KillGroup Reason = 34
	// KillDesk: the kill switch of the trader's desk is on.
	KillDesk Reason = 35
	// KillTrader: the trader's kill switch is on.
	KillTrader Reason = 36
	// KillAlgo: the algorithm's kill switch is on.
	KillAlgo Reason = 37
	// KillVenue: the venue's kill switch is on.
	KillVenue Reason = 38
	// KillInstrument: the instrument's kill switch is on.
	KillInstrument Reason = 39
	// KillSeveral: a kill switch is on whose every part fits the order, such as a trader in an instrument.
	KillSeveral Reason = 212

	// ControlDisabled: a control tripped in a scope of the order, and no human has enabled it again.
	ControlDisabled Reason = 284

	// DuplicateClOrdID: ClOrdID(11) was used on this link on this trade date, or names an open order.
	DuplicateClOrdID Reason = 40
	// StaleResend: a resent order, or one that waited above a gap, is older than MaxOrderAge.
	StaleResend Reason = 41
	// UnknownOrder: OrigClOrdID(41) names no order of this link.
	UnknownOrder Reason = 42
	// TooLateToCancel: the order is already final.
	TooLateToCancel Reason = 43
	// CancelPending: a cancel of this order is in flight.
	CancelPending Reason = 44
	// TooManyPendingRequests: the order's replace chain has its greatest length.
	TooManyPendingRequests Reason = 45
	// OrderTermsChanged: a request changes what a replace may not change (symbol, side, account).
	OrderTermsChanged Reason = 46

	// TraderUnknown: NoPartyIDs(453) names a trader that is not configured, or is another client's.
	TraderUnknown Reason = 53
	// AlgoUnknown: NoPartyIDs(453) names an algorithm that is not configured, or is another client's.
	AlgoUnknown Reason = 54
	// PartyMismatch: NoPartyIDs(453) or OrderOrigination(1724) says what the link is not for.
	PartyMismatch Reason = 55
	// AttributionMissing: neither the order nor its link's configuration names the trader or the
	// algorithm that the link demands.
	AttributionMissing Reason = 56

	// AccountUnknown: Account(1) is missing where needed, or not configured.
	AccountUnknown Reason = 50
	// AccountNotEntitled: this link may not trade for the account.
	AccountNotEntitled Reason = 51
	// AccountClosed: the account has no start-of-day positions for the trade date.
	AccountClosed Reason = 52

	// MessageRateExceeded: more messages in the window (D, G, F and q) than a throttle of the order's allows.
	MessageRateExceeded Reason = 280
	// OrderRateExceeded: more orders in the window (D and G) than a throttle of the order's allows.
	OrderRateExceeded Reason = 60
	// SymbolRateExceeded: more orders in the order's symbol and the window than a throttle of the order's allows.
	SymbolRateExceeded Reason = 281
	// RepeatedExecutions: more orders were executed automatically in the window than the repeated automated execution
	// throttle allows; a human must look (RTS 6 Art. 15(3)).
	RepeatedExecutions Reason = 285
	// ConsecutiveRejects: too many orders and replaces were refused one after the other in the window.
	ConsecutiveRejects Reason = 286
	// OrderTradeRatioExceeded: too many orders since the day roll, this one included, for each that was executed (RTS 9).
	OrderTradeRatioExceeded Reason = 382
	// SymbolOrderTradeExceeded: the same of the orders in its symbol.
	SymbolOrderTradeExceeded Reason = 383
	// SymbolQtyTradeExceeded: the same of the quantity of the orders in its symbol.
	SymbolQtyTradeExceeded Reason = 384

	// SymbolUnknown: Symbol(55) is not configured.
	SymbolUnknown Reason = 70
	// SymbolRestricted: the symbol is on a restricted list.
	SymbolRestricted Reason = 71
	// InstrumentRestricted: the symbol is on a restricted list of a scope that the order is in, or an operator has
	// restricted it there.
	InstrumentRestricted Reason = 260
	// InstrumentNotPermitted: a scope that the order is in has permitted lists, and the symbol is on none of them.
	InstrumentNotPermitted Reason = 261
	// SplitFraction: a split has left the account's position in the symbol a fraction of a unit, which nobody has settled yet.
	SplitFraction Reason = 401
	// SplitOverflow: after a split the account's position in the symbol is more than can be computed.
	SplitOverflow Reason = 402
	// SymbolHalted: the symbol is halted, by an operator or by the order's venue.
	SymbolHalted Reason = 72
	// VenueHalted: the order's venue is halted, by an operator or by its own word.
	VenueHalted Reason = 262
	// PhaseNotKnown: the rules of the account or the symbol go by the trading phase, and nobody has said which it is.
	PhaseNotKnown Reason = 263
	// PhaseForbidden: the rules of the account or the symbol permit no order in this trading phase.
	PhaseForbidden Reason = 264
	// OrdTypeForbiddenInPhase: they permit no order of this OrdType(40) in it, such as a market order in an auction.
	OrdTypeForbiddenInPhase Reason = 265
	// TimeInForceForbiddenInPhase: they permit no order of this TimeInForce(59) in it.
	TimeInForceForbiddenInPhase Reason = 266

	// TestSymbolForbidden: neither account nor link is for test symbols.
	TestSymbolForbidden Reason = 252
	// TestSymbolOnly: account or link is for test symbols alone.
	TestSymbolOnly Reason = 253

	// SideForbidden: the account may not use this Side(54).
	SideForbidden Reason = 80
	// OrdTypeForbidden: the account may not use this OrdType(40).
	OrdTypeForbidden Reason = 81
	// TimeInForceForbidden: the account may not use this TimeInForce(59).
	TimeInForceForbidden Reason = 82
	// CloseCutOff: the venue takes no orders at the close any more, or no change of one.
	CloseCutOff Reason = 254
	// NoCancelPeriod: the venue takes no cancels now, nor replaces: it is closed, or the time of day forbids them.
	NoCancelPeriod Reason = 400
	// PriceTermsInconsistent: Price(44) or StopPx(99) does not fit OrdType(40), or is not above 0
	// where the instrument's price must be.
	PriceTermsInconsistent Reason = 83
	// ExpiryMissing: an order good till a date says neither ExpireDate(432) nor ExpireTime(126).
	ExpiryMissing Reason = 248
	// OrderExpired: ExpireDate(432) is before the trade date, or over everywhere on earth, or ExpireTime(126) has come.
	OrderExpired Reason = 249
	// FieldContradicts: a field does not fit OrdType(40), TimeInForce(59) or another field.
	FieldContradicts Reason = 241
	// DisplayForbidden: account or instrument may not show a part of an order only: MaxFloor(111), MaxShow(210),
	// DisplayQty(1138) and what goes with them.
	DisplayForbidden Reason = 242
	// MinQtyForbidden: account or instrument may not use MinQty(110).
	MinQtyForbidden Reason = 243
	// DiscretionForbidden: account or instrument may not use DiscretionOffsetValue(389).
	DiscretionForbidden Reason = 244
	// ExecInstForbidden: the account may not use a value of ExecInst(18).
	ExecInstForbidden Reason = 246
	// SweepForbidden: the account may not send intermarket sweep orders, ExecInst(18) f: they tell the venue to trade
	// without a look at better prices elsewhere.
	SweepForbidden Reason = 247
	// CapacityMissing: account or link demands OrderCapacity(528), before FIX.4.3 Rule80A(47), or CustOrderCapacity(582).
	CapacityMissing Reason = 250
	// CapacityForbidden: account or link may not act in that capacity.
	CapacityForbidden Reason = 251

	// OffLot: OrderQty(38) is not a multiple of the instrument's lot.
	OffLot Reason = 90
	// OffTick: Price(44) or StopPx(99) is not a multiple of the instrument's tick.
	OffTick Reason = 91
	// SubPennyPrice: Price(44) or StopPx(99) has a smaller increment than US Rule 612 allows.
	SubPennyPrice Reason = 227
	// PartQtyOutOfRange: a quantity to show, or to fill at least, is not above 0, at most OrderQty(38), and in lots.
	PartQtyOutOfRange Reason = 245

	// FXRateStale: the rate of exchange by which the order counts in money is older than it may be, or as far in the future.
	FXRateStale Reason = 407

	// OrderQtyTooLarge: OrderQty(38) exceeds the lowest maximum of its scopes and its instrument.
	OrderQtyTooLarge Reason = 100
	// OrderQtyTooSmall: OrderQty(38) is below the highest minimum of its scopes.
	OrderQtyTooSmall Reason = 103
	// NotionalTooLarge: worst price times quantity exceeds the lowest maximum of its scopes, that of
	// orders with a limit price or that of orders without.
	NotionalTooLarge Reason = 101
	// VolumeMissing: a limit asks for a share of the average daily volume, which the instrument has not.
	VolumeMissing Reason = 221
	// VolumeShareExceeded: OrderQty(38) exceeds the lowest permitted share of the average daily volume.
	VolumeShareExceeded Reason = 220
	// OrderQtyBelowCumQty: a replace would leave less than what is already filled.
	OrderQtyBelowCumQty Reason = 102

	// ReferencePriceMissing: no source has a reference price for the symbol.
	ReferencePriceMissing Reason = 110
	// ReferencePriceStale: every reference price is older than its age limit.
	ReferencePriceStale Reason = 111
	// PriceOutsideCollar: the price is further from the reference than the collar allows.
	PriceOutsideCollar Reason = 112
	// CollarAmountExceeded: the price is further from the reference than the amount allowed.
	CollarAmountExceeded Reason = 222
	// CollarTicksExceeded: the price is more ticks from the reference than are allowed.
	CollarTicksExceeded Reason = 223
	// TouchMissing: a collar needs the best price of a side of the market, and there is none that is young enough.
	TouchMissing Reason = 224
	// NearTouchExceeded: the price is too far from the best one of the order's own side.
	NearTouchExceeded Reason = 225
	// FarTouchExceeded: the price is too far from the best one of the other side.
	FarTouchExceeded Reason = 226
	// ShortSaleBidMissing: the price test of Rule 201 is in force, and there is no fresh best bid to hold against.
	ShortSaleBidMissing Reason = 324
	// ShortSaleNotAboveBid: the price test is in force, and the short sale is not priced above the best bid.
	ShortSaleNotAboveBid Reason = 325

	// NotionalRateExceeded: the orders accepted in the window, this one included, reserve more than a throttle allows.
	NotionalRateExceeded Reason = 282
	// QtyRateExceeded: the orders accepted in the symbol and the window, this one included, open more than a throttle allows.
	QtyRateExceeded Reason = 283
	// DayQtyExceeded: the orders accepted since the day roll, this one included, open more than is allowed in a day.
	DayQtyExceeded Reason = 380
	// SymbolDayQtyExceeded: the same of the orders in its symbol.
	SymbolDayQtyExceeded Reason = 381
	// RepeatedOrder: too many equal orders (symbol, side, price, quantity) of an account, or a bigger scope, in the window.
	RepeatedOrder Reason = 120
	// SelfMatch: the order would trade against an open one of its own self-match group.
	SelfMatch Reason = 326

	// OpenOrderCountExceeded: the account has its greatest number of open orders.
	OpenOrderCountExceeded Reason = 130

	// ReduceOnly: a kill lets only closing orders pass in a scope of the order, and not all of it is closing (exposure 4).
	ReduceOnly Reason = 300

	// DailyLossExceeded: a scope of the order has lost more than it may in a day: a human has to revive it. Only closing orders pass.
	DailyLossExceeded Reason = 370

	// LongPositionExceeded: worst long position above its limit (exposure 4).
	LongPositionExceeded Reason = 140
	// ShortPositionExceeded: worst short position above its limit (exposure 4).
	ShortPositionExceeded Reason = 141
	// SellLongExceedsPosition: open long sales would exceed the position held (exposure 4).
	SellLongExceedsPosition Reason = 142
	// ShortMarkWrong: a short sale that the position held covers is a long sale (Reg SHO 200(g)).
	ShortMarkWrong Reason = 320
	// LocateNotDeclared: the order does not say that its sender has located what it sells short (114=N),
	// and the symbol is not easy to borrow today.
	LocateNotDeclared Reason = 321
	// LocateMissing: nothing is located today for a short sale of what is not easy to borrow.
	LocateMissing Reason = 322
	// LocateExceeded: short sales of the day, open and executed, would exceed what is located.
	LocateExceeded Reason = 323

	// AccountGrossExceeded: gross credit of the account (exposure 5).
	AccountGrossExceeded Reason = 150
	// AccountNetExceeded: net credit of the account.
	AccountNetExceeded Reason = 151
	// ClientGrossExceeded: gross credit of the client.
	ClientGrossExceeded Reason = 152
	// ClientNetExceeded: net credit of the client.
	ClientNetExceeded Reason = 153
	// GroupGrossExceeded: gross credit of the client's group.
	GroupGrossExceeded Reason = 200
	// GroupNetExceeded: net credit of the client's group.
	GroupNetExceeded Reason = 201
	// FirmGrossExceeded: gross credit of the firm.
	FirmGrossExceeded Reason = 154
	// FirmNetExceeded: net credit of the firm.
	FirmNetExceeded Reason = 155
	// DeskGrossExceeded: gross credit of the trader's desk.
	DeskGrossExceeded Reason = 202
	// DeskNetExceeded: net credit of the trader's desk.
	DeskNetExceeded Reason = 203
	// TraderGrossExceeded: gross credit of the trader.
	TraderGrossExceeded Reason = 204
	// TraderNetExceeded: net credit of the trader.
	TraderNetExceeded Reason = 205
	// AlgoGrossExceeded: gross credit of the algorithm.
	AlgoGrossExceeded Reason = 206
	// AlgoNetExceeded: net credit of the algorithm.
	AlgoNetExceeded Reason = 207
	// LinkGrossExceeded: gross credit of the link, whatever its orders' accounts.
	LinkGrossExceeded Reason = 208
	// LinkNetExceeded: net credit of the link.
	LinkNetExceeded Reason = 209
	// VenueGrossExceeded: gross credit of what goes to the venue.
	VenueGrossExceeded Reason = 210
	// VenueNetExceeded: net credit of what goes to the venue.
	VenueNetExceeded Reason = 211

	// SliceGrossExceeded: gross credit of the scope in a class of instruments, or in one.
	SliceGrossExceeded Reason = 311
	// SliceNetExceeded: net credit of the scope in a class of instruments, or in one.
	SliceNetExceeded Reason = 312
	// OpenCreditExceeded: what open orders reserve in the scope, RB + RS (exposure 5).
	OpenCreditExceeded Reason = 301
	// ExecutedCreditExceeded: what was executed in the scope since the day roll, EB + ES.
	ExecutedCreditExceeded Reason = 302
	// NetLongExceeded: net long credit of the scope.
	NetLongExceeded Reason = 303
	// NetShortExceeded: net short credit of the scope.
	NetShortExceeded Reason = 304
	// CarryExceeded: net credit of the scope with what its start-of-day positions are worth at their closes.
	CarryExceeded Reason = 305
	// MarkMissing: net with carry or inventory of the scope is limited, and something held in it has no close or mark.
	MarkMissing Reason = 313
	// InventoryExceeded: worst sizes of the scope at their marks, added up over accounts and instruments.
	InventoryExceeded Reason = 306
	// ScopeLongExceeded: worst long position of the scope in one instrument, all its accounts together (exposure 4).
	ScopeLongExceeded Reason = 307
	// ScopeShortExceeded: worst short position of the scope in one instrument.
	ScopeShortExceeded Reason = 308
	// TotalLongExceeded: worst long positions of the scope, added up over instruments.
	TotalLongExceeded Reason = 309
	// TotalShortExceeded: worst short positions of the scope, added up over instruments.
	TotalShortExceeded Reason = 310
	// ArithmeticOverflow: a product or sum leaves 64 bits; what cannot be computed is refused.
	ArithmeticOverflow Reason = 160

	// RouteMissing: no route for the order's symbol, account or ExDestination(100).
	RouteMissing Reason = 170
	// VenueDown: the venue's line is not logged on or still settling.
	VenueDown Reason = 171
	// VenueBusy: the venue's line is blocked: it reads slower than we send.
	VenueBusy Reason = 172
	// VenueRateExceeded: the venue's message budget, or the client's half of it, is used up.
	VenueRateExceeded Reason = 173
	// VenueRecovering: orders of an unclean stop are not settled with the venue yet.
	VenueRecovering Reason = 174
	// EgressBlocked: the egress check found a difference; the line is blocked until a human looks.
	EgressBlocked Reason = 175
	// VenueDraining: an operator drains the venue: it gets no new orders, what is open is worked off.
	VenueDraining Reason = 176

	// SelfMatchStands: the order would trade against open ones of its own self-match group that cannot all be cancelled ahead of
	// it: one is at another venue, not confirmed or in doubt, past the cut-off for cancels, or there are more than MatchesMax.
	SelfMatchStands Reason = 394

	// NotSent: the accepted order did not reach the venue; its reservation is released.
	NotSent Reason = 180
	// WithdrawnByKill: a kill withdrew the order before its bytes left.
	WithdrawnByKill Reason = 181
	// VenueRejected: the venue refused the request (35=3, 35=j).
	VenueRejected Reason = 182
	// CancelUnanswered: the venue owes the answer to a cancel too long; it is waited for no more, so that another can go.
	CancelUnanswered Reason = 183
)
