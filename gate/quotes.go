package gate

import (
	"unsafe"

	"portcullis/gate/prices"
	"portcullis/risk"
)

// quotes lets the core read the price table.
type quotes struct{ table *prices.Table }

// Quote reads one row; a row that was never written has no price.
func (q quotes) Quote(instrument uint32) risk.Quote {
	row, ok := q.table.Load(instrument)
	if !ok {
		return risk.Quote{}
	}
	return risk.Quote{
		Bid: risk.Price(row.Bid), Ask: risk.Price(row.Ask), Last: risk.Price(row.Last), Close: risk.Price(row.Close),
		AtNs: row.QuoteNs, LastAtNs: row.LastNs, CloseAtNs: row.CloseNs, Has: risk.Has(row.Has),
	}
}

// Place is where a row begins.
func (q quotes) Place(instrument uint32) unsafe.Pointer { return q.table.Place(instrument) }
