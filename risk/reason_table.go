package risk

// Unit says how a Check's Value and Limit are to be read.
type Unit uint8

const (
	UnitNone  Unit = iota
	UnitMoney      // 1e-4 of the limit currency
	UnitQty        // 1e-8
	UnitPrice      // 1e-8
	UnitCount
	UnitNs
	UnitBps
	UnitCode // Side, OrdType or TimeInForce
	UnitSet  // a set of them, as a bit mask
	UnitList // of instruments, by number plus one
	UnitPhase
	UnitControl // by the number of its Reason
	UnitRatio   // 1e-2
)

// ReasonRow is what the outside is told of a Reason: one row per Reason, none twice.
type ReasonRow struct {
	Code                 string // stable, upper case; first word of Text(58), and the HTTP code
	Text                 string // the control in plain words, never a limit
	Value, Limit         Unit   // of a Check by this control
	OrdRejReason         uint8  // OrdRejReason(103) in FIX Latest
	CxlRejReason         uint8  // CxlRejReason(102) in FIX Latest
	BusinessRejectReason uint8  // BusinessRejectReason(380) in FIX Latest, where the link wants 35=j
	HTTPStatus           uint16
}

// The columns are those of ReasonRow. Codes that many rows share, as FIX Latest has them:
// 103: 0 broker option, 3 exceeds limit, 11 unsupported, 20 notional, 21 algorithm risk threshold,
// 25 insufficient credit, 26 clip size, 33 not entitled, 99 other. 102: 99 other.
// 380: 0 other, 4 application not available, 6 not authorized.
var reasonRows = [...]ReasonRow{
	Unjudged: {"UNJUDGED", "no check has spoken", 0, 0, 99, 99, 0, 500},
	Accepted: {"ACCEPTED", "accepted", 0, 0, 0, 0, 0, 201},

	MessageUnsupported: {"MESSAGE_UNSUPPORTED", "message type is not supported", 0, 0, 11, 99, 3, 400},
	FieldMissing:       {"FIELD_MISSING", "a tag that the checks need is absent", 0, 0, 99, 99, 5, 400},
	FieldMalformed:     {"FIELD_MALFORMED", "a value is malformed or out of range", 0, 0, 99, 99, 0, 400},
	FieldForbidden:     {"FIELD_FORBIDDEN", "this route does not take the tag", 0, 0, 11, 99, 0, 400},
	FieldNotUnderstood: {"FIELD_NOT_UNDERSTOOD", "no check understands the tag, or its value", 0, 0, 11, 99, 0, 400},
	OrdTypeUnsupported: {"ORDTYPE_UNSUPPORTED", "orders of this type cannot be priced beforehand", 0, 0, 11, 99, 0, 422},
	ClOrdIDTooLong:     {"CLORDID_TOO_LONG", "ClOrdID is too long", 0, 0, 99, 99, 0, 400},
	DataHoldsSOH:       {"DATA_HOLDS_SOH", "a data field that holds SOH is not passed on", 0, 0, 11, 99, 0, 400},
	ScopeUnsupported:   {"SCOPE_UNSUPPORTED", "this choice of orders is not supported", 0, 0, 11, 99, 3, 400},

	MarketUnknown:     {"MARKET_UNKNOWN", "no such market", 0, 0, 99, 99, 1, 404},
	UnderlyingUnknown: {"UNDERLYING_UNKNOWN", "no symbol has this underlying", 0, 0, 99, 99, 2, 404},

	PartyNotEntitled:      {"PARTY_NOT_ENTITLED", "session may not do that to the party", 0, 0, 99, 99, 6, 403},
	PartyUnknown:          {"PARTY_UNKNOWN", "no such party, market or symbol", 0, 0, 99, 99, 1, 404},
	PartyScopeUnsupported: {"PARTY_SCOPE_UNSUPPORTED", "no action is offered on this part of a party's trading", 0, 0, 99, 99, 3, 400},
	PartyNotStopped:       {"PARTY_NOT_STOPPED", "session has not stopped that party", 0, 0, 99, 99, 0, 409},

	GateStopping:       {"GATE_STOPPING", "gate is stopping", 0, 0, 0, 99, 4, 503},
	JournalUnavailable: {"JOURNAL_UNAVAILABLE", "gate cannot record orders", 0, 0, 0, 99, 4, 503},
	ClockForbidden:     {"CLOCK_FORBIDDEN", "gate clock is not good enough to trade", 0, 0, 0, 99, 4, 503},
	TableFull:          {"TABLE_FULL", "gate has no room for the order", 0, 0, 0, 99, 4, 503},
	Unapproved:         {"UNAPPROVED", "trading waits for approval", 0, 0, 0, 99, 4, 503},
	Draining:           {"DRAINING", "no new orders: what is open is worked off", 0, 0, 0, 99, 4, 503},
	LinkHeld:           {"LINK_HELD", "session is held down by the gate's operator", 0, 0, 0, 99, 4, 503},

	KillFirm:       {"KILL_FIRM", "trading is stopped", 0, 0, 21, 99, 6, 403},
	KillClient:     {"KILL_CLIENT", "trading is stopped for the client", 0, 0, 21, 99, 6, 403},
	KillAccount:    {"KILL_ACCOUNT", "trading is stopped for the account", 0, 0, 21, 99, 6, 403},
	KillLink:       {"KILL_LINK", "trading is stopped for the session", 0, 0, 21, 99, 6, 403},
	KillGroup:      {"KILL_GROUP", "trading is stopped for the group of clients", 0, 0, 21, 99, 6, 403},
	KillDesk:       {"KILL_DESK", "trading is stopped for the desk", 0, 0, 21, 99, 6, 403},
	KillTrader:     {"KILL_TRADER", "trading is stopped for the trader", 0, 0, 21, 99, 6, 403},
	KillAlgo:       {"KILL_ALGO", "trading is stopped for the algorithm", 0, 0, 21, 99, 6, 403},
	KillVenue:      {"KILL_VENUE", "trading is stopped at the venue", 0, 0, 21, 99, 6, 403},
	KillInstrument: {"KILL_INSTRUMENT", "trading is stopped in the symbol", 0, 0, 21, 99, 6, 403},
	KillSeveral:    {"KILL_SEVERAL", "trading is stopped for orders of this kind", 0, 0, 21, 99, 6, 403},

	ControlDisabled: {"CONTROL_DISABLED", "a control has tripped and waits for a human", UnitControl, UnitCount, 21, 99, 6, 403},

	DuplicateClOrdID:       {"DUPLICATE_CLORDID", "ClOrdID was used before", 0, 0, 6, 6, 0, 409},
	StaleResend:            {"STALE_RESEND", "resent order is too old", UnitNs, UnitNs, 8, 99, 0, 422},
	UnknownOrder:           {"UNKNOWN_ORDER", "OrigClOrdID names no order", 0, 0, 5, 1, 1, 404},
	TooLateToCancel:        {"TOO_LATE_TO_CANCEL", "order is already final", 0, 0, 4, 0, 0, 409},
	CancelPending:          {"CANCEL_PENDING", "a cancel of the order is in flight", 0, 0, 99, 3, 0, 409},
	TooManyPendingRequests: {"TOO_MANY_PENDING", "too many unanswered requests", UnitCount, UnitCount, 99, 3, 0, 409},
	OrderTermsChanged:      {"ORDER_TERMS_CHANGED", "a replace may not change this", 0, 0, 11, 99, 0, 422},

	TraderUnknown:      {"TRADER_UNKNOWN", "trader is not known", 0, 0, 99, 99, 6, 403},
	AlgoUnknown:        {"ALGO_UNKNOWN", "algorithm is not known", 0, 0, 99, 99, 6, 403},
	PartyMismatch:      {"PARTY_MISMATCH", "order is not what the session is for", 0, 0, 99, 99, 6, 403},
	AttributionMissing: {"ATTRIBUTION_MISSING", "trader or algorithm is not named", 0, 0, 99, 99, 6, 422},

	AccountUnknown:     {"ACCOUNT_UNKNOWN", "account is not known", 0, 0, 15, 99, 1, 422},
	AccountNotEntitled: {"ACCOUNT_NOT_ENTITLED", "session may not trade for the account", 0, 0, 15, 99, 6, 403},
	AccountClosed:      {"ACCOUNT_CLOSED", "account has no start-of-day positions", 0, 0, 0, 99, 6, 422},

	MessageRateExceeded:      {"MESSAGE_RATE", "too many messages in the window", UnitNs, UnitNs, 21, 99, 8, 429},
	RepeatedExecutions:       {"REPEATED_EXECUTIONS", "too many automated executions without a human's look", UnitNs, UnitNs, 21, 99, 0, 429},
	ConsecutiveRejects:       {"CONSECUTIVE_REJECTS", "too many refused one after the other", UnitNs, UnitNs, 21, 99, 8, 429},
	OrderTradeRatioExceeded:  {"ORDER_TRADE_RATIO", "too many orders for each that was executed", UnitRatio, UnitRatio, 21, 99, 8, 429},
	SymbolOrderTradeExceeded: {"SYMBOL_ORDER_TRADE_RATIO", "too many orders in the symbol for each that was executed", UnitRatio, UnitRatio, 21, 99, 8, 429},
	SymbolQtyTradeExceeded:   {"SYMBOL_QTY_TRADE_RATIO", "too much ordered in the symbol for what was executed", UnitRatio, UnitRatio, 21, 99, 8, 429},
	SymbolRateExceeded:       {"SYMBOL_RATE", "too many orders in the symbol and the window", UnitNs, UnitNs, 21, 99, 8, 429},
	OrderRateExceeded:        {"ORDER_RATE", "too many orders in the window", UnitNs, UnitNs, 21, 99, 8, 429},

	SymbolUnknown:    {"SYMBOL_UNKNOWN", "symbol is not known", 0, 0, 1, 99, 2, 422},
	SymbolRestricted: {"SYMBOL_RESTRICTED", "symbol is restricted", 0, 0, 33, 99, 6, 422},

	InstrumentRestricted:   {"RESTRICTED_LIST", "symbol is on a restricted list", UnitList, 0, 33, 99, 6, 422},
	InstrumentNotPermitted: {"NOT_PERMITTED", "symbol is on no permitted list", 0, 0, 33, 99, 6, 422},

	SplitFraction: {"SPLIT_FRACTION", "a split has left the account a fraction of the symbol that is not settled", UnitQty, 0, 99, 99, 6, 422},
	SplitOverflow: {"SPLIT_OVERFLOW", "after a split the account's position in the symbol cannot be computed", 0, 0, 99, 99, 6, 422},

	SymbolHalted: {"SYMBOL_HALTED", "symbol is halted", 0, 0, 2, 99, 4, 422},

	VenueHalted:                 {"VENUE_HALTED", "venue is halted", 0, 0, 2, 99, 4, 422},
	PhaseNotKnown:               {"PHASE_UNKNOWN", "trading phase is not known", UnitPhase, 0, 2, 99, 4, 422},
	PhaseForbidden:              {"PHASE_FORBIDDEN", "no order may enter in this trading phase", UnitPhase, 0, 2, 99, 4, 422},
	OrdTypeForbiddenInPhase:     {"ORDTYPE_IN_PHASE", "order type may not enter in this trading phase", UnitCode, UnitSet, 11, 99, 6, 422},
	TimeInForceForbiddenInPhase: {"TIF_IN_PHASE", "time in force may not enter in this trading phase", UnitCode, UnitSet, 11, 99, 6, 422},
	TestSymbolForbidden:         {"TEST_SYMBOL", "symbol is for tests", 0, 0, 33, 99, 6, 422},
	TestSymbolOnly:              {"TEST_ONLY", "nothing but test symbols may be traded", 0, 0, 33, 99, 6, 422},

	SideForbidden:          {"SIDE_FORBIDDEN", "side is not permitted", UnitCode, UnitSet, 11, 99, 6, 422},
	OrdTypeForbidden:       {"ORDTYPE_FORBIDDEN", "order type is not permitted", UnitCode, UnitSet, 11, 99, 6, 422},
	TimeInForceForbidden:   {"TIF_FORBIDDEN", "time in force is not permitted", UnitCode, UnitSet, 11, 99, 6, 422},
	CloseCutOff:            {"CLOSE_CUTOFF", "cut-off for orders at the close is over", 0, 0, 4, 0, 0, 422},
	NoCancelPeriod:         {"NO_CANCEL", "venue takes no cancels and replaces now", 0, 0, 4, 2, 0, 422},
	PriceTermsInconsistent: {"PRICE_TERMS", "prices do not fit the order type", UnitPrice, UnitPrice, 11, 99, 0, 422},
	ExpiryMissing:          {"EXPIRY_MISSING", "order is good till a date that it does not tell", 0, 0, 11, 99, 5, 422},
	OrderExpired:           {"ORDER_EXPIRED", "order has expired already", 0, 0, 4, 99, 0, 422},
	FieldContradicts:       {"FIELD_CONTRADICTS", "a field does not fit order type, time in force or another", 0, 0, 11, 99, 0, 422},
	DisplayForbidden:       {"ICEBERG_FORBIDDEN", "orders that show a part only are not permitted", 0, 0, 11, 99, 6, 422},
	MinQtyForbidden:        {"MIN_QTY_FORBIDDEN", "a least quantity is not permitted", 0, 0, 11, 99, 6, 422},
	DiscretionForbidden:    {"DISCRETION_FORBIDDEN", "discretion is not permitted", 0, 0, 11, 99, 6, 422},
	ExecInstForbidden:      {"EXECINST_FORBIDDEN", "a handling instruction is not permitted", 0, 0, 11, 99, 6, 422},
	SweepForbidden:         {"ISO_FORBIDDEN", "intermarket sweep orders are not permitted", 0, 0, 11, 99, 6, 422},
	CapacityMissing:        {"CAPACITY_MISSING", "order does not tell its capacity", 0, 0, 11, 99, 5, 422},
	CapacityForbidden:      {"CAPACITY_FORBIDDEN", "capacity is not permitted", 0, 0, 11, 99, 6, 422},

	OffLot:            {"OFF_LOT", "quantity is not a multiple of the lot", UnitQty, UnitQty, 13, 99, 0, 422},
	SubPennyPrice:     {"SUB_PENNY", "price is in parts of a cent", UnitPrice, UnitPrice, 18, 18, 18, 422},
	OffTick:           {"OFF_TICK", "price is not a multiple of the tick", UnitPrice, UnitPrice, 18, 18, 18, 422},
	PartQtyOutOfRange: {"PART_QTY", "a part of the quantity is not above 0, within it and in lots", UnitQty, UnitQty, 13, 99, 0, 422},

	FXRateStale: {"STALE_FX_RATE", "rate of exchange is too old", UnitNs, UnitNs, 99, 99, 0, 422},

	OrderQtyTooLarge:    {"QTY_TOO_LARGE", "quantity is above the maximum", UnitQty, UnitQty, 26, 99, 0, 422},
	OrderQtyTooSmall:    {"QTY_TOO_SMALL", "quantity is below the minimum", UnitQty, UnitQty, 13, 99, 0, 422},
	NotionalTooLarge:    {"NOTIONAL_TOO_LARGE", "notional is above the maximum", UnitMoney, UnitMoney, 20, 99, 0, 422},
	VolumeMissing:       {"NO_ADV", "no average daily volume for the symbol", 0, 0, 99, 99, 0, 422},
	VolumeShareExceeded: {"ADV_SHARE", "quantity is above the permitted share of the daily volume", UnitQty, UnitQty, 3, 99, 0, 422},
	OrderQtyBelowCumQty: {"QTY_BELOW_CUMQTY", "quantity is below what is filled", UnitQty, UnitQty, 13, 99, 0, 422},

	ReferencePriceMissing: {"NO_REFERENCE_PRICE", "no reference price for the symbol", 0, 0, 19, 99, 0, 422},
	ReferencePriceStale:   {"STALE_REFERENCE_PRICE", "reference price is too old", UnitNs, UnitNs, 19, 99, 0, 422},
	CollarAmountExceeded:  {"COLLAR_AMOUNT", "price is too far from the reference", UnitPrice, UnitPrice, 16, 8, 0, 422},
	CollarTicksExceeded:   {"COLLAR_TICKS", "price is too many ticks from the reference", UnitPrice, UnitCount, 16, 8, 0, 422},
	TouchMissing:          {"NO_TOUCH", "no fresh quote to hold the price against", UnitNs, UnitNs, 19, 99, 0, 422},
	NearTouchExceeded:     {"NEAR_TOUCH", "price is too far from the best of its own side", UnitPrice, UnitBps, 16, 8, 0, 422},
	FarTouchExceeded:      {"FAR_TOUCH", "price is too far from the best of the other side", UnitPrice, UnitBps, 16, 8, 0, 422},
	PriceOutsideCollar:    {"COLLAR", "price is outside the collar", UnitPrice, UnitBps, 16, 8, 0, 422},
	ShortSaleBidMissing:   {"SHORT_SALE_NO_BID", "price test of short sales is in force and no best bid is known", 0, UnitNs, 19, 99, 0, 422},
	ShortSaleNotAboveBid:  {"SHORT_SALE_PRICE", "short sale is not priced above the best bid", UnitPrice, UnitPrice, 22, 99, 0, 422},

	NotionalRateExceeded: {"NOTIONAL_RATE", "too much notional in the window", UnitMoney, UnitMoney, 21, 99, 0, 429},
	QtyRateExceeded:      {"QTY_RATE", "too much quantity in the symbol and the window", UnitQty, UnitQty, 21, 99, 0, 429},
	DayQtyExceeded:       {"DAY_QTY", "too much quantity since the day roll", UnitQty, UnitQty, 21, 99, 0, 422},
	SymbolDayQtyExceeded: {"SYMBOL_DAY_QTY", "too much quantity in the symbol since the day roll", UnitQty, UnitQty, 21, 99, 0, 422},
	RepeatedOrder:        {"REPEATED_ORDER", "too many equal orders", UnitCount, UnitCount, 21, 99, 0, 422},
	SelfMatch:            {"SELF_MATCH", "order would trade against one of its own", UnitPrice, UnitPrice, 99, 99, 0, 422},

	OpenOrderCountExceeded: {"OPEN_ORDER_COUNT", "too many open orders", UnitCount, UnitCount, 3, 99, 0, 422},

	DailyLossExceeded: {"DAILY_LOSS", "daily loss limit was hit: only orders that close a position may pass", UnitQty, UnitQty, 25, 99, 0, 403},
	ReduceOnly:        {"REDUCE_ONLY", "only orders that close a position may pass", UnitQty, UnitQty, 3, 99, 0, 403},

	LongPositionExceeded:    {"LONG_POSITION", "long position limit", UnitQty, UnitQty, 3, 99, 0, 422},
	ShortPositionExceeded:   {"SHORT_POSITION", "short position limit", UnitQty, UnitQty, 3, 99, 0, 422},
	SellLongExceedsPosition: {"SELL_LONG", "long sale is not covered", UnitQty, UnitQty, 22, 99, 0, 422},
	ShortMarkWrong:          {"SHORT_MARK", "short sale is covered: it is a long sale", UnitQty, UnitQty, 22, 99, 0, 422},
	LocateNotDeclared:       {"LOCATE_DECLARATION", "short sale does not say that it is located", 0, 0, 22, 99, 5, 422},
	LocateMissing:           {"LOCATE_MISSING", "short sale has no locate", UnitQty, UnitQty, 22, 99, 0, 422},
	LocateExceeded:          {"LOCATE_EXCEEDED", "short sale is above what is located", UnitQty, UnitQty, 22, 99, 0, 422},

	AccountGrossExceeded: {"CREDIT_ACCOUNT_GROSS", "gross credit of the account", UnitMoney, UnitMoney, 25, 99, 0, 422},
	AccountNetExceeded:   {"CREDIT_ACCOUNT_NET", "net credit of the account", UnitMoney, UnitMoney, 25, 99, 0, 422},
	ClientGrossExceeded:  {"CREDIT_CLIENT_GROSS", "gross credit of the client", UnitMoney, UnitMoney, 25, 99, 0, 422},
	ClientNetExceeded:    {"CREDIT_CLIENT_NET", "net credit of the client", UnitMoney, UnitMoney, 25, 99, 0, 422},
	GroupGrossExceeded:   {"CREDIT_GROUP_GROSS", "gross credit of the group of clients", UnitMoney, UnitMoney, 25, 99, 0, 422},
	GroupNetExceeded:     {"CREDIT_GROUP_NET", "net credit of the group of clients", UnitMoney, UnitMoney, 25, 99, 0, 422},
	FirmGrossExceeded:    {"CREDIT_FIRM_GROSS", "gross credit of the firm", UnitMoney, UnitMoney, 25, 99, 0, 422},
	FirmNetExceeded:      {"CREDIT_FIRM_NET", "net credit of the firm", UnitMoney, UnitMoney, 25, 99, 0, 422},
	DeskGrossExceeded:    {"CREDIT_DESK_GROSS", "gross credit of the desk", UnitMoney, UnitMoney, 25, 99, 0, 422},
	DeskNetExceeded:      {"CREDIT_DESK_NET", "net credit of the desk", UnitMoney, UnitMoney, 25, 99, 0, 422},
	TraderGrossExceeded:  {"CREDIT_TRADER_GROSS", "gross credit of the trader", UnitMoney, UnitMoney, 25, 99, 0, 422},
	TraderNetExceeded:    {"CREDIT_TRADER_NET", "net credit of the trader", UnitMoney, UnitMoney, 25, 99, 0, 422},
	AlgoGrossExceeded:    {"CREDIT_ALGO_GROSS", "gross credit of the algorithm", UnitMoney, UnitMoney, 25, 99, 0, 422},
	AlgoNetExceeded:      {"CREDIT_ALGO_NET", "net credit of the algorithm", UnitMoney, UnitMoney, 25, 99, 0, 422},
	LinkGrossExceeded:    {"CREDIT_LINK_GROSS", "gross credit of the session", UnitMoney, UnitMoney, 25, 99, 0, 422},
	LinkNetExceeded:      {"CREDIT_LINK_NET", "net credit of the session", UnitMoney, UnitMoney, 25, 99, 0, 422},
	VenueGrossExceeded:   {"CREDIT_VENUE_GROSS", "gross credit of the venue", UnitMoney, UnitMoney, 25, 99, 0, 422},
	VenueNetExceeded:     {"CREDIT_VENUE_NET", "net credit of the venue", UnitMoney, UnitMoney, 25, 99, 0, 422},

	SliceGrossExceeded:     {"CREDIT_SLICE_GROSS", "gross credit", UnitMoney, UnitMoney, 25, 99, 0, 422},
	SliceNetExceeded:       {"CREDIT_SLICE_NET", "net credit", UnitMoney, UnitMoney, 25, 99, 0, 422},
	OpenCreditExceeded:     {"CREDIT_OPEN", "credit of open orders", UnitMoney, UnitMoney, 25, 99, 0, 422},
	ExecutedCreditExceeded: {"CREDIT_EXECUTED", "credit of what was executed", UnitMoney, UnitMoney, 25, 99, 0, 422},
	NetLongExceeded:        {"CREDIT_NET_LONG", "net long credit", UnitMoney, UnitMoney, 25, 99, 0, 422},
	NetShortExceeded:       {"CREDIT_NET_SHORT", "net short credit", UnitMoney, UnitMoney, 25, 99, 0, 422},
	CarryExceeded:          {"CREDIT_NET_CARRY", "net credit with carry", UnitMoney, UnitMoney, 25, 99, 0, 422},
	MarkMissing:            {"MARK_MISSING", "something held has no mark: exposure", 0, 0, 25, 99, 0, 422},
	InventoryExceeded:      {"INVENTORY", "inventory", UnitMoney, UnitMoney, 25, 99, 0, 422},
	ScopeLongExceeded:      {"SCOPE_LONG_POSITION", "long position limit", UnitQty, UnitQty, 3, 99, 0, 422},
	ScopeShortExceeded:     {"SCOPE_SHORT_POSITION", "short position limit", UnitQty, UnitQty, 3, 99, 0, 422},
	TotalLongExceeded:      {"TOTAL_LONG_POSITION", "limit of all long positions", UnitQty, UnitQty, 3, 99, 0, 422},
	TotalShortExceeded:     {"TOTAL_SHORT_POSITION", "limit of all short positions", UnitQty, UnitQty, 3, 99, 0, 422},
	ArithmeticOverflow:     {"ARITHMETIC_OVERFLOW", "amount is beyond computing", UnitMoney, UnitMoney, 20, 99, 0, 422},

	RouteMissing:      {"ROUTE_MISSING", "no route for the order", 0, 0, 11, 99, 7, 422},
	VenueDown:         {"VENUE_DOWN", "venue is not connected", 0, 0, 0, 99, 4, 503},
	VenueBusy:         {"VENUE_BUSY", "venue does not take orders fast enough", 0, 0, 0, 99, 4, 503},
	VenueRateExceeded: {"VENUE_RATE", "message budget of the venue is used up", 0, 0, 0, 99, 8, 429},
	VenueRecovering:   {"VENUE_RECOVERING", "earlier orders are not settled with the venue", 0, 0, 0, 99, 4, 503},
	VenueDraining:     {"VENUE_DRAINING", "no new orders for the venue: what is open is worked off", 0, 0, 0, 99, 4, 503},
	SelfMatchStands:   {"SELF_MATCH_STANDS", "order would trade against one of its own that cannot be cancelled ahead of it", UnitPrice, UnitPrice, 99, 99, 0, 422},
	EgressBlocked:     {"EGRESS_BLOCKED", "venue line is blocked by the egress check", 0, 0, 0, 99, 4, 503},

	NotSent:          {"NOT_SENT", "order did not reach the venue", 0, 0, 0, 99, 4, 503},
	WithdrawnByKill:  {"WITHDRAWN_BY_KILL", "order was withdrawn by a kill", 0, 0, 21, 99, 6, 403},
	VenueRejected:    {"VENUE_REJECTED", "venue refused the request", 0, 0, 0, 99, 0, 422},
	CancelUnanswered: {"CANCEL_UNANSWERED", "venue has not answered the cancel in time and may still carry it out", 0, 0, 0, 99, 4, 503},
}

// Row is the row of a Reason; a number that names none gets the row of Unjudged.
func (r Reason) Row() *ReasonRow {
	if int(r) >= len(reasonRows) || reasonRows[r].Code == "" {
		return &reasonRows[Unjudged]
	}
	return &reasonRows[r]
}

// String is the stable code.
func (r Reason) String() string { return r.Row().Code }
