package config

import (
	"testing"
	"time"

	"portcullis/risk"
)

// TestTimetable: which phase holds and since when, over a weekend and over both changes of the clocks.
func TestTimetable(t *testing.T) {
	table := Timetable{Zone: "Europe/Berlin", Days: []time.Weekday{1, 2, 3, 4, 5},
		Changes: []PhaseChange{{9 * 3600, risk.Continuous}, {17*3600 + 1800, risk.ClosingAuction}, {18 * 3600, risk.PhaseClosed}},
		Early:   []EarlyClose{{"2026-12-24", 14 * 3600}, {"2026-12-25", 0}}}
	for _, c := range []struct {
		now   string
		phase risk.Phase
		since string
	}{
		{"2026-11-25T08:00:00Z", risk.Continuous, "2026-11-25T08:00:00Z"},
		{"2026-11-25T07:59:59Z", risk.PhaseClosed, "2026-11-24T17:00:00Z"},
		{"2026-11-25T16:30:00Z", risk.ClosingAuction, "2026-11-25T16:30:00Z"},
		{"2026-11-28T12:00:00Z", risk.PhaseClosed, "2026-11-27T17:00:00Z"}, // a Saturday
		{"2026-03-29T12:00:00Z", risk.PhaseClosed, "2026-03-27T17:00:00Z"}, // summer time begins
		{"2026-10-26T08:00:00Z", risk.Continuous, "2026-10-26T08:00:00Z"},  // and has ended
		{"2026-12-24T12:59:59Z", risk.Continuous, "2026-12-24T08:00:00Z"},  // Christmas Eve, until two o'clock
		{"2026-12-24T13:00:00Z", risk.PhaseClosed, "2026-12-24T13:00:00Z"},
		{"2026-12-24T17:30:00Z", risk.PhaseClosed, "2026-12-24T13:00:00Z"},
		{"2026-12-25T09:00:00Z", risk.PhaseClosed, "2026-12-24T23:00:00Z"}, // Christmas, a Friday
		{"2026-12-27T09:00:00Z", risk.PhaseClosed, "2026-12-24T23:00:00Z"}, // and its Sunday
		{"2026-12-28T08:00:00Z", risk.Continuous, "2026-12-28T08:00:00Z"},
	} {
		now, err := time.Parse(time.RFC3339, c.now)
		if err != nil {
			t.Fatal(err)
		}
		p, since, ok := table.At(now)
		if !ok || p != c.phase || since.UTC().Format(time.RFC3339) != c.since {
			t.Errorf("%s: %v since %v, %v", c.now, p, since.UTC(), ok)
		}
	}
	if _, _, ok := (&Timetable{}).At(time.Now()); ok {
		t.Error("no timetable has a phase")
	}
}
