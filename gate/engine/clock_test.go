package engine

import (
	"slices"
	"testing"
	"time"

	"portcullis/clocksync"
	"portcullis/gate/core"
)

// TestClockStepped: a clock that somebody sets, forward or back, is told of once each time, small steps when they come to
// something together; one that goes on is not.
func TestClockStepped(t *testing.T) {
	r := newRigWith(t, 1, &memorySockets{}, nil)
	clock := clocksync.NewManual(time.Date(2026, 11, 27, 14, 0, 0, 0, time.UTC).UnixNano())
	r.Engine.clock = clock
	h := ByHand(r.Engine)
	if err := h.Begin(Start{}); err != nil {
		t.Fatal(err)
	}
	var told []string
	r.core.on = func(ev *core.Event, _ *core.Decision) {
		if ev.Kind == core.Noticed && core.Alert(ev.Code) == core.ClockStepped {
			told = append(told, string(ev.Data))
		}
	}
	turn := func(passes time.Duration) {
		for range 3 { // what a cycle reads, the next one looks at
			clock.Advance(passes)
			h.Cycle()
		}
	}
	turn(time.Hour)
	for _, step := range []time.Duration{-time.Hour, 0, time.Millisecond, time.Millisecond + 1, 40 * 24 * time.Hour} {
		clock.StepUTC(step)
		turn(time.Second)
	}
	want := []string{"-1h0m0s", "2.000001ms", "960h0m0s"}
	for i := range want {
		want[i] = "UTC went on by " + want[i] + " more than the time that passed"
	}
	if !slices.Equal(told, want) {
		t.Errorf("told %q, want %q", told, want)
	}
}
