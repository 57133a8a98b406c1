package core

import (
	"fmt"

	"portcullis/risk"
)

func (x *chaos) outcome() Outcome {
	return []Outcome{StaysOpen, WasFilled, WasCancelled, WasRejected}[x.r.IntN(4)]
}

// resolve is a human's word about an order that may be in doubt, with an execution or without one.
func (x *chaos) resolve() {
	if len(x.own) == 0 {
		return
	}
	m := Command{ID: 5, Kind: CmdResolve, Name: x.own[len(x.own)-1-x.r.IntN(min(len(x.own), 8))], Index: NoIndex, Outcome: x.outcome()}
	if x.r.IntN(2) == 0 {
		m.Qty, m.Price = risk.Qty(1+x.r.IntN(40))*risk.PriceScale, 50*risk.PriceScale
		m.ExecID = x.pick("", "", fmt.Sprint("E", x.execs+1), fmt.Sprint("E", x.execs))
	}
	if x.command(m); len(x.replies) == 1 && x.replies[0].Code == Done {
		x.seen["resolved"]++
	}
}

// resolveVenue is the word of two humans about all that are in doubt.
func (x *chaos) resolveVenue() {
	count := uint32(0)
	for slot := range x.core.reg.ordersUsed {
		if x.core.doubtful(slot, 0) {
			count++
		}
	}
	m := Command{ID: 5, Kind: CmdResolveVenue, Index: count, Outcome: x.outcome()}
	for m.UID = range uint32(2) {
		x.command(m)
	}
}
