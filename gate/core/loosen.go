package core

import "portcullis/risk"

// loosening is what was asked for last of what loosens a check or gives back credit, and who has asked; it takes a second
// person.
type loosening struct {
	kind       CommandKind // 0: nothing is asked for
	uid        uint32
	instrument uint32
	what       uint64 // what is said of it beside; 0: there is nothing to say
}

// secondOf reports whether a command that trades on what the files or a rule hold, or gives back credit, is carried out
// (behaviour 12): at once where one person may, else by the second user who gives it. The first is noted.
func (c *Core) secondOf(d *Decision, m *Command, instrument uint32, what uint64) bool {
	if !c.set.FourEyes {
		return true
	}
	e, asked := d.effect(LoosenAsked), &c.reg.loosen
	e.Instrument = instrument
	if asked.kind == m.Kind && asked.instrument == instrument && asked.what == what && asked.uid != m.UID {
		return true
	}
	e.Value, e.Seq, e.Qty = uint64(m.Kind), uint64(m.UID), risk.Qty(what)
	return false
}

func (c *Core) applyLoosenAsked(e *Effect) {
	c.reg.loosen = loosening{CommandKind(e.Value), uint32(e.Seq), e.Instrument, uint64(e.Qty)}
}
