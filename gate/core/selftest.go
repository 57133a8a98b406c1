package core

const (
	// CmdSelfTest is what came of a self-test of the configuration whose hash is in Name: Index controls were breached, each
	// counted where it is set, and Target of them did not refuse; it took Qty ns. Index 0: it could not run. Reason says which,
	// or why. Flag: not the gate's own user says so.
	CmdSelfTest CommandKind = 69
	// CmdSelfTestOverdue: there is no result of its day, as Reason says.
	CmdSelfTestOverdue CommandKind = 70

	NotShadow ReplyCode = 79 // only the gate's own user says what came of a self-test

	// SelfTested: so many controls (Seq) were breached and so many of them (Value) did not refuse, in Qty ns, by the configuration
	// whose hash is in Off, Len.
	SelfTested EffectKind = 124
)

// SelfTest is what was told of one.
type SelfTest struct {
	hash   [configHashDigits]byte // of the configuration, in hexadecimal digits
	AtNs   int64                  // UTC at which it was told; 0: there was none
	Epoch  uint64                 // of the process that was told
	TookNs int64
	Tried  uint32 // controls that were breached; 0: it could not run
	Failed uint32 // of those, the ones that did not refuse
}

// Of is the hash of the configuration that it was of, in hexadecimal digits.
func (t *SelfTest) Of() string { return string(t.hash[:]) }

// SelfTest is the newest one that was told of.
func (c *Core) SelfTest() SelfTest { return c.reg.selfTest }

// decideSelfTest notes what came of a self-test (behaviour 13). It is evidence, so nobody but the gate's own user gives it; of
// whichever configuration it is, the hash tells.
func (c *Core) decideSelfTest(ev *Event, d *Decision, m *Command) ReplyCode {
	name := CommandName(ev.Data)
	switch {
	case m.Flag:
		return NotShadow
	case len(name) != configHashDigits || m.Target > uint64(m.Index) || m.Qty < 0:
		return Malformed
	}
	e := d.effect(SelfTested)
	e.Off, e.Len = uint32(len(ev.Data)-len(name)), uint32(len(name))
	e.Seq, e.Value, e.Qty = uint64(m.Index), m.Target, m.Qty
	if m.Index == 0 || m.Target > 0 {
		d.alert(SelfTestFailed)
	}
	return Done
}

func (c *Core) applySelfTested(ev *Event, e *Effect) {
	t := &c.reg.selfTest
	*t = SelfTest{AtNs: ev.Now.UTCNs, Epoch: c.reg.epoch, TookNs: int64(e.Qty), Tried: uint32(e.Seq), Failed: uint32(e.Value)}
	copy(t.hash[:], ev.Data[e.Off:e.Off+e.Len])
}
