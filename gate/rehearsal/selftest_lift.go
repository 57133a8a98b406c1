package rehearsal

import (
	"slices"

	"portcullis/gate/assemble"
	"portcullis/gate/config"
	"portcullis/risk"
)

// limit is one number of a scope, in all of its instruments or in a part of them.
type limit struct {
	scope   int // its place in Config.Scopes; -1: it is of the instrument named
	name    string
	kind    risk.Scope
	index   uint32
	in      risk.Class
	control risk.Reason
	keep    func(x *config.Config, s *config.Scoped) // writes it where everything is lifted
}

// String is whose it is.
func (l *limit) String() string { return l.name }

// refused reports whether a check is one with this limit.
func (l *limit) refused(c *risk.Check) bool {
	kind := c.Of
	if kind == 0 {
		kind = c.Control.Scope()
	}
	if kind == 0 {
		kind = risk.ScopeAccount
	}
	switch l.kind {
	case risk.ScopeVenue:
		if kind != risk.ScopeVenue {
			return true // a budget, which no check of the book shows
		}
	case 0:
		return true // it is of nobody
	}
	return l.control == c.Control && l.kind == kind && (l.kind == risk.ScopeFirm || l.index == c.Scope) && l.in == c.In
}

// lift lifts every limit but one, nil: all; lower puts all of them back. Usage and what windows have seen stay.
func (t *selfTest) lift(but *limit) error {
	x := t.cfg.Detached()
	x.Instruments = slices.Clone(x.Instruments)
	for i := range x.Instruments {
		x.Instruments[i].OrderQtyMax = config.Unlimited
	}
	scopes := x.Scopes()
	for i := range scopes {
		unlimited(&scopes[i])
	}
	if but != nil && but.keep != nil {
		s := &config.Scoped{}
		if but.scope >= 0 {
			s = &scopes[but.scope]
		}
		but.keep(x, s)
	}
	return assemble.Limits(x, t.stage.numbers, t.stage.core.Book())
}

func (t *selfTest) lower() error {
	return assemble.Limits(t.cfg, t.stage.numbers, t.stage.core.Book())
}

var noOrderLimits = config.OrderLimits{OrderQtyMax: config.Unlimited, NotionalMax: config.Unlimited, MarketNotionalMax: config.Unlimited}

// unlimited lifts the limits of a scope.
func unlimited(s *config.Scoped) {
	if s.Limits != nil {
		*s.Limits = without(*s.Limits)
	}
	rules := slices.Clone(*s.Orders)
	for i := range rules {
		rules[i].OrderLimits = noOrderLimits
	}
	*s.Orders = rules
	if s.Throttles != nil {
		list := slices.Clone(*s.Throttles)
		for i := range list {
			list[i].Max = config.Unlimited
		}
		*s.Throttles = list
	}
	if s.Link != nil {
		s.Link.OrderRate = config.Throttle{CountMax: config.Unlimited}
	}
	if a := s.Account; a != nil {
		a.OrderLimits, a.LongMax, a.ShortMax, a.OpenOrdersMax = noOrderLimits, config.Unlimited, config.Unlimited, config.Unlimited
		a.Repeat = config.Throttle{CountMax: config.Unlimited}
	}
}

// without are limits that limit nothing, in the same parts.
func without(l config.Limits) config.Limits {
	out := config.Limits{Gross: config.Unlimited, Net: config.Unlimited}
	for _, s := range l.Slices {
		out.Slices = append(out.Slices, config.Slice{Type: s.Type, Symbol: s.Symbol, Limits: config.Limits{Gross: config.Unlimited, Net: config.Unlimited}})
	}
	return out
}
