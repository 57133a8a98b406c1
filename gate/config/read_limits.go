package config

import "portcullis/risk"

// limits reads the limits of any scope: {gross, net} and what else is limited in it, and beside them what a closing order
// may use above gross (exposure 6).
func limits(entry *mapping) Limits {
	m := entry.sub("limits")
	defer m.close()
	return Limits{Gross: m.amount("gross", MoneyDecimals), Net: m.amount("net", MoneyDecimals),
		ClosingReserveBps: entry.count("closing_reserve_bps", 1000, 0, 10_000), Measures: measures(m)}
}

// measureKeys are the keys of what else can be limited, by Measure.
var measureKeys = [...]struct {
	key      string
	decimals int
}{
	risk.MeasureOpen:     {"open", MoneyDecimals},
	risk.MeasureExecuted: {"executed", MoneyDecimals},
	risk.MeasureNetLong:  {"net_long", MoneyDecimals},
	risk.MeasureNetShort: {"net_short", MoneyDecimals},
	risk.MeasureLong:     {"long_max", QtyDecimals},
	risk.MeasureShort:    {"short_max", QtyDecimals},
	risk.MeasureLongAll:  {"long_total_max", QtyDecimals},
	risk.MeasureShortAll: {"short_total_max", QtyDecimals},
}

// measures reads what is limited beside gross and net; nil where nothing is written, for it costs something.
func measures(m *mapping) (out *risk.Measures) {
	for measure, k := range measureKeys {
		given := m.has(k.key)
		v := m.amount(k.key, k.decimals)
		if !given {
			continue
		}
		if out == nil {
			out = risk.Unmeasured()
		}
		out[measure] = v
	}
	return out
}

// Limited gives the limits of every scope that has some, one after the other.
func (c *Config) Limited(f func(Limits)) {
	f(c.Firm)
	for i := range c.Groups {
		f(c.Groups[i].Limits)
	}
	for i := range c.Clients {
		f(c.Clients[i].Limits)
	}
	for i := range c.Desks {
		f(c.Desks[i].Limits)
	}
	for i := range c.Traders {
		f(c.Traders[i].Limits)
	}
	for i := range c.Algos {
		f(c.Algos[i].Limits)
	}
	for i := range c.Accounts {
		f(c.Accounts[i].Limits)
	}
	for i := range c.Links {
		if l := c.Links[i].Limits; l != nil {
			f(*l)
		}
	}
	for i := range c.Venues {
		if l := c.Venues[i].Limits; l != nil {
			f(*l)
		}
	}
}
