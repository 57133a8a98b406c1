package config

import (
	"strings"
	"testing"

	"portcullis/risk"
)

// TestControls: what an entry leaves out is the default's; a code that is none is a defect.
func TestControls(t *testing.T) {
	text := string(SampleFiles(sampleDate)[SampleMain])
	text = strings.Replace(text, `default: {owner: "", why: "", review_by: ""}`, "default: {owner: Risk, why: policy 7, review_by: 2027-01-31}", 1)
	text = strings.Replace(text, "  # COLLAR: {owner: Head of Trading, why: RTS 6 Art. 15(1)(a), review_by: 2027-06-30}",
		"  COLLAR: {owner: Head of Trading, review_by: 2027-06-30}", 1)
	c := loadText(t, text)
	if len(c.Controls) != len(risk.Controls()) {
		t.Fatalf("%d rows", len(c.Controls))
	}
	for i, control := range risk.Controls() {
		want := Responsible{"Risk", "policy 7", 20270131}
		if control.Reason == risk.PriceOutsideCollar {
			want = Responsible{"Head of Trading", "policy 7", 20270630}
		}
		if c.Controls[i] != want {
			t.Errorf("%s: %+v", control.Reason, c.Controls[i])
		}
	}
	other := loadText(t, strings.Replace(text, "Risk, why", "Nobody, why", 1))
	if change := Compare(c, other); !change.None() || len(change.Notes) != 1 {
		t.Errorf("%+v", change)
	}
}

// TestSizes: orders without a limit price have a bound of their own, which is never above that of all.
func TestSizes(t *testing.T) {
	text := string(SampleFiles(sampleDate)[SampleMain])
	text = strings.Replace(text, "order_qty_min: 0 ", "order_qty_min: 5 ", 1)
	text = strings.Replace(text, "{name: ACME-1, client: ACME}", "{name: ACME-1, client: ACME, notional_max: 100_000}", 1)
	c := loadText(t, text)
	for i, want := range [][3]int64{{5_0000_0000, 100_000_0000, 100_000_0000}, {5_0000_0000, 250_000_0000, 250_000_0000}} {
		if a := c.Accounts[i]; [3]int64{a.OrderQtyMin, a.NotionalMax, a.MarketNotionalMax} != want {
			t.Errorf("%+v", a)
		}
	}
	c = loadText(t, strings.Replace(text, "market_notional_max: 250_000", "market_notional_max: 1_000", 1))
	if a := c.Accounts[0]; a.MarketNotionalMax != 1_000_0000 {
		t.Errorf("%+v", a)
	}
	c = loadText(t, strings.Replace(text, "  market_notional_max: 250_000 ", "  # market_notional_max: 250_000 ", 1))
	if a := c.Accounts[0]; a.MarketNotionalMax != 100_000_0000 {
		t.Errorf("%+v", a)
	}
}
