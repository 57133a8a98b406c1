package rehearsal

import (
	"strings"

	"portcullis/gate/config"
	"portcullis/risk"
)

// list collects breaches of one seat.
type list struct {
	seat  *seat
	whose string // of what the controls are; "": of its account
	all   []breach
}

// add is a breach by a sound order, changed, where a control is armed.
func (l *list) add(armed bool, control risk.Reason, by []string, change func(*breach)) {
	if armed {
		b := breach{control: control, by: by, terms: l.seat.sound, whose: l.whose}
		change(&b)
		l.all = append(l.all, b)
	}
}

// order is the same by new orders and replaces, where only the terms change.
func (l *list) order(armed bool, control risk.Reason, change func(*terms)) {
	l.add(armed, control, ofOrders, func(b *breach) { change(&b.terms) })
}

var newOrders, requests = []string{"D"}, []string{"G", "F"}

// unmarked is an order in what has no mark, where marks value what a scope holds.
func (t *selfTest) unmarked(s *seat) []breach {
	l := &list{seat: s}
	valued := false
	for _, limits := range t.limitsOf(s.link, s.account, s.in) {
		valued = valued || limits.DailyLoss != 0 || limits.Measures != nil && limits.Measures[risk.MeasureInventory] != config.Unlimited
	}
	l.add(valued && !t.stage.marked(s.in.Symbol), risk.MarkMissing, newOrders, func(b *breach) { b.unmarked = true })
	return l.all
}

// names are breaches by who is named: accounts, symbols, traders and algorithms.
func (t *selfTest) names(s *seat) []breach {
	l := &list{seat: s}
	l.order(true, risk.AccountUnknown, func(o *terms) { o.account = "NO-SUCH-ACCOUNT" })
	for i := range t.cfg.Accounts {
		if other := &t.cfg.Accounts[i]; other.Client != s.account.Client {
			l.order(true, risk.AccountNotEntitled, func(o *terms) { o.account = other.Name })
			break
		}
	}
	l.order(true, risk.SymbolUnknown, func(o *terms) { o.symbol = "NO-SUCH-SYMBOL" })
	since43, other := s.link.Session.BeginString >= "FIX.4.3", capacities(s.link, s.account)
	name := func(p string) func(*breach) {
		return func(b *breach) { b.terms.more, b.opening = other+p, &s.sound }
	}
	l.add(len(t.cfg.Traders) > 0 && since43, risk.TraderUnknown, ofOrders, name(parties("NO-SUCH-TRADER", s.algo)))
	l.add(len(t.cfg.Algos) > 0 && since43, risk.AlgoUnknown, ofOrders, name(parties(s.trader, "NO-SUCH-ALGO")))
	for i := range t.cfg.Clients {
		if i != s.link.Client && len(t.cfg.Traders)+len(t.cfg.Algos) > 0 {
			l.add(since43, risk.PartyMismatch, ofOrders, name("453=1|448="+t.cfg.Clients[i].Name+"|447=D|452=3|"))
			break
		}
	}
	l.add(s.link.DirectAccess != config.AnyAccess, risk.PartyMismatch, ofOrders,
		name(parties(s.trader, s.algo)+"1724="+map[bool]string{true: "1", false: "5"}[s.link.DirectAccess == config.OnlyDirect]+"|"))
	unnamed := s.link.NeedsTrader && s.link.Trader == config.None || s.link.NeedsAlgo && s.link.Algo == config.None
	l.add(unnamed, risk.AttributionMissing, newOrders, func(b *breach) { b.terms.more = other })
	if s.account.StartOfDay {
		l.add(true, risk.AccountClosed, ofOrders, func(b *breach) { b.when = []given{t.closed(s)} })
	}
	return l.all
}

// rights are breaches of what an account may send.
func (t *selfTest) rights(s *seat) []breach {
	l, a := &list{seat: s}, s.account
	for _, row := range []struct {
		permitted, all string
		control        risk.Reason
		set            func(o *terms, code string)
	}{
		{a.Sides, "1256", risk.SideForbidden, func(o *terms, code string) { o.side = code }},
		{a.OrdTypes, "1345B", risk.OrdTypeForbidden, func(o *terms, code string) {
			if o.ordType = code; code == "1" || code == "3" || code == "5" {
				o.price = ""
			}
			if code == "3" || code == "4" {
				o.more += "99=" + s.sound.price + "|"
			}
		}},
		{a.TimeInForces, "0134", risk.TimeInForceForbidden, func(o *terms, code string) { o.tif = code }},
	} {
		if i := strings.IndexFunc(row.all, func(code rune) bool { return !strings.ContainsRune(row.permitted, code) }); i >= 0 {
			l.order(true, row.control, func(o *terms) { row.set(o, row.all[i:i+1]) })
		}
	}
	l.order(true, risk.PriceTermsInconsistent, func(o *terms) { o.price = "" })
	test := t.instrument(func(in *config.Instrument) bool { return in.Test })
	l.order(test != nil && a.Tests == config.NoTests && s.link.Tests == config.NoTests, risk.TestSymbolForbidden, func(o *terms) { o.symbol = test.Symbol })
	other := t.instrument(func(in *config.Instrument) bool { return !in.Test && !in.Restricted && !in.Halted })
	l.order(s.in.Test && other != nil, risk.TestSymbolOnly, func(o *terms) { o.symbol = other.Symbol })
	return l.all
}

// closed has an account wait for its start-of-day positions.
func (t *selfTest) closed(s *seat) given {
	return func() func() {
		book, n := t.stage.core.Book(), t.place(s).Account
		book.BeginDay(n)
		return func() { book.OpenDay(n) }
	}
}

// unapproved has the gate wait for the approval of its configuration, in a core of its own.
func (t *selfTest) unapproved(s *seat) error {
	if t.cfg.Gate.Approval != config.FourEyes {
		return nil
	}
	waits := *t.cfg
	waits.Unapproved = true
	other, err := newStage(&waits)
	if err != nil {
		return err
	}
	other.at(t.stage.nowNs)
	if err := other.logOn(s.number); err != nil {
		return err
	}
	was := t.stage
	t.stage = other
	t.try(s, &breach{control: risk.Unapproved, by: newOrders, terms: s.sound})
	t.stage = was
	return nil
}
