package sim

import (
	"fmt"

	"portcullis/fix"
	"portcullis/gate/core"
	"portcullis/risk"
)

// copier is a clearer, which tells beside the line of the first venue what is executed there: of the gate's orders, and of
// others'. It is late, or early, or wrong at first; it tells the truth in the end.
type copier struct {
	*peer
	w       *World
	owes    []execution          // not told yet, in their order
	told    []execution          // of the gate's orders, to be told again
	wrong   map[string]execution // by ExecID: told otherwise than it is
	foreign map[string]execution // of others: those that stand, by ExecID
	tags    map[string]string    // by ExecID: the order that was executed
	count   int
}

// execution is one, or its bust or correction, as the copier tells it.
type execution struct {
	kind          string // ExecType(150): F, H or G
	exec, ref     string // ExecID(17), and the one that it takes back
	id            string // ClOrdID(11)
	account, side string
	other         string // the account of the other side, which is ours too; "": it is others'
	symbol, px    string
	qty           int64
	date          uint32
}

func newCopier(w *World, p *peer) *copier {
	c := &copier{peer: p, w: w, wrong: map[string]execution{}, foreign: map[string]execution{}, tags: map[string]string{}}
	p.app, p.began = c.hear, func() {}
	return c
}

// owe notes what a venue has done, to be told some time.
func (c *copier) owe(v *venue, o *venueOrder, x execution) {
	if v.number != 0 {
		return
	}
	x.id, x.account, x.side, x.symbol, x.date = o.id, o.account, o.side, o.symbol, max(c.w.date, o.from)
	c.tags[x.exec] = o.tag
	c.owes = append(c.owes, x)
}

// hear takes what the gate says: it refuses nothing that it could know.
func (c *copier) hear(m *fix.Message) {
	if text(m, fix.TagMsgType) != "AR" || text(m, fix.TagTrdRptStatus) == "0" || c.w.forgets || c.w.manyDays {
		return
	}
	c.w.fail("%s was refused: %s", c.name, printable(m.Raw))
}

// act tells what is owed, or what others have done.
func (c *copier) act() {
	r := c.w.r
	switch n := r.IntN(10); {
	case n < 6 && len(c.owes) > 0:
		c.tellNext()
	case n == 6:
		c.trade()
	case n == 7:
		c.undo()
	case n == 8 && len(c.told) > 0:
		c.w.cover.fault(c.w, "drop copy told twice")
		c.tell(c.told[r.IntN(len(c.told))], true)
	case n == 9:
		c.correct()
	}
}

// tellNext tells the oldest of what it owes, now and then wrong, or without the order's name.
func (c *copier) tellNext() {
	x := c.owes[0]
	c.owes = c.owes[1:]
	delete(c.wrong, x.ref)
	if !c.w.quiet && c.w.chance(6) {
		x.id = "CLEARER"
	}
	if c.told = append(c.told, x); x.kind == "F" && !c.w.quiet && c.w.chance(12) {
		c.w.cover.fault(c.w, "drop copy wrong")
		c.wrong[x.exec] = x
		c.told = c.told[:len(c.told)-1]
		x.qty++
	}
	c.tell(x, false)
}

// correct puts right what was told wrong, under its own ExecID.
func (c *copier) correct() {
	for _, exec := range sorted(c.wrong) {
		x := c.wrong[exec]
		x.kind, x.ref = "G", exec
		delete(c.wrong, exec)
		c.tell(x, false)
		return
	}
}

// trade is an execution of others, in an account of the gate's or one that it does not know.
func (c *copier) trade() {
	r := c.w.r
	c.count++
	x := execution{kind: "F", exec: fmt.Sprint("C", c.count), id: fmt.Sprint("OTHER", c.count), account: c.w.pick("ACME-1", "ACME-2", "BETA-1", "BETA-1", "WHO"),
		side: c.w.pick("1", "2"), symbol: "IBM", px: fmt.Sprint(47 + r.IntN(7)), qty: 1 + r.Int64N(40), date: c.w.date}
	c.w.cover.fault(c.w, "foreign execution")
	if c.w.profile.version >= risk.FIX44 && x.account != "WHO" && c.w.chance(2) {
		c.w.cover.fault(c.w, "both sides of a trade")
		x.other = c.w.pick("ACME-1", "ACME-2", "BETA-1")
	}
	c.foreign[x.exec] = x
	c.tell(x, false)
}

// undo takes an execution of others back, or corrects it.
func (c *copier) undo() {
	if len(c.foreign) == 0 {
		return
	}
	all := sorted(c.foreign)
	x := c.foreign[all[c.w.r.IntN(len(all))]]
	x.ref, x.kind = x.exec, "H"
	delete(c.foreign, x.exec)
	if c.w.chance(2) {
		c.w.cover.fault(c.w, "foreign correction")
		x.kind, x.qty = "G", 1+c.w.r.Int64N(40)
		if c.w.chance(2) {
			c.count++
			x.exec = fmt.Sprint("C", c.count)
		}
		c.foreign[x.exec] = x
	} else {
		c.w.cover.fault(c.w, "foreign bust")
		c.count++
		x.exec = fmt.Sprint("C", c.count)
	}
	c.tell(x, false)
}

// tell says an execution by ExecutionReport, or by TradeCaptureReport where the version has it.
func (c *copier) tell(x execution, again bool) {
	var f []field
	if again {
		f = append(f, field{fix.TagPossResend, "Y"})
	}
	terms := []field{{fix.TagLastQty, fmt.Sprint(x.qty)}, {fix.TagLastPx, x.px}, {fix.TagSymbol, x.symbol}}
	if undated := c.w.dates && !c.w.splits && (again || x.date == c.w.date) && c.w.more.IntN(2) == 0; !undated {
		terms = append(terms, field{fix.TagTradeDate, fmt.Sprint(x.date)})
	}
	if x.ref != "" && (x.other == "" || c.w.chance(2)) {
		terms = append(terms, field{fix.TagExecRefID, x.ref})
	}
	side := []field{{fix.TagSide, x.side}, {fix.TagOrderID, "V"}, {fix.TagClOrdID, x.id}, {fix.TagAccount, x.account}}
	if c.w.profile.version < risk.FIX44 || x.other == "" && c.w.chance(2) {
		f = append(append(f, field{fix.TagExecID, x.exec}), c.w.venues[0].kind(x.kind, "1")...)
		f = append(append(append(f, terms...), side...), field{fix.TagOrdStatus, "1"}, field{fix.TagCumQty, "1"}, field{fix.TagLeavesQty, "0"}, field{fix.TagAvgPx, "50"})
		c.send("8", f...)
		return
	}
	trans := map[string]string{"F": "0", "H": "1", "G": "2"}[x.kind]
	f = append(f, field{fix.TagTradeReportID, "T" + x.exec}, field{fix.TagTradeReportTransType, trans}, field{fix.TagPreviouslyReported, "N"}, field{fix.TagExecID, x.exec})
	if x.ref != "" {
		f = append(f, field{fix.TagTradeReportRefID, "T" + x.ref})
	}
	f = append(append(f, terms...), field{fix.TagTransactTime, "20261122-13:30:00"})
	switch {
	case x.other != "":
		against := map[string]string{"1": "2", "2": "1"}[x.side]
		f = append(f, field{fix.TagNoSides, "2"}, field{fix.TagSide, against}, field{fix.TagOrderID, "W"}, field{fix.TagAccount, x.other})
	case x.account != "WHO" && c.w.chance(2): // of two sides one must be known
		f = append(f, field{fix.TagNoSides, "2"}, field{fix.TagSide, "2"}, field{fix.TagOrderID, "W"}, field{fix.TagAccount, "THEIRS"})
	default:
		f = append(f, field{fix.TagNoSides, "1"})
	}
	c.send(tradeReport, append(f, side...)...)
}

const tradeReport = "AE"

// settle tells all that is owed, and puts right what is wrong.
func (c *copier) settle() {
	for len(c.owes) > 0 {
		c.tellNext()
	}
	for len(c.wrong) > 0 {
		c.correct()
	}
}

// agree holds what the gate knows of executions against what was told in the end.
func (c *copier) agree(gate *core.Core) {
	if c.w.manyDays || c.w.splits {
		return
	}
	booked := map[string]int{}
	gate.EachCopy(func(v *core.CopyView) {
		if x, foreign := c.foreign[v.ExecID]; foreign && v.OnWord {
			booked[v.ExecID]++
			if v.There.Qty != risk.Qty(x.qty)*risk.PriceScale || (v.Break == core.UnknownAccount) != (x.account == "WHO") && v.Settled == core.NoBreak {
				c.w.fail("%s is booked with %d in %d, break %v; the copier says %+v", v.ExecID, v.There.Qty, v.There.Account, v.Break, x)
			}
			return
		}
		tag := c.tags[v.ExecID]
		ledger := c.w.follower.ledger
		switch {
		case c.w.operator.byHand[tag] || ledger.lost[tag]:
		case v.Waits, v.Break != core.NoBreak, v.OnWord:
			c.w.fail("execution %s of %q: waits %v, break %v, on the copier's word %v", v.ExecID, tag, v.Waits, v.Break, v.OnWord)
		}
	})
	for _, exec := range sorted(c.foreign) {
		sides := 1
		if c.foreign[exec].other != "" {
			sides = 2
		}
		if booked[exec] != sides {
			c.w.fail("execution %s of others is booked %d times: %+v", exec, booked[exec], c.foreign[exec])
		}
	}
}
