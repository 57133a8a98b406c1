package risk

import (
	"math/bits"
	"unsafe"
)

// RowsMax is how many addresses Rows gives at most.
const RowsMax = 11

// Rows lists the cache lines of the rows that the checks of an order will read, for the caller to ask the processor for
// them all at once; nothing where account or instrument are not known.
func (b *Book) Rows(at *Place, lnk uint32, list *[RowsMax]unsafe.Pointer) int {
	if at.Account >= uint32(len(b.accounts)) || at.Instrument >= uint32(len(b.instruments)) {
		return 0
	}
	scope := b.base[ScopeAccount] + at.Account
	a, in := &b.accounts[at.Account], &b.instruments[at.Instrument]
	list[0] = unsafe.Pointer(a)
	list[1] = unsafe.Pointer(&a.repeatFrom)
	list[2] = unsafe.Pointer(&a.matchGroup)
	list[3] = unsafe.Pointer(in)
	list[4] = unsafe.Pointer(&in.riskPrice)
	list[5] = unsafe.Pointer(&in.static)
	list[6] = unsafe.Pointer(&in.ticks[0])
	list[7] = unsafe.Pointer(&in.ticks[1])
	list[8] = unsafe.Pointer(&b.scopes[scope])
	list[9] = unsafe.Pointer(&b.positions[b.home(pair(scope, at.Instrument))])
	list[10] = unsafe.Pointer(&b.entitled[mix(pair(lnk, at.Account))>>bits.LeadingZeros64(uint64(len(b.entitled)-1))])
	return len(list)
}
