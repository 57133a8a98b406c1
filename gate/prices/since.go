package prices

// Live is the row of an instrument that has got a live price.
type Live struct {
	Instrument uint32
	Row
}

// Page is what changed in a table, or a part of it.
type Page struct {
	Rows   []Live
	Stores uint64 // how many live prices were stored before it was read: what to ask after the next time
	Next   uint32 // instrument from which on there is more; 0: there is none
}

// pageRowsMax bounds what is copied while those that store wait.
const pageRowsMax = 10_000

// Since gives the rows from an instrument on that got a live price after so many stores. A table that has had fewer is another:
// all of it is given.
func (t *Table) Since(stores uint64, from uint32) Page {
	t.storing.Lock()
	defer t.storing.Unlock()
	if stores > t.stores {
		stores = 0
	}
	p := Page{Stores: t.stores}
	for i := from; i < uint32(len(t.rows)); i++ {
		if t.stored[i] <= stores {
			continue
		}
		if len(p.Rows) == pageRowsMax {
			p.Next = i
			return p
		}
		p.Rows = append(p.Rows, Live{i, t.rows[i].newest()})
	}
	return p
}
