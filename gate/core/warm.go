package core

import (
	"unsafe"

	"portcullis/fix"
	"portcullis/gate/ahead"
	"portcullis/risk"
)

// wideRows is how many accounts and symbols together make a gate wide. With fewer, the rows of orders stay in the
// processor's cache, and what follows would only cost.
const wideRows = 1 << 14

// askForNames asks for where a message's ClOrdID, account and symbol are looked up.
func (c *Core) askForNames(l uint32, m *fix.Message) {
	list := [...]unsafe.Pointer{c.idIndex.line(idHash(l, m.Value(fix.TagClOrdID))), c.accounts.line(m.Value(fix.TagAccount)),
		c.symbols.line(m.Value(fix.TagSymbol))}
	ahead.ToRead(&list[0], len(list))
}

// askForRows asks for the rows of an order's account and symbol, before they are read one after the other.
func (c *Core) askForRows(o *risk.Order) {
	if o.Account == NoIndex || o.Instrument == NoIndex {
		return
	}
	var list [risk.RowsMax + 1]unsafe.Pointer
	n := c.book.Rows(&o.Place, o.Link, (*[risk.RowsMax]unsafe.Pointer)(list[:]))
	if c.placed != nil {
		list[n] = c.placed.Place(o.Instrument)
		n++
	}
	ahead.ToRead(&list[0], n)
}
