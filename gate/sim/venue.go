package sim

import (
	"fmt"
	"slices"
	"strings"

	"portcullis/fix"
	"portcullis/gate/core"
	"portcullis/risk"
)

// venue is an exchange: the orders it was sent, and what it made of them. It tells the truth in the end.
type venue struct {
	*peer
	w       *World
	number  uint32
	orders  []*venueOrder
	byID    map[string]*venueOrder // by every ClOrdID of an order that it took
	byTag   map[string]*venueOrder // by Text(58) of the D
	asked   []*ask                 // requests that it has not answered
	ids     int
	execs   int
	untold  []untold          // executions that it has not told of
	status  bool              // answers 35=H
	mass    bool              // answers 35=q
	dateOf  map[string]uint32 // by ExecID: the trade date of an execution
	reports [][]field         // executions and ends of the day, told again when numbers begin anew
}

// venueOrder is an order as the venue has it.
type venueOrder struct {
	id, orderID  string // ClOrdID that holds; the venue's own
	tag          string
	side, symbol string
	account      string
	px           string
	gtc          bool
	qty, cum     int64
	silent       bool // what confirmed its terms is not told again
	state        byte // OrdStatus: 'A' taken and not confirmed, '0', '1', '2', '4', '8', 'C'; 0: it never got through
	trades       []trade
	from         uint32 // the trade date of whose units it is, where it was restated; its executions are of that date at least
}

// untold is an execution that it has counted and not told of.
type untold struct {
	order *venueOrder
	qty   int64
	date  uint32
}

// trade is an execution that can be taken back.
type trade struct {
	exec string
	qty  int64 // as it was told
	date uint32
	over risk.Ratio // what its order has been restated by since
}

// counts is what a quantity of a trade's day counts for in its order now.
func (t *trade) counts(qty int64) int64 { return qty * int64(t.over.New) / int64(t.over.Old) }

// ask is a request without an answer.
type ask struct {
	kind, id, orig string
	order          *venueOrder // nil: unknown
	qty            int64
	seq            string // MsgSeqNum
	px             string
	deaf           bool // it will not be answered
}

func newVenue(w *World, p *peer, number uint32) *venue {
	v := &venue{peer: p, w: w, number: number, byID: map[string]*venueOrder{}, dateOf: map[string]uint32{}, byTag: map[string]*venueOrder{},
		status: w.profile.status[number], mass: w.profile.mass[number]}
	p.app, p.began, p.ended = v.hear, v.tellAgain, v.lineLost
	return v
}

func (o *venueOrder) live() bool { return o.state == 'A' || o.state == '0' || o.state == '1' }

// leaves is LeavesQty(151).
func (o *venueOrder) leaves() int64 {
	if !o.live() {
		return 0
	}
	return max(0, o.qty-o.cum)
}

// lineLost cancels what the venue has declared to cancel then. It says so when it is asked, and does not repeat that it has once
// confirmed such an order.
func (v *venue) lineLost() {
	for _, o := range v.orders {
		if cod := v.w.profile.cod[v.number]; o.live() && (cod == core.CancelsAll || cod == core.CancelsDay && !o.gtc) {
			v.w.cover.fault(v.w, "cancelled on disconnect")
			o.state, o.silent = '4', true
			v.reports = slices.DeleteFunc(v.reports, func(f []field) bool { return f[0].value == o.orderID && confirms(f) })
		}
	}
}

// confirms reports whether a report says of an order what its terms are. In FIX.4.2 a bust has the ExecType(150) of its order.
func confirms(f []field) bool {
	has := func(tag int, values string) bool {
		return slices.ContainsFunc(f, func(x field) bool { return x.tag == tag && strings.Contains(values, x.value) })
	}
	return has(fix.TagExecType, "05D") && !has(fix.TagExecTransType, "12")
}

// hear takes what the gate sends.
func (v *venue) hear(m *fix.Message) {
	a := &ask{kind: text(m, fix.TagMsgType), id: text(m, fix.TagClOrdID), orig: text(m, fix.TagOrigClOrdID),
		qty: whole(text(m, fix.TagOrderQty)), seq: text(m, fix.TagMsgSeqNum), px: text(m, fix.TagPrice)}
	switch a.kind {
	case "D":
		v.take(a, m)
	case "F", "G":
		a.order = v.byID[a.orig]
		if a.order != nil {
			v.byID[a.id] = a.order
		}
		a.deaf = !v.w.quiet && v.w.chance(25)
		v.asked = append(v.asked, a)
	case "H":
		v.tellStatus(a)
	case "q":
		v.asked = append(v.asked, a)
	}
}

// take is a new order.
func (v *venue) take(a *ask, m *fix.Message) {
	tag := text(m, fix.TagText)
	if v.byTag[tag] != nil && !v.w.follower.ledger.lost[tag] {
		v.w.fail("%s got order %s twice: %s", v.name, tag, printable(m.Raw))
	}
	o := &venueOrder{id: a.id, tag: tag, side: text(m, fix.TagSide), symbol: text(m, fix.TagSymbol), account: text(m, fix.TagAccount), qty: a.qty, px: a.px,
		gtc: text(m, fix.TagTimeInForce) == "1", state: 'A'}
	v.ids++
	o.orderID = fmt.Sprintf("%c%d", "VW"[v.number], v.ids)
	v.byTag[tag] = o
	a.order = o
	if !v.w.quiet && v.w.chance(30) { // it got lost behind the session layer
		o.state = 0
		v.w.cover.fault(v.w, "order lost at the venue")
		v.orders = append(v.orders, o)
		return
	}
	v.byID[a.id] = o
	v.orders = append(v.orders, o)
	v.asked = append(v.asked, a)
}

// act is the venue doing something.
func (v *venue) act() {
	if n := len(v.asked); n > 0 && v.w.r.IntN(3) > 0 {
		i := v.w.r.IntN(n)
		if a := v.asked[i]; a.kind == "G" && a.order != nil { // a venue replaces in the order in which it is asked
			i = slices.IndexFunc(v.asked, func(b *ask) bool { return b.kind == "G" && b.order == a.order })
		}
		if a := v.asked[i]; !a.deaf {
			v.asked = append(v.asked[:i:i], v.asked[i+1:]...)
			v.answer(a)
			return
		}
	}
	if len(v.untold) > 0 && v.w.chance(10) {
		v.tellLate()
		return
	}
	if len(v.orders) == 0 {
		return
	}
	o := v.orders[max(0, len(v.orders)-1-v.w.r.IntN(12))]
	if o.state == 0 || o.state == '8' {
		return
	}
	v.trade(o)
}

// trade is what happens to an order without a request.
func (v *venue) trade(o *venueOrder) {
	switch n := v.w.r.IntN(24); {
	case n < 12 && o.live():
		v.fill(o, 1+v.w.r.Int64N(max(1, o.leaves())))
	case n == 12 && o.live() && o.state != 'A':
		v.w.cover.fault(v.w, "overfill")
		v.fill(o, o.leaves()+1+v.w.r.Int64N(20))
	case n == 13 && (o.state == '4' || o.state == 'C'):
		v.w.cover.fault(v.w, "fill after the end")
		v.fill(o, 1+v.w.r.Int64N(10))
	case n < 16 && len(o.trades) > 0:
		v.undo(o)
	case n == 16 && o.live() && o.state != 'A':
		o.state = 'C'
		v.report(o, "C", "C", o.id)
	case n == 17 && o.live() && o.state != 'A':
		o.qty = max(o.cum+1, 1+v.w.r.Int64N(150))
		v.report(o, "D", string(o.state), o.id, field{fix.TagOrderQty, fmt.Sprint(o.qty)})
	case n == 18 && len(v.reports) > 0 && v.up():
		v.w.cover.fault(v.w, "report told twice")
		v.send("8", v.again(v.reports[v.w.r.IntN(len(v.reports))])...)
	case n == 19:
		v.w.cover.fault(v.w, "report lost on the way")
		v.lose[v.st.NextOut] = true
	}
}
