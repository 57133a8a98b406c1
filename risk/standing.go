package risk

// StandingMax bounds the controls that refuse an open order at one time.
const StandingMax = 5

// Standing asks the controls that stand over an open order, whatever has happened since it was accepted: the rights of its
// account and link, lists, halts, the permitted sides, types and times in force. It gives each that would refuse it now.
// Prices, sizes, windows and credit were for the moment of its acceptance, and phases are about what enters.
func (b *Book) Standing(o *Order, out *[StandingMax]Reason) []Reason {
	var j Judgement
	n := 0
	for _, r := range [StandingMax]Reason{b.checkAccount(o, &j), b.checkRestricted(o, &j), b.checkLists(o, &j), b.checkHalt(o, &j),
		b.checkPermitted(o, &j)} {
		if r != Accepted {
			out[n] = r
			n++
		}
	}
	return out[:n]
}

// standing are the controls that Standing may give.
var standing = [...]Reason{AccountNotEntitled, AccountClosed, SymbolRestricted, InstrumentRestricted, InstrumentNotPermitted, SymbolHalted,
	VenueHalted, SideForbidden, OrdTypeForbidden, TimeInForceForbidden}

// CancelControls are the controls that may have open orders cancelled: those that Standing may give, and those of what an order
// adds to while it is open, whose limit may be lowered.
func CancelControls() []Reason {
	list := append(standing[:], OpenOrderCountExceeded, LongPositionExceeded, ShortPositionExceeded)
	for _, c := range controls {
		if _, measured := c.Reason.Measured(); measured || c.Reason.Scope() != 0 {
			list = append(list, c.Reason)
		}
	}
	return list
}
