package sim

import (
	"fmt"
	"slices"

	"portcullis/fix"
	"portcullis/risk"
)

// answer grants or refuses a request, in one of the ways that venues have.
func (v *venue) answer(a *ask) {
	switch a.kind {
	case "D":
		v.confirm(a)
	case "F":
		v.cancel(a)
	case "G":
		v.replace(a)
	case "q":
		v.cancelAll(a)
	}
}

func (v *venue) confirm(a *ask) {
	o := a.order
	if o.state != 'A' { // executed before it was confirmed
		if o.live() {
			v.report(o, "0", string(o.state), o.id)
		}
		return
	}
	switch n := v.w.r.IntN(20); {
	case n < 14 || v.w.quiet:
		o.state = '0'
		v.report(o, "0", "0", o.id)
	case n < 16:
		o.state = '8'
		v.w.cover.fault(v.w, "venue rejects by 8")
		v.report(o, "8", "8", o.id)
	case n == 16 && v.up(): // a Reject is never sent again
		o.state = '8'
		v.reject3(a)
	case n == 17:
		o.state = '8'
		v.rejectJ(a)
	default:
		v.report(o, "A", "A", o.id)
		v.asked = append(v.asked, a)
	}
}

func (v *venue) reject3(a *ask) {
	v.w.cover.fault(v.w, "venue rejects by 3")
	v.send("3", field{fix.TagRefSeqNum, a.seq}, field{371, "44"}, field{372, a.kind}, field{373, "5"})
}

func (v *venue) rejectJ(a *ask) {
	v.w.cover.fault(v.w, "venue rejects by j")
	v.send("j", field{fix.TagRefSeqNum, a.seq}, field{372, a.kind}, field{fix.TagBusinessRejectRefID, a.id}, field{380, "0"})
}

// refuse answers F or G by 35=9, 3 or j.
func (v *venue) refuse(a *ask, reason string) {
	switch n := v.w.r.IntN(12); {
	case n == 0 && v.up() && !v.w.quiet:
		v.reject3(a)
	case n == 1 && !v.w.quiet:
		v.rejectJ(a)
	default:
		v.w.cover.fault(v.w, "venue rejects by 9")
		status, orderID := "8", "NONE"
		if a.order != nil {
			status, orderID = string(a.order.state), a.order.orderID
		}
		response := map[string]string{"F": "1", "G": "2"}[a.kind]
		v.send("9", field{fix.TagOrderID, orderID}, field{fix.TagClOrdID, a.id}, field{fix.TagOrigClOrdID, a.orig},
			field{fix.TagOrdStatus, status}, field{434, response}, field{fix.TagCxlRejReason, reason})
	}
}

func (v *venue) cancel(a *ask) {
	o := a.order
	switch {
	case o == nil || o.state == 0:
		v.refuse(a, "1")
	case !o.live():
		v.refuse(a, "0")
	case v.w.chance(8) && !v.w.quiet:
		v.refuse(a, "2")
	default:
		o.state = '4'
		v.report(o, "4", "4", a.id, field{fix.TagOrigClOrdID, a.orig})
	}
}

func (v *venue) replace(a *ask) {
	o := a.order
	switch {
	case o == nil || o.state == 0:
		v.refuse(a, "1")
	case !o.live() || a.qty < o.cum:
		v.refuse(a, "0")
	case v.w.chance(5):
		v.refuse(a, "2")
	default:
		o.id, o.qty, o.px = a.id, a.qty, a.px
		if o.state = '0'; o.cum > 0 {
			o.state = '1'
		}
		if o.cum == o.qty {
			o.state = '2'
		}
		terms := []field{{fix.TagOrigClOrdID, a.orig}, {fix.TagOrderQty, fmt.Sprint(o.qty)}}
		if o.px != "" {
			terms = append(terms, field{fix.TagPrice, o.px})
		}
		v.report(o, "5", string(o.state), a.id, terms...)
	}
}

// cancelAll answers an OrderMassCancelRequest, and does what it says.
func (v *venue) cancelAll(a *ask) {
	response := "7"
	if !v.mass || v.w.chance(5) {
		response = "0"
	}
	v.send("r", field{fix.TagClOrdID, a.id}, field{fix.TagOrderID, "R"}, field{530, "7"}, field{531, response})
	for _, o := range v.orders {
		if response == "7" && o.live() {
			o.state = '4'
			v.report(o, "4", "4", o.id)
		}
	}
}

// tellStatus answers an OrderStatusRequest.
func (v *venue) tellStatus(a *ask) {
	if !v.status || !v.w.quiet && v.w.chance(10) {
		return
	}
	o := v.byID[a.id]
	if o == nil || o.state == 0 {
		v.execs++
		f := []field{{fix.TagOrderID, "NONE"}, {fix.TagClOrdID, a.id}, {fix.TagExecID, fmt.Sprintf("0%d", v.execs)}}
		f = append(f, v.kind("I", "8")...)
		v.send("8", append(f, field{fix.TagOrdStatus, "8"}, field{fix.TagSide, "1"}, field{fix.TagSymbol, "IBM"}, field{fix.TagCumQty, "0"},
			field{fix.TagLeavesQty, "0"}, field{fix.TagAvgPx, "0"})...)
		return
	}
	v.report(o, "I", string(o.state), a.id)
}

// kind is how this version spells an ExecType.
func (v *venue) kind(execType, status string) []field {
	if v.set.BeginString != "FIX.4.2" {
		return []field{{fix.TagExecType, execType}}
	}
	trans := "0"
	switch execType {
	case "I":
		execType, trans = status, "3"
	case "H":
		execType, trans = status, "1"
	case "G":
		execType, trans = status, "2"
	case "F":
		execType = "1"
		if status == "2" {
			execType = "2"
		}
	}
	return []field{{fix.TagExecTransType, trans}, {fix.TagExecType, execType}}
}

// report tells of an order. What changes it is remembered, to be told again.
func (v *venue) report(o *venueOrder, execType, status, id string, more ...field) {
	v.execs++
	exec := fmt.Sprint("E", v.execs)
	if execType == "I" {
		exec = fmt.Sprint("0", v.execs)
	}
	f := []field{{fix.TagOrderID, o.orderID}, {fix.TagClOrdID, id}, {fix.TagExecID, exec}}
	f = append(f, v.kind(execType, status)...)
	f = append(f, field{fix.TagOrdStatus, status}, field{fix.TagSymbol, o.symbol}, field{fix.TagSide, o.side})
	f = append(f, more...)
	f = append(f, field{fix.TagCumQty, fmt.Sprint(o.cum)}, field{fix.TagLeavesQty, fmt.Sprint(o.leaves())}, field{fix.TagAvgPx, "50"})
	if execType != "I" && execType != "A" {
		v.reports = append(v.reports, f)
	}
	v.send("8", f...)
}

// fill executes so much of an order, and tells of it at once or when it has told other things, that the order is over too.
func (v *venue) fill(o *venueOrder, qty int64) {
	o.cum += qty
	date := max(v.w.date, o.from)
	if o.live() {
		o.state = '1'
		if o.cum >= o.qty {
			o.state = '2'
		}
	}
	if !v.w.quiet && v.w.chance(15) {
		v.w.cover.fault(v.w, "execution told late")
		v.untold = append(v.untold, untold{o, qty, date})
		return
	}
	v.tellFill(o, qty, date)
}

// tellFill tells of an execution. What nobody has been told of is not taken back.
func (v *venue) tellFill(o *venueOrder, qty int64, date uint32) {
	o.trades = append(o.trades, trade{fmt.Sprint("E", v.execs+1), qty, date, risk.Ratio{New: 1, Old: 1}})
	v.executed(o, "F", "", qty, date)
}

// tellLate tells of the first execution that it has kept back.
func (v *venue) tellLate() {
	late := v.untold[0]
	v.untold = v.untold[1:]
	v.tellFill(late.order, late.qty, late.date)
}

// executed tells of an execution, or of one in place of another, and leaves it to the clearer to tell it too.
func (v *venue) executed(o *venueOrder, kind, ref string, qty int64, date uint32) {
	px := map[string]int{"IBM": 4900, "MSFT": 39500}[o.symbol] + v.w.r.IntN(1000)
	x := execution{kind: kind, exec: fmt.Sprint("E", v.execs+1), ref: ref, qty: qty, px: fmt.Sprintf("%d.%02d", px/100, px%100)}
	v.w.copier.owe(v, o, x)
	v.dateOf[x.exec] = date
	terms := []field{{fix.TagLastQty, fmt.Sprint(qty)}, {fix.TagLastPx, x.px}}
	if ref != "" {
		terms = append(terms, field{fix.TagExecRefID, ref})
	}
	v.report(o, kind, string(o.state), o.id, append(terms, v.dated(date)...)...)
}

// dated is the trade date of an execution, where it says in which units that is, or as it comes.
func (v *venue) dated(date uint32) []field {
	if !v.w.splits && !(v.w.dates && v.w.more.IntN(2) == 0) {
		return nil
	}
	return []field{{fix.TagTradeDate, fmt.Sprint(date)}}
}

// again is a report that is told again, of an execution perhaps with a trade date where it had none, or without.
func (v *venue) again(f []field) []field {
	f = append([]field{{fix.TagPossResend, "Y"}}, f...)
	date, executed := v.dateOf[valueOf(f, fix.TagExecID)]
	if !executed || v.w.splits || !v.w.dates || v.w.more.IntN(2) == 0 {
		return f
	}
	v.w.cover.fault(v.w, "told with a date and without")
	if at := slices.IndexFunc(f, func(x field) bool { return x.tag == fix.TagTradeDate }); at >= 0 {
		return slices.Delete(f, at, at+1)
	}
	return append(f, field{fix.TagTradeDate, fmt.Sprint(date)})
}

// valueOf is the value of a tag, "" where there is none.
func valueOf(f []field, tag int) string {
	if at := slices.IndexFunc(f, func(x field) bool { return x.tag == tag }); at >= 0 {
		return f[at].value
	}
	return ""
}

// undo busts or corrects an execution.
func (v *venue) undo(o *venueOrder) {
	i := v.w.r.IntN(len(o.trades))
	old := o.trades[i]
	o.trades = slices.Delete(o.trades, i, i+1)
	o.cum -= old.counts(old.qty)
	if v.w.chance(2) {
		v.w.cover.fault(v.w, "bust")
		v.reopen(o)
		v.w.copier.owe(v, o, execution{kind: "H", exec: fmt.Sprint("E", v.execs+1), ref: old.exec, qty: old.qty, px: "50"})
		v.report(o, "H", string(o.state), o.id, append(v.dated(old.date), field{fix.TagExecRefID, old.exec})...)
		return
	}
	v.w.cover.fault(v.w, "correction")
	qty := 1 + v.w.r.Int64N(old.qty+3)
	qty *= int64(old.over.Old) // so that it is whole in any units
	o.cum += old.counts(qty)
	v.reopen(o)
	o.trades = append(o.trades, trade{fmt.Sprint("E", v.execs+1), qty, old.date, old.over})
	v.executed(o, "G", old.exec, qty, old.date)
}

// reopen: an order that was filled may be open again when an execution of it was not.
func (v *venue) reopen(o *venueOrder) {
	if o.state == '2' && o.cum < o.qty {
		if o.state = '4'; v.w.chance(2) {
			o.state = '1'
		}
	} else if o.state == '1' && o.cum >= o.qty {
		o.state = '2'
	}
	if o.state == '1' && o.cum == 0 {
		o.state = '0'
	}
}

// tellAgain: the numbers have begun anew, and nobody knows what arrived under the old ones. The venue tells the day
// again.
func (v *venue) tellAgain() {
	for _, f := range slices.Clone(v.reports) {
		v.send("8", v.again(f)...)
	}
	v.asked = slices.DeleteFunc(v.asked, func(a *ask) bool { return a.kind == "q" })
}
