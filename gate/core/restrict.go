package core

import "portcullis/risk"

// decideRestrict has a scope trade a symbol no more, from the next event on, until a time or until that is lifted.
// What a list of the configuration refuses, no command lifts.
func (c *Core) decideRestrict(ev *Event, d *Decision, m *Command) ReplyCode {
	instrument := uint32(min(m.Target, uint64(NoIndex)))
	of, ok := risk.Only(m.Scope, m.Index)
	if !ok || instrument >= uint32(len(c.set.Instruments)) || !c.book.Exists(&of) || !c.scopeExists(m.Scope, m.Index) ||
		m.Scope == risk.ScopeInstrument {
		return UnknownTarget
	}
	stands := c.book.Restricted(m.Scope, m.Index, instrument)
	until := int64(m.Qty)
	switch {
	case m.Kind == CmdUnrestrict && !stands:
		return NotRestricted
	case m.Kind == CmdUnrestrict:
	case until != 0 && until <= ev.Now.UTCNs:
		return Malformed
	case !stands && !c.book.RestrictRoom():
		return TableFullCode
	}
	if until == 0 {
		until = risk.Forever
	}
	e := d.effect(Restricted)
	e.Instrument, e.Status, e.Account, e.Seq = instrument, byte(m.Scope), m.Index, uint64(until)
	if m.Kind == CmdRestrict {
		e.Value = 1
		c.startSweep(d, c.set.CancelOpen)
	}
	return Done
}

func (c *Core) applyRestricted(e *Effect) {
	scope := risk.Scope(e.Status)
	if e.Value == 0 {
		c.book.Unrestrict(scope, e.Account, e.Instrument)
		return
	}
	c.exact(c.book.Restrict(scope, e.Account, e.Instrument, int64(e.Seq)))
}
