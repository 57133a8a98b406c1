package core

import "portcullis/risk"

// Use is something open of what a configuration does not name any more: an order, or a position. Nobody could end it then, and
// its money would count nowhere (behaviour 12).
type Use struct {
	Of      risk.Scope // whose it is: of an account, an instrument, a trader, an algorithm, a link or a venue
	Number  uint32
	ClOrdID string // of an open order; "": it is a position

	Account, Instrument uint32 // of a position
	Qty                 risk.Qty
}

// Uses are those that stand in the way of a configuration.
type Uses struct {
	Shown []Use
	More  int // beside those
}

// UsesShown is how many of them people are told by name.
const UsesShown = 50

// Add takes one up.
func (u *Uses) Add(x Use) {
	if len(u.Shown) < UsesShown {
		u.Shown = append(u.Shown, x)
		return
	}
	u.More++
}

// UsesBeside are the open orders and positions of what a setup does not name. It goes over all orders and positions, which
// only a reload that removes something and a start do.
func (c *Core) UsesBeside(set *Setup) (uses Uses) {
	c.EachLive(func(_ uint32, o *Order) bool {
		x := Use{ClOrdID: string(c.ClOrdID(o.First))}
		for _, part := range [...]struct {
			of     risk.Scope
			number uint32
			gone   bool
		}{
			{risk.ScopeVenue, o.Venue, set.Venues[o.Venue].Link == NoIndex},
			{risk.ScopeLink, o.Owner, set.Links[o.Owner].BeginString == ""},
			{risk.ScopeAccount, o.Account, set.Accounts[o.Account].Client == NoIndex},
			{risk.ScopeInstrument, o.Instrument, set.Instruments[o.Instrument].Gone},
			{risk.ScopeTrader, uint32(o.Author.Trader) - 1, o.Author.Trader != 0 && set.Traders[o.Author.Trader-1].Name == ""},
			{risk.ScopeAlgo, uint32(o.Author.Algo) - 1, o.Author.Algo != 0 && set.Algos[o.Author.Algo-1].Name == ""},
		} {
			if part.gone {
				x.Of, x.Number = part.of, part.number
				uses.Add(x)
			}
		}
		return true
	})
	c.book.EachPosition(func(account, instrument uint32, v risk.PositionView) {
		x := Use{Account: account, Instrument: instrument, Qty: v.P}
		if v.P != 0 && set.Accounts[account].Client == NoIndex {
			x.Of, x.Number = risk.ScopeAccount, account
			uses.Add(x)
		}
		if v.P != 0 && set.Instruments[instrument].Gone {
			x.Of, x.Number = risk.ScopeInstrument, instrument
			uses.Add(x)
		}
	})
	return uses
}
