package core

import "portcullis/risk"

// wideRows is how many accounts and symbols together make a gate wide. With fewer, the rows of orders stay in the
// processor's cache, and what follows would only cost.
const wideRows = 1 << 14

// warm reads a word of each row of an order's account and symbol; see risk.Book.Warm.
func (c *Core) warm(o *risk.Order) uint64 {
	if o.Account == NoIndex || o.Instrument == NoIndex {
		return 0
	}
	r, a := &c.set.Routes, &c.set.Accounts[o.Account]
	return c.book.Warm(&o.Place, o.Link) ^ uint64(r.BySymbol[o.Instrument]) ^ uint64(r.ByAccount[o.Account]) ^
		uint64(c.unknown[o.Account]) ^ uint64(len(a.AtVenue)) ^ uint64(len(c.set.Instruments[o.Instrument].Currency))
}
