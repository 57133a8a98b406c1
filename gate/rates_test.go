package gate

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"portcullis/gate/config"
)

// TestStaleRatesAreTold: of each rate that goes stale somebody is told once, and once more when a newer one does; where the word
// was lost, again.
func TestStaleRatesAreTold(t *testing.T) {
	load := func(asOf string) *config.Config {
		return loadSample(t, t.TempDir(), config.SampleMain, "fx_age_days: 366", "fx_age_days: 1", config.SampleMain, "GBP: {rate: 1.25, as_of: 2026-11-22}",
			"GBP: {rate: 1.25, as_of: "+asOf+"}")
	}
	cfg, newer := load("2026-11-22T00:00:00Z"), load("2026-11-24")
	var told []string
	var lost error
	var rates staleRates
	look := func(cfg *config.Config, at string) {
		t.Helper()
		now, err := time.Parse(time.RFC3339, at)
		must(t, err)
		rates.look(cfg, now, func(why string) error {
			if lost == nil {
				told = append(told, at+" "+why)
			}
			return lost
		})
	}
	look(cfg, "2026-11-22T12:00:00Z")
	look(cfg, "2026-11-23T00:00:00Z") // as old as it may be
	lost = errors.New("the engine is busy")
	look(cfg, "2026-11-23T00:00:01Z")
	lost = nil
	look(cfg, "2026-11-23T00:00:02Z")
	look(cfg, "2026-11-23T00:00:03Z")
	look(newer, "2026-11-24T06:00:00Z")
	look(newer, "2026-11-25T00:00:01Z")
	look(newer, "2026-11-25T00:00:02Z")
	want := []string{"2026-11-23T00:00:02Z fx rate of GBP as of 2026-11-22", "2026-11-25T00:00:01Z fx rate of GBP as of 2026-11-24"}
	if !slices.EqualFunc(told, want, strings.HasPrefix) {
		t.Errorf("%q", told)
	}
}
