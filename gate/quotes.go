package gate

import (
	"unsafe"

	"portcullis/gate/prices"
	"portcullis/risk"
)

// quotes lets the core read the price table.
type quotes struct{ table *prices.Table }

// Quote reads one row; a row that was never written has no price.
func (t quotes) Quote(instrument uint32, q *risk.Quote) {
	*q = risk.Quote{}
	if row, ok := t.table.Load(instrument); ok {
		q.Bid, q.Ask, q.Last, q.Close = risk.Price(row.Bid), risk.Price(row.Ask), risk.Price(row.Last), risk.Price(row.Close)
		q.AtNs, q.LastAtNs, q.CloseAtNs, q.Has = row.QuoteNs, row.LastNs, row.CloseNs, risk.Has(row.Has)
	}
}

// Place is where a row begins.
func (t quotes) Place(instrument uint32) unsafe.Pointer { return t.table.Place(instrument) }
