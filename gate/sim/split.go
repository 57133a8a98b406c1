package sim

import (
	"fmt"
	"slices"

	"portcullis/fix"
	"portcullis/gate/core"
	"portcullis/risk"
)

// splitRatios leave fractions of some positions, and none of others.
var splitRatios = [...]risk.Ratio{{New: 2, Old: 1}, {New: 4, Old: 1}, {New: 3, Old: 2}, {New: 1, Old: 2}, {New: 1, Old: 3}, {New: 1, Old: 1}}

// split has a symbol split today or on the next day, on the word of two people.
func (o *operator) split() {
	r := o.w.r
	if !o.w.splits {
		return
	}
	o.w.faults.note("split")
	m := core.Command{Kind: core.CmdSplit, Index: uint32(r.IntN(2)), Target: uint64(o.w.date) + uint64(r.IntN(2)),
		Qty: core.SplitQty(splitRatios[r.IntN(len(splitRatios))])}
	if o.w.ahead { // by which of two splits it restates an order a venue does not say
		m.Target = uint64(o.w.date) + 1
	}
	if o.w.aheadOf[m.Index] > o.w.date {
		return // its venue has restated orders for one already
	}
	o.byTwo(m)
	if ratio := core.RatioOf(uint64(m.Qty)); uint32(m.Target) > o.w.date {
		o.w.announced[m.Index] = ratio
		if o.w.ahead && o.w.more.IntN(2) == 0 {
			o.w.faults.note("restated ahead of the roll")
			o.w.aheadOf[m.Index] = uint32(m.Target)
			o.w.exDate()
		}
		if o.w.chance(2) {
			o.roll()
		}
	}
}

// exDate is the day on which the splits come that were announced for it: venues restate what is open in the new units.
func (w *World) exDate() {
	for symbol, ratio := range w.announced {
		w.announced[symbol] = risk.Ratio{}
		ex := max(w.date, w.aheadOf[symbol])
		for _, v := range w.venues {
			for _, o := range v.orders {
				if ratio.New != ratio.Old && o.symbol == symbolNames[symbol] && v.restates(o, ratio) {
					v.restate(o, ratio)
					o.from = ex
				}
			}
		}
	}
}

// restates reports whether a venue restates an order over a split: one that is open, those for the day too, which stay in this world,
// and comes to whole units.
func (v *venue) restates(o *venueOrder, r risk.Ratio) bool {
	whole := func(qty int64) bool { return qty*int64(r.New)%int64(r.Old) == 0 }
	return o.live() && o.state != 'A' && whole(o.qty) && whole(o.cum) &&
		!slices.ContainsFunc(o.trades, func(t trade) bool { return !whole(t.counts(t.qty)) }) &&
		!slices.ContainsFunc(v.untold, func(u untold) bool { return u.order == o })
}

func (v *venue) restate(o *venueOrder, r risk.Ratio) {
	v.w.cover.fault(v.w, "restated over a split")
	scale := func(qty int64) int64 { return qty * int64(r.New) / int64(r.Old) }
	o.qty, o.cum = scale(o.qty), scale(o.cum)
	for i := range o.trades {
		t := &o.trades[i]
		t.over = risk.Ratio{New: t.over.New * r.New, Old: t.over.Old * r.Old}
	}
	terms := []field{{fix.TagOrderQty, fmt.Sprint(o.qty)}, {fix.TagExecRestatementRsn, "0"}}
	if px, fault := fix.ParseDecimal([]byte(o.px)); fault == fix.NumberOK {
		px = px * int64(r.Old) / int64(r.New) / 10_000 * 10_000
		o.px = string(fix.AppendDecimal(nil, px))
		terms = append(terms, field{fix.TagPrice, o.px})
	}
	v.report(o, "D", string(o.state), o.id, terms...)
}

// settleFractions ends what splits have left open.
func (o *operator) settleFractions() {
	if o.w.host.live == nil {
		return
	}
	book := o.w.host.live.Book()
	for slot := range book.PositionSlots() {
		if account, instrument, _, why := book.UnsettledAt(slot); why != risk.Accepted {
			o.w.faults.note("fraction")
			o.byTwo(core.Command{Kind: core.CmdAdjust, Flag: true, Index: account, Target: uint64(instrument)})
		}
	}
}

// byTwo has two people give a command.
func (o *operator) byTwo(m core.Command) {
	for m.UID = range uint32(2) {
		o.w.host.give(m)
	}
}
