package gate

import (
	"context"
	"time"

	"portcullis/gate/config"
	"portcullis/gate/core"
)

// timetableLook bounds how long a step of the clock goes unnoticed by the timetables.
const timetableLook = time.Second

// keepTimetables has the engine enter the phases of venues that have a timetable, until ctx ends: at the start that which holds,
// then each when it begins. The engine judges whether it comes too late.
func (g *Gate) keepTimetables(ctx context.Context) {
	begun := map[string]time.Time{}
	look := time.NewTicker(timetableLook)
	defer look.Stop()
	for {
		for i := range g.cfg.Venues {
			v := &g.cfg.Venues[i]
			p, since, ok := v.Timetable.At(g.now())
			if !ok || since.Equal(begun[v.Name]) {
				continue
			}
			number, known := g.numbers.Of(config.VenueNumber, v.Name)
			if !known {
				continue
			}
			m := core.PhaseCommand(number, core.NoIndex, p, since.UnixNano())
			m.Reason, m.Actor = "timetable", "gate"
			if _, err := g.engine.Submit(ctx, m); err == nil {
				begun[v.Name] = since
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-look.C:
		}
	}
}
