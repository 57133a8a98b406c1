package sim

import (
	"fmt"
	"slices"

	"portcullis/clocksync"
	"portcullis/fix/link"
	"portcullis/gate/core"
	"portcullis/gate/journal"
	"portcullis/risk"
)

const settleSteps = 3000

// settle ends all faults and waits until everybody is at rest. Then participants, gate and venues must agree.
func (w *World) settle() {
	w.quiet = true
	w.log("all faults end")
	if w.disk.space == journal.Failed {
		w.faults.die(false, "for its disk was replaced")
	}
	w.faults.calls, w.faults.killCall = 0, 0
	w.disk.before, w.disk.after = func() {}, func() {}
	w.disk.space, w.clock.state = journal.Ample, clocksync.Unsynchronised
	for _, p := range w.peers {
		p.deaf, p.nextNs = 0, 0
		clear(p.lose)
		if p.c != nil {
			p.c.room = 64 << 10
			p.c.freed = true
		}
	}
	for _, t := range w.traders {
		t.asked = !t.blind
	}
	why, waited := "", false
	for w.step = steps + 1; w.step < steps+settleSteps; w.step++ {
		w.clock.nowNs += 50_000_000
		for _, v := range w.venues {
			v.settle()
		}
		w.copier.settle()
		if w.step%40 == 0 {
			w.operator.settle()
		}
		w.doLater()
		w.turn()
		w.inquire()
		now := w.restless()
		if now == "" && waited {
			w.agree()
			return
		}
		if now == "" { // what a venue leaves unanswered of an order that is over is answered by the gate, in its time
			waited = true
			w.clock.nowNs += 6_000_000_000
		}
		if w.step%100 == 33 {
			why = now
		}
	}
	w.fail("no rest: %s", why)
}

// inquire lets those ask how their orders stand who gave up what was under way to them.
func (w *World) inquire() {
	for _, t := range w.traders {
		if !t.asked && w.restless() == "" {
			t.asked = true
			t.inquire()
		}
	}
}

// settle answers everything, and tells of what it has kept back.
func (v *venue) settle() {
	for len(v.untold) > 0 {
		v.tellLate()
	}
	for len(v.asked) > 0 {
		a := v.asked[0]
		v.asked = v.asked[1:]
		v.answer(a)
	}
}

// settle is what people do about what does not settle by itself.
func (o *operator) settle() {
	h := o.w.host
	if h.live == nil {
		return
	}
	o.accept()
	for l := range linkNames {
		if h.live.Held(uint32(l)) {
			h.give(core.Command{Kind: core.CmdLinkUp, Index: uint32(l)})
		}
	}
	if o.w.step > steps+1000 {
		h.live.EachLive(func(slot uint32, x *core.Order) bool {
			if x.Flags&(core.FlagUnknown|core.FlagSuspect) != 0 {
				o.resolve(slot, x)
			}
			return true
		})
	}
}

// resolve says what the venue's desk says about an order in doubt. What the gate does not book with it takes a book entry: a bust that
// was made without us, what was executed of an order that is over here, or beyond what the terms that the gate knows allow.
func (o *operator) resolve(slot uint32, x *core.Order) {
	at := o.w.venues[x.Venue].byTag[o.w.follower.ledger.orders[slot].tag]
	m := core.Command{Kind: core.CmdResolve, Index: core.NoIndex, Name: o.w.host.live.VenueID(x.First), Outcome: core.WasRejected}
	if at != nil && at.state != 0 {
		m.Qty = max(0, risk.Qty(at.cum)*risk.PriceScale-x.Executed)
	}
	switch {
	case at == nil || at.state == 0:
	case at.state == '8':
		o.refused[at.tag] = true
	case at.live():
		m.Outcome, m.Qty = core.StaysOpen, 0
		o.open[at.tag] = true
	case at.state == '2' && x.Executed <= risk.Qty(at.cum)*risk.PriceScale && o.short[m.Name] == 0:
		m.Outcome = core.WasFilled
	default:
		m.Outcome = core.WasCancelled
	}
	if m.Qty > 0 {
		o.byHand[at.tag] = true
		m.Price = 50 * risk.PriceScale
	}
	if x.State == core.Final && m.Outcome != core.StaysOpen {
		m.Outcome, m.Qty, m.Price = ends[x.Status], 0, 0
	} else if o.short[m.Name] > 1 {
		m.Qty, m.Price = 0, 0
	}
	o.w.cover.fault(o.w, "resolved by a human")
	o.w.log("operator: %s is %d", m.Name, m.Outcome)
	o.w.host.give(m)
}

// ends is what a human says of an order that ended so at the gate.
var ends = map[byte]core.Outcome{'2': core.WasFilled, '4': core.WasCancelled, '8': core.WasRejected, 'C': core.WasCancelled, '3': core.WasCancelled}

// restless says what is still going on.
func (w *World) restless() string {
	h := w.host
	if h.hand == nil || len(h.replies) > 0 {
		return "the gate is at work"
	}
	for l, p := range w.peers {
		n := uint32(l)
		s := h.live.LinkState(n)
		switch {
		case !p.up() || s.Phase != link.Up:
			return fmt.Sprintf("%s is %v, %v at the gate", p.name, p.st.Phase, s.Phase)
		case len(p.c.flight)+len(p.c.in)+len(p.c.out) > 0 || p.st.GapTo != 0 || s.GapTo != 0:
			return fmt.Sprintf("%s has messages under way: %d, %d, %d bytes; gaps to %d and %d, next %d and %d", p.name, len(p.c.flight), len(p.c.in), len(p.c.out),
				p.st.GapTo, s.GapTo, p.st.NextIn, s.NextIn)
		case s.NextIn != p.st.NextOut || s.NextOut != p.st.NextIn:
			return fmt.Sprintf("%s counts %d and %d, the gate %d and %d", p.name, p.st.NextIn, p.st.NextOut, s.NextOut, s.NextIn)
		case h.live.Cut(n).From != 0:
			return p.name + " is still told what a reset cut off"
		}
	}
	if h.live.DueNs() <= w.clock.nowNs-w.clock.bootNs {
		return "jobs"
	}
	return w.open()
}

// open says which order or request waits for something.
func (w *World) open() (why string) {
	c := w.host.live
	for _, v := range w.venues {
		if len(v.asked) > 0 {
			return v.name + " owes answers"
		}
	}
	c.EachLive(func(slot uint32, o *core.Order) bool {
		tag := w.follower.ledger.orders[slot].tag
		if o.Flags&(core.FlagUnknown|core.FlagSuspect|core.FlagCancelPending|core.FlagCancelOwed) != 0 {
			why = fmt.Sprintf("order %s has flags %b", tag, o.Flags)
		}
		for r := o.First; r != core.NoIndex; r = c.RequestAt(r).Next {
			q := c.RequestAt(r)
			if q.Kind != core.CancelRequest && w.operator.open[tag] { // no answer comes any more
				continue
			}
			if q.State == core.Pending || q.State == core.Owed || q.State == core.Postponed {
				why = fmt.Sprintf("order %s: %s is pending, flags %b, sent at %d with %d, era %d", tag, c.VenueID(r), o.Flags, q.AtNs, q.Seq, q.Era)
			}
		}
		return why == ""
	})
	return why
}

// agree compares what everybody believes in the end.
func (w *World) agree() {
	w.follower.catchUp()
	w.follower.equals(w.host.live.Core, "at the end")
	ledger := w.follower.ledger
	ledger.compare(w.follower.core)
	if w.forgets {
		return // what the gate told and does not know any more is for people to settle
	}
	for _, t := range w.traders {
		for _, r := range t.order {
			w.agreeRequest(t, r)
		}
	}
	for _, v := range w.venues {
		for _, o := range v.orders {
			w.agreeVenue(v, o)
		}
	}
	w.copier.agree(w.host.live.Core)
	for tag, o := range ledger.byTag {
		if o.ended || ledger.lost[tag] {
			continue
		}
		if at := w.venueOrder(tag); at == nil || !at.live() {
			w.fail("order %s is open at the gate, not at its venue", tag)
		}
	}
}

// agreeRequest: every request has one answer, and its order is what the gate says it is.
func (w *World) agreeRequest(t *trader, r *request) {
	l := w.follower.ledger
	if l.lost[r.order.tag] {
		return
	}
	if len(r.answers) == 0 && !r.cancelled() && !w.superseded(r) && !w.unsaid(r) && !(r.kind == "G" && w.operator.open[r.order.tag]) {
		w.fail("%s: %s %s has no answer", t.name, r.kind, r.id)
	}
	if len(r.answers) > 1 && r.again == 0 && !r.order.undone && !r.cancelled() && !w.operator.refused[r.order.tag] {
		w.fail("%s: %s %s has the answers %q", t.name, r.kind, r.id, r.answers)
	}
	o := r.order
	g := l.byTag[o.tag]
	if r != o.first || g == nil || w.manyDays || t.blind && w.rolls > 0 {
		return
	}
	if t.blind {
		o.cum = whole(o.said)
	}
	if executed := int64(g.executed) / risk.PriceScale; executed != o.cum && !g.uneven && !g.unsaid && !o.split && !w.operator.byHand[o.tag] {
		w.fail("%s: order %s has %d executed at the gate, its owner knows of %d", t.name, o.tag, executed, o.cum)
	}
	if g.ended != final(o.status) {
		w.fail("%s: order %s: ended at the gate %v with %c, its owner was told %s", t.name, o.tag, g.ended, g.status, o.status)
	}
}

// superseded reports whether a replace was answered by the Replaced of one that was sent behind it, which says whose
// terms hold. What the venue said of it by itself may be lost with the venue's numbers, and the gate invents none.
func (w *World) superseded(r *request) bool {
	g := w.follower.ledger.byTag[r.order.tag]
	if g == nil {
		return false
	}
	at := slices.Index(g.replaces, r.id)
	return at >= 0 && slices.ContainsFunc(g.replaces[at+1:], func(later string) bool {
		return slices.Contains(w.requestOf(later).answers, "150=5")
	})
}

// unsaid reports whether a replace was told to have come to an end, with its order, of which the venue does not say again that it had
// taken the replace.
func (w *World) unsaid(r *request) bool {
	at := w.venueOrder(r.order.tag)
	return r.kind == "G" && r.over && at != nil && at.silent
}

// agreeVenue: what a venue has of an order the gate has too.
func (w *World) agreeVenue(v *venue, o *venueOrder) {
	l := w.follower.ledger
	g := l.byTag[o.tag]
	switch {
	case l.lost[o.tag] || w.manyDays:
		return
	case g == nil:
		w.fail("%s has order %s, of which the gate knows nothing", v.name, o.tag)
	case int64(g.executed)/risk.PriceScale != o.cum && !g.uneven && !g.unsaid && !v.w.operator.byHand[o.tag]:
		w.fail("%s: order %s has %d executed, the gate knows of %d", v.name, o.tag, o.cum, int64(g.executed)/risk.PriceScale)
	case g.ended == o.live() && o.state != 0:
		w.fail("%s: order %s is %c, ended at the gate %v with %c", v.name, o.tag, o.state, g.ended, g.status)
	}
}

func (w *World) venueOrder(tag string) *venueOrder {
	for _, v := range w.venues {
		if o := v.byTag[tag]; o != nil {
			return o
		}
	}
	return nil
}
