package config

import (
	"fmt"
	"time"
)

// one is 1 at 1e-8.
const one = 100_000_000

// fxRate is what one unit of a currency costs in that of the limits.
type fxRate struct {
	amount   int64 // at 1e-8
	asOfNs   int64 // UTC; 0: it does not say of when it is
	ageMaxNs int64 // or Unlimited
}

// readMoney reads the limit currency and the FX rates into it.
func (l *loader) readMoney(top *mapping) {
	m := top.sub("money")
	l.config.Currency = m.need("currency").text
	l.rates = map[string]fxRate{l.config.Currency: {amount: one, ageMaxNs: Unlimited}}
	ageMaxNs, said := l.fxAge(m)
	fx := m.sub("fx")
	if len(fx.order) > 0 && !said {
		l.warn(m.placeOf("fx"), "fx rates may be of any age: write fx_age_days, or unlimited there")
	}
	for _, currency := range fx.order {
		f, _ := fx.take(currency)
		if wrong := unprintable(currency); wrong != "" {
			l.add(f.at, "a key of fx "+wrong, "write printable ASCII")
			continue
		}
		if rate, ok := l.fxRate(f, currency, ageMaxNs); ok {
			l.rates[currency] = rate
		}
	}
	m.close()
}

// fxAge reads how old a rate may be, and whether that is said. Where it is not, a rate may be of any age, as before there was such a
// limit; readMoney warns of that.
func (l *loader) fxAge(m *mapping) (ns int64, said bool) {
	days := m.number("fx_age_days", "write 1 to 366, or unlimited")
	switch _, ms := m.take("fx_age_ms"); {
	case ms && days.text != "":
		l.add(m.placeOf("fx_age_ms"), "fx_age_days and fx_age_ms are both set", "keep one of the two")
	case ms:
		return m.millis("fx_age_ms", 1, 1), true
	case days.text != "" && days.text != "unlimited":
		return int64(m.count("fx_age_days", 1, 1, 366)) * int64(24*time.Hour), true
	}
	return Unlimited, days.text != ""
}

// fxRate reads a rate, either alone or with what it is of.
func (l *loader) fxRate(f field, currency string, ageMaxNs int64) (r fxRate, ok bool) {
	amount, asOf := scalar{at: f.at}, scalar{}
	if text, plain := textOf(f.node); plain {
		if text == "" {
			return r, false
		}
		amount.text = text
	} else {
		m := l.mapping(f, "the fx rate of "+currency)
		amount = m.need("rate")
		if asOf = m.text("as_of", ""); asOf.text != "" {
			r.asOfNs = l.moment(asOf)
		}
		m.close()
	}
	var wrong string
	r.amount, wrong = parseAmount(stripUnderscores(amount.text), QtyDecimals)
	if wrong == "" && r.amount <= 0 {
		wrong = "is not above zero"
	}
	if wrong != "" && amount.text != "" {
		l.add(amount.at, "fx rate of "+currency+": "+show(amount.text)+" "+wrong,
			fmt.Sprintf("write how many %s one %s costs", l.config.Currency, currency))
	}
	switch r.ageMaxNs = ageMaxNs; {
	case currency == l.config.Currency:
		if r.ageMaxNs = Unlimited; r.amount != one {
			l.add(amount.at, currency+" is the limit currency itself", "remove its rate")
		}
	case ageMaxNs != Unlimited && asOf.text == "":
		l.add(f.at, "fx rate of "+currency+" does not say of when it is, and fx_age_days or fx_age_ms asks",
			"write "+currency+": {rate: "+amount.text+", as_of: 2026-11-23}, or a time as 2026-11-23T16:00:00Z")
	}
	return r, true
}

// moment reads a time with its zone, or a date, which stands for its beginning in UTC, as nanoseconds of UTC; 0 after the error.
func (l *loader) moment(value scalar) int64 {
	t, err := time.Parse(time.RFC3339, value.text)
	for _, day := range [...]string{time.DateOnly, "20060102"} {
		if err != nil {
			t, err = time.Parse(day, value.text)
		}
	}
	if err != nil || t.Year() < 1971 || t.Year() > 2200 {
		l.add(value.at, show(value.text)+" is neither a date nor a time", "write it as 2026-11-23, or as 2026-11-23T16:00:00Z")
		return 0
	}
	return t.UnixNano()
}
