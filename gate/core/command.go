package core

import (
	"bytes"
	"encoding/binary"

	"portcullis/fix"
	"portcullis/risk"
)

const (
	commandReasonMax = 200
	commandActorMax  = 64
	commandNameMax   = 64
	commandHead      = 8 + 1 + 1 + 1 + 4 + 8 + 8 + 4 + 4
	commandTail      = 1 + 1 + 8 // behind the texts, where there is a name
	commandNumbers   = 8 + 8     // behind the texts of a CmdLinkSeq
)

// Append writes the command as the journal and the ring carry it.
func (m *Command) Append(dst []byte) []byte {
	reason, actor := m.Reason, m.Actor
	reason = reason[:min(len(reason), commandReasonMax)]
	actor = actor[:min(len(actor), commandActorMax)]
	flag := byte(m.Mode) << 1
	if m.Flag {
		flag |= 1
	}
	dst = binary.LittleEndian.AppendUint64(dst, m.ID)
	dst = append(dst, byte(m.Kind), byte(m.Scope), flag)
	dst = binary.LittleEndian.AppendUint32(dst, m.Index)
	dst = binary.LittleEndian.AppendUint64(dst, m.Target)
	dst = binary.LittleEndian.AppendUint64(dst, uint64(m.Qty))
	dst = binary.LittleEndian.AppendUint32(dst, m.UID)
	dst = binary.LittleEndian.AppendUint32(dst, m.PID)
	dst = append(append(dst, byte(len(reason))), reason...)
	dst = append(append(dst, byte(len(actor))), actor...)
	if m.Kind == CmdLinkSeq {
		return binary.LittleEndian.AppendUint64(binary.LittleEndian.AppendUint64(dst, m.NextIn), m.NextOut)
	}
	if m.several() {
		for _, part := range m.Of.Parts() {
			dst = binary.LittleEndian.AppendUint32(dst, *part)
		}
		return dst
	}
	if !m.Kind.named() {
		return dst
	}
	dst = binary.LittleEndian.AppendUint64(append(dst, byte(m.Outcome), byte(m.Side)), uint64(m.Price))
	dst = append(dst, m.Name[:min(len(m.Name), commandNameMax)]...)
	if m.ExecID != "" {
		dst = append(append(dst, fix.SOH), m.ExecID[:min(len(m.ExecID), commandNameMax)]...)
	}
	return dst
}

// ParseCommand reads what Append wrote; ok is false for anything else. For Reason, Actor and Name see
// CommandTexts and CommandName.
func ParseCommand(b []byte) (m Command, ok bool) {
	if len(b) < commandHead+2 {
		return m, false
	}
	m.ID = binary.LittleEndian.Uint64(b)
	m.Kind, m.Scope, m.Flag, m.Mode = CommandKind(b[8]), risk.Scope(b[9]), b[10]&1 == 1, risk.KillMode(b[10]>>1)
	m.Index = binary.LittleEndian.Uint32(b[11:])
	m.Target = binary.LittleEndian.Uint64(b[15:])
	m.Qty = risk.Qty(binary.LittleEndian.Uint64(b[23:]))
	m.UID = binary.LittleEndian.Uint32(b[31:])
	m.PID = binary.LittleEndian.Uint32(b[35:])
	_, _, rest, ok := commandTexts(b)
	switch {
	case m.Kind == CmdLinkSeq:
		if len(rest) != commandNumbers {
			return m, false
		}
		m.NextIn, m.NextOut = binary.LittleEndian.Uint64(rest), binary.LittleEndian.Uint64(rest[8:])
		return m, true
	case m.several():
		parts := m.Of.Parts()
		if len(rest) != len(parts)*4 {
			return m, false
		}
		for i, part := range parts {
			*part = binary.LittleEndian.Uint32(rest[4*i:])
		}
		return m, true
	case !ok || !m.Kind.named():
		return m, ok && len(rest) == 0
	case len(rest) < commandTail:
		return m, false
	}
	m.Outcome, m.Side = Outcome(rest[0]), risk.Side(rest[1])
	m.Price = risk.Price(binary.LittleEndian.Uint64(rest[2:]))
	return m, true
}

// several reports whether a command has a tail with the parts of what it stops.
func (m *Command) several() bool {
	return (m.Kind == CmdKill || m.Kind == CmdDrill) && m.Scope == risk.ScopeSeveral
}

// named reports whether a command has a tail: an outcome or a side, and a text for what it is about.
func (k CommandKind) named() bool {
	return k == CmdResolve || k == CmdAssign || k == CmdCancelStray || k == CmdResolveVenue || k == CmdAdjust || k == CmdCloseBreak || k == CmdMark || k == CmdClose || k == CmdOffer || k == CmdApprove || k == CmdSelfTest
}

// CommandName returns the name of the order or execution that a command is about, a view into b.
func CommandName(b []byte) []byte {
	name, _ := commandNames(b)
	return name
}

// CommandExecID returns the venue's ExecID of what a CmdResolve books, a view into b; empty: it has none.
func CommandExecID(b []byte) []byte {
	_, execID := commandNames(b)
	return execID
}

// commandNames are the texts at the end: no name of FIX holds the SOH between them.
func commandNames(b []byte) (name, execID []byte) {
	_, _, rest, ok := commandTexts(b)
	if !ok || len(rest) < commandTail {
		return nil, nil
	}
	name, execID, _ = bytes.Cut(rest[commandTail:], []byte{fix.SOH})
	return name, execID
}

// CommandTexts returns the reason and the actor of a command, views into b.
func CommandTexts(b []byte) (reason, actor []byte, ok bool) {
	reason, actor, _, ok = commandTexts(b)
	return reason, actor, ok
}

// commandTexts also returns what follows them.
func commandTexts(b []byte) (reason, actor, rest []byte, ok bool) {
	if len(b) < commandHead+2 {
		return nil, nil, nil, false
	}
	rest = b[commandHead:]
	n := int(rest[0])
	if len(rest) < 1+n+1 {
		return nil, nil, nil, false
	}
	reason, rest = rest[1:1+n], rest[1+n:]
	n = int(rest[0])
	if len(rest) < 1+n {
		return nil, nil, nil, false
	}
	return reason, rest[1 : 1+n], rest[1+n:], true
}

// decideCommand judges an operator's command. Every command is journaled with its giver, also the
// refused ones, and answered.
func (c *Core) decideCommand(ev *Event, d *Decision) {
	d.Noted = true
	m, ok := ParseCommand(ev.Data)
	if !ok {
		d.Reply = Reply{ID: m.ID, Code: Malformed}
		return
	}
	code := Done
	switch m.Kind {
	case CmdKill:
		c.decideKill(ev, d, &m)
		return
	case CmdDrill:
		c.decideDrill(d, &m)
		return
	case CmdStop:
		if m.Flag {
			c.decideStopCancel(d, &m)
			return
		}
		c.gateSet(d, GateStopping, stopKeeps)
		c.startJob(d, stopJob, NoIndex)
	case CmdStateDiffers:
		c.decideDiffers(ev, d, &m)
		return
	case CmdResolveVenue:
		if code = c.decideResolveVenue(ev, d, &m); code == Done {
			return // the job answers
		}
	case CmdReload:
		code, d.Reply.Link = c.decideReload(d, &m)
	default:
		code = c.decideTrading(ev, d, &m)
	}
	d.Reply.ID, d.Reply.Code = m.ID, code
}

// decideTrading is of who and what may trade: kills that are lifted, halts and restrictions, links and venues.
func (c *Core) decideTrading(ev *Event, d *Decision, m *Command) ReplyCode {
	switch m.Kind {
	case CmdRevive:
		return c.decideRevive(ev, d, m)
	case CmdEnable:
		return c.decideEnable(ev, d, m)
	case CmdHalt, CmdResume:
		return c.decideHalt(d, m)
	case CmdPhase:
		return c.decidePhase(ev, d, m)
	case CmdRestrict, CmdUnrestrict:
		return c.decideRestrict(ev, d, m)
	case CmdDrain:
		return c.decideDrain(d, m)
	case CmdAccept:
		return c.decideAccept(d, m)
	case CmdLinkDown, CmdLinkUp:
		return c.decideHold(ev, d, m)
	case CmdLinkSeq, CmdLinkReset:
		return c.decideNumbers(ev, d, m)
	case CmdRevoked:
		return c.decideRevoked(ev, d, m)
	}
	return c.decideBooks(ev, d, m)
}

// decideBooks is of the trade date, and of orders, executions and positions that a person or a file tells of.
func (c *Core) decideBooks(ev *Event, d *Decision, m *Command) ReplyCode {
	switch m.Kind {
	case CmdRoll:
		return c.decideRoll(d, m)
	case CmdSODBegin, CmdSODEnd:
		return c.decideDay(d, m)
	case CmdSOD:
		return c.decideStartOfDay(d, m)
	case CmdAdjust:
		return c.decideAdjust(d, m)
	case CmdResolve:
		return c.decideResolve(ev, d, m)
	case CmdCancelStray:
		return c.decideCancelStray(ev, d, m)
	case CmdAssign:
		return c.decideAssign(ev, d, m)
	case CmdCloseBreak:
		return c.decideCloseBreak(ev, d, m)
	case CmdSplit:
		return c.decideSplit(d, m)
	case CmdMark, CmdClose:
		return c.decideMark(d, m)
	case CmdMarksEnd:
		c.decideMarksEnd(d)
		return Done
	case CmdEasyToBorrow:
		return c.decideEasy(d, m)
	case CmdShortSale:
		return c.decideShortSale(d, m)
	case CmdLocate:
		return c.decideLocate(d, m)
	}
	return c.decideWatched(ev, d, m)
}

// decideWatched is of what the gate and its shadow watch, and of what takes two people.
func (c *Core) decideWatched(ev *Event, d *Decision, m *Command) ReplyCode {
	switch m.Kind {
	case CmdOffer:
		return c.decideOffer(ev, d, m)
	case CmdApprove:
		return c.decideApprove(ev, d, m)
	case CmdPass:
		return c.decidePass(ev, d, m)
	case CmdLoss:
		return c.decideLoss(ev, d, m)
	case CmdSelfTest:
		return c.decideSelfTest(ev, d, m)
	case CmdLossPrices:
		if m.Flag {
			d.alert(LossAtMarks)
		}
	case CmdCertificates:
		if m.Flag {
			d.alert(CertificateTrouble)
		}
	case CmdDiskLow:
		d.alert(DiskLow)
	case CmdRateStale:
		d.alert(RateStale)
	case CmdSelfTestOverdue:
		d.alert(SelfTestFailed)
	default:
		return Malformed
	}
	return Done
}

// decideRoll begins a trade date later than the present one, and with it the job that reserves
// orders anew (exposure 9).
func (c *Core) decideRoll(d *Decision, m *Command) ReplyCode {
	if m.Target > 9999_12_31 {
		return Malformed
	}
	if m.Target <= uint64(c.reg.tradeDate) {
		return SameDate
	}
	e := d.effect(Rolled)
	e.Value, e.Seq = m.Target, uint64(c.keptAfterRoll(uint32(m.Target)))
	c.startJob(d, rollJob, NoIndex)
	if c.book.SplitsDue(uint32(m.Target)) {
		c.startJob(d, splitJob, NoIndex)
	}
	return Done
}

// decideStartOfDay loads one start-of-day position. Loaded again in the day, the difference counts.
func (c *Core) decideStartOfDay(d *Decision, m *Command) ReplyCode {
	if m.Index >= uint32(len(c.set.Accounts)) || m.Target >= uint64(len(c.set.Instruments)) {
		return UnknownTarget
	}
	if m.Qty > risk.MagnitudeMax || m.Qty < -risk.MagnitudeMax {
		return Malformed
	}
	e := d.effect(Positioned)
	e.Account, e.Instrument, e.Qty = m.Index, uint32(m.Target), m.Qty
	c.recordOvershoot(d)
	return Done
}

// decideDay lets an account trade that may only with start-of-day positions, until the next roll; or has it
// wait for them.
func (c *Core) decideDay(d *Decision, m *Command) ReplyCode {
	if m.Index >= uint32(len(c.set.Accounts)) {
		return UnknownTarget
	}
	if m.Target != uint64(c.reg.tradeDate) {
		return Malformed
	}
	kind := DayOpened
	if m.Kind == CmdSODBegin {
		kind = DayBegun
	}
	d.effect(kind).Account = m.Index
	return Done
}

// decideAccept is a human's word that a venue may take orders again: after a difference at egress, or
// after the journal's end was lost and with it, maybe, orders that the venue has. Orders in doubt stay so: each of them needs a word of its own, see decideResolve.
func (c *Core) decideAccept(d *Decision, m *Command) ReplyCode {
	if m.Index >= uint32(len(c.set.Venues)) || c.set.Venues[m.Index].Link == NoIndex {
		return UnknownTarget
	}
	l := c.set.Venues[m.Index].Link
	stopped, lost := c.links[l].EgressStopped, c.lost[m.Index]
	if stopped {
		e := d.effect(LinkBlocked)
		e.Link, e.Value = l, linkAccepted
	}
	if lost {
		d.effect(Recovered).Venue = m.Index
	}
	if !stopped && !lost {
		return NotStopped
	}
	return Done
}

// Values of a LinkBlocked effect.
const (
	linkWritable      = 0
	linkFull          = 1
	linkEgressStopped = 2
	linkAccepted      = 3
)
