package assemble

import (
	"errors"

	"portcullis/gate/config"
	"portcullis/risk"
)

// settings are what a running gate is given of a scope with other limits: whatever differs. That of an account has its limits of
// credit too, which take their room once.
func (l lookup) settings(c *config.LimitChange) (list []risk.Setting) {
	kind, number := l.place(&c.Is)
	switch {
	case c.Account():
		list = append(list, &risk.AccountSetting{Index: number, Account: l.accountOf(c.Is.Account)})
	case c.Credit():
		list = append(list, &risk.CreditSetting{Kind: kind, Index: number, Limits: limits(c.Limits())})
	}
	return append(list, l.parts(c)...)
}

// parts are those beside the limits of all of its instruments.
func (l lookup) parts(c *config.LimitChange) (list []risk.Setting) {
	kind, number := l.place(&c.Is)
	for _, s := range c.Slices() {
		list = append(list, &risk.CreditSetting{Kind: kind, Index: number, In: l.part(s.Type, s.Symbol), Limits: limits(s.Limits)})
	}
	for _, r := range c.OrderRules() {
		list = append(list, &risk.OrderSetting{Kind: kind, Index: number, In: l.part(r.Type, r.Symbol), Limits: orderLimits(&r.OrderLimits)})
	}
	if c.Throttles() {
		list = append(list, &risk.ThrottleSetting{Kind: kind, Index: number, Throttles: *c.Is.Throttles})
	}
	return list
}

// Put gives a book all that one scope is limited in, and nothing of others.
func Put(cfg *config.Config, n *config.Numbers, book *risk.Book, s *config.Scoped) error {
	l := lookup{cfg, n}
	kind, number := l.place(s)
	var list []risk.Setting
	switch {
	case s.Account != nil:
		list = append(list, &risk.AccountSetting{Index: number, Account: l.accountOf(s.Account)})
	case s.Limits != nil:
		list = append(list, &risk.CreditSetting{Kind: kind, Index: number, Limits: limits(*s.Limits)})
	}
	if s.Limits != nil {
		for _, slice := range s.Limits.Slices {
			list = append(list, &risk.CreditSetting{Kind: kind, Index: number, In: l.part(slice.Type, slice.Symbol), Limits: limits(slice.Limits)})
		}
	}
	for _, r := range *s.Orders {
		list = append(list, &risk.OrderSetting{Kind: kind, Index: number, In: l.part(r.Type, r.Symbol), Limits: orderLimits(&r.OrderLimits)})
	}
	if s.Throttles != nil {
		list = append(list, &risk.ThrottleSetting{Kind: kind, Index: number, Throttles: s.AllThrottles()})
	}
	var errs []error
	for _, one := range list {
		errs = append(errs, one.Put(book))
	}
	return errors.Join(errs...)
}

// PutInstrument gives it what a symbol is held to.
func PutInstrument(cfg *config.Config, n *config.Numbers, book *risk.Book, in *config.Instrument) error {
	return book.SetInstrument(lookup{cfg, n}.of(config.InstrumentNumber, in.Symbol), instrument(in))
}
