package assemble

import (
	"portcullis/gate/config"
	"portcullis/risk"
)

// settings are what a running gate is given of a scope with other limits: whatever differs.
func (l lookup) settings(c *config.LimitChange) (list []risk.Setting) {
	kind, number := l.place(&c.Is)
	if c.Account() {
		list = append(list, &risk.AccountSetting{Index: number, Account: l.accountOf(c.Is.Account)})
	}
	if c.Credit() {
		list = append(list, &risk.CreditSetting{Kind: kind, Index: number, Limits: limits(*c.Is.Limits)})
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
