package gate

import (
	"sync/atomic"

	"portcullis/gate/core"
)

// skips are the numbers that were never used, by link: where a tail was lost, a link's numbers went on
// above its mark. A peer that asks for what it missed asks for all of them, and looking for each in
// the journal would take minutes.
type skips struct{ links []skipped }

type skipped struct {
	ranges []core.Range // written before the engine runs
	over   atomic.Bool  // the link's numbers began anew since: they may be in use now
}

func newSkips(links int) *skips { return &skips{make([]skipped, links)} }

// note takes up an event of the journal that is about to be applied, or one of the start.
func (s *skips) note(ev *core.Event, d *core.Decision, c *core.Core) {
	if ev.Link >= uint32(len(s.links)) {
		return
	}
	l, next := &s.links[ev.Link], c.LinkState(ev.Link).NextOut
	switch {
	case ev.Kind == core.Numbered && ev.Seq > next:
		l.ranges = append(l.ranges, core.Range{From: next, To: ev.Seq - 1})
	case beginsAnew(ev, d, c):
		l.ranges = nil
	}
}

// watch takes up an event of the running engine.
func (s *skips) watch(ev *core.Event, d *core.Decision, c *core.Core) {
	if beginsAnew(ev, d, c) {
		s.links[ev.Link].over.Store(true)
	}
}

// beginsAnew reports whether an event sets its link's numbers back.
func beginsAnew(ev *core.Event, d *core.Decision, c *core.Core) bool {
	return d.SessionStep && d.Link.NextOut < c.LinkState(ev.Link).NextOut
}

// has reports whether a number was never used.
func (s *skips) has(link uint32, seq uint64) bool {
	l := &s.links[link]
	if l.over.Load() {
		return false
	}
	for _, r := range l.ranges {
		if r.From <= seq && seq <= r.To {
			return true
		}
	}
	return false
}
