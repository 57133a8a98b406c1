package config

import (
	"reflect"
	"strings"
	"testing"
)

// ruled is the sample with its rules of prices changed.
func ruled(t *testing.T, changes ...string) *Config {
	t.Helper()
	text := string(Alone(SampleFiles(sampleDate))[SampleMain])
	for i := 0; i < len(changes); i += 2 {
		if strings.Count(text, changes[i]) != 1 {
			t.Fatalf("the sample has %d of %q", strings.Count(text, changes[i]), changes[i])
		}
		text = strings.Replace(text, changes[i], changes[i+1], 1)
	}
	return loadText(t, text)
}

// TestCollarRules: a rule of a symbol goes before that of its type, and both before the default, key by key.
func TestCollarRules(t *testing.T) {
	c := ruled(t, "    # sources: [mid, last, close]", "    sources: [touch, close]", "  # types: {option: {bps: 2000}}", "  types: {etf: {bps: 200, close_age_days: 7, sources: [last]}}",
		"    VOD.L: {bps: 300} ", "    SPY: {bps: 100, last_age_ms: 900}\n    VOD.L: {sources: [static, mid], static_price: 68.5, static_as_of: 2026-11-20, static_age_days: 9} ")
	for _, want := range []Instrument{
		{Symbol: "AAPL", CollarBps: 500, Sources: "touch close", LastAgeMaxNs: 5e9, CloseAgeMaxDays: 366},
		{Symbol: "SPY", CollarBps: 100, Sources: "last", LastAgeMaxNs: 9e8, CloseAgeMaxDays: 7},
		{Symbol: "VOD.L", CollarBps: 500, Sources: "static mid", LastAgeMaxNs: 5e9, CloseAgeMaxDays: 366, StaticAgeMaxDays: 9, StaticPrice: 68_5000_0000, StaticDate: 20261120},
	} {
		for _, in := range c.Instruments {
			got := Instrument{Symbol: in.Symbol, CollarBps: in.CollarBps, Sources: in.Sources, LastAgeMaxNs: in.LastAgeMaxNs, CloseAgeMaxDays: in.CloseAgeMaxDays,
				StaticAgeMaxDays: in.StaticAgeMaxDays, StaticPrice: in.StaticPrice, StaticDate: in.StaticDate}
			if in.Symbol == want.Symbol && !reflect.DeepEqual(got, want) {
				t.Errorf("%+v, want %+v", got, want)
			}
		}
	}
	c = ruled(t, "    # amount: 2.50 ", "    amount: 2.50 ", "    # near_touch_bps: 300 ", "    near_touch_bps: 300 ", "  # types: {option: {bps: 2000}}", "  types: {stock: {sub_penny: refuse}}", "    VOD.L: {bps: 300} ",
		"    SPY: {ticks: 7, far_touch_bps: 9}\n    VOD.L: {bps: unlimited, amount: 0.00000001} ")
	for i, want := range map[int][5]int64{0: {500, 2_5000_0000, 0, 300, 0}, 2: {500, 2_5000_0000, 7, 300, 9}, 3: {Unlimited, 1, 0, 300, 0}} {
		in := c.Instruments[i]
		if in.WholeCents != (in.Type == "stock") {
			t.Errorf("%s: %t", in.Symbol, in.WholeCents)
		}
		if got := [5]int64{int64(in.CollarBps), in.CollarAmount, int64(in.CollarTicks), int64(in.NearTouchBps), int64(in.FarTouchBps)}; got != want {
			t.Errorf("%s: %d, want %d", in.Symbol, got, want)
		}
	}
	c = ruled(t, "    VOD.L: {bps: 300} ", "    VOD.L: {static_price: 68.5, static_as_of: 2026-11-20} ")
	if len(c.Warnings) != 1 || !strings.HasSuffix(c.Warnings[0], "static_price of VOD.L is not used: its sources are mid last close") {
		t.Errorf("%q", c.Warnings)
	}
}
