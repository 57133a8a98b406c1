package risk

// Control is a row of the matrix of controls: which messages it judges, in which scope its limit is
// set and by which setting. What else trades is refused as unsupported; requests about
// orders (q, H, AF) pass all of them, and a cancel all but those of its ClOrdID and of a venue's cut-off.
type Control struct {
	Reason   Reason
	Messages string // MsgTypes that it judges: D, G, F
	Scope    string // where its limit is set
	Setting  string // of gate.yaml or of the file named; a verb where it is set by hand
}

// Kills reports whether a reason is that of a kill that stands, which refuses more than it judges.
func (r Reason) Kills() bool {
	switch r {
	case KillFirm, KillClient, KillAccount, KillLink, KillGroup, KillDesk, KillTrader, KillAlgo, KillVenue, KillInstrument, KillSeveral, ReduceOnly, DailyLossExceeded:
		return true
	}
	return false
}

// Controls are all controls that judge an order by what is configured, in their order.
func Controls() []Control { return controls[:] }

const (
	both        = "DG"
	anyScope    = "any, type, symbol"
	limitsGross = "limits.gross"
	limitsNet   = "limits.net"

	throttledScopes = "any but venue"
)

var controls = [...]Control{
	{Unapproved, both, "firm, account", "gate.approval"},
	{KillFirm, both, "firm", "gate kill --all"},
	{KillClient, both, "client", "gate kill --client"},
	{KillAccount, both, "account", "gate kill --account"},
	{KillLink, both, "link", "gate kill --link"},
	{KillGroup, both, "group", "gate kill --group"},
	{KillDesk, both, "desk", "gate kill --desk"},
	{KillTrader, both, "trader", "gate kill --trader"},
	{KillAlgo, both, "algo", "gate kill --algo"},
	{KillVenue, both, "venue", "gate kill --venue"},
	{KillInstrument, both, "instrument", "gate kill --instrument"},
	{KillSeveral, both, "several", "gate kill with more than one"},

	{ControlDisabled, both, throttledScopes, "throttles: action, repeat_action"},

	{DuplicateClOrdID, "DGF", "link", "always"},
	{StaleResend, both, "link", "max_order_age_ms"},

	{TraderUnknown, both, "firm", "traders"},
	{AlgoUnknown, both, "firm", "algos"},
	{PartyMismatch, both, "link", "direct_access, client"},
	{AttributionMissing, "D", "link", "attribution"},
	{AccountUnknown, both, "firm", "accounts"},
	{AccountNotEntitled, both, "link", "accounts"},
	{AccountClosed, both, "account", "sod"},

	{MessageRateExceeded, both, throttledScopes, "throttles: messages"},
	{OrderRateExceeded, both, throttledScopes, "order_rate (links), throttles: orders"},
	{SymbolRateExceeded, both, throttledScopes, "throttles: symbol_orders"},
	{RepeatedExecutions, both, throttledScopes, "throttles: executions"},
	{ConsecutiveRejects, both, throttledScopes, "throttles: rejects"},
	{OrderTradeRatioExceeded, both, throttledScopes, "throttles: order_trade_ratio"},
	{SymbolOrderTradeExceeded, both, throttledScopes, "throttles: symbol_order_trade_ratio"},
	{SymbolQtyTradeExceeded, both, throttledScopes, "throttles: symbol_qty_trade_ratio"},

	{SymbolUnknown, both, "instrument", "data.instruments"},
	{SymbolRestricted, both, "instrument", "restricted (instruments)"},
	{InstrumentRestricted, both, "any", "restricted, gate restrict"},
	{InstrumentNotPermitted, both, "any", "permitted"},
	{SplitFraction, both, "account and instrument", "data.splits, gate splits"},
	{SplitOverflow, both, "account and instrument", "data.splits, gate splits"},
	{SymbolHalted, both, "instrument", "halted (instruments), gate halt, 35=f"},
	{VenueHalted, both, "venue", "gate halt --venue, 35=h"},
	{PhaseNotKnown, both, "account, instrument", "phase_rules: unknown"},
	{PhaseForbidden, both, "account, instrument", "phase_rules"},
	{OrdTypeForbiddenInPhase, both, "account, instrument", "phase_rules: ord_types"},
	{TimeInForceForbiddenInPhase, both, "account, instrument", "phase_rules: tifs"},

	{TestSymbolForbidden, both, "account, link", "test (instruments), test_symbols"},
	{TestSymbolOnly, both, "account, link", "test_symbols: only"},

	{SideForbidden, both, "account", "sides"},
	{OrdTypeForbidden, both, "account", "ord_types"},
	{TimeInForceForbidden, both, "account", "tifs"},
	{CloseCutOff, "DGF", "venue", "close_cutoff"},
	{NoCancelPeriod, "GF", "venue", "no_cancel"},
	{PriceTermsInconsistent, both, "instrument", "always"},
	{ExpiryMissing, both, "account", "always"},
	{OrderExpired, both, "account", "always"},
	{FieldContradicts, both, "instrument", "always"},
	{DisplayForbidden, both, "account, instrument", "order_fields"},
	{MinQtyForbidden, both, "account, instrument", "order_fields"},
	{DiscretionForbidden, both, "account, instrument", "order_fields"},
	{ExecInstForbidden, both, "account", "exec_insts"},
	{SweepForbidden, both, "account", "exec_insts: f"},
	{CapacityMissing, both, "account, link", "capacities, customer_capacities"},
	{CapacityForbidden, both, "account, link", "capacities, customer_capacities"},
	{OffLot, both, "instrument", "lot (instruments)"},
	{OffTick, both, "instrument", "tick, tick_table (instruments), data.ticks"},
	{SubPennyPrice, both, "instrument", "collars: sub_penny"},
	{PartQtyOutOfRange, both, "instrument", "lot (instruments)"},

	{FXRateStale, both, "instrument", "money: fx_age_days, fx_age_ms"},
	{OrderQtyTooLarge, both, anyScope, "order_qty_max"},
	{OrderQtyTooSmall, both, anyScope, "order_qty_min"},
	{NotionalTooLarge, both, anyScope, "notional_max, market_notional_max"},
	{VolumeMissing, both, "instrument", "adv (instruments), data.volumes"},
	{VolumeShareExceeded, both, anyScope, "adv_bps_max"},
	{OrderQtyBelowCumQty, "G", "order", "always"},

	{ReferencePriceMissing, both, "instrument", "data.prices, sources (collars)"},
	{ReferencePriceStale, both, "instrument", "collars: ages of sources"},
	{PriceOutsideCollar, both, "instrument", "collars: bps"},
	{CollarAmountExceeded, both, "instrument", "collars: amount"},
	{CollarTicksExceeded, both, "instrument", "collars: ticks"},
	{TouchMissing, both, "instrument", "price_socket"},
	{NearTouchExceeded, both, "instrument", "collars: near_touch_bps"},
	{FarTouchExceeded, both, "instrument", "collars: far_touch_bps"},
	{ShortSaleBidMissing, both, "instrument", "gate shortsale, data.short_sale_triggers, 35=f"},
	{ShortSaleNotAboveBid, both, "instrument", "gate shortsale, data.short_sale_triggers"},

	{NotionalRateExceeded, both, throttledScopes, "throttles: notional"},
	{QtyRateExceeded, both, throttledScopes, "throttles: symbol_qty"},
	{DayQtyExceeded, both, throttledScopes, "throttles: day_qty"},
	{SymbolDayQtyExceeded, both, throttledScopes, "throttles: symbol_day_qty"},
	{RepeatedOrder, both, throttledScopes, "repeat, throttles: equal_orders"},
	{SelfMatch, both, "group of accounts, instrument", "self_match, self_match_action"},
	{OpenOrderCountExceeded, "D", "account", "open_orders_max"},
	{ReduceOnly, both, "several", "gate kill --mode reduce-only"},
	{DailyLossExceeded, both, "any", "limits.daily_loss"},
	{LongPositionExceeded, both, "account and instrument", "long_max"},
	{ShortPositionExceeded, both, "account and instrument", "short_max"},
	{SellLongExceedsPosition, both, "account and instrument", "sell_long_checked"},
	{ShortMarkWrong, both, "account and instrument", "short_checked"},
	{LocateNotDeclared, both, "account and instrument", "locate, data.easy_to_borrow"},
	{LocateMissing, both, "account and instrument", "locate, data.locates"},
	{LocateExceeded, both, "account and instrument", "locate, data.locates"},

	{AccountGrossExceeded, both, "account", limitsGross},
	{AccountNetExceeded, both, "account", limitsNet},
	{ClientGrossExceeded, both, "client", limitsGross},
	{ClientNetExceeded, both, "client", limitsNet},
	{GroupGrossExceeded, both, "group", limitsGross},
	{GroupNetExceeded, both, "group", limitsNet},
	{FirmGrossExceeded, both, "firm", limitsGross},
	{FirmNetExceeded, both, "firm", limitsNet},
	{DeskGrossExceeded, both, "desk", limitsGross},
	{DeskNetExceeded, both, "desk", limitsNet},
	{TraderGrossExceeded, both, "trader", limitsGross},
	{TraderNetExceeded, both, "trader", limitsNet},
	{AlgoGrossExceeded, both, "algo", limitsGross},
	{AlgoNetExceeded, both, "algo", limitsNet},
	{LinkGrossExceeded, both, "link", limitsGross},
	{LinkNetExceeded, both, "link", limitsNet},
	{VenueGrossExceeded, both, "venue", limitsGross},
	{VenueNetExceeded, both, "venue", limitsNet},
	{SliceGrossExceeded, both, anyScope, "limits.types, limits.symbols: gross"},
	{SliceNetExceeded, both, anyScope, "limits.types, limits.symbols: net"},
	{OpenCreditExceeded, both, "any", "limits.open"},
	{ExecutedCreditExceeded, both, "any", "limits.executed"},
	{NetLongExceeded, both, "any", "limits.net_long"},
	{NetShortExceeded, both, "any", "limits.net_short"},
	{CarryExceeded, both, "any", "limits.net_carry"},
	{MarkMissing, both, "any", "data.prices, gate mark"},
	{InventoryExceeded, both, "any", "limits.inventory"},
	{ScopeLongExceeded, both, "any", "limits.long_max"},
	{ScopeShortExceeded, both, "any", "limits.short_max"},
	{TotalLongExceeded, both, "any", "limits.long_total_max"},
	{TotalShortExceeded, both, "any", "limits.short_total_max"},
	{ArithmeticOverflow, both, "firm", "always"},

	{VenueRateExceeded, both, "venue", "message_budget"},
	{SelfMatchStands, both, "group of accounts, instrument", "self_match_action: cancel_resting"},
}
