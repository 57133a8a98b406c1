package gate

import (
	"slices"
	"testing"

	"portcullis/gate/config"
	"portcullis/gate/core"
)

// TestTradeDateAhead: a start at a trade date that the calendar has not reached does not go unheard; each does so, until it has.
func TestTradeDateAhead(t *testing.T) {
	dir := t.TempDir()
	for day, ahead := range map[string]bool{"2026-11-20": false, "9999-12-30": true} {
		cfg := loadSample(t, dir, config.SampleMain, "trade_date: auto", "trade_date: "+day, config.SampleMain, "journal: journal ", "journal: "+day+" ")
		before := 0
		for range 2 {
			must(t, openOn(t, "", cfg).close())
			if says := alertsIn(t, cfg.Gate.JournalDir, before); slices.Contains(says, core.TradeDateAhead) != ahead {
				t.Errorf("%s: says %v", day, says)
			}
			before = recordsIn(t, cfg.Gate.JournalDir)
		}
	}
}
