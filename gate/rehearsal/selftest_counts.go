package rehearsal

import (
	"fmt"

	"portcullis/gate/config"
	"portcullis/gate/core"
	"portcullis/risk"
)

// breachOrdersMax bounds the orders that one breach takes, filledMax those that stay open or that the venue has to fill for it.
const (
	breachOrdersMax = 10_000
	filledMax       = 1_000
)

func tooMany(count int64) string { return fmt.Sprintf("it takes more than %d messages", count) }

// account breaches what only accounts are limited in.
func (x *tried) account(a *config.Account) {
	if a.LongMax != config.Unlimited {
		side, why := x.side(x.sideOf, risk.MeasureLong)
		x.breach(risk.LongPositionExceeded, why, func(_ *config.Config, s *config.Scoped) { s.Account.LongMax = a.LongMax }, func(b *breach) {
			b.terms.side, b.terms.qty = side, overMeasure(risk.MeasureLong, a.LongMax, x.seat.in)
		})
	}
	if a.ShortMax != config.Unlimited {
		side, why := x.side(x.sideOf, risk.MeasureShort)
		x.breach(risk.ShortPositionExceeded, why, func(_ *config.Config, s *config.Scoped) { s.Account.ShortMax = a.ShortMax }, func(b *breach) {
			b.terms.side, b.terms.qty = side, overMeasure(risk.MeasureShort, a.ShortMax, x.seat.in)
		})
	}
	if n := a.OpenOrdersMax; n != config.Unlimited {
		why := ""
		if n > filledMax || n >= int64(x.cfg.Gate.Capacity.OpenOrders) {
			why = tooMany(min(filledMax, int64(x.cfg.Gate.Capacity.OpenOrders)))
		}
		x.breach(risk.OpenOrderCountExceeded, why, func(_ *config.Config, s *config.Scoped) { s.Account.OpenOrdersMax = n }, func(b *breach) {
			b.by, b.before = []string{"D"}, repeated(b.terms, n)
		})
	}
	if n := a.Repeat.CountMax; n != config.Unlimited {
		x.breach(risk.RepeatedOrder, "", func(_ *config.Config, s *config.Scoped) { s.Account.Repeat = a.Repeat }, func(b *breach) {
			b.burst, b.of, b.counts = n, message{"D", b.terms}, true
		})
		if a.RepeatDisables {
			x.breach(risk.ControlDisabled, "", func(_ *config.Config, s *config.Scoped) { s.Account.Repeat, s.Account.RepeatDisables = a.Repeat, true }, func(b *breach) {
				b.burst, b.of = n+1, message{"D", b.terms}
			})
		}
	}
}

// side asks for one where there is a seat.
func (x *tried) side(of func(risk.Measure) (side, why string), m risk.Measure) (side, why string) {
	if x.seat == nil {
		return "", ""
	}
	return of(m)
}

func repeated(o terms, n int64) []terms {
	list := make([]terms, n)
	for i := range list {
		list[i] = o
	}
	return list
}

// throttles breaches those of a scope.
func (x *tried) throttles() {
	all := x.scope.AllThrottles()
	for i, w := range all {
		if w.Max == config.Unlimited {
			continue
		}
		keep := func(_ *config.Config, s *config.Scoped) { x.keepThrottle(s, i-(len(all)-len(*s.Throttles)), w.Of) }
		change, why := x.over(w)
		x.breach(w.Of.Control(), why, keep, change)
		if w.Disable {
			x.breach(risk.ControlDisabled, why, keep, func(b *breach) {
				if change(b); w.Of == risk.Executions {
					b.burst, b.of = 1, message{"D", b.terms}
				} else {
					b.burst++
				}
				b.by = []string{"D"}
			})
		}
		if w.Of == risk.Messages && why == "" {
			x.breach(w.Of.Control(), "", keep, func(b *breach) { // cancels count, whatever becomes of them
				b.by, b.burst, b.of, b.counts = []string{"D"}, w.Max, message{"F", b.terms}, true
			})
			x.breach(w.Of.Control(), "", keep, func(b *breach) { // and are never refused for it
				b.by, b.burst, b.of, b.counts, b.mayPass = []string{"F"}, w.Max, message{"F", b.terms}, true, true
			})
		}
	}
}

// keepThrottle puts one throttle back; a sum takes those that bound its orders too. Behind order_rate of a link, which has
// place -1, the places are those of the list.
func (x *tried) keepThrottle(s *config.Scoped, place int, of risk.Flow) {
	was := x.scopes[x.n]
	bounds := func(flow risk.Flow) bool {
		return (of >= risk.NotionalSum && of <= risk.SymbolDayQty) && (flow == risk.Orders || flow == risk.SymbolOrders)
	}
	for i := range *s.Throttles {
		if w := (*was.Throttles)[i]; i == place || bounds(w.Of) {
			(*s.Throttles)[i] = w
		}
	}
	if s.Link != nil && (place < 0 || bounds(risk.Orders)) {
		s.Link.OrderRate = was.Link.OrderRate
	}
}

// over is what makes of a sound order one that a throttle does not take any more.
func (x *tried) over(w risk.Throttle) (change func(*breach), why string) {
	unknown := func(o terms) terms { return o.with(func(o *terms) { o.symbol = "NO-SUCH-SYMBOL" }) }
	count := func(n int64, counts bool, of func(terms) terms) (func(*breach), string) {
		if n > breachOrdersMax {
			return nil, tooMany(breachOrdersMax)
		}
		return func(b *breach) { b.burst, b.counts, b.of = n, counts, message{"D", of(b.terms)} }, ""
	}
	same := func(o terms) terms { return o }
	switch w.Of {
	case risk.Messages, risk.Orders:
		return count(w.Max, true, unknown)
	case risk.Rejects:
		return count(w.Max, false, unknown)
	case risk.SymbolOrders, risk.EqualOrders:
		return count(w.Max, true, same)
	case risk.OrderTrades, risk.SymbolOrderTrades, risk.SymbolQtyTrades: // nothing executes
		return count(max(0, w.Least-1), false, same)
	case risk.Executions:
		if w.Max > filledMax {
			return nil, tooMany(filledMax)
		}
		return func(b *breach) { b.before, b.filled = repeated(b.terms, w.Max), config.Unlimited }, ""
	case risk.NotionalSum:
		return func(b *breach) { b.terms.qty = x.above(w.Max) }, ""
	}
	return func(b *breach) { b.terms.qty = decimal((w.Max/x.seat.in.Lot + 1) * x.seat.in.Lot) }, ""
}

// quantities breaches the largest quantities that instruments have by themselves.
func (t *selfTest) quantities() {
	for i := range t.cfg.Instruments {
		in := &t.cfg.Instruments[i]
		if in.OrderQtyMax == config.Unlimited {
			continue
		}
		firm := t.scopes[0]
		x := t.tried(0, firm, part{symbol: in.Symbol})
		l := &limit{scope: -1, name: "instrument " + in.Symbol, kind: risk.ScopeInstrument, index: uint32(t.stage.instrumentOf(in.Symbol)), control: risk.OrderQtyTooLarge,
			keep: func(c *config.Config, _ *config.Scoped) { c.Instruments[i].OrderQtyMax = in.OrderQtyMax }}
		if x.seat == nil {
			t.result(armed{l.control, l.String()}, "nobody can trade it")
			continue
		}
		t.try(x.seat, &breach{control: l.control, limit: l, by: ofOrders, terms: x.seat.sound.with(func(o *terms) {
			o.qty = decimal((in.OrderQtyMax/in.Lot + 1) * in.Lot)
		})})
	}
}

// budgets uses up what the venues take in a window: a client has half of it.
func (t *selfTest) budgets() {
	for i := range t.cfg.Venues {
		v := &t.cfg.Venues[i]
		if v.MessageBudget.CountMax == config.Unlimited {
			continue
		}
		l := &limit{scope: -1, name: "venue " + v.Name, control: risk.VenueRateExceeded}
		x := t.tried(-1, config.Scoped{Of: config.VenueNumber, Name: v.Name}, part{})
		n := (v.MessageBudget.CountMax + 1) / 2
		switch {
		case x.seat == nil:
			t.result(armed{l.control, l.String()}, "no account can trade there")
		case n > breachOrdersMax:
			t.result(armed{l.control, l.String()}, tooMany(breachOrdersMax))
		default:
			t.try(x.seat, &breach{control: l.control, limit: l, by: ofOrders, terms: x.seat.sound, burst: n, of: message{"D", x.seat.sound}, counts: true})
		}
	}
}

// overflow asks for more than numbers hold, with no limit that would refuse it before.
func (t *selfTest) overflow() {
	x := t.tried(0, t.scopes[0], part{})
	if x.seat == nil {
		return
	}
	l := &limit{scope: -1, name: "firm", control: risk.ArithmeticOverflow}
	huge := (risk.MagnitudeMax/x.seat.in.Lot + 1) * x.seat.in.Lot
	t.try(x.seat, &breach{control: l.control, limit: l, by: ofOrders, terms: x.seat.sound.with(func(o *terms) { o.qty = decimal(int64(huge)) })})
}

// loss has the follower say that a scope has lost more than it may in a day.
func (x *tried) loss(most int64) {
	x.breach(risk.DailyLossExceeded, "", func(_ *config.Config, s *config.Scoped) { s.Limits.DailyLoss = most }, func(b *breach) {
		kind, index := b.limit.kind, b.limit.index
		b.when = []given{func() func() {
			x.stage.command(core.Command{Kind: core.CmdLoss, Scope: kind, Index: index, Qty: risk.Qty(most + 1)})
			return func() { x.stage.core.Book().SetStopped(kind, index, 0) }
		}}
		b.limit.kind = 0 // the kill that it is has no check
	})
}
