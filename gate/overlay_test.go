package gate

import (
	"testing"
	"time"

	"github.com/rs/zerolog"

	"portcullis/clocksync"
	"portcullis/gate/assemble"
	"portcullis/gate/config"
)

// TestLimitsForATime: a limit that was set for a time ends when that is over, once and for good; not by a clock that is set on by a lot,
// before as much time has passed.
func TestLimitsForATime(t *testing.T) {
	begun := time.Date(2026, 11, 24, 14, 0, 0, 0, time.UTC)
	clock := clocksync.NewManual(begun.UnixNano())
	g, err := Open(loadSample(t, t.TempDir()), Options{Log: zerolog.Nop(), Alloc: assemble.Heap, Clock: clock})
	must(t, err)
	set := func(until time.Time) {
		t.Helper()
		list, err := g.files().Offered().SetFor(config.Overlay{Scope: "firm", Key: "limits.gross", Value: "1_000", Date: int(g.date.Load()), Until: until})
		must(t, err)
		g.current.Store(g.files().Offered().WithOverlay(list))
	}
	stands := func(when string, want bool) {
		t.Helper()
		g.current.Store(g.withoutEnded())
		if got := len(g.files().Overlay()) == 1; got != want {
			t.Fatalf("%s: the limit stands: %t", when, got)
		}
	}
	set(begun.Add(2 * time.Hour))
	stands("when it is set", true)
	clock.StepUTC(3 * time.Hour)
	stands("set on over its end", true)
	clock.Advance(time.Hour)
	stands("an hour later", true)
	clock.StepUTC(-3 * time.Hour)
	stands("set right", true)
	clock.StepUTC(3 * time.Hour)
	clock.Advance(59 * time.Minute)
	stands("before as much has passed", true)
	clock.Advance(time.Minute)
	stands("when as much has passed", false)

	set(clock.Now().Time().Add(10 * time.Minute)) // by the clock as it is by now
	stands("another", true)
	clock.StepUTC(9 * time.Minute)
	stands("a correction", true)
	clock.StepUTC(time.Minute)
	stands("its end, by corrections", false)
	must(t, g.close())
}
