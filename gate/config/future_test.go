package config

import (
	"strings"
	"testing"
)

// TestFutureCloses: a close of tomorrow passes the check, but not unsaid.
func TestFutureCloses(t *testing.T) {
	c, err := loadMap(SampleFiles(sampleDate))
	if err != nil {
		t.Fatal(err)
	}
	if w := c.FutureCloses(sampleDate); len(w) != 0 {
		t.Errorf("closes of today: %v", w)
	}
	if w := c.FutureCloses(sampleDate - 1); len(w) != 1 || !strings.Contains(w[0], "AAPL") || !strings.Contains(w[0], "more than close_age_days away is no reference price") {
		t.Errorf("closes of tomorrow: %v", w)
	}
}

// TestFutureTradeDate: what a start cannot undo is said before it, and refused where it can only be a slip.
func TestFutureTradeDate(t *testing.T) {
	for date, says := range map[string]struct{ warned, refused string }{
		"auto":     {"", ""},
		"20261122": {"", ""},
		"20261120": {"trade_date 20261120 is before today, 20261122", ""},
		"20261123": {"trade_date 20261123 is AFTER today, 20261122", ""},
		"20261202": {"AFTER today", ""},
		"20261203": {"AFTER today", "trade_date 20261203 is 11 days after today, 20261122 (UTC)"},
		"20271122": {"AFTER today", "write auto, or the next session's date"},
	} {
		files := SampleFiles(sampleDate)
		files[SampleMain] = []byte(strings.Replace(string(files[SampleMain]), "trade_date: auto", "trade_date: "+date, 1))
		c, err := loadMap(files)
		if err != nil {
			t.Fatal(err)
		}
		if w := strings.Join(c.otherTradeDate(20261122), ""); !strings.Contains(w, says.warned) || (w == "") != (says.warned == "") {
			t.Errorf("%s: %q", date, w)
		}
		if err := c.CheckTradeDate(20261122); (err == nil) != (says.refused == "") || err != nil && !strings.Contains(err.Error(), says.refused) {
			t.Errorf("%s: %v", date, err)
		}
	}
}
