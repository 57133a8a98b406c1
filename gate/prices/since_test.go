package prices

import "testing"

// TestSince: who asks again gets what has changed, in pages; after a restart of the table, all of it.
func TestSince(t *testing.T) {
	const n = pageRowsMax + 2
	table := NewTable(n)
	for i := range uint32(n) {
		table.Set(i, Update{Bid: int64(i) + 1, AtNs: 7, Has: HasBid})
	}
	first := table.Since(0, 0)
	rest := table.Since(0, first.Next)
	if len(first.Rows) != pageRowsMax || first.Next != pageRowsMax || len(rest.Rows) != 2 || rest.Next != 0 || rest.Rows[1].Bid != n {
		t.Errorf("%d rows and from %d on %d", len(first.Rows), first.Next, len(rest.Rows))
	}
	table.SetClose(3, 1, 1)
	if p := table.Since(first.Stores, 0); len(p.Rows) != 0 {
		t.Errorf("nothing has changed: %+v", p.Rows)
	}
	table.Set(3, Update{Last: 9, AtNs: 8, Has: HasLast})
	if p := table.Since(first.Stores, 0); len(p.Rows) != 1 || p.Rows[0].Instrument != 3 || p.Rows[0].Last != 9 || p.Rows[0].Bid != 4 {
		t.Errorf("%+v", p.Rows)
	}
	if p := table.Since(n+2, 0); len(p.Rows) != pageRowsMax {
		t.Errorf("another table gives %d rows", len(p.Rows))
	}
}
