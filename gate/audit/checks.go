package audit

import (
	"portcullis/gate/config"
	"portcullis/risk"
)

// CheckWords are a check as gate why shows it: whose limit it is by the numbers of a journal, the value and the limit.
func CheckWords(n *config.Numbers, c *risk.Check) (of, value, limit string) {
	row := c.Control.Row()
	return (&Journal{numbers: n}).ofCheck(c), inUnit(row.Value, c.Control, c.Value), inUnit(row.Limit, c.Control, c.Limit)
}

// ofCheck names whose limit a check was made with: where any scope may have one, that whose limit is the lowest.
func (j *Journal) ofCheck(c *risk.Check) string {
	name := ""
	switch c.Of {
	case 0:
		return j.scopeOf(c.Control, c.Scope)
	case risk.ScopeAccount:
		name = j.account(c.Scope)
	case risk.ScopeInstrument:
		name = j.instrument(c.Scope)
	case risk.ScopeFirm:
		name = "firm"
	default:
		name = j.scopeName(c.Of, c.Scope)
	}
	switch c.In {
	case risk.AnyClass:
		return name
	case risk.OneInstrument:
		return name + " in this symbol"
	}
	return name + " in type " + word(classWords, c.In, "type")
}

// scopeOf names what a control's check was about.
func (j *Journal) scopeOf(control risk.Reason, n uint32) string {
	switch control {
	case risk.OrderRateExceeded: // of journals in which it was of links alone
		return j.link(n)
	case risk.VenueHalted, risk.CloseCutOff, risk.NoCancelPeriod:
		return j.venue(n)
	case risk.SymbolUnknown, risk.SymbolRestricted, risk.InstrumentRestricted, risk.InstrumentNotPermitted, risk.SymbolHalted, risk.PriceTermsInconsistent,
		risk.TestSymbolForbidden, risk.TestSymbolOnly, risk.FieldContradicts, risk.PartQtyOutOfRange, risk.OffLot, risk.OffTick, risk.SubPennyPrice, risk.FXRateStale, risk.VolumeMissing, risk.ReferencePriceMissing, risk.ReferencePriceStale, risk.PriceOutsideCollar,
		risk.CollarAmountExceeded, risk.CollarTicksExceeded, risk.TouchMissing, risk.NearTouchExceeded, risk.FarTouchExceeded,
		risk.ShortSaleBidMissing, risk.ShortSaleNotAboveBid:
		return j.instrument(n)
	case risk.SelfMatch, risk.SelfMatchStands: // the open order that it would meet, by its slot
		return orderWord(n)
	}
	switch scope := control.Scope(); scope {
	case 0:
		return j.account(n)
	case risk.ScopeFirm:
		return "firm"
	default:
		return j.name(scopeKinds[scope], n)
	}
}
