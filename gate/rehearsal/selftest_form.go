package rehearsal

import (
	"strings"

	"portcullis/gate/config"
	"portcullis/risk"
)

// forms are breaches of what an order says beside side, type, time, quantity and prices.
func (t *selfTest) forms(l *config.Link, a *config.Account, in *config.Instrument, add func(armed bool, control risk.Reason, times int64, change func(*terms))) {
	granted := func(code string) bool {
		return strings.Contains(a.OrderFields, code) && strings.Contains(in.OrderFields, code)
	}
	add(!granted(string(config.IcebergField)), risk.DisplayForbidden, 1, func(o *terms) { o.more += "111=" + o.qty + "|" })
	add(granted(string(config.IcebergField)), risk.PartQtyOutOfRange, 1, func(o *terms) { o.more += "111=" + decimal(2*in.Lot) + "|" })
	add(!granted(string(config.MinQtyField)), risk.MinQtyForbidden, 1, func(o *terms) { o.more += "110=" + o.qty + "|" })
	add(a.ExecInsts == "", risk.ExecInstForbidden, 1, func(o *terms) { o.more += "18=G|" })
	add(!strings.Contains(a.ExecInsts, "f"), risk.SweepForbidden, 1, func(o *terms) { o.more += "18=f|" })
	add(strings.Contains(a.TimeInForces, "6"), risk.ExpiryMissing, 1, func(o *terms) { o.tif = "6" })
	add(strings.Contains(a.TimeInForces, "6"), risk.OrderExpired, 1, func(o *terms) {
		o.tif = "6"
		o.more += "126=20000101-00:00:00|"
	})
	since42 := l.Session.BeginString >= "FIX.4.2"
	add(!granted(string(config.DiscretionField)) && since42, risk.DiscretionForbidden, 1,
		func(o *terms) { o.more += "388=0|389=0|" })
	add(since42, risk.FieldContradicts, 1, func(o *terms) { o.more += "211=0|" })
	for _, of := range []config.Capacities{a.Capacities, l.Capacities} {
		add(of.Order != config.Any && !strings.Contains(of.Order, "A"), risk.CapacityForbidden, 1, func(o *terms) { o.more = capacityTag(l) + "=A|" })
		add(of.Order != config.Any && !strings.ContainsRune(of.Order, config.Unstated), risk.CapacityMissing, 1, func(o *terms) { o.more = "" })
	}
	test := t.instrument(func(in *config.Instrument) bool { return in.Test })
	add(test != nil && a.Tests == config.NoTests && l.Tests == config.NoTests, risk.TestSymbolForbidden, 1, func(o *terms) { o.symbol = test.Symbol })
	other := t.instrument(func(in *config.Instrument) bool { return !in.Test && !in.Restricted && !in.Halted })
	add(in.Test && other != nil, risk.TestSymbolOnly, 1, func(o *terms) { o.symbol = other.Symbol })
}

// capacities are fields by which a sound order tells what its account and link demand.
func capacities(l *config.Link, a *config.Account) string {
	return told(capacityTag(l), "AGIPRW", a.Capacities.Order, l.Capacities.Order) +
		told("582", "12345", a.Capacities.Customer, l.Capacities.Customer)
}

// told is a field with the first of some values that two lists have, nothing where neither lists any.
func told(tag, values, one, other string) string {
	for _, c := range values {
		fits := func(list string) bool { return list == config.Any || strings.ContainsRune(list, c) }
		if one+other != config.Any+config.Any && fits(one) && fits(other) {
			return tag + "=" + string(c) + "|"
		}
	}
	return ""
}

// capacityTag is the tag by which the version of a link tells capacities.
func capacityTag(l *config.Link) string {
	if l.Session.BeginString < "FIX.4.3" {
		return "47"
	}
	return "528"
}
