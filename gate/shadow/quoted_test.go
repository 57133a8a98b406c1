package shadow

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"portcullis/gate/assemble"
	"portcullis/gate/config"
	"portcullis/gate/core"
	"portcullis/gate/prices"
)

// sampleCore is the core of the sample configuration, and what its tables are numbered by.
func sampleCore(t *testing.T) (*core.Core, *config.Numbers) {
	t.Helper()
	cfg, err := config.LoadFiles(config.SampleFiles(20261122), config.SampleMain)
	if err != nil {
		t.Fatal(err)
	}
	numbers, err := config.OpenNumbers(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = numbers.Close() })
	if err := assemble.Assign(cfg, numbers); err != nil {
		t.Fatal(err)
	}
	c, err := assemble.Core(cfg, numbers, nil, assemble.Heap)
	if err != nil {
		t.Fatal(err)
	}
	return c, numbers
}

// TestNoLivePricesAreLoggedNowAndThen: a gate that gives no prices, such as one that does not run, is in the log once in
// ten seconds, and at once when it gave some in between.
func TestNoLivePricesAreLoggedNowAndThen(t *testing.T) {
	c, _ := sampleCore(t)
	var log strings.Builder
	gone := true
	r := &runner{Options: Options{Log: zerolog.New(&log), Quotes: func(n uint64) ([]prices.Live, uint64, error) {
		if gone {
			return nil, 0, errors.New("gone")
		}
		return nil, n, nil
	}}}
	q := newQuoted(&config.LiveLosses{EveryNs: int64(250 * time.Millisecond)})
	start := time.Unix(1_000_000_000, 0)
	for _, step := range []struct {
		after time.Duration
		gone  bool
		lines int
	}{{0, true, 1}, {250 * time.Millisecond, true, 1}, {9 * time.Second, true, 1}, {10 * time.Second, true, 2}, {11 * time.Second, false, 2}, {12 * time.Second, true, 3}} {
		gone = step.gone
		q.value(r, c.Book(), start.Add(step.after))
		if n := strings.Count(log.String(), "no live prices"); n != step.lines {
			t.Errorf("after %v: %d lines, want %d", step.after, n, step.lines)
		}
	}
}

// TestPriceOfALoss: which price a position counts at, by what the gate has got and how old that is.
func TestPriceOfALoss(t *testing.T) {
	core, numbers := sampleCore(t)
	ins, _ := numbers.Of(config.InstrumentNumber, "AAPL")
	const now, second = int64(1_000_000_000_000), int64(time.Second)
	quote := prices.Row{Bid: 10, Ask: 14, Last: 11, QuoteNs: now, LastNs: now, Has: prices.HasBid | prices.HasAsk | prices.HasLast}
	with := func(change func(*prices.Row)) prices.Row {
		row := quote
		change(&row)
		return row
	}
	for _, c := range []struct {
		name  string
		price config.LossPrice
		long  bool
		row   prices.Row
		want  int64
		of    string
	}{
		{"long at the bid", config.AdversePrice, true, quote, 10, "bid"},
		{"short at the ask", config.AdversePrice, false, quote, 14, "ask"},
		{"the middle", config.MidPrice, false, quote, 12, "mid"},
		{"as old as it may be", config.AdversePrice, true, with(func(r *prices.Row) { r.QuoteNs -= second }), 10, "bid"},
		{"too old by one", config.AdversePrice, true, with(func(r *prices.Row) { r.QuoteNs -= second + 1 }), 11, "last"},
		{"of the future", config.AdversePrice, true, with(func(r *prices.Row) { r.QuoteNs += second + 1 }), 11, "last"},
		{"no bid", config.AdversePrice, true, with(func(r *prices.Row) { r.Has &^= prices.HasBid }), 11, "last"},
		{"no bid for the middle", config.MidPrice, true, with(func(r *prices.Row) { r.Has &^= prices.HasBid }), 11, "last"},
		{"crossed", config.AdversePrice, false, with(func(r *prices.Row) { r.Bid = 15 }), 11, "last"},
		{"no price", config.AdversePrice, true, with(func(r *prices.Row) { r.Bid = 0 }), 11, "last"},
		{"no last trade of its time", config.AdversePrice, true, with(func(r *prices.Row) { r.Has, r.LastNs = prices.HasLast, now-second-1 }), 0, ""},
		{"nothing", config.AdversePrice, true, prices.Row{}, 0, ""},
	} {
		q := newQuoted(&config.LiveLosses{Price: c.price, QuoteAgeMaxNs: second, LastAgeMaxNs: second})
		q.rows[ins], q.book, q.nowNs = c.row, core.Book(), now
		got, known := q.price(ins, c.long)
		if known != (c.want != 0) || known && (int64(got.price) != c.want || got.of != c.of) {
			t.Errorf("%s: %+v, %t", c.name, got, known)
		}
	}
}

// TestReasons: the prices of a loss are journaled in full, however many there are.
func TestReasons(t *testing.T) {
	var texts []string
	for range 40 {
		texts = append(texts, "AAPL bid 187.5 2026-11-22T14:30:00.123456789Z")
	}
	lines := Reasons("daily loss", texts)
	for _, line := range lines {
		if len(line) > 200 {
			t.Errorf("%d bytes", len(line))
		}
	}
	if all := strings.Split(strings.Join(lines, "; "), "; "); !slices.Equal(all[1:], texts) || all[0] != "daily loss" {
		t.Errorf("%q", all)
	}
}
