package rehearsal

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"portcullis/fix"
	"portcullis/risk"
)

// breach is what a control must refuse: a message, and what makes it a breach.
type breach struct {
	control     risk.Reason
	limit       *limit   // that it is above; nil: it is above none
	whose       string   // what it is of otherwise; "": the account of its seat
	by          []string // MsgTypes that it is tried with; a G or F names an order that is open by then
	terms       terms    // of the message
	opening     *terms   // of that open order, where it is not like terms in what a replace cannot change, and else sound
	orig        string   // OrigClOrdID(41) in place of that order's
	body        string   // in place of what the terms make of it
	header      string   // fields of the header
	before      []terms  // orders that pass before it, each confirmed, apart in time
	filled      int64    // how much of each of them, and of the open order, is filled
	ended       bool     // the open order is cancelled by then
	used        bool     // the message has the ClOrdID of an earlier one
	prior       string   // MsgType of requests that the venue owes the answer to by then
	priors      int      // how many
	unmarked    bool     // nobody says what the symbol is worth
	unconfirmed bool     // the venue says nothing of those before
	burst       int64    // so many messages come at its own moment, the open order one of them where it counts
	of          message  // that they are
	counts      bool     // the open order is one of them
	with        []given  // what is so before there is an open order
	when        []given  // and what only after
	mayPass     bool     // no control is to refuse it: control is one that stands and must not
}

// message is one of a participant.
type message struct {
	msgType string
	terms   terms
}

// given makes something so, until undo.
type given func() (undo func())

// D and G: what holds new orders holds replaces.
var ofOrders = []string{"D", "G"}

// try tries a breach by each of its messages.
func (t *selfTest) try(s *seat, b *breach) {
	for _, msgType := range b.by {
		out := t.once(s, b, msgType)
		if out.sent && !out.right(b) && (out.reason != risk.Accepted || out.short != "") {
			first := out
			t.failed = errors.Join(t.failed, t.lift(s, b.limit))
			out = t.once(s, b, msgType)
			t.failed = errors.Join(t.failed, t.lower(s, b.limit))
			if out.masked = first.words(); first.short != "" && first.reason == risk.Accepted {
				out.masked = first.short
			}
			if !out.sent {
				out = first
			}
		}
		t.note(s, b, out)
	}
}

// apartNs keeps what one breach has a venue sent out of the budget of the next; windows are emptied.
func (t *selfTest) apartNs() int64 {
	ns := int64(2_000_000_000)
	for i := range t.cfg.Venues {
		ns = max(ns, 2*t.cfg.Venues[i].MessageBudget.WindowNs)
	}
	return ns
}

// once brings about what a breach needs, sends its message and takes all of that back.
func (t *selfTest) once(s *seat, b *breach, msgType string) (out outcome) {
	out.msgType, out.terms = msgType, b.terms
	var undo []func()
	defer func() {
		for _, f := range slices.Backward(undo) {
			f()
		}
		t.over(s)
	}()
	begin := func(list []given) {
		for _, f := range list {
			undo = append(undo, f())
		}
	}
	begin(t.usual(s, b))
	begin(b.with)
	original := b.orig
	if names := msgType == "G" || msgType == "F" || msgType == "H"; (names || b.of.msgType == "F") && original == "" {
		o, got := t.opened(s, b)
		if got != risk.Accepted {
			out.unable = "no order is open that it could name: " + got.String()
			return out
		}
		original = o.id
	}
	if !t.enterBefore(s, b) {
		out.take(t, s)
		return out
	}
	begin(b.when)
	short := t.sendBefore(s, b, msgType, original)
	t.send(s, msgType, &b.terms, original, b.body, b.header)
	out.take(t, s)
	out.short = short
	return out
}

// usual is a day like any other: trading goes on, the venue takes everything, and the symbol has its prices.
func (t *selfTest) usual(s *seat, b *breach) []given {
	t.stage.nowNs += t.apartNs()
	t.stage.openHours(s)
	t.stage.phase(risk.Continuous)
	if !b.unmarked && !t.stage.marked(s.sound.symbol) {
		t.stage.mark(s.sound.symbol, s.sound.price)
	}
	if s.in.NearTouchBps+s.in.FarTouchBps != 0 {
		return []given{t.touch(s.in.Close, s.in.Close)}
	}
	return nil
}

// enterBefore enters the orders that come before a breach; false: one is refused.
func (t *selfTest) enterBefore(s *seat, b *breach) bool {
	for i := range b.before {
		o, got := t.enter(s, &b.before[i])
		if got != risk.Accepted {
			return false
		}
		if !b.unconfirmed {
			t.confirm(o, b.filled)
		}
		t.stage.nowNs += betweenNs
	}
	return true
}

// sendBefore sends what comes at the moment of a breach. short is what refused one of the new orders among it, which a limit that
// counts accepted ones does not count.
func (t *selfTest) sendBefore(s *seat, b *breach, msgType, original string) (short string) {
	burst := b.burst
	if b.counts && original != "" {
		burst--
	}
	for range burst {
		t.send(s, b.of.msgType, &b.of.terms, original, "", "")
		if short == "" && b.of.msgType == "D" && t.stage.d.Reason != risk.Accepted {
			var o outcome
			o.take(t, s)
			short = o.words()
		}
	}
	for n := range b.priors {
		o := b.terms.with(func(o *terms) { o.qty = decimal(int64(n+1) * s.lots()) })
		t.send(s, b.prior, &o, original, "", "")
	}
	if b.used && msgType == "D" {
		t.send(s, "D", &b.terms, "", "", "")
	}
	if b.used {
		t.ids-- // what comes next has the last id again
	}
	return short
}

// betweenNs is more than the window of equal orders usually is.
const betweenNs = 2_000_000_000

// opened is an open order that a replace, cancel or request can name.
func (t *selfTest) opened(s *seat, b *breach) (*order, risk.Reason) {
	o := s.sound
	o.account, o.symbol, o.side, o.tif = b.terms.account, b.terms.symbol, b.terms.side, b.terms.tif
	if b.opening != nil {
		o = *b.opening
	}
	entered, got := t.enter(s, &o)
	if got != risk.Accepted {
		return nil, got
	}
	filled := b.filled
	if len(b.before) > 0 {
		filled = 0 // those are
	}
	t.confirm(entered, filled)
	if b.ended {
		t.stage.end(entered)
	}
	return entered, got
}

// enter sends a new order.
func (t *selfTest) enter(s *seat, o *terms) (*order, risk.Reason) {
	t.send(s, "D", o, "", "", "")
	if got := t.stage.d.Reason; got != risk.Accepted {
		return nil, got
	}
	return t.open[len(t.open)-1], risk.Accepted
}

// send is one message of a participant; what passes to a venue is noted.
func (t *selfTest) send(s *seat, msgType string, o *terms, original, body, header string) {
	t.ids++
	id := fmt.Sprintf("SELFTEST-%d", t.ids)
	if msgType == "H" && original != "" {
		id, original = original, ""
	}
	if msgType == "D" {
		original = ""
	}
	if body == "" {
		body = o.body(msgType, id, original, t.stage.stamp(t.stage.nowNs))
	}
	body = strings.ReplaceAll(strings.NewReplacer("$id", id, "$now", t.stage.stamp(t.stage.nowNs)).Replace(body), "|", "\x01")
	t.stage.message(s.number, msgType, strings.ReplaceAll(header, "|", "\x01")+body)
	if t.stage.d.Reason != risk.Accepted || msgType == "H" {
		return
	}
	for i := range t.stage.core.Setup().Venues {
		line := t.stage.core.Setup().Venues[i].Link
		if sent := t.stage.sent(line, "11"); sent != "" && msgType == "D" {
			qty, _ := fix.ParseDecimal([]byte(o.qty))
			price := o.price
			if price == "" {
				price = s.sound.price
			}
			t.open = append(t.open, &order{id: id, atVenue: sent, line: line, symbol: t.stage.sent(line, "55"), side: o.side, qty: qty, price: price})
		} else if sent != "" {
			t.stage.d.Reason = risk.Accepted
			t.moved(original, sent)
		}
	}
}

// over ends what a breach has left: executions are taken back, orders cancelled, windows emptied, and who is disabled
// enabled.
func (t *selfTest) over(s *seat) {
	for _, o := range t.open {
		t.stage.end(o)
	}
	t.open = t.open[:0]
	at, book := t.place(s), t.stage.core.Book()
	for flow := risk.Messages; flow <= risk.EqualOrders; flow++ {
		book.ForgetThrottles(flow, &at, s.number)
	}
	for _, k := range slices.Clone(book.Kills()) {
		book.ClearKill(k.ID)
	}
}
