package rehearsal

import (
	"strings"

	"portcullis/gate/config"
	"portcullis/risk"
)

// inSlices are breaches of what a scope of the order is limited to in a type of instruments, or in one: by one order that is
// too big for it.
func (t *selfTest) inSlices(l *config.Link, a *config.Account, in *config.Instrument, add func(bool, risk.Reason, int64, func(*terms))) {
	for _, limits := range t.limits(l, a, in) {
		for i := range limits.Slices {
			s := &limits.Slices[i]
			if s.Symbol != in.Symbol && (s.Symbol != "" || s.Type != in.Type) {
				continue
			}
			gross, net := above(s.Gross, in), above(s.Net, in)
			add(gross != config.Unlimited, risk.SliceGrossExceeded, 1, func(o *terms) { o.qty = decimal(gross) })
			add(net < gross, risk.SliceNetExceeded, 1, func(o *terms) { o.qty = decimal(net) })
			if s.Measures != nil {
				for m, limit := range s.Measures {
					side, qty := overMeasure(risk.Measure(m), limit, in)
					armed := limit != config.Unlimited && qty != "" && strings.Contains(a.Sides, side)
					add(armed, risk.Measure(m).Reason(), 1, func(o *terms) { o.side, o.qty = side, qty })
				}
			}
		}
	}
}

// limits are those of all scopes that hold the orders of an account over a link.
func (t *selfTest) limits(l *config.Link, a *config.Account, in *config.Instrument) []*config.Limits {
	cfg, client := t.cfg, &t.cfg.Clients[a.Client]
	list := []*config.Limits{&a.Limits, &client.Limits, &cfg.Firm}
	if l.Limits != nil {
		list = append(list, l.Limits)
	}
	if client.Group != config.None {
		list = append(list, &cfg.Groups[client.Group].Limits)
	}
	if l.Algo != config.None {
		list = append(list, &cfg.Algos[l.Algo].Limits)
	}
	if l.Trader != config.None {
		trader := &cfg.Traders[l.Trader]
		if list = append(list, &trader.Limits); trader.Desk != config.None {
			list = append(list, &cfg.Desks[trader.Desk].Limits)
		}
	}
	if v := t.venueOf(a, in); v != nil && v.Limits != nil {
		list = append(list, v.Limits)
	}
	return list
}
