package gate

import (
	"context"
	"slices"
	"time"

	"portcullis/gate/config"
	"portcullis/gate/core"
	"portcullis/risk"
)

// timetableLook bounds how long a step of the clock goes unnoticed by the timetables.
const timetableLook = time.Second

// keepTimetables has the engine enter the phases of venues that have a timetable, until ctx ends: at the start that which holds,
// then each when it begins. The engine judges whether it comes too late. Where another timetable came into force that says of this
// moment otherwise than the one before, its phase begins now: by its own time it would be too late.
func (g *Gate) keepTimetables(ctx context.Context) {
	type begun struct {
		phase risk.Phase
		since int64
	}
	last, followed := map[string]begun{}, g.before
	look := time.NewTicker(timetableLook)
	defer look.Stop()
	for {
		cfg, done := g.files(), true
		for _, v := range cfg.Venues {
			t := g.now()
			p, since, ok := v.Timetable.At(t)
			now := begun{p, since.UnixNano()}
			if !ok || now == last[v.Name] {
				continue
			}
			number, known := g.numbers.Of(config.VenueNumber, v.Name)
			if !known {
				continue
			}
			if corrects(followed, v.Name, p, t) {
				since = t
			}
			m := core.PhaseCommand(number, core.NoIndex, p, since.UnixNano())
			m.Reason, m.Actor = "timetable", "gate"
			if _, err := g.engine.Submit(ctx, m); err != nil {
				done = false
				continue
			}
			last[v.Name] = now
		}
		if done {
			followed = cfg
		}
		select {
		case <-ctx.Done():
			return
		case <-look.C:
		}
	}
}

// corrects reports whether a venue's timetable in the configuration that was followed says another phase of a moment.
func corrects(followed *config.Config, venue string, p risk.Phase, t time.Time) bool {
	if followed == nil {
		return false
	}
	i := slices.IndexFunc(followed.Venues, func(v config.Venue) bool { return v.Name == venue })
	if i < 0 {
		return false
	}
	was, _, had := followed.Venues[i].Timetable.At(t)
	return had && was != p
}
