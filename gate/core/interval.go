package core

import (
	"math"

	"portcullis/fix/link"
)

// interval is a stretch of time in which the clocks of a venue change nothing. It is computed once for all orders in it,
// from the setup and the time: derived, not state.
type interval struct {
	fromNs, toNs int64 // UTC, from included
	in           bool  // one of the schedules is open
}

// intervalOf is the interval around utcNs, by schedules that may overlap.
func intervalOf(utcNs int64, schedules ...link.Schedule) (s interval) {
	s.fromNs, s.toNs = math.MinInt64, math.MaxInt64
	for _, one := range schedules {
		from, to, in := one.At(utcNs)
		s.fromNs, s.toNs, s.in = max(s.fromNs, from), min(s.toNs, to), s.in || in
	}
	return s
}

// at reports whether one of the schedules is open at utcNs. Outside of the interval, where only a clock that was set
// leads, it is computed anew.
func (s *interval) at(utcNs int64, schedules ...link.Schedule) bool {
	if s.fromNs <= utcNs && utcNs < s.toNs {
		return s.in
	}
	return intervalOf(utcNs, schedules...).in
}

// followHours takes up the hours of a configuration that begins now, in which cancels that wait may go.
func (c *Core) followHours(ev *Event) {
	c.layHours()
	c.layIntervals(ev.Now.UTCNs)
	for v := range c.postponed {
		c.postponed[v].hoursChanged(ev.Now.MonoNs)
	}
}

// layHours makes room for the intervals of all venues.
func (c *Core) layHours() {
	c.cutOffs, c.noCancels = make([][]interval, len(c.set.Venues)), make([]interval, len(c.set.Venues))
	for v := range c.cutOffs {
		c.cutOffs[v] = make([]interval, len(c.set.Venues[v].CloseCutOff.Past))
	}
}

// layIntervals computes those of all venues around a moment.
func (c *Core) layIntervals(utcNs int64) {
	c.intervalsNs = math.MaxInt64
	for v := range c.set.Venues {
		set := &c.set.Venues[v]
		for i, s := range set.CloseCutOff.Past {
			c.cutOffs[v][i] = intervalOf(utcNs, s)
			c.intervalsNs = min(c.intervalsNs, c.cutOffs[v][i].toNs)
		}
		if s := set.NoCancel.Periods; len(s) > 0 {
			c.noCancels[v] = intervalOf(utcNs, s...)
			c.intervalsNs = min(c.intervalsNs, c.noCancels[v].toNs)
		}
	}
}
