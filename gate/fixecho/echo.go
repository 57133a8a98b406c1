package fixecho

import (
	"math"
	"sync/atomic"

	"portcullis/fix"
	"portcullis/fix/dict"
	"portcullis/fix/link"
	"portcullis/gate/core"
)

// session is one FIX session of the settings file.
type session struct {
	set    link.Settings
	state  link.State
	dict   *dict.Dict          // tells header, body and groups apart
	conn   uint32              // number of its connection
	orders map[string]struct{} // ClOrdIDs that came since the logon
}

// echo is what stands behind the engine. The engine thread alone uses it.
type echo struct {
	sessions []session     // with a row for each that may be added
	used     atomic.Uint32 // rows that are sessions
	store    *store
	stopping bool

	m      fix.Message
	result link.Result
	noted  string // ClOrdID of the message at hand
	body   body
}

// all are the sessions that there are.
func (e *echo) all() []session { return e.sessions[:e.used.Load()] }

// Decide judges an event. It changes no session.
func (e *echo) Decide(ev *core.Event, d *core.Decision) {
	d.Reset()
	e.noted = ""
	switch ev.Kind {
	case core.Admitted:
		s := &e.sessions[ev.Link]
		link.Connected(&s.set, &s.state, ev.Link, ev.Now, &d.Out, &e.result)
		e.step(ev, d)
	case core.Message:
		e.message(ev, d)
	case core.Stored:
		e.again(ev, d)
	case core.Closed:
		if s := &e.sessions[ev.Link]; s.conn == ev.Conn {
			link.Disconnected(&s.set, &s.state, ev.Now, &e.result)
			e.step(ev, d)
			d.Close = false
		}
	case core.Tick:
		e.tick(ev, d)
	case core.CommandGiven:
		e.command(ev, d)
	}
}

// step takes over what the session layer decided.
func (e *echo) step(ev *core.Event, d *core.Decision) {
	r := &e.result
	d.SessionStep, d.Link = true, r.Next
	d.Close, d.LinkFault, d.Early = r.Close, uint8(r.Fault), r.Early
	d.Resend = core.Range{From: r.ResendFrom, To: r.ResendTo}
	if r.Reset {
		d.Effects[0], d.EffectLen = core.Effect{Kind: core.Renumbered, Link: ev.Link}, 1
	}
}

func (e *echo) message(ev *core.Event, d *core.Decision) {
	s, m, r := &e.sessions[ev.Link], &e.m, &e.result
	m.Index(ev.Data)
	if ev.Code == core.WasEarly {
		link.Kept(&s.set, &s.state, ev.Link, m, ev.Now, &d.Out, r)
	} else {
		link.Receive(&s.set, &s.state, ev.Link, m, ev.Now, &d.Out, r)
	}
	e.step(ev, d)
	if r.Deliver == link.InOrder {
		e.answer(ev, d, s)
	}
}

// answer sends an application message back, or says that its type is not supported. A refusal is not
// answered by another.
func (e *echo) answer(ev *core.Event, d *core.Decision, s *session) {
	m := &e.m
	possResend, _ := m.Flag(fix.TagPossResend)
	switch t := string(m.Type()); {
	case t == "D":
		e.noted = string(m.Value(fix.TagClOrdID))
		if _, seen := s.orders[e.noted]; seen && possResend {
			return
		}
	case t == "d" && s.set.BeginString >= "FIX.4.2":
	case t == "3" || t == "j":
		return
	default:
		link.Unsupported(&d.Out, &s.set, ev.Link, &d.Link, m, ev.Now)
		return
	}
	d.Out.BeginAgain(&s.set, msgType(m), d.Link.NextOut, d.Link.NextIn-1, ev.Now.UTCNs,
		link.Again{PossResend: possResend})
	e.body.ascending(s.dict, m, &d.Out.Writer)
	e.end(ev, d, link.ReportMessage)
}

func (e *echo) end(ev *core.Event, d *core.Decision, kind link.OutKind) {
	if d.Out.End(ev.Link, kind, d.Link.NextOut, core.NoIndex) {
		d.Link.Sent(ev.Now)
	}
}

// again sends a message again that the peer asked for, or fills the gap of what is not sent again.
func (e *echo) again(ev *core.Event, d *core.Decision) {
	s := &e.sessions[ev.Link]
	last := s.state.NextIn - 1
	if !s.state.Phase.LoggedOn() || ev.Seq >= s.state.NextOut {
		return
	}
	d.Noted = true
	if len(ev.Data) == 0 {
		link.GapFill(&d.Out, &s.set, ev.Link, ev.Seq, min(ev.Seq2+1, s.state.NextOut), last, ev.Now)
		return
	}
	m := &e.m
	m.Index(ev.Data)
	possResend, _ := m.Flag(fix.TagPossResend)
	d.Out.BeginAgain(&s.set, msgType(m), ev.Seq, last, ev.Now.UTCNs,
		link.Again{PossDup: true, PossResend: possResend, Orig: m.Value(fix.TagSendingTime)})
	e.body.ascending(s.dict, m, &d.Out.Writer)
	d.Out.End(ev.Link, link.SessionMessage, ev.Seq, core.NoIndex)
}

// msgType is the type of a message that is sent back.
func msgType(m *fix.Message) string {
	if string(m.Type()) == "d" {
		return "d"
	}
	return "D"
}

// tick does one thing that is due: a session's timer, or its logout where all is to end.
func (e *echo) tick(ev *core.Event, d *core.Decision) {
	for l := range e.all() {
		s := &e.sessions[l]
		switch {
		case e.leaves(s):
			link.Logout(&s.set, &s.state, uint32(l), "", ev.Now, &d.Out, &e.result)
		case link.DueNs(&s.set, &s.state) <= ev.Now.MonoNs:
			link.Tick(&s.set, &s.state, uint32(l), ev.Now, &d.Out, &e.result)
		default:
			continue
		}
		ev.Link = uint32(l)
		e.step(ev, d)
		return
	}
}

// leaves reports whether a session is still to be logged out.
func (e *echo) leaves(s *session) bool {
	p := s.state.Phase
	return e.stopping && (p.LoggedOn() || p == link.AwaitLogon)
}

// command answers a stop, or sets the numbers of a session that has no connection or waits for a Logon.
func (e *echo) command(ev *core.Event, d *core.Decision) {
	c := decode(ev.Data)
	d.Reply = core.Reply{ID: c.ID}
	if c.Kind == setNumbers {
		ev.Link = c.Index
		d.SessionStep, d.Link = true, e.sessions[c.Index].state
		if c.Qty != 0 {
			d.Link.NextIn = uint64(c.Qty)
		}
		if c.Target != 0 {
			d.Link.NextOut = c.Target
		}
	}
}

// Apply makes a decision true.
func (e *echo) Apply(ev *core.Event, d *core.Decision) {
	if ev.Kind == core.CommandGiven {
		e.applyCommand(ev)
	}
	if d.SessionStep {
		e.applyStep(ev, d)
	}
	for i := range d.Out.Count {
		if out := &d.Out.Outs[i]; out.Kind == link.ReportMessage {
			e.store.put(out.Link, out.Seq, d.Out.Bytes(i))
		}
	}
}

func (e *echo) applyCommand(ev *core.Event) {
	switch decode(ev.Data).Kind {
	case core.CmdStop:
		e.stopping = true
	case setNumbers:
		e.store.forget(ev.Link) // it had numbers that mean something else now
	}
}

func (e *echo) applyStep(ev *core.Event, d *core.Decision) {
	s := &e.sessions[ev.Link]
	s.state = d.Link
	if ev.Kind == core.Admitted {
		s.conn = ev.Conn
		s.orders = make(map[string]struct{})
	}
	if d.Renumbered() == ev.Link {
		e.store.forget(ev.Link)
	}
	if e.noted != "" {
		s.orders[e.noted] = struct{}{}
	}
}

// DueNs is when the next timer is due.
func (e *echo) DueNs() int64 {
	due := int64(math.MaxInt64)
	for l := range e.all() {
		s := &e.sessions[l]
		if e.leaves(s) {
			return 0
		}
		due = min(due, link.DueNs(&s.set, &s.state))
	}
	return due
}

// NextIn is the number that a session expects next.
func (e *echo) NextIn(l uint32) uint64 { return e.sessions[l].state.NextIn }

// Nothing is recorded, what a reset cuts off is gone, no link is held down, and no order waits for a venue.

func (e *echo) Cut(uint32) core.Range { return core.Range{} }

func (e *echo) RecordSize(*core.Event, *core.Decision) int           { return 0 }
func (e *echo) EncodeRecord([]byte, *core.Event, *core.Decision) int { return 0 }
func (e *echo) Held(uint32) bool                                     { return false }
func (e *echo) Killed(uint32) bool                                   { return false }
func (e *echo) OrderName(uint32) core.VenueName                      { return core.VenueName{} }
