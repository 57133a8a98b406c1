package risk

// TestRule says whether orders in test symbols are permitted: symbols of a venue for nothing but tests.
type TestRule uint8

const (
	NoTests   TestRule = iota
	WithTests          // beside all others
	OnlyTests          // and nothing else
)

// checkTestSymbol: a test symbol takes orders of the accounts and links that are for it, and those for tests alone take no
// other.
func (b *Book) checkTestSymbol(o *Order, j *Judgement) Reason {
	a, link := b.accounts[o.Account].tests, o.LinkTests
	switch test := b.instruments[o.Instrument].test; {
	case test && a == NoTests && link == NoTests:
		return j.fail(TestSymbolForbidden, o.Instrument, 0, 0)
	case !test && (a == OnlyTests || link == OnlyTests):
		return j.fail(TestSymbolOnly, o.Instrument, 0, 0)
	}
	return Accepted
}
