package core

import "portcullis/risk"

// What a reload begins to count gets what a start would have counted by then (see risk.Book.Backfill). The tables have that: open
// orders, and executions of this trade date. Those that have no ExecID, such as adjustments, or found no row are kept here.

// unnamedMax bounds them; a day of more begins nothing that counts money until its roll.
const unnamedMax = 1 << 10

// unnamed is the money of one.
type unnamed struct {
	money risk.Money
	place risk.Place
	side  risk.Side
	_     [3]byte
}

// noteUnnamed keeps what an Executed of this trade date moves, where no row of executions will have it.
func (c *Core) noteUnnamed(at *risk.Place, e *Effect) {
	if e.Execution != NoIndex || e.Money == 0 {
		return
	}
	if c.reg.unnamed < unnamedMax {
		c.unnamed[c.reg.unnamed] = unnamed{money: e.Money, place: *at, side: e.Side}
	}
	c.reg.unnamed++
}

// remembersDay reports whether all money of this trade date can be told apart by whose it is.
func (c *Core) remembersDay() bool { return c.reg.unnamed <= unnamedMax && c.reg.inexact == 0 }

// backfill fills in what a reload has begun to count. It goes over all positions, and where credit begins over all orders and
// executions: AskReload has seen that these are all there.
func (c *Core) backfill() {
	if !c.book.Lacking() {
		return
	}
	if c.book.LacksSums() {
		c.backfillSums()
	}
	c.exact(c.book.Backfilled())
}

func (c *Core) backfillSums() {
	add := func(at risk.Place, d risk.Delta) { c.exact(c.book.Backfill(&at, &d)) }
	c.EachLive(func(_ uint32, o *Order) bool {
		add(o.Place, risk.Delta{Side: o.Side, Reserved: o.Reserved, Orders: 1})
		return true
	})
	for slot := range c.reg.execUsed {
		if x := &c.executions[slot]; x.date == c.reg.tradeDate && !x.busted {
			add(x.place(), risk.Delta{Side: x.side, Money: x.money})
		}
	}
	for i := range c.reg.unnamed {
		x := &c.unnamed[i]
		add(x.place, risk.Delta{Side: x.side, Money: x.money})
	}
}
