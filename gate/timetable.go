package gate

import (
	"context"
	"time"

	"portcullis/gate/config"
	"portcullis/gate/core"
	"portcullis/risk"
)

// timetableLook bounds how long a step of the clock goes unnoticed by the timetables.
const timetableLook = time.Second

// keepTimetables has the engine enter the phases of venues that have a timetable, until ctx ends: at the start that which holds,
// then each when it begins. The engine judges whether it comes too late.
func (g *Gate) keepTimetables(ctx context.Context) {
	type begun struct {
		phase risk.Phase
		since int64
	}
	last := map[string]begun{}
	look := time.NewTicker(timetableLook)
	defer look.Stop()
	for {
		for _, v := range g.files().Venues {
			p, since, ok := v.Timetable.At(g.now())
			now := begun{p, since.UnixNano()}
			if !ok || now == last[v.Name] {
				continue
			}
			number, known := g.numbers.Of(config.VenueNumber, v.Name)
			if !known {
				continue
			}
			m := core.PhaseCommand(number, core.NoIndex, p, now.since)
			m.Reason, m.Actor = "timetable", "gate"
			if _, err := g.engine.Submit(ctx, m); err == nil {
				last[v.Name] = now
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-look.C:
		}
	}
}
