package rehearsal

import (
	"fmt"
	"strings"

	"portcullis/gate/assemble"
	"portcullis/gate/config"
	"portcullis/risk"
)

// part is where a limit of a scope holds: in a type of instruments, in one, or in all.
type part struct{ typ, symbol string }

func (p part) fits(in *config.Instrument) bool {
	return (p.typ == "" || p.typ == in.Type) && (p.symbol == "" || p.symbol == in.Symbol)
}

func (p part) String() string {
	switch {
	case p.symbol != "":
		return " in " + p.symbol
	case p.typ != "":
		return " in type " + p.typ
	}
	return ""
}

// tried is a scope, or a part of what it trades, whose limits are breached from one seat.
type tried struct {
	*selfTest
	n     int // its place in Config.Scopes
	scope config.Scoped
	part  part
	seat  *seat // nil: none of its orders could pass
}

// limits breaches every limit of every scope, from the first seat whose orders it holds.
func (t *selfTest) limits() {
	for n, s := range t.scopes {
		whole := t.tried(n, s, part{})
		if s.Limits != nil {
			whole.credit(*s.Limits)
			for i := range s.Limits.Slices {
				in := &s.Limits.Slices[i]
				t.tried(n, s, part{in.Type, in.Symbol}).slice(i, in)
			}
		}
		for i := range *s.Orders {
			r := &(*s.Orders)[i]
			t.tried(n, s, part{r.Type, r.Symbol}).orders(&r.OrderLimits, func(_ *config.Config, s *config.Scoped) *config.OrderLimits {
				return &(*s.Orders)[i].OrderLimits
			})
		}
		if a := s.Account; a != nil {
			whole.orders(&a.OrderLimits, func(_ *config.Config, s *config.Scoped) *config.OrderLimits { return &s.Account.OrderLimits })
			whole.account(a)
		}
		whole.throttles()
		whole.kill()
	}
	t.quantities()
	t.budgets()
	t.overflow()
}

// tried finds the seat for a part of a scope.
func (t *selfTest) tried(n int, s config.Scoped, in part) *tried {
	return t.triedIn(n, s, in, anyInstrument)
}

// triedIn does so with an instrument that fits.
func (t *selfTest) triedIn(n int, s config.Scoped, in part, fits func(*config.Instrument) bool) *tried {
	x := &tried{selfTest: t, n: n, scope: s, part: in}
	for i := range t.cfg.Links {
		l := &t.cfg.Links[i]
		for _, account := range l.Accounts {
			a := &t.cfg.Accounts[account]
			by, within := t.within(&s, l, a)
			if !within {
				continue
			}
			x.seat = t.seat(l, a, func(i *config.Instrument) bool {
				v := t.venueOf(a, i)
				return in.fits(i) && fits(i) && (s.Of != config.VenueNumber || v != nil && v.Name == s.Name)
			})
			if x.seat != nil {
				x.seat.name(by)
				return x
			}
		}
	}
	return x
}

// breach tries one limit: change makes of a sound order one that breaches it. why, where it is not empty, says that there is
// no such order.
func (x *tried) breach(control risk.Reason, why string, keep func(*config.Config, *config.Scoped), change func(*breach)) {
	l := &limit{scope: x.n, name: x.scope.String() + x.part.String(), control: control, keep: keep, kind: assemble.ScopeOf(x.scope.Of)}
	if x.scope.Of != config.NoNumber {
		l.index, _ = x.stage.numbers.Of(x.scope.Of, x.scope.Name)
	}
	switch {
	case x.part.symbol != "":
		l.in = risk.OneInstrument
	case x.part.typ != "":
		l.in = assemble.ClassOf(x.part.typ)
	}
	if x.seat == nil {
		why = "no account that it holds can trade such an instrument over a link"
	}
	if why != "" {
		x.result(armed{control, l.String()}, why)
		return
	}
	b := breach{control: control, limit: l, by: ofOrders, terms: x.seat.sound}
	if change(&b); b.terms.qty == "" {
		x.result(armed{control, l.String()}, "no order is large enough")
		return
	}
	x.try(x.seat, &b)
}

// credit breaches the limits of a scope in all of its instruments.
func (x *tried) credit(l config.Limits) {
	gross, net := risk.CreditControls(assemble.ScopeOf(x.scope.Of))
	x.money(gross, l.Gross, func(s *config.Scoped) { s.Limits.Gross = l.Gross })
	x.money(net, l.Net, func(s *config.Scoped) { s.Limits.Net = l.Net })
	x.measures(l.Measures, func(s *config.Scoped, m *risk.Measures) { s.Limits.Measures = m })
	if l.DailyLoss != 0 {
		x.loss(l.DailyLoss)
	}
}

// slice breaches those in a part.
func (x *tried) slice(i int, l *config.Slice) {
	x.money(risk.SliceGrossExceeded, l.Gross, func(s *config.Scoped) { s.Limits.Slices[i].Gross = l.Gross })
	x.money(risk.SliceNetExceeded, l.Net, func(s *config.Scoped) { s.Limits.Slices[i].Net = l.Net })
	x.measures(l.Measures, func(s *config.Scoped, m *risk.Measures) { s.Limits.Slices[i].Measures = m })
}

// money takes gross or net above a limit by one order.
func (x *tried) money(control risk.Reason, most int64, keep func(*config.Scoped)) {
	if most == config.Unlimited {
		return
	}
	x.breach(control, "", func(_ *config.Config, s *config.Scoped) { keep(s) }, func(b *breach) { b.terms.qty = x.above(most) })
}

// above is the smallest quantity that costs more than a limit, at the close; "": none does.
func (x *tried) above(most int64) string {
	qty := above(most, x.seat.in)
	if qty == config.Unlimited {
		return ""
	}
	return decimal(qty)
}

func (x *tried) measures(all *risk.Measures, keep func(*config.Scoped, *risk.Measures)) {
	if all == nil {
		return
	}
	for i, most := range all {
		m := risk.Measure(i)
		if most == config.Unlimited || m < risk.MeasureOpen {
			continue
		}
		side, why := "", ""
		if x.seat != nil {
			side, why = x.sideOf(m)
		}
		x.breach(m.Reason(), why, func(_ *config.Config, s *config.Scoped) {
			only := risk.Unmeasured()
			only[m] = most
			keep(s, only)
		}, func(b *breach) {
			if b.terms.side = side; m == risk.MeasureExecuted {
				b.before, b.filled = []terms{b.terms.with(func(o *terms) { o.qty = x.above(most) })}, config.Unlimited
				return
			}
			b.terms.qty = overMeasure(m, most, x.seat.in)
		})
	}
}

// sideOf is a side that a measure grows by; why, where it is not empty, says that the account has none.
func (x *tried) sideOf(m risk.Measure) (side, why string) {
	switch m {
	case risk.MeasureNetShort, risk.MeasureShort, risk.MeasureShortAll:
		return x.selling()
	case risk.MeasureOpen, risk.MeasureExecuted:
		return x.seat.sound.side, ""
	}
	if !strings.Contains(x.seat.account.Sides, "1") {
		return "", "account " + x.seat.account.Name + " cannot buy"
	}
	return "1", ""
}

// selling is a side that sells what is not held.
func (x *tried) selling() (side, why string) {
	a := x.seat.account
	switch {
	case x.seat.short():
		return "5", ""
	case strings.Contains(a.Sides, "2") && !a.SellLongChecked:
		return "2", ""
	}
	return "", fmt.Sprintf("account %s can neither sell short nor sell what it does not hold", a.Name)
}

// orders breaches limits of single orders; at finds where they stand in a configuration.
func (x *tried) orders(l *config.OrderLimits, at func(*config.Config, *config.Scoped) *config.OrderLimits) {
	try := func(is bool, control risk.Reason, why string, keep func(*config.OrderLimits), change func(*terms)) {
		x.orderLimit(is, control, why, at, keep, change)
	}
	in := func() *config.Instrument { return x.seat.in }
	try(l.OrderQtyMax != config.Unlimited, risk.OrderQtyTooLarge, "", func(o *config.OrderLimits) { o.OrderQtyMax = l.OrderQtyMax }, func(o *terms) {
		o.qty = decimal((l.OrderQtyMax/in().Lot + 1) * in().Lot)
	})
	try(l.OrderQtyMin != 0, risk.OrderQtyTooSmall, x.below(l.OrderQtyMin), func(o *config.OrderLimits) { o.OrderQtyMin = l.OrderQtyMin }, func(o *terms) {
		o.qty = decimal((l.OrderQtyMin - 1) / in().Lot * in().Lot)
	})
	try(l.NotionalMax != config.Unlimited, risk.NotionalTooLarge, "", func(o *config.OrderLimits) { o.NotionalMax = l.NotionalMax }, func(o *terms) {
		o.qty = x.above(l.NotionalMax)
	})
	try(l.MarketNotionalMax != config.Unlimited, risk.NotionalTooLarge, x.market(), func(o *config.OrderLimits) { o.MarketNotionalMax = l.MarketNotionalMax }, func(o *terms) {
		o.ordType, o.price, o.qty = "1", "", x.above(l.MarketNotionalMax)
	})
	if l.AdvBpsMax == 0 {
		return
	}
	keep := func(o *config.OrderLimits) { o.AdvBpsMax = l.AdvBpsMax }
	known := func(known bool) *tried {
		return x.triedIn(x.n, x.scope, x.part, func(in *config.Instrument) bool { return (in.Adv != 0) == known })
	}
	if less := known(false); less.seat != nil {
		less.breach(risk.VolumeMissing, "", func(c *config.Config, s *config.Scoped) { keep(at(c, s)) }, func(b *breach) {
			b.by, b.limit.kind = newOrders, 0 // it is of the instrument, which no order can be open in
		})
	}
	more := known(true)
	more.orderLimit(true, risk.VolumeShareExceeded, "", at, keep, func(o *terms) { o.qty = share(l.AdvBpsMax, more.seat.in) })
}

// orderLimit breaches one of them.
func (x *tried) orderLimit(is bool, control risk.Reason, why string, at func(*config.Config, *config.Scoped) *config.OrderLimits,
	keep func(*config.OrderLimits), change func(*terms)) {
	if is {
		x.breach(control, why, func(c *config.Config, s *config.Scoped) { keep(at(c, s)) }, func(b *breach) { change(&b.terms) })
	}
}

func (x *tried) below(least int64) string {
	if x.seat != nil && least <= x.seat.in.Lot {
		return "a lot is not below it"
	}
	return ""
}

func (x *tried) market() string {
	if x.seat != nil && !(strings.Contains(x.seat.account.OrdTypes, "1") && strings.Contains(x.seat.in.OrdTypes, "1")) {
		return fmt.Sprintf("account %s may not send market orders in %s", x.seat.account.Name, x.seat.in.Symbol)
	}
	return ""
}
