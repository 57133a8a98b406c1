package audit

import (
	"bytes"
	"strings"
	"testing"

	"portcullis/gate/config"
)

// TestWhatIf: other limits judge a day again, each order in the state that it met; the day's own limits change nothing.
func TestWhatIf(t *testing.T) {
	j := closedDay(t)
	ask := func(old, with string) string {
		files := sampleFiles()
		before := string(files[config.SampleMain])
		files[config.SampleMain] = []byte(strings.Replace(before, old, with, 1))
		if old != with && before == string(files[config.SampleMain]) {
			t.Fatalf("the sample has no %q", old)
		}
		var out bytes.Buffer
		check(t, j.WhatIf(&out, must(config.LoadFiles(files, config.SampleMain))(t), 2))
		return out.String()
	}
	if got := ask("", ""); !strings.Contains(got, "orders and replaces judged by these limits, 0 otherwise") {
		t.Errorf("the same limits:\n%s", got)
	}
	tight := ask("order_qty_max: 10_000", "order_qty_max: 999")
	for _, want := range []string{"11=A-1 1=ACME-1 54=1 38=1000 55=AAPL 44=188.10", "ACCEPTED -> QTY_TOO_LARGE", "ACCEPTED  QTY_TOO_LARGE: ", "2 otherwise than they were"} {
		if !strings.Contains(tight, want) {
			t.Errorf("no %q in\n%s", want, tight)
		}
	}
	if euros := ask("USD\n  fx: {GBP: {rate: 1.25, as_of: 2026-11-22}, EUR: {rate: 1.08, as_of: 2026-11-22}}",
		"EUR\n  fx: {GBP: {rate: 1.25, as_of: 2026-11-22}, USD: {rate: 1.08, as_of: 2020-11-22}}"); !strings.Contains(euros, "cannot be judged: the rates of exchange of these limits are of another time") ||
		strings.Contains(euros, "STALE_FX_RATE") {
		t.Errorf("rates of another time:\n%s", euros)
	}
	if wide := ask("bps: 500 ", "bps: 5000 "); !strings.Contains(wide, "COLLAR -> ") {
		t.Errorf("a wider collar:\n%s", wide)
	}
}
