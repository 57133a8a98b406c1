package core

import (
	"math"

	"portcullis/fix/link"
)

// spell is a stretch of time in which what a clock says stays the same. It is computed once for all orders in it: derived, not
// state.
type spell struct {
	fromNs, toNs int64 // UTC, from included
	in           bool  // one of the schedules is open
}

// spellOf is the spell around a moment by schedules that may overlap.
func spellOf(utcNs int64, schedules ...link.Schedule) (s spell) {
	s.fromNs, s.toNs = math.MinInt64, math.MaxInt64
	for _, one := range schedules {
		from, to, in := one.At(utcNs)
		s.fromNs, s.toNs, s.in = max(s.fromNs, from), min(s.toNs, to), s.in || in
	}
	return s
}

// at tells whether one of the schedules is open at a moment. Only a clock that was set has it computed anew.
func (s *spell) at(utcNs int64, schedules ...link.Schedule) bool {
	if s.fromNs <= utcNs && utcNs < s.toNs {
		return s.in
	}
	return spellOf(utcNs, schedules...).in
}

// followHours takes up the hours of a configuration that begins now, in which cancels that wait may go.
func (c *Core) followHours(ev *Event) {
	c.layHours()
	c.laySpells(ev.Now.UTCNs)
	for v := range c.postponed {
		c.postponed[v].hoursChanged(ev.Now.MonoNs)
	}
}

// layHours makes room for the spells of all venues.
func (c *Core) layHours() {
	c.cutOffs, c.noCancels = make([][]spell, len(c.set.Venues)), make([]spell, len(c.set.Venues))
	for v := range c.cutOffs {
		c.cutOffs[v] = make([]spell, len(c.set.Venues[v].CloseCutOff.Past))
	}
}

// laySpells computes those of all venues around a moment.
func (c *Core) laySpells(utcNs int64) {
	c.spellsNs = math.MaxInt64
	for v := range c.set.Venues {
		set := &c.set.Venues[v]
		for i, s := range set.CloseCutOff.Past {
			c.cutOffs[v][i] = spellOf(utcNs, s)
			c.spellsNs = min(c.spellsNs, c.cutOffs[v][i].toNs)
		}
		if s := set.NoCancel.Periods; len(s) > 0 {
			c.noCancels[v] = spellOf(utcNs, s...)
			c.spellsNs = min(c.spellsNs, c.noCancels[v].toNs)
		}
	}
}
