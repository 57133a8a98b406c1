package core

import "portcullis/risk"

// noteMessage counts a message of a participant in the throttles of a place, whatever its verdict (behaviour 2).
func (c *Core) noteMessage(ev *Event, at *risk.Place, l uint32, msgType byte) {
	switch msgType {
	case 'D', 'G':
		c.book.Note(risk.Orders, at, l, 1, ev.Now.MonoNs)
		c.book.Note(risk.SymbolOrders, at, l, 1, ev.Now.MonoNs)
	case 'F', 'q':
	default:
		return
	}
	c.book.Note(risk.Messages, at, l, 1, ev.Now.MonoNs)
}

// noteTaken adds up what an order or a replace that was accepted opens and reserves more than before.
func (c *Core) noteTaken(ev *Event, at *risk.Place, l uint32, open risk.Qty, reserved risk.Money) {
	c.book.Note(risk.NotionalSum, at, l, int64(max(0, reserved)), ev.Now.MonoNs)
	c.book.Note(risk.SymbolQty, at, l, int64(max(0, open)), ev.Now.MonoNs)
}

// traffic is what an effect adds to what counts by trade dates, where, and for which link, when so much of its order is executed.
// ok is false where it is none.
func (c *Core) traffic(e *Effect, executed risk.Qty) (at risk.Place, l uint32, t risk.Traffic, ok bool) {
	if e.Kind == Opened {
		at = risk.Place{Account: e.Account, Instrument: e.Instrument, Owner: e.Link, Venue: e.Venue, Author: e.Author}
		return at, e.Link, risk.NewTraffic(e.Qty, e.Open), true
	}
	if e.Order == NoIndex {
		return at, l, t, false
	}
	o := &c.orders[e.Order]
	at, l = o.Place, o.Owner
	switch {
	case e.Kind == Asked && e.RequestKind == ReplaceRequest:
		return at, e.Link, risk.ReplaceTraffic(o.Open, e.Qty-min(o.Executed, o.Cum), e.Open-o.Open), true
	case e.Kind == Asked && (e.ID != NoIndex || e.Execution != NoIndex): // not the gate's own
		return at, e.Link, risk.CancelTraffic(o.Open), true
	case e.Kind == Executed:
		t.Traded = e.Qty
		if executed == 0 {
			t.Trades = 1
		}
		return at, l, t, true
	case e.Kind == Busted && c.executions[e.Execution].date == c.reg.tradeDate:
		t.Traded = -e.Qty
		if executed == e.Qty {
			t.Trades = -1
		}
		return at, l, t, true
	}
	return at, l, t, false
}

// executed is how much of the order of an effect is executed.
func (c *Core) executed(e *Effect) risk.Qty {
	if e.Order == NoIndex {
		return 0
	}
	return c.orders[e.Order].Executed
}

// noteDay counts what an effect adds to what counts by trade dates, before it is applied.
func (c *Core) noteDay(e *Effect) {
	if !c.book.CountsDays() {
		return
	}
	if at, l, t, ok := c.traffic(e, c.executed(e)); ok {
		c.book.NoteDay(&at, l, &t)
	}
}

// inARow reports whether a refusal counts among those one after the other: not what was refused because of how gate,
// line or an operator stands, which says nothing of who sent it.
func inARow(reason risk.Reason) bool {
	return reason.Row().HTTPStatus != unavailable && !reason.Kills() && reason != risk.ControlDisabled
}

// unavailable is the HTTPStatus of Reasons that are no fault of the order.
const unavailable = 503

// noteAnswer counts what a venue says of an order: that it executed for the first time, unless a trader made it without
// an algorithm; that it is refused; or that it is taken, which ends a row of refusals.
func (c *Core) noteAnswer(ev *Event, d *Decision, e *Effect) {
	if e.Order == NoIndex || c.book.Idle(risk.Executions) && c.book.Idle(risk.Rejects) {
		return
	}
	o := &c.orders[e.Order]
	switch {
	case e.Kind == Executed:
		if o.Executed == 0 && (o.Author.Trader == 0 || o.Author.Algo != 0) {
			c.book.Note(risk.Executions, &o.Place, o.Owner, 1, ev.Now.MonoNs)
		}
		c.book.ForgetThrottles(risk.Rejects, &o.Place, o.Owner)
	case e.Kind == Confirmed:
		c.book.ForgetThrottles(risk.Rejects, &o.Place, o.Owner)
	case ev.Kind != Message || c.set.Links[ev.Link].Venue == NoIndex:
	case e.Kind == Ended && e.Status == '8' && o.Status != '8', e.Kind == Denied && c.requests[e.Request].Kind == ReplaceRequest && d.MsgType == '9':
		c.book.Note(risk.Rejects, &o.Place, o.Owner, 1, ev.Now.MonoNs)
	}
}

// trip leaves a kill for the scope that has gone over a control that disables: nothing more of it passes until a human
// enables it. It is lifted as others are, one of the firm by two people. Where there is no row for it, the firm is stopped.
func (c *Core) trip(ev *Event, d *Decision) {
	j := &d.Judgement
	if !j.Trips || d.Reason != j.Reason {
		return
	}
	by := lastCheck(d)
	of, _ := risk.Only(by.Of, by.Scope)
	if !c.book.KillRoom(by.Of, risk.KillTripped) {
		c.killBy(ev, d, &of, risk.KillBlock, by.Control)
		return
	}
	e := d.effect(KillSet)
	e.Status, e.Value, e.Mode, e.Cause = byte(by.Of), c.reg.killNo+1, risk.KillTripped, by.Control
	e.setTarget(&of)
}

// decideEnable lifts what a control has left in a scope. Its throttles count anew from then on.
func (c *Core) decideEnable(ev *Event, d *Decision, m *Command) ReplyCode {
	of, ok := risk.Only(m.Scope, m.Index)
	if m.Target = c.book.Tripped(risk.Reason(m.Target), &of); !ok || m.Target == 0 {
		return UnknownTarget
	}
	return c.decideRevive(ev, d, m)
}

// refusedAt is where a message that is refused counts: with its order, where it names one that is known, else with
// what a new order names as far as that is known.
func (c *Core) refusedAt(d *Decision) risk.Place {
	switch {
	case d.Order != NoIndex:
		return c.orders[d.Order].Place
	case d.MsgType == 'D':
		return d.order.Place
	}
	return nowhere // it counts for its link and the firm
}

// nowhere is no place at all.
var nowhere = risk.Place{Account: NoIndex, Instrument: NoIndex, Owner: NoIndex, Venue: NoIndex}
