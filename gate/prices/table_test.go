package prices

import (
	"sync"
	"testing"
)

// TestRows stores one thing after the other and looks at the whole row each time.
func TestRows(t *testing.T) {
	table := NewTable(2)
	for _, step := range []struct {
		name  string
		store func() bool
		want  Row
	}{
		{"nothing", func() bool { return true }, Row{}},
		{"close", func() bool { return table.SetClose(1, 100, 5) },
			Row{Close: 100, CloseNs: 5, Has: HasClose}},
		{"quote", func() bool { return table.Set(1, Update{Bid: 98, Ask: 102, AtNs: 10, Has: hasQuote}) },
			Row{Bid: 98, Ask: 102, QuoteNs: 10, Close: 100, CloseNs: 5, Has: hasQuote | HasClose}},
		{"last alone leaves the age of the quote", func() bool { return table.Set(1, Update{Last: 99, AtNs: 20, Has: HasLast}) },
			Row{Bid: 98, Ask: 102, QuoteNs: 10, Last: 99, LastNs: 20, Close: 100, CloseNs: 5, Has: hasQuote | HasLast | HasClose}},
		{"a bid alone takes the old ask away", func() bool { return table.Set(1, Update{Bid: 97, AtNs: 30, Has: HasBid}) },
			Row{Bid: 97, QuoteNs: 30, Last: 99, LastNs: 20, Close: 100, CloseNs: 5, Has: HasBid | HasLast | HasClose}},
		{"an earlier time is stored as it is", func() bool { return table.Set(1, Update{Bid: 96, Ask: 97, Last: 96, AtNs: 7, Has: hasQuote | HasLast}) },
			Row{Bid: 96, Ask: 97, QuoteNs: 7, Last: 96, LastNs: 7, Close: 100, CloseNs: 5, Has: hasQuote | HasLast | HasClose}},
	} {
		if !step.store() {
			t.Errorf("%s: not stored", step.name)
		}
		if got, ok := table.Load(1); !ok || got != step.want {
			t.Errorf("%s:\n got %+v %v\nwant %+v", step.name, got, ok, step.want)
		}
	}
	if got, ok := table.Load(0); !ok || got != (Row{}) {
		t.Errorf("the neighbour has %+v", got)
	}
}

func TestUnknownNumber(t *testing.T) {
	for _, table := range []*Table{NewTable(2), NewTable(0), NewTable(-1)} {
		if _, ok := table.Load(2); ok || table.Set(2, Update{}) || table.SetClose(1<<32-1, 1, 1) {
			t.Error("an unknown number has a row")
		}
	}
}

// TestWholeRows has writers store rows whose fields all say the same, while readers look for a row
// in which they do not.
func TestWholeRows(t *testing.T) {
	const stores = 20_000
	table := NewTable(1)
	var writers, readers sync.WaitGroup
	stop := make(chan struct{})
	for w := range int64(2) {
		writers.Go(func() {
			for i := range int64(stores) {
				v := i*2 + w
				table.Set(0, Update{Bid: v, Ask: v, Last: v, AtNs: v, Has: hasQuote | HasLast})
			}
		})
	}
	loaded := 0
	readers.Go(func() {
		for {
			r, ok := table.Load(0)
			if ok {
				loaded++
				if r.Bid != r.Ask || r.Bid != r.Last || r.Bid != r.QuoteNs || r.Bid != r.LastNs {
					t.Errorf("torn row %+v", r)
					return
				}
			}
			select {
			case <-stop:
				return
			default:
			}
		}
	})
	writers.Wait()
	close(stop)
	readers.Wait()
	if loaded == 0 {
		t.Error("no row was ever read")
	}
}

// TestStoppedWriter leaves a writer in the middle of a store: the row stays readable.
func TestStoppedWriter(t *testing.T) {
	table := NewTable(1)
	table.Set(0, Update{Bid: 1, Ask: 2, AtNs: 3, Has: hasQuote})
	r := &table.rows[0]
	r.copies[(r.version.Load()+1)&1].bid.Store(99)
	if got, ok := table.Load(0); !ok || got.Bid != 1 {
		t.Errorf("%+v %v", got, ok)
	}
}

func TestLoadAllocatesNothing(t *testing.T) {
	table := NewTable(1)
	if n := testing.AllocsPerRun(100, func() {
		table.Set(0, Update{Bid: 1, Has: HasBid})
		table.Load(0)
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkLoad(b *testing.B) {
	table := NewTable(1)
	b.ReportAllocs()
	for b.Loop() {
		if _, ok := table.Load(0); !ok {
			b.Fatal("not loaded")
		}
	}
}
