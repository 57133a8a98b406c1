package rehearsal

import (
	"errors"
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

// lift lifts every limit that holds the orders of a seat but one, nil: all; lower puts them back. Usage and what windows have
// seen stay.
func (t *selfTest) lift(s *seat, but *limit) error {
	if but != nil && but.keep != nil {
		of := &config.Scoped{}
		if but.scope >= 0 {
			of = &t.bareScopes[but.scope]
		}
		but.keep(t.bare, of)
	}
	return t.put(s, t.bare, t.bareScopes)
}

func (t *selfTest) lower(s *seat, but *limit) error {
	if but != nil && but.scope >= 0 {
		unlimited(&t.bareScopes[but.scope])
	}
	t.bare.Instruments[t.placeOf(s)].OrderQtyMax = config.Unlimited
	return t.put(s, t.cfg, t.scopes)
}

// put has the scopes of a seat, and its instrument, limited as a configuration says.
func (t *selfTest) put(s *seat, cfg *config.Config, scopes []config.Scoped) error {
	book, numbers := t.stage.core.Book(), t.stage.numbers
	errs := []error{assemble.PutInstrument(cfg, numbers, book, &cfg.Instruments[t.placeOf(s)])}
	for i := range scopes {
		if t.holds(&scopes[i], s) {
			errs = append(errs, assemble.Put(cfg, numbers, book, &scopes[i]))
		}
	}
	return errors.Join(errs...)
}

// placeOf is the place of its instrument in the configuration.
func (t *selfTest) placeOf(s *seat) int {
	return slices.IndexFunc(t.cfg.Instruments, func(in config.Instrument) bool { return in.Symbol == s.in.Symbol })
}

// holds reports whether the orders of a seat count in a scope.
func (t *selfTest) holds(of *config.Scoped, s *seat) bool {
	switch of.Of {
	case config.VenueNumber:
		return s.venue != nil && s.venue.Name == of.Name
	case config.DeskNumber, config.TraderNumber, config.AlgoNumber:
		return true // few, and some that it may name
	}
	_, within := t.within(of, s.link, s.account)
	return within
}

// lifted is a configuration in which nothing is limited.
func lifted(cfg *config.Config) (bare *config.Config, scopes []config.Scoped) {
	bare = cfg.Detached()
	bare.Instruments = slices.Clone(bare.Instruments)
	for i := range bare.Instruments {
		bare.Instruments[i].OrderQtyMax = config.Unlimited
	}
	scopes = bare.Scopes()
	for i := range scopes {
		unlimited(&scopes[i])
	}
	return bare, scopes
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
