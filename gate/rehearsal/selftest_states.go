package rehearsal

import (
	"strings"

	"portcullis/fix"
	"portcullis/gate/config"
	"portcullis/gate/core"
	"portcullis/risk"
)

// standings are breaches of what may be traded at all: symbols that are restricted, on a list, or halted, or of which a
// split has left something open, and venues that are.
func (t *selfTest) standings(s *seat) []breach {
	l, book, at := &list{seat: s}, t.stage.core.Book(), t.place(s)
	barred := t.instrument(func(in *config.Instrument) bool { return in.Restricted })
	l.order(barred != nil, risk.SymbolRestricted, func(o *terms) { o.symbol = barred.Symbol })
	l.add(true, risk.InstrumentRestricted, ofOrders, func(b *breach) {
		b.when = []given{func() func() {
			book.Restrict(risk.ScopeAccount, at.Account, at.Instrument, risk.Forever)
			return func() { book.Unrestrict(risk.ScopeAccount, at.Account, at.Instrument) }
		}}
	})
	for _, row := range []struct {
		is      standing
		control risk.Reason
	}{{restricted, risk.InstrumentRestricted}, {notPermitted, risk.InstrumentNotPermitted}} {
		on := t.instrument(func(in *config.Instrument) bool {
			return !in.Restricted && t.standing(s.link, s.account, in.Symbol) == row.is
		})
		l.order(on != nil, row.control, func(o *terms) { o.symbol = on.Symbol })
	}
	l.add(true, risk.SymbolHalted, ofOrders, func(b *breach) {
		b.when = []given{func() func() {
			book.Halt(at.Instrument, true)
			return func() { book.Halt(at.Instrument, false) }
		}}
	})
	for _, why := range []risk.Reason{risk.SplitFraction, risk.SplitOverflow} {
		l.add(true, why, ofOrders, func(b *breach) {
			b.when = []given{func() func() {
				book.Unsettle(at.Account, at.Instrument, why, risk.Fraction{Num: 1, Old: 2})
				return func() { book.Settle(at.Account, at.Instrument) }
			}}
		})
	}
	l.add(s.venue != nil, risk.VenueHalted, ofOrders, func(b *breach) { b.when = []given{t.inPhase(risk.PhaseHalted)} })
	return l.all
}

// inPhase has every venue say in which phase it is.
func (t *selfTest) inPhase(p risk.Phase) given {
	return func() func() {
		t.stage.phase(p)
		return func() { t.stage.phase(risk.Continuous) }
	}
}

// phase has every venue say in which phase it is.
func (s *stage) phase(p risk.Phase) {
	for n := range s.core.Setup().Venues {
		s.command(core.PhaseCommand(uint32(n), core.NoIndex, p, 0))
	}
}

// phases are sound orders in the first phase for each way in which the rules of their account, or of their symbol, refuse them.
func (t *selfTest) phases(s *seat) []breach {
	l := &list{seat: s}
	tried := map[risk.Reason]bool{}
	for _, rules := range []int{s.account.PhaseRules, s.in.PhaseRules} {
		if rules == config.None {
			continue
		}
		for n, permit := range t.cfg.PhaseRules[rules].Permits {
			p := risk.Phase(n)
			if control := refusedIn(p, &permit, &s.sound); control != risk.Accepted && !tried[control] {
				tried[control] = true
				l.add(true, control, ofOrders, func(b *breach) { b.when = []given{t.inPhase(p)} })
			}
		}
	}
	return l.all
}

// refusedIn is the control by which the rules of a phase refuse an order; Accepted: they permit it, or it is a halt, which
// needs none.
func refusedIn(p risk.Phase, permit *config.PhasePermit, o *terms) risk.Reason {
	switch {
	case p == risk.PhaseHalted:
	case permit.OrdTypes == "" && p == risk.PhaseUnknown:
		return risk.PhaseNotKnown
	case permit.OrdTypes == "":
		return risk.PhaseForbidden
	case !strings.Contains(permit.OrdTypes, o.ordType):
		return risk.OrdTypeForbiddenInPhase
	case !strings.Contains(permit.TimeInForces, o.tif):
		return risk.TimeInForceForbiddenInPhase
	}
	return risk.Accepted
}

// kills are sound orders while a kill stands in each scope that they are in, whoever made them, and the requests that pass all
// the same.
func (t *selfTest) kills(s *seat) []breach {
	l, at := &list{seat: s}, t.place(s)
	client := t.cfg.Clients[s.account.Client]
	number := func(kind config.Kind, name string) uint32 {
		n, _ := t.stage.numbers.Of(kind, name)
		return n
	}
	kill := func(is bool, control risk.Reason, mode risk.KillMode, parts ...func(*risk.Target)) {
		l.add(is, control, ofOrders, func(b *breach) { b.when = []given{t.killed(mode, parts...)} })
	}
	block := risk.KillBlock
	account := func(of *risk.Target) { of.Account = at.Account }
	kill(true, risk.KillFirm, block)
	kill(true, risk.KillClient, block, func(of *risk.Target) { of.Client = number(config.ClientNumber, client.Name) })
	kill(true, risk.KillAccount, block, account)
	kill(true, risk.KillLink, block, func(of *risk.Target) { of.Link = s.number })
	kill(client.Group != config.None, risk.KillGroup, block, func(of *risk.Target) { of.Group = number(config.GroupNumber, t.cfg.Groups[client.Group].Name) })
	kill(s.venue != nil, risk.KillVenue, block, func(of *risk.Target) { of.Venue = at.Venue })
	kill(true, risk.KillInstrument, block, func(of *risk.Target) { of.Instrument = at.Instrument })
	kill(true, risk.KillSeveral, block, account, func(of *risk.Target) { of.Instrument = at.Instrument })
	kill(true, risk.ReduceOnly, risk.KillReduceOnly, account)
	asked := []string{"F", "H"}
	l.add(true, risk.KillFirm, asked, func(b *breach) { b.when, b.mayPass = []given{t.killed(block)}, true })
	l.add(t.mass(s), risk.KillFirm, []string{"q"}, func(b *breach) {
		b.when, b.mayPass, b.body = []given{t.killed(block)}, true, "11=$id|530=1|55="+s.in.Symbol+"|60=$now|"
	})
	return l.all
}

// mass reports whether the version of a link has OrderMassCancelRequest(q).
func (t *selfTest) mass(s *seat) bool { return s.link.Session.BeginString >= "FIX.4.3" }

// kill has one stand for desks, traders and algorithms, where no order but theirs would be refused.
func (x *tried) kill() {
	control, part := risk.KillAlgo, func(of *risk.Target, n uint32) { of.Algo = n }
	switch x.scope.Of {
	case config.DeskNumber:
		control, part = risk.KillDesk, func(of *risk.Target, n uint32) { of.Desk = n }
	case config.TraderNumber:
		control, part = risk.KillTrader, func(of *risk.Target, n uint32) { of.Trader = n }
	case config.AlgoNumber:
	default:
		return
	}
	x.breach(control, "", nil, func(b *breach) {
		n := b.limit.index
		b.when = []given{x.killed(risk.KillBlock, func(of *risk.Target) { part(of, n) })}
		b.limit.kind = 0 // a kill has no check
	})
}

// killed has a kill stand.
func (t *selfTest) killed(mode risk.KillMode, parts ...func(*risk.Target)) given {
	return func() func() {
		of := risk.WholeFirm
		for _, part := range parts {
			part(&of)
		}
		const id = 1 << 62
		t.stage.core.Book().SetKill(risk.Kill{ID: id, Of: of, Mode: mode})
		return func() { t.stage.core.Book().ClearKill(id) }
	}
}

// shorts are breaches by sales of what is not held, or is.
func (t *selfTest) shorts(s *seat) []breach {
	l, a := &list{seat: s}, s.account
	sell := func(side string, qty string) terms {
		return s.sound.with(func(o *terms) { o.side, o.qty = side, qty })
	}
	lots := func(n int64) string { return decimal(n * s.lots()) }
	l.add(a.SellLongChecked && strings.Contains(a.Sides, "2"), risk.SellLongExceedsPosition, ofOrders, func(b *breach) {
		b.with, b.terms = []given{t.held(s, s.lots())}, sell("2", lots(2))
	})
	if !s.short() {
		return l.all
	}
	located, short := t.located(s, s.lots()), sell("5", lots(1))
	declared := short.with(func(o *terms) { o.more += "114=N|" })
	free := t.borrowed(s, true)
	with := []given{free}
	l.add(a.Locate == config.LocateDeclared, risk.LocateNotDeclared, ofOrders, func(b *breach) { b.terms, b.opening = short, &declared })
	l.add(a.Locate == config.LocateRequired, risk.LocateMissing, ofOrders, func(b *breach) {
		b.terms, b.with, b.when = sell("5", lots(2)), with, []given{t.borrowed(s, false)}
	})
	l.add(a.Locate == config.LocateRequired, risk.LocateExceeded, ofOrders, func(b *breach) { b.terms, b.with = sell("5", lots(2)), []given{located} })
	l.add(a.ShortChecked, risk.ShortMarkWrong, ofOrders, func(b *breach) { b.terms, b.with, b.when = short, with, []given{t.held(s, s.lots())} })
	l.add(true, risk.ShortSaleBidMissing, ofOrders, func(b *breach) {
		b.terms, b.with, b.when = short, with, []given{t.priceTest(s), t.quoting(nil)}
	})
	l.add(true, risk.ShortSaleNotAboveBid, ofOrders, func(b *breach) {
		b.terms, b.with, b.when = short, with, []given{t.priceTest(s), t.touch(s.in.Close, s.in.Close)}
	})
	return l.all
}

// lots is the quantity of its sound order.
func (s *seat) lots() int64 {
	qty, _ := fix.ParseDecimal([]byte(s.sound.qty))
	return qty
}

// held is a start-of-day position.
func (t *selfTest) held(s *seat, qty int64) given {
	return func() func() {
		at := t.place(s)
		hold := func(qty int64) {
			t.stage.command(core.Command{Kind: core.CmdSOD, Qty: risk.Qty(qty), Index: at.Account, Target: uint64(at.Instrument)})
		}
		hold(qty)
		return func() { hold(0) }
	}
}

// located is what may be sold short today.
func (t *selfTest) located(s *seat, qty int64) given {
	return func() func() {
		at := t.place(s)
		book := t.stage.core.Book()
		book.SetLocated(at.Account, at.Instrument, risk.Qty(qty))
		return func() { book.SetLocated(at.Account, at.Instrument, 0) }
	}
}

// borrowed says whether the symbol is easy to borrow.
func (t *selfTest) borrowed(s *seat, easy bool) given {
	return func() func() {
		book, n := t.stage.core.Book(), t.place(s).Instrument
		was := book.Easy(n)
		book.SetEasy(n, easy)
		return func() { book.SetEasy(n, was) }
	}
}

// priceTest puts the price test of short sales in force.
func (t *selfTest) priceTest(s *seat) given {
	return func() func() {
		n := t.place(s).Instrument
		t.stage.command(core.Command{Kind: core.CmdShortSale, Index: n})
		return func() {
			for uid := range uint32(2) { // its end may take two people
				t.stage.command(core.Command{Kind: core.CmdShortSale, Flag: true, Index: n, UID: uid})
			}
		}
	}
}

// matches are orders that would trade with one of their own.
func (t *selfTest) matches(s *seat) []breach {
	l, a := &list{seat: s}, s.account
	i := strings.IndexAny(a.Sides, "52")
	if a.SelfMatch == "" || i < 0 || !strings.Contains(a.Sides, "1") {
		return nil
	}
	tick := s.in.Ticks.At(s.in.Close)
	rests := s.sound.with(func(o *terms) { o.side, o.price = "1", decimal(s.in.Close) })
	meets := s.sound.with(func(o *terms) { o.side = a.Sides[i : i+1] })
	apart := meets.with(func(o *terms) { o.price = decimal(s.in.Close + tick) })
	l.add(true, risk.SelfMatch, ofOrders, func(b *breach) {
		b.terms, b.opening, b.before = meets, &apart, []terms{rests}
		b.with = []given{t.held(s, 2*s.lots())}
		if meets.side == "5" {
			b.with = []given{t.borrowed(s, true)}
		}
		if a.SelfMatchAction == risk.CancelResting {
			b.control, b.unconfirmed = risk.SelfMatchStands, true
		}
	})
	return l.all
}
