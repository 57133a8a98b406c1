package prices

import (
	"sync"
	"sync/atomic"
	"unsafe"
)

// Has says which prices of a Row are present. The bits are those of risk.Has.
type Has uint8

const (
	HasBid Has = 1 << iota
	HasAsk
	HasLast
	HasClose
)

const hasQuote = HasBid | HasAsk

// Row is the reference data of one instrument. Prices are at 1e-8, times are UTC ns.
type Row struct {
	Bid, Ask, Last, Close    int64
	QuoteNs, LastNs, CloseNs int64
	Has                      Has
}

// Update is what one line says about one instrument.
type Update struct {
	Bid, Ask, Last int64 // at 1e-8
	AtNs           int64 // UTC ns of all of them
	Has            Has   // HasBid, HasAsk, HasLast
}

// loadTries bounds the work of one Load. Each further try means that a whole store was finished in
// the few nanoseconds of a copy.
const loadTries = 8

// row holds two copies. The version counts stores; its lowest bit names the copy to read, and the
// writer fills the other one. A plain seqlock would make the engine wait for a writer that was
// descheduled in the middle of a store; here the whole copy stays readable for as long as it takes.
type row struct {
	version atomic.Uint64
	copies  [2]cells
}

type cells struct {
	bid, ask, last, close    atomic.Int64
	quoteNs, lastNs, closeNs atomic.Int64
	has                      atomic.Int64
}

// Table has one row for each instrument number. Any goroutine may store or load. Those that store
// wait for each other; those that load wait for nobody.
type Table struct {
	storing sync.Mutex
	rows    []row
	stores  uint64   // of live prices; guarded by storing
	stored  []uint64 // by instrument: which of them was its last; likewise
}

// NewTable makes an empty table for instrument numbers 0 to capacity-1.
func NewTable(capacity int) *Table {
	capacity = max(capacity, 0)
	return &Table{rows: make([]row, capacity), stored: make([]uint64, capacity)}
}

// Load copies a row out. False: the number is unknown, or the row changed too often to be read;
// either way there is no price.
func (t *Table) Load(instrument uint32) (Row, bool) {
	if instrument >= uint32(len(t.rows)) {
		return Row{}, false
	}
	r := &t.rows[instrument]
	for range loadTries {
		version := r.version.Load()
		got := r.copies[version&1].load()
		// The writer touches this copy only after it published the other one.
		if r.version.Load() == version {
			return got, true
		}
	}
	return Row{}, false
}

// Place is where in memory the row of an instrument begins, nil for an unknown number: for whoever asks the processor
// for it before it is loaded. Nothing may be read there.
func (t *Table) Place(instrument uint32) unsafe.Pointer {
	if instrument >= uint32(len(t.rows)) {
		return nil
	}
	return unsafe.Pointer(&t.rows[instrument])
}

// SetClose stores the previous close and its time. False: unknown number.
func (t *Table) SetClose(instrument uint32, price, utcNs int64) bool {
	if instrument >= uint32(len(t.rows)) {
		return false
	}
	t.storing.Lock()
	defer t.storing.Unlock()
	r := &t.rows[instrument]
	next := r.newest()
	next.Close, next.CloseNs = price, utcNs
	next.Has |= HasClose
	r.store(&next)
	return true
}

// Set stores the prices that an update gives; see the package for what absent ones mean. False:
// unknown number.
func (t *Table) Set(instrument uint32, u Update) bool {
	if instrument >= uint32(len(t.rows)) {
		return false
	}
	t.storing.Lock()
	defer t.storing.Unlock()
	r := &t.rows[instrument]
	next := r.newest()
	if u.Has&hasQuote != 0 {
		next.Bid, next.Ask, next.QuoteNs = u.Bid, u.Ask, u.AtNs
		next.Has = next.Has&^hasQuote | u.Has&hasQuote
	}
	if u.Has&HasLast != 0 {
		next.Last, next.LastNs = u.Last, u.AtNs
		next.Has |= HasLast
	}
	r.store(&next)
	t.stores++
	t.stored[instrument] = t.stores
	return true
}

// newest gives the row to the one that stores, for whom it cannot change.
func (r *row) newest() Row { return r.copies[r.version.Load()&1].load() }

func (r *row) store(next *Row) {
	version := r.version.Load() + 1
	r.copies[version&1].store(next)
	r.version.Store(version)
}

func (c *cells) load() Row {
	return Row{Bid: c.bid.Load(), Ask: c.ask.Load(), Last: c.last.Load(), Close: c.close.Load(),
		QuoteNs: c.quoteNs.Load(), LastNs: c.lastNs.Load(), CloseNs: c.closeNs.Load(),
		Has: Has(c.has.Load())}
}

func (c *cells) store(r *Row) {
	c.bid.Store(r.Bid)
	c.ask.Store(r.Ask)
	c.last.Store(r.Last)
	c.close.Store(r.Close)
	c.quoteNs.Store(r.QuoteNs)
	c.lastNs.Store(r.LastNs)
	c.closeNs.Store(r.CloseNs)
	c.has.Store(int64(r.Has))
}
