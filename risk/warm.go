package risk

import "math/bits"

// Warm reads a word of each row that the checks of an order will read, before they do: with more accounts and symbols
// than a processor's cache holds, memory is waited for once and not row by row. The sum means nothing, except
// that nothing of it can be left out.
func (b *Book) Warm(at *Place, lnk uint32) (sum uint64) {
	if at.Account >= uint32(len(b.accounts)) || at.Instrument >= uint32(len(b.instruments)) {
		return 0
	}
	scope := b.base[ScopeAccount] + at.Account
	p := &b.positions[b.home(pair(scope, at.Instrument))]
	e := &b.entitled[mix(pair(lnk, at.Account))>>bits.LeadingZeros64(uint64(len(b.entitled)-1))]
	a, in := &b.accounts[at.Account], &b.instruments[at.Instrument]
	sum = uint64(a.orders[0]) ^ uint64(a.longMax) ^ uint64(a.stops.kills) ^ uint64(a.sides)
	sum ^= uint64(in.k) ^ uint64(in.riskPrice[0]) ^ uint64(in.ticks[0].Tick) ^ uint64(in.ticks[1].Tick)
	return sum ^ uint64(b.scopes[scope].gross) ^ p.key ^ e.key
}
