package core

import "portcullis/risk"

// decideDrain: no new order comes over a link, or goes over a venue's line, or at all where the command names none,
// until it is lifted. What is open lives on: replaces, cancels and reports pass, so that owners can work it off.
func (c *Core) decideDrain(d *Decision, m *Command) ReplyCode {
	if m.Index != NoIndex && m.Index >= uint32(len(c.set.Links)) {
		return UnknownTarget
	}
	if m.Flag && !c.Draining(m.Index) {
		return NotDrained
	}
	e := d.effect(Drained)
	e.Link = m.Index
	if !m.Flag {
		e.Value = 1
	}
	return Done
}

// Draining reports whether a link is drained, for NoIndex the whole gate.
func (c *Core) Draining(l uint32) bool {
	if l == NoIndex {
		return c.reg.draining
	}
	return c.links[l].Draining
}

func (c *Core) applyDrained(e *Effect) {
	if e.Link == NoIndex {
		c.reg.draining = e.Value == 1
		return
	}
	c.links[e.Link].Draining = e.Value == 1
}

// drainReason refuses a new order of a participant's link that is drained.
func (c *Core) drainReason(l uint32) risk.Reason {
	if c.reg.draining || c.links[l].Draining {
		return risk.Draining
	}
	return risk.Accepted
}
