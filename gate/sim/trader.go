package sim

import (
	"fmt"
	"slices"
	"strings"

	"portcullis/fix"
	"portcullis/gate/engine"
	"portcullis/risk"
)

// handover is a connection as admission hands it over.
func handover(c *conn, p *peer) engine.Conn {
	h := engine.Conn{FD: c.fd, Link: p.link}
	if !p.venue {
		h.First = append(h.First, c.flight...)
		c.flight = nil
	}
	return h
}

// trader is a participant: what it has asked for, and what it was told.
type trader struct {
	*peer
	w           *World
	requests    map[string]*request // by ClOrdID
	order       []*request          // in the order of sending
	execs       map[string]*told    // by ExecID
	ids         int
	asked       bool                  // it has, in the end
	parties     map[string]partyWords // whom its PartyActionRequests were about
	reinstating map[string]bool       // those of them that ask for a reinstatement and have no answer
	refused     *request              // the last D or G that a soft control has refused, and its token
	token       uint64
	blind       bool // it gave up its numbers, and with them what was under way: it has to ask how its orders stand
}

// request is a D, F or G.
type request struct {
	id, kind string
	order    *tradeOrder
	seq      uint64
	fields   []field
	answers  []string // final ones: what the gate said became of it
	again    int      // sent again under another number
	over     bool     // a report under its name said that its order is over
}

// cancelled reports whether a cancel has its end by that of its order, whatever was said of it before: the venue may
// have refused it once and granted it when it came again.
func (r *request) cancelled() bool {
	return r.kind == "F" && (r.order.status == "4" || slices.Contains(r.answers, "150=4"))
}

// tradeOrder is an order as its owner sees it.
type tradeOrder struct {
	tag     string // Text(58) of the D, which the venue gets
	first   *request
	account string
	symbol  string
	side    string
	status  string // the last OrdStatus(39)
	cum     int64  // of the executions told
	said    string // CumQty(14) as told last
	undone  bool   // an execution was taken back, and with it perhaps its end
}

// told is an execution that was told.
type told struct {
	order *tradeOrder
	qty   int64
	text  string
}

func newTrader(w *World, p *peer) *trader {
	t := &trader{peer: p, w: w, requests: map[string]*request{}, execs: map[string]*told{}, parties: map[string]partyWords{}, reinstating: map[string]bool{}}
	p.app, p.began = t.hear, t.sendUnanswered
	return t
}

// act sends something, or nothing when the link is down.
func (t *trader) act() {
	if !t.up() || t.w.host.stopping {
		return
	}
	if len(t.w.profile.partyActions(t.link).Of) > 0 && t.w.chance(20*t.w.calm) {
		t.actOnParty()
		return
	}
	switch n := t.w.r.IntN(10); {
	case n < 6 && t.refused != nil && t.w.chance(2):
		t.again()
	case n < 6:
		t.newOrder()
	case n < 8:
		t.change("G")
	default:
		t.change("F")
	}
}

func (t *trader) id() string {
	t.ids++
	return fmt.Sprintf("%c%d", t.name[0], t.ids+int(t.link)*10000)
}

func (t *trader) newOrder() {
	r := t.w.r
	account := map[uint32]string{acme: t.w.pick("ACME-1", "ACME-2", "ACME-3"), acme2: t.w.pick("ACME-1", "ACME-3"), beta: "BETA-1"}[t.link]
	if t.w.chance(30) {
		account = t.w.pick("BETA-1", "ACME-2", "NOBODY")
	}
	id := t.id()
	o := &tradeOrder{tag: t.name + "/" + id, account: account, symbol: symbolNames[r.IntN(2)], side: t.w.pick("1", "1", "2", "5")}
	fields := []field{{fix.TagClOrdID, id}, {21, "1"}, {fix.TagAccount, account}}
	fields = append(fields, t.terms(o)...)
	t.ask(&request{id: id, kind: "D", order: o, fields: fields})
	if t.w.chance(40) { // the same ClOrdID once more
		t.requests[id].again++
		t.send("D", fields...)
	}
}

// rest is what some orders say beside: to show a part, to fill a part at least, discretion.
func (t *trader) rest(qty int) []field {
	part := fmt.Sprint(1 + qty/2)
	switch t.ids % 12 {
	case 0:
		return []field{{fix.TagMaxFloor, part}}
	case 1:
		return []field{{fix.TagMinQty, part}}
	case 2:
		if t.w.profile.version >= risk.FIX42 {
			return []field{{fix.TagDiscretionInst, "0"}, {fix.TagDiscretionOffset, "0.25"}}
		}
	}
	return nil
}

// terms are what an order or a replace of it asks for.
func (t *trader) terms(o *tradeOrder) []field {
	r := t.w.r
	symbol := o.symbol
	if t.w.chance(60) {
		symbol = "XYZ"
	}
	price := map[string]int{"IBM": 5000, "MSFT": 40000}[o.symbol] + r.IntN(600) - 300
	if t.w.chance(30) {
		price *= 2
	}
	qty := 1 + r.IntN(120)
	if t.w.chance(25) {
		qty *= 10
	}
	fields := []field{{fix.TagSymbol, symbol}, {fix.TagSide, o.side}, {60, "20261122-13:30:00"},
		{fix.TagOrderQty, fmt.Sprint(qty)}}
	px := fmt.Sprintf("%d.%02d", price/100, price%100)
	switch r.IntN(8) {
	case 0:
		fields = append(fields, field{fix.TagOrdType, "1"})
	case 1:
		fields = append(fields, field{fix.TagOrdType, "3"}, field{fix.TagStopPx, px})
	default:
		fields = append(fields, field{fix.TagOrdType, "2"}, field{fix.TagPrice, px})
		fields = append(fields, t.rest(qty)...)
	}
	return append(fields, field{fix.TagTimeInForce, t.w.pick("0", "0", "0", "1")}, field{fix.TagText, o.tag})
}

// change asks for a replace or cancel of an order, not always its own, or not always open.
func (t *trader) change(kind string) {
	if len(t.order) == 0 {
		return
	}
	old := t.order[max(0, len(t.order)-1-t.w.r.IntN(8))]
	if t.link == acme2 && t.w.chance(3) && len(t.w.traders[acme].order) > 0 {
		old = t.w.traders[acme].order[t.w.r.IntN(len(t.w.traders[acme].order))]
	}
	larger := false // than a control lets pass that a person may pass it
	if open := t.open(); kind == "G" && open != nil && t.w.chance(2) {
		old, larger = open, t.w.chance(3)
	}
	id, orig := t.id(), old.id
	if t.w.chance(30) {
		orig = "NOPE"
	}
	fields := []field{{fix.TagClOrdID, id}, {fix.TagOrigClOrdID, orig}}
	o := old.order
	switch kind {
	case "G":
		fields = append(append(fields, field{21, "1"}), t.terms(o)...)
		if i := slices.IndexFunc(fields, func(f field) bool { return f.tag == fix.TagOrderQty }); larger {
			fields[i].value = fmt.Sprint(int64(orderQtyMax/risk.PriceScale) + 1 + t.w.r.Int64N(30))
		}
	default:
		fields = append(fields, field{fix.TagSymbol, o.symbol}, field{fix.TagSide, o.side}, field{60, "20261122-13:30:00"},
			field{fix.TagText, o.tag}, field{fix.TagOrderQty, "1"})
	}
	t.ask(&request{id: id, kind: kind, order: o, fields: fields})
}

// open is the last order of its own that it was told is open; nil: none of the last.
func (t *trader) open() *request {
	for i := len(t.order) - 1; i >= max(0, len(t.order)-40); i-- {
		if r := t.order[i]; r == r.order.first && (r.order.status == "0" || r.order.status == "1") {
			return r
		}
	}
	return nil
}

func (t *trader) ask(r *request) {
	if r.order.first == nil {
		r.order.first = r
	}
	t.requests[r.id] = r
	t.order = append(t.order, r)
	r.seq = t.send(r.kind, r.fields...)
}

// inquire asks the gate how each order stands.
func (t *trader) inquire() {
	for _, r := range t.order {
		if o := r.order; r == o.first {
			t.send("H", field{fix.TagClOrdID, r.id}, field{fix.TagSymbol, o.symbol}, field{fix.TagSide, o.side})
		}
	}
}

// sendUnanswered: the numbers have begun anew. What has no answer may not have arrived; it is sent again with
// PossResend(97)=Y.
func (t *trader) sendUnanswered() {
	t.blind = true
	for _, r := range t.order {
		if len(r.answers) == 0 {
			r.again++
			r.seq = t.send(r.kind, append([]field{{fix.TagPossResend, "Y"}}, r.fields...)...)
		}
	}
}

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
