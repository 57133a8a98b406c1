package core

// loosening is what was asked for last of what loosens a check for a symbol, and who has asked; it takes a second person.
type loosening struct {
	kind       CommandKind // 0: nothing is asked for
	uid        uint32
	instrument uint32
}

// secondOf reports whether a command that trades on what the files or a rule hold is carried out (behaviour 12): at once
// where one person may, else by the second user who gives it. The first is noted.
func (c *Core) secondOf(d *Decision, m *Command) bool {
	if !c.set.FourEyes {
		return true
	}
	e, asked := d.effect(LoosenAsked), &c.reg.loosen
	e.Instrument = m.Index
	if asked.kind == m.Kind && asked.instrument == m.Index && asked.uid != m.UID {
		return true
	}
	e.Value, e.Seq = uint64(m.Kind), uint64(m.UID)
	return false
}

func (c *Core) applyLoosenAsked(e *Effect) {
	c.reg.loosen = loosening{CommandKind(e.Value), uint32(e.Seq), e.Instrument}
}
