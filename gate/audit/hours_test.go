package audit

import (
	"testing"
	"time"

	"portcullis/fix/link"
	"portcullis/fix/schedule"
)

// TestHours: what status says of a link's schedule.
func TestHours(t *testing.T) {
	zone, err := time.LoadLocation("America/New_York")
	check(t, err)
	weekdays := []time.Weekday{time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday}
	day := schedule.Daily(zone, 9*3600, 17*3600, weekdays...)
	for _, c := range []struct {
		s               link.Schedule
		at, open, reset string
	}{
		{nil, "2026-11-27T12:00:00Z", dash, dash},
		{schedule.Always(zone), "2026-11-27T12:00:00Z", "open", dash},
		{schedule.Always(zone).Resetting(17 * 3600), "2026-11-27T12:00:00Z", "open", "2026-11-27T22:00:00Z"},
		{day, "2026-11-27T15:00:00Z", "open to 2026-11-27T22:00:00Z", "2026-11-30T14:00:00Z"},
		{day, "2026-11-27T22:00:00Z", "closed to 2026-11-30T14:00:00Z", "2026-11-30T14:00:00Z"},
		{day.Resetting(12 * 3600), "2026-11-27T15:00:00Z", "open to 2026-11-27T22:00:00Z", "2026-11-27T17:00:00Z"},
		{schedule.Daily(zone, 0, 0), "2026-11-27T12:00:00Z", "open to 2026-11-28T05:00:00Z", "2026-11-28T05:00:00Z"},
	} {
		now, err := time.Parse(time.RFC3339, c.at)
		check(t, err)
		if open, reset := hours(c.s, now); open != c.open || reset != c.reset {
			t.Errorf("at %s: %s, next reset %s; want %s, %s", c.at, open, reset, c.open, c.reset)
		}
	}
}
