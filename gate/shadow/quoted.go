package shadow

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"portcullis/fix"
	"portcullis/gate/admin"
	"portcullis/gate/config"
	"portcullis/gate/prices"
	"portcullis/risk"
)

// missEvery is how often the log says at most that the gate gives no live prices, such as one that does not run.
const missEvery = 10 * time.Second

// tellMarksEvery is how often the gate is told at most that positions count at their marks.
const tellMarksEvery = time.Minute

// quoted is what positions are worth at the live prices that the gate has.
type quoted struct {
	rule   *config.LiveLosses
	rows   map[uint32]prices.Row // by instrument
	stores uint64                // of the gate, that rows has
	next   time.Time
	nowNs  int64 // UTC, of the look
	book   *risk.Book
	live   risk.Live

	atMark   map[uint32]bool // instruments that are held and had no price at the last look; true: the gate was told
	toldNext time.Time
	missNext time.Time // from when on the log has it again that there are no live prices
}

func newQuoted(rule *config.LiveLosses) *quoted {
	return &quoted{rule: rule, rows: map[uint32]prices.Row{}, atMark: map[uint32]bool{}}
}

// due reports whether it is time to look again.
func (q *quoted) due(now time.Time) bool {
	if now.Before(q.next) {
		return false
	}
	q.next = now.Add(time.Duration(q.rule.EveryNs))
	return true
}

// value looks at all losses. Where the gate does not give its prices, those it gave grow old, and marks take their place.
func (q *quoted) value(r *runner, book *risk.Book, now time.Time) {
	rows, stores, err := r.Quotes(q.stores)
	switch {
	case err != nil && now.Before(q.missNext): // said not long ago
	case err != nil:
		q.missNext = now.Add(missEvery)
		r.Log.Warn().Err(err).Msg("the gate gives no live prices: losses count at those it gave until they are too old, then at marks")
	default:
		for _, row := range rows {
			q.rows[row.Instrument] = row.Row
		}
		q.stores, q.missNext = stores, time.Time{}
	}
	q.book, q.nowNs = book, now.UnixNano()
	missing := map[uint32]bool{}
	q.live.Value(book, func(ins uint32, long bool) (risk.Price, bool) {
		p, known := q.price(ins, long)
		if !known {
			missing[ins] = q.atMark[ins]
		}
		return p.price, known
	})
	q.live.EachLoss(book, func(l risk.Loss) { r.watchLoss(l, func(l risk.Loss) []string { return q.pricesOf(r, l) }) })
	q.atMark = missing
	q.tell(r, now)
}

// priced is a live price, and of when.
type priced struct {
	price risk.Price
	atNs  int64
	of    string
}

// price is that of what is held long or short: of the quote, else of the last trade; false: none is of its time.
func (q *quoted) price(ins uint32, long bool) (priced, bool) {
	row := q.rows[ins]
	const both = prices.HasBid | prices.HasAsk
	crossed := row.Has&both == both && row.Bid > row.Ask
	p, has := priced{risk.Price(row.Ask), row.QuoteNs, "ask"}, prices.HasAsk
	switch {
	case q.rule.Price == config.MidPrice:
		p, has = priced{risk.Price(row.Bid + (row.Ask-row.Bid)/2), row.QuoteNs, "mid"}, both
	case long:
		p, has = priced{risk.Price(row.Bid), row.QuoteNs, "bid"}, prices.HasBid
	}
	if row.Has&has == has && !crossed && q.fresh(p.atNs, q.rule.QuoteAgeMaxNs) && q.book.Plausible(ins, p.price) {
		return p, true
	}
	p = priced{risk.Price(row.Last), row.LastNs, "last"}
	return p, row.Has&prices.HasLast != 0 && q.fresh(p.atNs, q.rule.LastAgeMaxNs) && q.book.Plausible(ins, p.price)
}

// fresh: a stamp from the future counts by its distance, as where orders are judged.
func (q *quoted) fresh(atNs, ageMaxNs int64) bool {
	age := q.nowNs - atNs
	return max(age, -age) <= ageMaxNs
}

// pricesOf lists the live prices at which a loss was counted, so that it can be counted again from the journal.
func (q *quoted) pricesOf(r *runner, l risk.Loss) []string {
	texts := map[string]bool{}
	q.book.EachHeld(l.Of, l.Index, func(ins uint32, p risk.Qty) {
		if x, known := q.price(ins, p > 0); known {
			texts[fmt.Sprintf("%s %s %s %s", r.symbol(ins), x.of, fix.AppendDecimal(nil, int64(x.price)), time.Unix(0, x.atNs).UTC().Format(time.RFC3339Nano))] = true
		}
	})
	return slices.Sorted(maps.Keys(texts))
}

// tell says which positions have come to count at their marks.
func (q *quoted) tell(r *runner, now time.Time) {
	var symbols []string
	for ins, told := range q.atMark {
		if !told {
			symbols = append(symbols, r.symbol(ins))
		}
	}
	if len(symbols) == 0 || now.Before(q.toldNext) || r.AtMarks == nil {
		return
	}
	slices.Sort(symbols)
	text := fmt.Sprintf("%d symbols: %s", len(symbols), strings.Join(symbols, " "))
	if err := r.AtMarks(text[:min(len(text), admin.ReasonBytesMax)]); err != nil {
		r.Log.Error().Err(err).Msg("the gate has not taken the word that positions count at their marks")
		return
	}
	q.toldNext = now.Add(tellMarksEvery)
	for ins := range q.atMark {
		q.atMark[ins] = true
	}
}

// Reasons puts texts into as few reasons as hold them, the first of which begins with head.
func Reasons(head string, texts []string) []string {
	lines := []string{head}
	for _, text := range texts {
		switch last := &lines[len(lines)-1]; {
		case len(*last)+len("; ")+len(text) <= admin.ReasonBytesMax:
			*last += "; " + text
		default:
			lines = append(lines, text)
		}
	}
	return lines
}

// symbol is what an instrument is called.
func (r *runner) symbol(ins uint32) string { return r.shadow.names.Name(config.InstrumentNumber, ins) }
