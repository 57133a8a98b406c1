package rehearsal

import (
	"slices"
	"strings"

	"portcullis/fix/link"
	"portcullis/gate/config"
	"portcullis/risk"
)

// hours are breaches of when a venue takes orders at the close, replaces and cancels.
func (t *selfTest) hours(s *seat) []breach {
	l := &list{seat: s}
	if s.venue == nil {
		return nil
	}
	v, set, at := s.venue, &t.stage.core.Setup().Venues[t.place(s).Venue], t.place(s)
	if cut := v.CloseCutOff; cut != nil {
		past := set.CloseCutOff.Of(at.Instrument)
		at, can := s.atTheClose()
		l.add(can, risk.CloseCutOff, newOrders, func(b *breach) { b.terms, b.when = at, []given{t.moment(past, true)} })
		open := func(b *breach) {
			b.terms, b.opening = at, &at
			b.with, b.when = []given{t.moment(past, false)}, []given{t.moment(past, true)}
		}
		l.add(can && !cut.Replace, risk.CloseCutOff, []string{"G"}, open)
		l.add(can && !cut.Cancel, risk.CloseCutOff, []string{"F"}, open)
	}
	if none := v.NoCancel; none != nil {
		by := requests
		switch {
		case none.Replace && none.Owes:
			by = nil
		case none.Replace:
			by = []string{"F"}
		case none.Owes:
			by = []string{"G"}
		}
		for _, p := range none.Phases {
			l.add(p != risk.PhaseHalted && t.permits(s, p), risk.NoCancelPeriod, by, func(b *breach) { b.when = []given{t.inPhase(p)} })
		}
		for _, period := range set.NoCancel.Periods {
			l.add(true, risk.NoCancelPeriod, by, func(b *breach) {
				b.with, b.when = []given{t.moment(period, false)}, []given{t.moment(period, true)}
			})
		}
		l.add(none.Owes && len(none.Phases) > 0, risk.NoCancelPeriod, []string{"F"}, func(b *breach) { // it is owed
			b.when, b.mayPass = []given{t.inPhase(none.Phases[0])}, true
		})
	}
	return l.all
}

// permits reports whether the rules of phases let a sound order pass in one, so that the venue's hours are what is left.
func (t *selfTest) permits(s *seat, p risk.Phase) bool {
	for _, rules := range []int{s.account.PhaseRules, s.in.PhaseRules} {
		if rules != config.None && refusedIn(p, &t.cfg.PhaseRules[rules].Permits[p], &s.sound) != risk.Accepted {
			return false
		}
	}
	return true
}

// atTheClose is a sound order for the close; false: the account sends none.
func (s *seat) atTheClose() (o terms, can bool) {
	o = s.sound
	a, in := s.account, s.in
	switch {
	case strings.Contains(a.TimeInForces, "7") && strings.Contains(in.TimeInForces, "7"):
		o.tif = "7"
	case strings.Contains(a.OrdTypes, "B") && strings.Contains(in.OrdTypes, "B"):
		o.ordType = "B"
	case strings.Contains(a.OrdTypes, "5") && strings.Contains(in.OrdTypes, "5"):
		o.ordType, o.price = "5", ""
	default:
		return o, false
	}
	return o, true
}

// moment moves time on until a schedule is open, or is not.
func (t *selfTest) moment(of link.Schedule, open bool) given {
	return func() func() {
		if _, toNs, is := of.At(t.stage.nowNs); is != open {
			t.stage.nowNs = toNs
		}
		return func() {}
	}
}

// openHours moves time on until the venue of a seat takes orders, replaces and cancels.
func (s *stage) openHours(of *seat) {
	if of.venue == nil {
		return
	}
	n, _ := s.numbers.Of(config.VenueNumber, of.venue.Name)
	v := &s.core.Setup().Venues[n]
	for moved := true; moved; {
		moved = false
		for _, shut := range slices.Concat(v.CloseCutOff.Past, v.NoCancel.Periods) {
			if _, toNs, is := shut.At(s.nowNs); is {
				s.nowNs, moved = toNs, true
			}
		}
	}
}

// requests are breaches by what is said of other messages: ids that were used or are not known, orders that are over, and
// what a replace may not change.
func (t *selfTest) requests(s *seat) []breach {
	l := &list{seat: s}
	resent := func(header string, more string) func(*breach) {
		return func(b *breach) { b.header, b.terms.more = header, b.terms.more+more }
	}
	used := func(b *breach) { b.used = true }
	l.add(true, risk.DuplicateClOrdID, []string{"D", "G", "F"}, used)
	l.add(true, risk.StaleResend, ofOrders, resent("43=Y|122=20000101-00:00:00|", ""))
	l.add(true, risk.UnknownOrder, []string{"G", "F", "H"}, func(b *breach) { b.orig = "NO-SUCH-ORDER" })
	l.add(true, risk.TooLateToCancel, requests, func(b *breach) { b.ended = true })
	l.add(true, risk.CancelPending, requests, func(b *breach) { b.prior, b.priors = "F", 1 })
	l.add(true, risk.TooManyPendingRequests, []string{"G"}, func(b *breach) { b.prior, b.priors = "G", risk.VersionsMax-1 })
	other := t.instrument(func(in *config.Instrument) bool { return in.Symbol != s.in.Symbol && !in.Restricted && !in.Halted })
	l.add(other != nil, risk.OrderTermsChanged, []string{"G"}, func(b *breach) { b.terms.symbol, b.opening = other.Symbol, &s.sound })
	three := s.sound.with(func(o *terms) { o.qty = decimal(3 * s.lots()) })
	l.add(true, risk.OrderQtyBelowCumQty, []string{"G"}, func(b *breach) { b.opening, b.filled = &three, 2*s.lots() })
	l.add(t.mass(s), risk.ScopeUnsupported, []string{"q"}, func(b *breach) { b.body = "11=$id|530=6|336=X|60=$now|" })
	l.add(true, risk.MessageUnsupported, []string{"E"}, func(b *breach) { b.body = "66=$id|394=3|68=0|73=0|" })
	return l.all
}
