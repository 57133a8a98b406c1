package sim

import (
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
	o.byTwo(m)
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
