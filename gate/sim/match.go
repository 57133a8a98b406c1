package sim

import (
	"slices"

	"github.com/shopspring/decimal"

	"portcullis/fix"
	"portcullis/gate/core"
	"portcullis/risk"
)

// The twin of self-match looks at every open order, with its own arithmetic and no tree: what an order meets it finds anew.

// slowTerms are terms of an order that may trade: the venue's, or those of a replace that it has not answered.
type slowTerms struct {
	request uint32
	qty     decimal.Decimal
	limit   *decimal.Decimal // nil: any price
	room    decimal.Decimal  // how far discretion goes beyond it
	stop    bool             // it trades when something has triggered it
}

// slowOrder is what the twin knows of an order's terms.
type slowOrder struct {
	instrument uint32
	buy        bool
	confirmed  bool
	terms      []slowTerms // those that hold, then what is unanswered
	done, cum  decimal.Decimal
	cancels    map[uint32]bool // requests that are on the line
}

func slowTermsOf(e *core.Effect) slowTerms {
	t := slowTerms{request: e.Request, qty: qty(e.Qty), stop: e.OrdType == risk.Stop || e.OrdType == risk.StopLimit}
	if e.Prices&core.PriceGiven != 0 {
		limit := price(e.Price)
		t.limit = &limit
	}
	if e.Prices&core.DiscretionGiven != 0 {
		t.room = price(e.Second)
	}
	return t
}

// reaches reports whether two terms trade with each other.
func (t *slowTerms) reaches(buy bool, o *slowTerms) bool {
	if t.stop || o.stop {
		return false
	}
	if t.limit == nil || o.limit == nil {
		return true
	}
	if buy {
		return t.limit.Add(t.room).GreaterThanOrEqual(o.limit.Sub(o.room))
	}
	return t.limit.Sub(t.room).LessThanOrEqual(o.limit.Add(o.room))
}

// termsSaid are those of a D or G, read from its text.
func (l *ledger) termsSaid(data []byte) (t slowTerms, symbol string, buy bool) {
	l.m.Index(data)
	switch text(&l.m, fix.TagOrdType) {
	case "3", "4":
		t.stop = true
	}
	if v := text(&l.m, fix.TagPrice); v != "" {
		limit, err := decimal.NewFromString(v)
		if err != nil {
			l.w.fail("a price that was judged: %q", v)
		}
		t.limit = &limit
	}
	if v := text(&l.m, fix.TagDiscretionOffset); v != "" {
		t.room = decimal.RequireFromString(v)
	}
	return t, text(&l.m, fix.TagSymbol), text(&l.m, fix.TagSide) == "1"
}

// met are the open orders that an order of an account would trade with: of its group, in its symbol, on the other side.
func (l *ledger) met(c *core.Core, account uint32, data []byte) (slots []uint32) {
	said, symbol, buy := l.termsSaid(data)
	group := l.w.profile.account(account).SelfMatch
	c.EachLive(func(slot uint32, o *core.Order) bool {
		s := &l.orders[slot].slow
		if o.EndedBy(l.orders[slot].status) {
			return true // at its venue nothing is open
		}
		if o.Account >= suspenseX || l.w.profile.account(o.Account).SelfMatch != group || symbolNames[s.instrument] != symbol || s.buy == buy {
			return true
		}
		counted := decimal.Min(s.done, s.cum)
		if slices.ContainsFunc(s.terms, func(t slowTerms) bool { return t.qty.GreaterThan(counted) && said.reaches(buy, &t) }) {
			slots = append(slots, slot)
		}
		return true
	})
	return slots
}

// matched holds the verdict on an order, and the cancels because of it, against the twin. c is in the state before.
func (l *ledger) matched(c *core.Core, ev *core.Event, d *core.Decision) {
	if ev.Kind != core.Message || ev.Link >= xsim || d.MsgType != 'D' && d.MsgType != 'G' {
		return
	}
	account := uint32(core.NoIndex)
	if e := taken(d); e != nil && e.Kind == core.Opened {
		account = e.Account
	} else if d.Order != core.NoIndex {
		account = c.OrderAt(d.Order).Account
	} else if e := refusedOf(d); e != nil {
		account = e.Account
	}
	if account >= suspenseX || l.w.profile.account(account).SelfMatch == 0 {
		return
	}
	switch d.Reason {
	case risk.Accepted, risk.SelfMatch, risk.SelfMatchStands:
	default:
		if n := len(cancelledFor(d)); n > 0 {
			l.w.fail("%d orders are cancelled for one that %s refuses", n, d.Reason)
		}
		return
	}
	l.judgeMatch(d, l.met(c, account, ev.Data), l.w.profile.account(account).SelfMatchAction)
}

func (l *ledger) judgeMatch(d *core.Decision, met []uint32, action risk.MatchAction) {
	cancelled := cancelledFor(d)
	for _, slot := range cancelled {
		if !slices.Contains(met, slot) {
			l.w.fail("order %d is cancelled for one that it does not meet", slot)
		}
	}
	switch d.Reason {
	case risk.Accepted:
		for _, slot := range met {
			s := &l.orders[slot].slow
			ahead := slices.Contains(cancelled, slot) || s.cancelled()
			if action != risk.CancelResting || !ahead || !s.confirmed || len(s.terms) != 1 {
				l.w.fail("an order would match order %d of its own, and passes", slot)
			}
		}
	case risk.SelfMatch:
		missing := slices.DeleteFunc(slices.Clone(met), func(slot uint32) bool {
			return slices.Contains(cancelled, slot) || l.orders[slot].slow.cancelled()
		})
		switch {
		case len(met) == 0 || action == risk.CancelResting, action == risk.CancelNew && len(cancelled) > 0:
			l.w.fail("refused for a match with %v, %d cancelled", met, len(cancelled))
		case action == risk.CancelBoth && len(missing) > 0 && len(met) <= risk.MatchesMax && !alerted(d, core.CancelUnsent):
			l.w.fail("of %v that it meets %v are not cancelled", met, missing)
		}
	case risk.SelfMatchStands:
		if len(met) == 0 || action != risk.CancelResting || len(cancelled) > 0 {
			l.w.fail("refused for a match with %v that stand, %d cancelled", met, len(cancelled))
		}
	}
}

// cancelled reports whether a cancel is on the line, or owed.
func (s *slowOrder) cancelled() bool { return len(s.cancels) > 0 }

// taken is the effect by which a D or G was taken, nil where it was not.
func taken(d *core.Decision) *core.Effect {
	for i := range d.EffectLen {
		e := &d.Effects[i]
		if e.Kind == core.Opened || e.Kind == core.Asked && e.RequestKind == core.ReplaceRequest {
			return e
		}
	}
	return nil
}

func refusedOf(d *core.Decision) *core.Effect {
	for i := range d.EffectLen {
		if e := &d.Effects[i]; e.Kind == core.Refused {
			return e
		}
	}
	return nil
}

// cancelledFor are the orders that a decision cancels because of another of the same owner.
func cancelledFor(d *core.Decision) (slots []uint32) {
	for i := range d.EffectLen {
		if e := &d.Effects[i]; e.Kind == core.Asked && e.RequestKind == core.CancelRequest && e.Cause == risk.SelfMatch {
			slots = append(slots, e.Order)
		}
	}
	return slots
}

func alerted(d *core.Decision, alert core.Alert) bool {
	for i := range d.EffectLen {
		if e := &d.Effects[i]; e.Kind == core.Alerted && e.Alert == alert {
			return true
		}
	}
	return false
}

// slow follows the terms of an order. c is in the state before.
func (l *ledger) slow(c *core.Core, e *core.Effect) {
	own := l.orders[e.Order]
	if own == nil {
		return
	}
	s := &own.slow
	switch e.Kind {
	case core.Opened:
		*s = slowOrder{instrument: e.Instrument, buy: e.Side.IsBuy(), terms: []slowTerms{slowTermsOf(e)}, cancels: map[uint32]bool{}}
	case core.Asked:
		if e.RequestKind == core.ReplaceRequest {
			s.terms = append(s.terms, slowTermsOf(e))
		} else {
			s.cancels[e.Request] = true
		}
	case core.Confirmed:
		if q := c.RequestAt(e.Request); q.Kind == core.ReplaceRequest && q.State == core.Pending {
			for s.terms[0].request != e.Request {
				s.terms = s.terms[1:]
			}
		}
		s.terms[0], s.confirmed = slowTermsOf(e), true
	case core.Denied:
		delete(s.cancels, e.Request)
		if e.RequestKind == core.ReplaceRequest {
			s.terms = slices.DeleteFunc(s.terms, func(t slowTerms) bool { return t.request == e.Request })
		}
	case core.Executed:
		s.done, s.confirmed = s.done.Add(qty(e.Qty)), true // its venue knows it
	case core.Busted:
		s.done = s.done.Sub(qty(e.Qty))
	case core.Rebooked:
		s.cum = qty(e.Qty)
	case core.Ended:
		clear(s.cancels)
	}
}
