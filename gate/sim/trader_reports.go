package sim

import (
	"fmt"
	"slices"
	"strings"

	"portcullis/fix"
)

// hear takes what the gate says.
func (t *trader) hear(m *fix.Message) {
	switch text(m, fix.TagMsgType) {
	case "8":
		t.report(m)
	case "9":
		t.answer(text(m, fix.TagClOrdID), "refused "+text(m, fix.TagText), repeated(m))
		t.softRefused(t.requests[text(m, fix.TagClOrdID)], text(m, fix.TagText))
	case "3":
		t.rejected(m)
	case "DI":
		t.actedOnParty(m)
	case "j":
		t.answer(text(m, fix.TagBusinessRejectRefID), "business reject", false)
	}
}

// rejected: the gate's session layer refused a message of ours.
func (t *trader) rejected(m *fix.Message) {
	ref := text(m, fix.TagRefSeqNum)
	for _, r := range t.order {
		if fmt.Sprint(r.seq) == ref {
			t.answer(r.id, "rejected "+text(m, fix.TagText), false)
		}
	}
}

// answer notes what became of a request. What may have been told before, and was, is no answer more.
func (t *trader) answer(id, what string, again bool) {
	if r := t.w.requestOf(id); r != nil && !(again && slices.Contains(r.answers, what)) {
		r.answers = append(r.answers, what)
	}
}

// requestOf finds a request by its ClOrdID, whoever sent it.
func (w *World) requestOf(id string) *request {
	for _, t := range w.traders {
		if r := t.requests[id]; r != nil {
			return r
		}
	}
	return nil
}

func final(status string) bool { return strings.Contains("248C", status) && status != "" }

// report takes an ExecutionReport.
func (t *trader) report(m *fix.Message) {
	id, orig := text(m, fix.TagClOrdID), text(m, fix.TagOrigClOrdID)
	r := t.w.requestOf(id)
	if r == nil && orig != "" {
		r = t.w.requestOf(orig)
	}
	if r == nil {
		t.w.fail("%s was told about %s, which nobody sent: %s", t.name, id, printable(m.Raw))
	}
	if strings.HasPrefix(text(m, fix.TagText), "DUPLICATE_CLORDID") {
		return // about the repetition: the order is untouched
	}
	exec, kind := text(m, fix.TagExecID), text(m, fix.TagExecType)
	trans := text(m, fix.TagExecTransType)
	if kind == "I" || trans == "3" {
		t.status(r, m)
		if r.id == id && r.kind != "D" && r.again > 0 && len(r.answers) == 0 {
			r.answers = append(r.answers, "status") // it was sent again, and had been taken
		}
		return
	}
	if t.known(exec, m) {
		return
	}
	o := r.order
	qty := whole(text(m, fix.TagLastQty))
	switch own := t.requests[o.first.id] == o.first; {
	case !own: // what is executed of it is its owner's to count
		t.execs[exec] = &told{o, 0, printable(m.Raw)}
	case kind == "F" || (kind == "1" || kind == "2") && trans == "0":
		t.execs[exec] = &told{o, qty, printable(m.Raw)}
		o.cum += qty
	case kind == "H" || trans == "1":
		t.undo(o, text(m, fix.TagExecRefID), m)
		t.execs[exec] = &told{o, 0, printable(m.Raw)}
	case kind == "G" || trans == "2":
		t.undo(o, text(m, fix.TagExecRefID), m)
		t.execs[exec] = &told{o, qty, printable(m.Raw)}
		o.cum += qty
	default:
		t.execs[exec] = &told{o, 0, printable(m.Raw)}
		o.split = o.split || text(m, fix.TagExecRestatementRsn) == "0"
	}
	t.resolve(r, kind, m)
	t.status(r, m)
	t.softRefused(r, text(m, fix.TagText))
}

// repeated reports whether a message says that it may have been told before.
func repeated(m *fix.Message) bool {
	return text(m, fix.TagPossResend) == "Y" || text(m, fix.TagPossDupFlag) == "Y"
}

// known reports whether an ExecID was told before. Then the same must be told again, and marked so.
func (t *trader) known(exec string, m *fix.Message) bool {
	before := t.execs[exec]
	if before == nil {
		return false
	}
	if !repeated(m) && !t.w.forgets {
		t.w.fail("%s was told ExecID %s twice:\n%s\n%s", t.name, exec, before.text, printable(m.Raw))
	}
	return true
}

// undo takes an execution back.
func (t *trader) undo(o *tradeOrder, ref string, m *fix.Message) {
	e := t.execs[ref]
	if e == nil {
		if t.w.forgets || t.blind || t.w.operator.byHand[o.tag] {
			return
		}
		t.w.fail("%s was told of a bust of %s, of which it was never told: %s", t.name, ref, printable(m.Raw))
	}
	e.order.undone = true
	e.order.cum -= e.qty
	e.qty = 0
}

// resolve notes what became of a request by a report.
func (t *trader) resolve(r *request, kind string, m *fix.Message) {
	id, status := text(m, fix.TagClOrdID), text(m, fix.TagOrdStatus)
	if r.id != id || t.requests[id] != r {
		return // an order's owner hears of the requests of others
	}
	r.over = r.over || final(status)
	switch {
	case r.kind == "D" && kind == "8", r.kind == "D" && kind == "0" && len(r.answers) == 0:
		r.answers = append(r.answers, "150="+kind)
	case r.kind == "G" && kind == "5", r.kind == "F" && kind == "4":
		r.answers = append(r.answers, "150="+kind)
	case r.kind == "D" && len(r.answers) == 0 && (final(status) || kind == "F" || kind == "1" || kind == "2"):
		r.answers = append(r.answers, "150="+kind) // executed or over before it was confirmed
	}
}

// status notes how the order stands.
func (t *trader) status(r *request, m *fix.Message) {
	o := r.order
	status := text(m, fix.TagOrdStatus)
	if r.kind != "D" && status == "8" {
		return
	}
	if final(o.status) && strings.HasPrefix(text(m, fix.TagText), "UNKNOWN_ORDER") {
		return // it was told that the order is over, and the gate has forgotten it since
	}
	if r.kind == "D" && len(r.answers) == 0 && status != "A" {
		r.answers = append(r.answers, "status "+status)
	}
	if r.kind == "D" && r != o.first {
		return // of what a soft control refused before the same was sent anew
	}
	if t.requests[o.first.id] == o.first { // what others hear of it, its owner may have heard long before
		o.status, o.said = status, text(m, fix.TagCumQty)
	}
	if len(o.first.answers) == 0 && !strings.Contains("A6E", status) {
		o.first.answers = append(o.first.answers, "status "+status) // it was never confirmed by itself
	}
}

// whole reads a quantity, which is whole in this world.
func whole(s string) (n int64) {
	s, _, _ = strings.Cut(s, ".")
	for _, c := range s {
		n = 10*n + int64(c-'0')
	}
	return n
}
