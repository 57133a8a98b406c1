package core

import (
	"portcullis/fix"
	"portcullis/risk"
)

// reasonText writes Text(58): the stable code, the control in words, and the order's own value. What a
// limit is and how much of it is used is told only to a link whose configuration wants it (behaviour
// 4); the journal has everything.
func (c *Core) reasonText(d *Decision, w *fix.Writer, l uint32, reason risk.Reason) {
	row := reason.Row()
	w.Open(fix.TagText)
	w.PartString(row.Code)
	w.PartString(": ")
	w.PartString(row.Text)
	if _, measured := reason.Measured(); measured || reason == risk.MarkMissing {
		c := lastCheck(d)
		w.PartString(" of the ")
		w.PartString(c.Of.String())
		switch c.In {
		case risk.AnyClass:
		case risk.OneInstrument:
			w.PartString(" in this symbol")
		default:
			w.PartString(" in this type")
		}
	}
	if d.RefTag != 0 {
		w.PartString(" (tag ")
		w.PartUint(uint64(d.RefTag))
		w.PartString(")")
	}
	if reason == risk.AccountUnknown && d.RefTag == 0 && len(d.msg.Search(fix.TagAccount)) == 0 {
		w.PartString(": Account(1) is missing, and the link has none for orders without it")
	}
	ownValue(d, w, reason)
	d.tellToken(w)
	if c.set.Links[l].TellLimits {
		tellLimit(d, w, reason)
	}
	w.Close()
}

// ownValue writes what the order itself brought to the control that refused it: the text of a tag, or
// its notional.
func ownValue(d *Decision, w *fix.Writer, reason risk.Reason) {
	tag := int(d.RefTag)
	if tag == 0 {
		tag = valueTag(d, reason)
	}
	if tag != 0 {
		v := d.attribution.value // of a group, not to be found by its tag
		if reason != d.attribution.reason {
			v = d.msg.Search(tag)
		}
		if len(v) > 0 {
			w.PartString(": ")
			part(w, v)
		}
		return
	}
	if notional := ownNotional(d, reason); notional > 0 && notional <= risk.MagnitudeMax {
		w.PartString(": ")
		w.PartScaled(uint64(notional), risk.MoneyScale)
	}
}

// part appends at most echoBytesMax bytes of a value; a data field may hold SOH, a Text may not.
func part(w *fix.Writer, v []byte) {
	for i := range v {
		if v[i] == fix.SOH || i == echoBytesMax {
			return
		}
		w.Part(v[i : i+1])
	}
}

// valueTag is the tag whose value a refusal was about.
func valueTag(d *Decision, reason risk.Reason) int {
	switch reason {
	case risk.PriceOutsideCollar, risk.CollarAmountExceeded, risk.CollarTicksExceeded, risk.NearTouchExceeded, risk.FarTouchExceeded, risk.OffTick, risk.SubPennyPrice:
		if t := &d.order.Terms; t.HasStop && lastCheck(d).Value == int64(t.StopPx) {
			return fix.TagStopPx
		}
		return fix.TagPrice
	case risk.ShortSaleNotAboveBid, risk.SelfMatch, risk.SelfMatchStands:
		return fix.TagPrice
	case risk.OffLot, risk.OrderQtyTooLarge, risk.OrderQtyTooSmall, risk.VolumeShareExceeded, risk.OrderQtyBelowCumQty, risk.QtyRateExceeded, risk.DayQtyExceeded, risk.SymbolDayQtyExceeded, risk.RepeatedOrder, risk.LongPositionExceeded,
		risk.ShortPositionExceeded, risk.SellLongExceedsPosition, risk.ShortMarkWrong, risk.LocateMissing, risk.LocateExceeded, risk.ReduceOnly, risk.ScopeLongExceeded,
		risk.ScopeShortExceeded, risk.TotalLongExceeded, risk.TotalShortExceeded, risk.ArithmeticOverflow:
		return fix.TagOrderQty
	case risk.SideForbidden, risk.LocateNotDeclared:
		return fix.TagSide
	case risk.OrdTypeForbidden, risk.OrdTypeForbiddenInPhase, risk.PriceTermsInconsistent:
		return fix.TagOrdType
	case risk.TimeInForceForbidden, risk.TimeInForceForbiddenInPhase:
		return fix.TagTimeInForce
	case risk.SymbolUnknown, risk.SymbolHalted, risk.SymbolRestricted, risk.VenueHalted, risk.PhaseNotKnown, risk.PhaseForbidden, risk.InstrumentRestricted, risk.InstrumentNotPermitted, risk.VolumeMissing, risk.TouchMissing, risk.ReferencePriceMissing,
		risk.ReferencePriceStale, risk.FXRateStale, risk.ShortSaleBidMissing:
		return fix.TagSymbol
	case risk.AccountUnknown, risk.AccountNotEntitled, risk.AccountClosed:
		return fix.TagAccount
	case risk.DuplicateClOrdID:
		return fix.TagClOrdID
	case risk.RouteMissing:
		return fix.TagExDestination
	case risk.VenueRejected:
		return fix.TagText // in the venue's words
	}
	return 0
}

// ownNotional is the order's own part of the money that a control refused; 0 for other controls.
func ownNotional(d *Decision, reason risk.Reason) risk.Money {
	switch {
	case reason == risk.NotionalTooLarge:
		return risk.Money(lastCheck(d).Value)
	case reason.Scope() != 0 || reason.Row().Value == risk.UnitMoney && lastCheck(d).Of != 0:
		return d.Judgement.Reserved
	}
	return 0
}

// lastCheck is the comparison that refused the order.
func lastCheck(d *Decision) *risk.Check {
	return &d.Judgement.Checks[max(d.Judgement.Count, 1)-1]
}

// tellLimit adds usage with the order in it and the limit, for controls of the account, the client and the link.
// Those of the scopes above are never told.
func tellLimit(d *Decision, w *fix.Writer, reason risk.Reason) {
	switch reason {
	case risk.OrderQtyTooLarge, risk.OrderQtyTooSmall, risk.NotionalTooLarge, risk.VolumeShareExceeded, risk.RepeatedOrder, risk.OpenOrderCountExceeded,
		risk.LongPositionExceeded, risk.ShortPositionExceeded, risk.SellLongExceedsPosition, risk.ShortMarkWrong, risk.LocateExceeded,
		risk.AccountGrossExceeded, risk.AccountNetExceeded, risk.ClientGrossExceeded, risk.ClientNetExceeded:
	default:
		if lastCheck(d).Of == 0 {
			return
		}
	}
	c := lastCheck(d)
	if c.Control != reason || c.Value < 0 || c.Value > risk.MagnitudeMax || c.Limit < 0 || !tellable(c.Of) {
		return
	}
	row := reason.Row()
	w.PartString(" (")
	tellNumber(w, row.Value, c.Value)
	w.PartString(" of ")
	tellNumber(w, row.Limit, c.Limit)
	w.PartString(")")
}

// tellNumber writes a number in its unit, times in seconds.
func tellNumber(w *fix.Writer, u risk.Unit, v int64) {
	if w.PartScaled(uint64(v), scaleOf(u)); u == risk.UnitNs {
		w.PartString(" s")
	}
}

// tellable tells whether whose limit it was lies at or below the client, as links do; 0 is of a control that only such have.
func tellable(of risk.Scope) bool {
	switch of {
	case 0, risk.ScopeAccount, risk.ScopeClient, risk.ScopeLink, risk.ScopeInstrument:
		return true
	}
	return false
}

// scaleOf is how many of a unit make one.
func scaleOf(u risk.Unit) uint64 {
	switch u {
	case risk.UnitMoney:
		return risk.MoneyScale
	case risk.UnitQty:
		return risk.PriceScale
	case risk.UnitRatio:
		return risk.RatioScale
	case risk.UnitNs:
		return 1_000_000_000
	}
	return 1
}
