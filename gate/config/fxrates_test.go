package config

import (
	"strings"
	"testing"
	"time"
)

const sampleRates = "{GBP: {rate: 1.25, as_of: 2026-11-23}, EUR: {rate: 1.08, as_of: 2026-11-23}}"

// TestFXRates: what is written of rates and of their age comes to the instruments, and what is not written is said.
func TestFXRates(t *testing.T) {
	midnight := time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		rates, age string
		asOf       time.Time
		most       int64
		warns      bool
	}{
		{sampleRates, "fx_age_days: 3", midnight, int64(72 * time.Hour), false},
		{"{GBP: {rate: 1.25, as_of: 2026-11-23T16:30:00Z}}", "fx_age_ms: 3_600_000", midnight.Add(16*time.Hour + 30*time.Minute), int64(time.Hour), false},
		{"{GBP: {rate: 1.25, as_of: 2026-11-23T17:30:00+01:00}}", "fx_age_days: unlimited", midnight.Add(16*time.Hour + 30*time.Minute), Unlimited, false},
		{"{GBP: 1.25}", "fx_age_days: unlimited", time.Time{}, Unlimited, false},
		{"{GBP: 1.25}", "", time.Time{}, Unlimited, true}, // as before there was such a limit
	} {
		cfg := edited(t, SampleMain, sampleRates, c.rates, SampleMain, "fx_age_days: 366", c.age)
		in := &cfg.Instruments[3]
		asOf := int64(0)
		if !c.asOf.IsZero() {
			asOf = c.asOf.UnixNano()
		}
		if in.Factor != 125_0000 || in.FXAsOfNs != asOf || in.FXAgeMaxNs != c.most {
			t.Errorf("%s, %s: %+v", c.rates, c.age, in)
		}
		if dollars := &cfg.Instruments[0]; dollars.FXAsOfNs != 0 || dollars.FXAgeMaxNs != Unlimited {
			t.Errorf("%s: %+v", c.age, dollars)
		}
		if warned := strings.Contains(strings.Join(cfg.Warnings, "\n"), "gate.yaml:67: fx rates may be of any age"); warned != c.warns {
			t.Errorf("%s, %s: %q", c.rates, c.age, cfg.Warnings)
		}
		if got := len(cfg.FXRates()); (got == 1) != (c.most != Unlimited) {
			t.Errorf("%s: %d rates", c.age, got)
		}
	}
}

// TestStaleFXRates: a rate is warned of in the last quarter of its time, when it is over, and where it is too far ahead.
func TestStaleFXRates(t *testing.T) {
	cfg := edited(t, SampleMain, "fx_age_days: 366", "fx_age_days: 4")
	at := func(day, hour int, ns int64) time.Time {
		return time.Date(2026, 11, day, hour, 0, 0, int(ns), time.UTC)
	}
	for _, c := range []struct {
		now   time.Time
		stale bool
		says  string
	}{
		{at(19, 0, -1), true, "is too far AHEAD: until 2026-11-19T00:00:00Z new orders and replaces in GBP are refused"},
		{at(19, 0, 0), false, ""},
		{at(26, 0, -1), false, ""},
		{at(26, 0, 0), false, "fx rate of GBP as of 2026-11-23T00:00:00Z goes stale at 2026-11-27T00:00:00Z: from then on"},
		{at(27, 0, 0), false, "goes stale at"},
		{at(27, 0, 1), true, "is STALE since 2026-11-27T00:00:00Z: new orders and replaces in GBP are refused until gate reload"},
	} {
		if got := cfg.FXRates()[0].Stale(c.now); got != c.stale {
			t.Errorf("%s: stale: %t", c.now, got)
		}
		list := cfg.StaleFXRates(c.now)
		if (c.says == "") != (len(list) == 0) || !strings.Contains(strings.Join(list, ""), c.says) {
			t.Errorf("%s: %q, want %q", c.now, list, c.says)
		}
	}
}

// TestFXRatesOfTwo: one person may bring a later date and a shorter age; a longer age takes two, and so does a lower rate.
func TestFXRatesOfTwo(t *testing.T) {
	was := edited(t, SampleMain, "fx_age_days: 366", "fx_age_days: 4")
	for _, c := range []struct {
		edits        []string
		held         string
		factor, days int64
	}{
		{[]string{"GBP: {rate: 1.25, as_of: 2026-11-23}", "GBP: {rate: 1.26, as_of: 2026-11-24}", "fx_age_days: 366", "fx_age_days: 3"}, "", 126_0000, 3},
		{[]string{"GBP: {rate: 1.25, as_of: 2026-11-23}", "GBP: {rate: 1.24, as_of: 2026-11-24}", "fx_age_days: 366", "fx_age_days: 4"},
			"instrument VOD.L multiplier × price_factor × fx: 0.0124 is offered, 0.0125 stays", 125_0000, 4},
		{[]string{"GBP: {rate: 1.25, as_of: 2026-11-23}", "GBP: {rate: 1.25, as_of: 2026-11-24}", "fx_age_days: 366", "fx_age_days: 5"},
			"instrument VOD.L money.fx_age: 432000000 ms is offered, 345600000 ms stays", 125_0000, 4},
		{[]string{"GBP: {rate: 1.25, as_of: 2026-11-23}", "GBP: {rate: 1.25, as_of: 2026-11-24}", "fx_age_days: 366", "fx_age_days: unlimited"},
			"instrument VOD.L money.fx_age: unlimited is offered, 345600000 ms stays", 125_0000, 4},
	} {
		var edits []string
		for i := 0; i < len(c.edits); i += 2 {
			edits = append(edits, SampleMain, c.edits[i], c.edits[i+1])
		}
		is := Govern(was, edited(t, edits...), false)
		var held []string
		for _, h := range is.Held() {
			held = append(held, h.String())
		}
		if got := strings.Join(held, "\n"); got != c.held {
			t.Errorf("%q: held back %q, want %q", c.edits, got, c.held)
		}
		in := &is.Instruments[3]
		if in.Factor != c.factor || in.FXAgeMaxNs != c.days*int64(24*time.Hour) || in.FXAsOfNs != time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC).UnixNano() {
			t.Errorf("%q: %+v", c.edits, in)
		}
	}
}
