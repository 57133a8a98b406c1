package core

import (
	"portcullis/fix"
	"portcullis/risk"
)

// Statuses say what a venue means by its statuses. A code that is not listed leaves the phase unknown, and says so.
type Statuses struct {
	Security   []StatusCode // SecurityTradingStatus(326)
	Session    []StatusCode // TradSesStatus(340)
	SubSession []StatusCode // TradingSessionSubID(625), where 326 or 340 says that trading is on
	SessionID  string       // TradingSessionID(336) of the only session that counts; "": all do
}

// StatusCode is a code and the phase that it means.
type StatusCode struct {
	Code  string
	Phase risk.Phase
}

// decideSecurityStatus takes a venue's word about one instrument: SecurityStatus(35=f).
func (c *Core) decideSecurityStatus(ev *Event, d *Decision) {
	venue := c.set.Links[ev.Link].Venue
	instrument := c.symbolTold(venue, &d.msg)
	if instrument == NoIndex {
		return // nobody here trades it
	}
	c.takeShortSales(d, venue, instrument)
	if d.msg.Search(fix.TagShortSaleRestriction) == nil || d.msg.Search(fix.TagSecurityTradingStatus) != nil {
		c.takeStatus(ev, d, instrument, fix.TagSecurityTradingStatus) // else it is about short sales alone
	}
}

// decideSessionStatus takes a venue's word about itself: TradingSessionStatus(35=h).
func (c *Core) decideSessionStatus(ev *Event, d *Decision) {
	c.takeStatus(ev, d, NoIndex, fix.TagTradSesStatus)
}

func (c *Core) takeStatus(ev *Event, d *Decision, instrument uint32, tag int) {
	venue := c.set.Links[ev.Link].Venue
	s := &c.set.Venues[venue].Statuses
	if id := d.msg.Search(fix.TagTradingSessionID); s.SessionID != "" && id != nil && string(id) != s.SessionID {
		return
	}
	codes := s.Security
	if instrument == NoIndex {
		codes = s.Session
	}
	p, known := meant(codes, d.msg.Search(tag))
	if sub := d.msg.Search(fix.TagTradingSessionSubID); known && p == risk.Continuous && sub != nil {
		p, known = meant(s.SubSession, sub)
	}
	if !known {
		e := d.alert(StatusUnmapped)
		e.Venue, e.Instrument = venue, instrument
	}
	c.phased(d, venue, instrument, p, ev.Now.UTCNs)
}

func meant(codes []StatusCode, code []byte) (risk.Phase, bool) {
	for i := range codes {
		if codes[i].Code == string(code) {
			return codes[i].Phase, true
		}
	}
	return risk.PhaseUnknown, false
}

// phased says from when on a phase holds, at a venue or in an instrument there.
func (c *Core) phased(d *Decision, venue, instrument uint32, p risk.Phase, atNs int64) {
	e := d.effect(Phased)
	e.Venue, e.Instrument, e.Value, e.Seq = venue, instrument, uint64(p), uint64(atNs)
	c.startPostponed(d, venue)
	if p == risk.PhaseHalted {
		c.startSweep(d, c.set.CancelOpen)
	}
}

// PhaseCommand says that a phase began at a time: UTC, 0 = now, by an operator's word. With a time it is the venue's
// timetable that says so.
func PhaseCommand(venue, instrument uint32, p risk.Phase, atNs int64) Command {
	return Command{Kind: CmdPhase, Index: venue, Target: uint64(p)<<32 | uint64(instrument), Qty: risk.Qty(atNs)}
}

// Phased reads what PhaseCommand wrote.
func (m *Command) Phased() (instrument uint32, p risk.Phase) {
	return uint32(m.Target), risk.Phase(m.Target >> 32)
}

// decidePhase takes an operator's word about a phase, or the timetable's. That one comes too late where the venue or an
// operator has said something since, as after a restart; and it ends no halt. What was said at a time to come was said by a clock that
// stood ahead and was set back: that holds no phase until then.
func (c *Core) decidePhase(ev *Event, d *Decision, m *Command) ReplyCode {
	instrument, p := m.Phased()
	switch {
	case m.Index >= uint32(len(c.set.Venues)) || instrument != NoIndex && instrument >= uint32(len(c.set.Instruments)):
		return UnknownTarget
	case p > risk.PhaseClosed || int64(m.Qty) > ev.Now.UTCNs:
		return Malformed
	case m.Qty == 0:
		c.phased(d, m.Index, instrument, p, ev.Now.UTCNs)
	case c.book.Phase(m.Index, instrument) == risk.PhaseHalted:
	case int64(m.Qty) > c.phasedNs[m.Index] || c.phasedNs[m.Index] > ev.Now.UTCNs:
		c.phased(d, m.Index, instrument, p, int64(m.Qty))
	}
	return Done
}

func (c *Core) applyPhased(e *Effect) {
	c.book.SetPhase(e.Venue, e.Instrument, risk.Phase(e.Value))
	if e.Instrument == NoIndex {
		c.phasedNs[e.Venue] = int64(e.Seq)
	}
}

// decideHalt halts an instrument or a venue, or lifts that. What the files halt is lifted as the files are loosened.
func (c *Core) decideHalt(d *Decision, m *Command) ReplyCode {
	if m.Scope == risk.ScopeVenue {
		if m.Index >= uint32(len(c.set.Venues)) {
			return UnknownTarget
		}
		if m.Kind == CmdResume && !c.book.VenueHalted(m.Index) {
			return NotHalted
		}
		d.effect(VenueHalted).Venue = m.Index
	} else {
		if m.Index >= uint32(len(c.set.Instruments)) {
			return UnknownTarget
		}
		if m.Kind == CmdResume && !c.book.Halted(m.Index) {
			return NotHalted
		}
		if m.Kind == CmdResume && c.set.Instruments[m.Index].Halted {
			if code := c.loosens(d, m, aboutInstrument(m.Index)); code != Done {
				return code
			}
		}
		d.effect(Halted).Instrument = m.Index
	}
	if m.Kind == CmdHalt {
		d.Effects[d.EffectLen-1].Value = 1
		c.startSweep(d, c.set.CancelOpen)
	}
	return Done
}
