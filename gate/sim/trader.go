package sim

import (
	"fmt"
	"slices"

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
	split   bool   // it was restated over a split: what was told before is in other units
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
