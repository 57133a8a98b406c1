package config

import (
	"fmt"
	"strconv"

	"portcullis/risk"
)

// limits reads the limits of any scope: {gross, net}, what else is limited in it, and the same in parts of its instruments;
// and beside them what a closing order may use above gross (exposure 6).
func limits(entry *mapping) Limits {
	m := entry.sub("limits")
	defer m.close()
	reserve := entry.count("closing_reserve_bps", 1000, 0, 10_000)
	return Limits{Gross: m.amount("gross", MoneyDecimals), Net: m.amount("net", MoneyDecimals), ClosingReserveBps: reserve,
		Measures: measures(m), Warn: warnLevels(m), DailyLoss: dailyLoss(m), Slices: slicesOf(m, reserve)}
}

// dailyLoss reads what may be lost in a day, of which one cannot be in a part of the instruments.
func dailyLoss(m *mapping) int64 {
	const key = "daily_loss"
	if !m.has(key) {
		return 0
	}
	at := m.placeOf(key)
	v := m.amount(key, MoneyDecimals)
	switch {
	case v == Unlimited:
		return 0
	case v == 0:
		m.l.add(at, key+" is 0", "write an amount above 0, or leave it out")
	case m.l.config.Gate.Shadow.Off:
		m.l.add(at, key+" is watched by the shadow, which does not run", "write gate.shadow: {run: true}, or leave it out")
	}
	return v
}

// warnLevels reads the levels of warning: ascending percentages of every limit beside them.
func warnLevels(m *mapping) (levels risk.WarnLevels) {
	last := 0
	for i, value := range m.list("warn") {
		percent, err := strconv.Atoi(value.text)
		if err != nil || percent <= last || percent > 99 || i == len(levels) {
			m.l.add(value.at, "warn: "+show(value.text)+" is no further level", fmt.Sprintf("write at most %d ascending percentages from 1 to 99, such as [75, 90]", len(levels)))
			return levels
		}
		levels[i], last = uint8(percent), percent
	}
	return levels
}

// slicesOf reads the sections types and symbols of limits.
func slicesOf(m *mapping, reserve int) (list []Slice) {
	l := m.l
	m.parts(func(part *mapping, kind, symbol string) {
		most := func(key string) int64 {
			v := part.amount(key, MoneyDecimals)
			if !part.has(key) {
				return Unlimited
			}
			return v
		}
		s := Slice{Type: kind, Symbol: symbol, Limits: Limits{Gross: most("gross"), Net: most("net"), ClosingReserveBps: reserve, Measures: measures(part), Warn: warnLevels(part)}}
		if s.Gross == Unlimited && s.Net == Unlimited && s.Measures == nil {
			l.add(part.at, part.name+" limits nothing", "write gross, net or another limit, or remove it")
		}
		list = append(list, s)
	})
	return list
}

type measureKey struct {
	key      string
	decimals int
}

// measureKeys are the keys of what else can be limited, by Measure.
var measureKeys = [...]measureKey{
	risk.MeasureOpen:      {"open", MoneyDecimals},
	risk.MeasureExecuted:  {"executed", MoneyDecimals},
	risk.MeasureNetLong:   {"net_long", MoneyDecimals},
	risk.MeasureNetShort:  {"net_short", MoneyDecimals},
	risk.MeasureCarry:     {"net_carry", MoneyDecimals},
	risk.MeasureInventory: {"inventory", MoneyDecimals},
	risk.MeasureLong:      {"long_max", QtyDecimals},
	risk.MeasureShort:     {"short_max", QtyDecimals},
	risk.MeasureLongAll:   {"long_total_max", QtyDecimals},
	risk.MeasureShortAll:  {"short_total_max", QtyDecimals},
}

// measures reads what is limited beside gross and net; nil where nothing is written, for it costs something.
func measures(m *mapping) (out *risk.Measures) {
	for measure, k := range measureKeys {
		if k.key == "" {
			continue // of every scope, and read by itself
		}
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

// Valued reports whether marks value the positions of any scope: without, nobody has to bring them.
func (c *Config) Valued() (valued bool) {
	c.Limited(func(l Limits) {
		valued = valued || l.DailyLoss != 0 || l.Measures.Valued()
		for i := range l.Slices {
			valued = valued || l.Slices[i].Measures.Valued()
		}
	})
	return valued
}

// Limited gives the limits of every scope that has some, one after the other.
func (c *Config) Limited(f func(Limits)) {
	for _, s := range c.Scopes() {
		if s.Limits != nil {
			f(*s.Limits)
		}
	}
}
