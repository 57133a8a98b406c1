package rehearsal

import (
	"strings"

	"portcullis/fix"
	"portcullis/gate/config"
	"portcullis/risk"
)

// forms are breaches of what an order says beside side, type, time, quantity and prices.
func (t *selfTest) forms(s *seat) []breach {
	l, a, in := &list{seat: s}, s.account, s.in
	granted := func(code string) bool {
		return strings.Contains(a.OrderFields, code) && strings.Contains(in.OrderFields, code)
	}
	field := func(text string) func(*terms) { return func(o *terms) { o.more += text } }
	l.order(!granted(string(config.IcebergField)), risk.DisplayForbidden, field("111="+s.sound.qty+"|"))
	l.order(granted(string(config.IcebergField)), risk.PartQtyOutOfRange, func(o *terms) {
		qty, _ := fix.ParseDecimal([]byte(o.qty))
		o.more += "111=" + decimal(qty+in.Lot) + "|"
	})
	l.order(!granted(string(config.MinQtyField)), risk.MinQtyForbidden, field("110="+s.sound.qty+"|"))
	l.order(a.ExecInsts == "", risk.ExecInstForbidden, field("18=G|"))
	l.order(!strings.Contains(a.ExecInsts, "f"), risk.SweepForbidden, field("18=f|"))
	dated := strings.Contains(a.TimeInForces, "6") && strings.Contains(in.TimeInForces, "6")
	date := func(more string) func(*breach) {
		return func(b *breach) {
			b.terms.tif = "6"
			open := b.terms
			open.more += "432=" + t.stage.stamp(t.stage.nowNs + 30*dayNs)[:8] + "|"
			b.opening, b.terms.more = &open, b.terms.more+more
		}
	}
	l.add(dated, risk.ExpiryMissing, ofOrders, date(""))
	l.add(dated, risk.OrderExpired, ofOrders, date("126=20000101-00:00:00|"))
	since42 := s.link.Session.BeginString >= "FIX.4.2"
	l.order(!granted(string(config.DiscretionField)) && since42, risk.DiscretionForbidden, field("388=0|389=0|"))
	l.order(since42, risk.FieldContradicts, field("211=0|"))
	told := capacities(s.link, a)
	for _, of := range []config.Capacities{a.Capacities, s.link.Capacities} {
		l.order(of.Order != config.Any && !strings.Contains(of.Order, "A"), risk.CapacityForbidden, func(o *terms) {
			o.more = capacityTag(s.link) + "=A|" + strings.TrimPrefix(o.more, told)
		})
		l.order(of.Order != config.Any && !strings.ContainsRune(of.Order, config.Unstated), risk.CapacityMissing, func(o *terms) {
			o.more = strings.TrimPrefix(o.more, told)
		})
	}
	return l.all
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
