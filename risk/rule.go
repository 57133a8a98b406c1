package risk

// The paragraphs that a control serves, as an examiner asks for them: of SEC Rule 15c3-5 (17 CFR 240.15c3-5), of Regulation SHO
// (17 CFR 242.200-203), of Regulation NMS, of RTS 6 and of RTS 9 (Delegated Regulations (EU) 2017/589 and 2017/566).
const (
	ruleKill      = "RTS 6 12(1); 15c3-5 (c)(1)(i)"
	ruleKillScope = "RTS 6 12(2); 15c3-5 (c)(1)(i)"
	ruleAuthors   = "RTS 6 12(3); 15c3-5 (c)(2)(iii)"
	ruleAccess    = "15c3-5 (c)(2)(iii); RTS 6 15(5)"
	ruleDuplicate = "15c3-5 (c)(1)(ii)"
	ruleMessages  = "15c3-5 (c)(1)(ii); RTS 6 15(1)(d)"
	ruleEntry     = "15c3-5 (c)(2)(i)"
	ruleListed    = "15c3-5 (c)(2)(ii); RTS 6 15(5)"
	rulePrice     = "15c3-5 (c)(1)(ii); RTS 6 15(1)(a)"
	ruleValue     = "15c3-5 (c)(1)(ii); RTS 6 15(1)(b)"
	ruleVolume    = "15c3-5 (c)(1)(ii); RTS 6 15(1)(c)"
	ruleRepeats   = "15c3-5 (c)(1)(ii); RTS 6 15(3)"
	ruleMark      = "Reg SHO 200(g); 15c3-5 (c)(2)(i)"
	ruleLocate    = "Reg SHO 203(b)(1); 15c3-5 (c)(2)(i)"
	rulePriceTest = "Reg SHO 201(b); 15c3-5 (c)(2)(i)"
	ruleCredit    = "15c3-5 (c)(1)(i); RTS 6 15(2), 15(5)"
	ruleSelfMatch = "FINRA 5210.02; MAR 12"
	ruleRatio     = "RTS 9 3(1); RTS 6 15(1)(d)"
	ruleThreshold = "15c3-5 (c)(1)(i); RTS 6 15(5)"
)

// rules say which paragraphs each control serves; those of credit are told by their scope.
var rules = [...]string{
	KillFirm: ruleKill, KillVenue: ruleKill, KillInstrument: ruleKill, KillSeveral: ruleKillScope, KillLink: ruleKill,
	KillClient: ruleKillScope, KillAccount: ruleKillScope, KillGroup: ruleKillScope, KillDesk: ruleKillScope,
	KillTrader: ruleKillScope, KillAlgo: ruleKillScope, ReduceOnly: ruleKillScope,

	Unapproved: "15c3-5 (d)(1); RTS 6 15(4)", ControlDisabled: ruleRepeats, RepeatedExecutions: ruleRepeats, ConsecutiveRejects: ruleRepeats,

	DuplicateClOrdID: ruleDuplicate, StaleResend: ruleDuplicate, RepeatedOrder: ruleRepeats,
	TraderUnknown: ruleAuthors, AlgoUnknown: ruleAuthors, PartyMismatch: ruleAuthors, AttributionMissing: ruleAuthors,
	AccountUnknown: ruleAccess, AccountNotEntitled: ruleAccess, AccountClosed: ruleThreshold,

	MessageRateExceeded: ruleMessages, OrderRateExceeded: ruleMessages, SymbolRateExceeded: ruleMessages, VenueRateExceeded: ruleMessages,
	OrderTradeRatioExceeded: ruleRatio, SymbolOrderTradeExceeded: ruleRatio, SymbolQtyTradeExceeded: ruleRatio,
	NotionalRateExceeded: ruleValue, QtyRateExceeded: ruleVolume, DayQtyExceeded: ruleVolume, SymbolDayQtyExceeded: ruleVolume,

	SymbolUnknown: ruleListed, SymbolRestricted: ruleListed, InstrumentRestricted: ruleListed, InstrumentNotPermitted: ruleListed,
	TestSymbolForbidden: ruleListed, TestSymbolOnly: ruleListed,
	SplitFraction: ruleThreshold, SplitOverflow: ruleThreshold,
	SymbolHalted: ruleEntry, VenueHalted: ruleEntry, PhaseNotKnown: ruleEntry, PhaseForbidden: ruleEntry,
	OrdTypeForbiddenInPhase: ruleEntry, TimeInForceForbiddenInPhase: ruleEntry, CloseCutOff: ruleEntry, NoCancelPeriod: ruleEntry,
	SideForbidden: ruleAccess, OrdTypeForbidden: ruleEntry, TimeInForceForbidden: ruleEntry, PriceTermsInconsistent: ruleEntry,
	ExpiryMissing: ruleEntry, OrderExpired: ruleEntry, FieldContradicts: ruleEntry, DisplayForbidden: ruleEntry,
	MinQtyForbidden: ruleEntry, DiscretionForbidden: ruleEntry, ExecInstForbidden: ruleEntry, PartQtyOutOfRange: ruleEntry,
	SweepForbidden:  "Reg NMS 611(b)(6); 15c3-5 (c)(2)(i)",
	CapacityMissing: ruleEntry, CapacityForbidden: ruleEntry,
	OffLot: ruleEntry, OffTick: ruleEntry,

	FXRateStale:      ruleValue,
	OrderQtyTooLarge: ruleVolume, OrderQtyTooSmall: ruleVolume, VolumeMissing: ruleVolume, VolumeShareExceeded: ruleVolume,
	NotionalTooLarge: ruleValue, ArithmeticOverflow: ruleValue, OrderQtyBelowCumQty: ruleEntry,
	ReferencePriceMissing: rulePrice, ReferencePriceStale: rulePrice, PriceOutsideCollar: rulePrice,
	CollarAmountExceeded: rulePrice, CollarTicksExceeded: rulePrice, TouchMissing: rulePrice, NearTouchExceeded: rulePrice, FarTouchExceeded: rulePrice,
	SubPennyPrice: "Reg NMS 612; 15c3-5 (c)(2)(i)",

	SelfMatch: ruleSelfMatch, SelfMatchStands: ruleSelfMatch,
	ShortSaleBidMissing: rulePriceTest, ShortSaleNotAboveBid: rulePriceTest,
	ShortMarkWrong: ruleMark, SellLongExceedsPosition: ruleMark,
	LocateNotDeclared: ruleLocate, LocateMissing: ruleLocate, LocateExceeded: ruleLocate,

	OpenOrderCountExceeded: ruleThreshold, LongPositionExceeded: ruleThreshold, ShortPositionExceeded: ruleThreshold,
	ScopeLongExceeded: ruleThreshold, ScopeShortExceeded: ruleThreshold, TotalLongExceeded: ruleThreshold, TotalShortExceeded: ruleThreshold,
	OpenCreditExceeded: ruleCredit, ExecutedCreditExceeded: ruleCredit, NetLongExceeded: ruleCredit, NetShortExceeded: ruleCredit,
	DailyLossExceeded: ruleThreshold,
	CarryExceeded:     ruleCredit, MarkMissing: ruleCredit, InventoryExceeded: ruleCredit,
	SliceGrossExceeded: ruleCredit, SliceNetExceeded: ruleCredit,
}

// Rule names the paragraphs that a control serves; "" where nobody has said.
func (r Reason) Rule() string {
	switch {
	case r.Scope() != 0:
		return ruleCredit
	case int(r) < len(rules):
		return rules[r]
	}
	return ""
}
