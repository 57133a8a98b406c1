package config

import (
	"reflect"
	"slices"

	"portcullis/risk"
)

// LimitChange is a scope in which a running gate is to follow other limits.
type LimitChange struct{ Was, Is Scoped }

// LimitChanges are those of scopes that are in both configurations. Whatever may not change while a gate runs is alike in both;
// see Compare.
func LimitChanges(was, is *Config) (list []LimitChange) {
	eachCommon(was, is, func(a, b *Scoped) {
		if !sameLimits(a, b) {
			list = append(list, LimitChange{*a, *b})
		}
	})
	return list
}

// eachCommon gives the scopes that both configurations have.
func eachCommon(was, is *Config, f func(a, b *Scoped)) {
	type name struct {
		of   Kind
		name string
	}
	before := map[name]*Scoped{}
	old := was.Scopes()
	for i := range old {
		before[name{old[i].Of, old[i].Name}] = &old[i]
	}
	now := is.Scopes()
	for i := range now {
		if a := before[name{now[i].Of, now[i].Name}]; a != nil {
			f(a, &now[i])
		}
	}
}

// sameLimits tells whether two have the same limits.
func sameLimits(a, b *Scoped) bool {
	c := LimitChange{*a, *b}
	return !c.Account() && !c.Credit() && len(c.Slices()) == 0 && len(c.OrderRules()) == 0 && !c.Throttles()
}

// Account reports whether an account differs in more than its limits of credit, single orders and throttles.
func (c *LimitChange) Account() bool {
	if c.Is.Account == nil {
		return false
	}
	return !reflect.DeepEqual(judgedBy(*c.Was.Account), judgedBy(*c.Is.Account))
}

// judgedBy is an account without what goes by itself, and what only a start takes up.
func judgedBy(a Account) Account {
	a.Client, a.StartOfDay, a.SelfMatch, a.Unapproved = 0, false, "", false
	a.Limits, a.Orders, a.Throttles = Limits{}, nil, nil
	return a
}

// Credit reports whether limits of credit differ, in all of its instruments.
func (c *LimitChange) Credit() bool {
	a, b := c.Was.bounds(), c.Is.bounds()
	a.Slices, b.Slices = nil, nil
	return !reflect.DeepEqual(a, b)
}

// Limits are those that hold from now on.
func (c *LimitChange) Limits() Limits { return c.Is.bounds() }

// bounds are the limits of credit of a scope; a link or venue without any bears none.
func (s *Scoped) bounds() Limits {
	if s.Limits == nil {
		return Limits{Gross: Unlimited, Net: Unlimited}
	}
	return *s.Limits
}

// Slices are those that differ; what is not limited any more is unlimited.
func (c *LimitChange) Slices() []Slice {
	return changed(c.Was.bounds().Slices, c.Is.bounds().Slices, func(s Slice) (string, Slice) {
		return s.Type + " " + s.Symbol, Slice{Type: s.Type, Symbol: s.Symbol, Limits: Limits{Gross: Unlimited, Net: Unlimited}}
	})
}

// OrderRules are those of single orders that differ, likewise.
func (c *LimitChange) OrderRules() []OrderRule {
	return changed(*c.Was.Orders, *c.Is.Orders, func(r OrderRule) (string, OrderRule) {
		return r.Type + " " + r.Symbol, OrderRule{r.Type, r.Symbol, unlimitedOrders}
	})
}

// changed are the entries of a list that are other than before, and those that are gone as they are then. of gives the part that an
// entry is about, and how it is when it is gone.
func changed[T any](was, is []T, of func(T) (part string, gone T)) (list []T) {
	before := map[string]T{}
	for _, x := range was {
		part, _ := of(x)
		before[part] = x
	}
	for _, x := range is {
		part, _ := of(x)
		if old, known := before[part]; !known || !reflect.DeepEqual(old, x) {
			list = append(list, x)
		}
		delete(before, part)
	}
	for _, x := range was {
		part, gone := of(x)
		if _, left := before[part]; left {
			list = append(list, gone)
		}
	}
	return list
}

// Throttles reports whether they differ; those of a link are followed with its settings.
func (c *LimitChange) Throttles() bool {
	return c.Is.Link == nil && !reflect.DeepEqual(c.Was.Throttles, c.Is.Throttles)
}

// aStarts says what of other limits only a start begins: positions of a scope that owns no accounts, which only the journal has. "": nothing.
func aStarts(was, is *Scoped) string {
	switch is.Of {
	case NoNumber, GroupNumber, ClientNumber, AccountNumber:
		return ""
	}
	before, now := was.bounds(), is.bounds()
	if now.holdsPositions() && !before.holdsPositions() {
		return "limits of positions, of which it has kept none"
	}
	for i := range now.Slices {
		s := &now.Slices[i]
		at := slices.IndexFunc(before.Slices, func(x Slice) bool { return x.Type == s.Type && x.Symbol == s.Symbol })
		if s.holdsPositions() && (at < 0 || !before.Slices[at].holdsPositions()) {
			return "limits of positions in " + s.Type + s.Symbol + ", of which it has kept none"
		}
	}
	return ""
}

// holdsPositions reports whether a position of the scope is limited, or its worth.
func (l *Limits) holdsPositions() bool {
	return l.DailyLoss != 0 || l.Measures != nil && (l.Measures.Valued() ||
		slices.ContainsFunc(l.Measures[risk.MeasureLong:risk.MeasureShortAll+1], func(v int64) bool { return v != risk.Unlimited }))
}

// withoutFollowed are both configurations without the limits that a running gate follows, and what it does not of the others.
func withoutFollowed(was, is *Config) (a, b *Config, aStart []string) {
	a, b = was.Detached(), is.Detached()
	eachCommon(a, b, func(x, y *Scoped) {
		if why := aStarts(x, y); why != "" {
			aStart = append(aStart, y.String()+": "+why)
		}
		for _, s := range []*Scoped{x, y} {
			if s.Limits != nil {
				*s.Limits = Limits{}
			}
			if *s.Orders = nil; s.Link == nil && s.Throttles != nil {
				*s.Throttles = nil
			}
			if s.Account != nil {
				*s.Account = Account{Name: s.Name, StartOfDay: s.Account.StartOfDay, SelfMatch: s.Account.SelfMatch}
			}
		}
	})
	for _, c := range []*Config{a, b} {
		c.withoutOwners()
		for i := range c.Links { // of those who have none in one of the two as well
			c.Links[i].Limits = nil
		}
		for i := range c.Venues {
			c.Venues[i].Limits = nil
		}
	}
	return a, b, aStart
}
