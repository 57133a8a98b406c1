package engine

import (
	"portcullis/fix"
	"portcullis/fix/link"
	"portcullis/gate/core"
	"portcullis/gate/journal"
	"portcullis/risk"
)

// stamp reads the clock. One reading serves as the end of one message's work and as the time of the next.
func (e *Engine) stamp() {
	e.now = e.clock.Now()
	if e.begunNs == 0 {
		e.begunNs = e.now.MonoNs
	}
}

// fresh reads the clock unless that was done since the engine woke up.
func (e *Engine) fresh() {
	if e.begunNs == 0 {
		e.stamp()
	}
}

// event prepares the scratch event; the caller adds what its kind carries.
func (e *Engine) event(kind core.EventKind, link uint32) {
	e.ev = core.Event{Kind: kind, Link: link, Request: core.NoIndex}
}

// handle takes the scratch event through step, does what follows from it, and measures both. False: the journal has
// no room, so nothing happened, and the event has to be given again.
func (e *Engine) handle() bool {
	e.fresh()
	begunNs, kind := e.now.MonoNs, e.ev.Kind
	if !e.step() {
		return false
	}
	seq := e.header.Seq
	if e.pressed || e.withdrawing || e.faults.count > 0 {
		e.followUp()
	}
	e.stamp()
	if kind == core.Message {
		e.counters.decision.record(e.now.MonoNs - begunNs)
		e.decided.put(seq, e.now.MonoNs-begunNs)
	}
	if e.batchFull || e.oldestNs != 0 && e.now.MonoNs-e.oldestNs > flushAgeNs {
		e.flush()
	}
	return true
}

// step is the gate: Decide, append, Apply, and only then bytes. Nothing that is not in the journal leaves or counts.
func (e *Engine) step() bool {
	ev, d := &e.ev, &e.d
	ev.Now = link.Now{UTCNs: e.now.UTCNs, MonoNs: e.now.MonoNs}
	ev.ClockState, ev.BoundNs = uint8(e.now.State), e.now.BoundNs
	e.header.Seq = 0
	e.core.Decide(ev, d)
	empty := d.Empty()
	if !empty && !e.append(ev, d) {
		return false
	}
	e.core.Apply(ev, d)
	if !empty {
		e.dispatch(d)
		e.act(ev, d)
	}
	return true
}

// append writes the record of the event at hand.
func (e *Engine) append(ev *core.Event, d *core.Decision) bool {
	room, ok := e.journal.Reserve(e.core.RecordSize(ev, d))
	if !ok {
		e.stalled = true
		return false
	}
	size := e.core.EncodeRecord(room, ev, d)
	e.header = journal.Header{
		Type: uint16(ev.Kind), ClockState: ev.ClockState, BoundNs: ev.BoundNs, Link: ev.Link,
		UTCNs: ev.Now.UTCNs, MonoNs: ev.Now.MonoNs, ConfigVersion: e.configVersion, Flags: d.HeaderFlags(),
	}
	e.journal.Commit(&e.header, size)
	e.recordBytes = size
	e.position = e.journal.Appended()
	e.counters.now[Records]++
	return true
}

// dispatch puts each message of the decision into its link's send buffer. What is for a link without a connection is
// in the journal and will be asked for.
func (e *Engine) dispatch(d *core.Decision) {
	for i := range d.Out.Count {
		out := &d.Out.Outs[i]
		c := e.conns[out.Link]
		if c == nil || c.ending || c.broken || out.Hold {
			if c != nil && !out.Hold {
				c.lose(out.Seq)
			}
			e.counters.now[NotConnected]++
			continue
		}
		bytes := d.Out.Bytes(i)
		if c.venue {
			if field, ok := e.egress.Check(out.Link, out, bytes, d, e.header.Seq, e.now.UTCNs); !ok {
				e.faults.add(fault{seq: out.Seq, link: out.Link, request: out.Request, field: field,
					records: core.EgressRecords{Sent: e.header.Seq, Accepted: e.egress.Against()}})
				e.finish(c, core.CutByLink, false)
				continue
			}
		}
		if out.Kind == link.OrderMessage {
			e.counters.now[OrdersOut]++
		}
		e.push(c, out, bytes)
	}
}

// act does what a decision asks of the engine beside sending.
func (e *Engine) act(ev *core.Event, d *core.Decision) {
	if d.Reason > risk.Accepted {
		e.counters.now[Rejects]++
		if e.space != journal.Ample && ev.Kind == core.Message {
			e.rationRefusal(e.conns[ev.Link])
		}
	}
	if l := d.Renumbered(); l != core.NoIndex {
		e.resender.endRun(l)
		e.resender.endCut(l)
		e.readCut(l)
		if c := e.conns[l]; c != nil {
			c.early.clear()
		}
	}
	if ev.Kind == core.CommandGiven {
		e.actOnCommand(d)
	}
	if e.header.Flags&core.Telling != 0 {
		e.actOnHolds(d)
	}
	if d.Early != 0 && e.conns[ev.Link] != nil {
		e.conns[ev.Link].early.keep(d.Early, ev.Data)
	}
	if d.Alerts || d.Rejected || d.LinkFault != 0 {
		e.tell(ev, d)
	}
	if d.Close || d.Resend.From != 0 {
		e.actOnConn(ev, d)
	}
	if d.Withdraw {
		e.withdrawing = true
	}
	if d.Reply.ID != 0 && !e.replies.add(recordedReply{d.Reply, e.position}) {
		e.counters.now[RepliesDropped]++
	}
}

// actOnHolds tells admission which links are held down, or may come up again.
func (e *Engine) actOnHolds(d *core.Decision) {
	for i := range d.EffectLen {
		if x := &d.Effects[i]; x.Kind == core.LinkHeld {
			e.held[x.Link].Store(x.Value == 1)
		}
	}
}

// actOnCommand notes in the header of later records which configuration judges from here on.
func (e *Engine) actOnCommand(d *core.Decision) {
	if version := d.Reloaded(); version != 0 {
		e.configVersion = uint32(version >> 32)
	}
}

// readCut asks the journal for the reports that a reset of the link's numbers cut off and that are still to be sent
// again; they come back as Stored events.
func (e *Engine) readCut(link uint32) {
	e.resender.readCut(link, e.core.Cut(link), e.journal.Appended())
}

// actOnConn cuts the connection of the event's link, or starts a resend on it.
func (e *Engine) actOnConn(ev *core.Event, d *core.Decision) {
	if ev.Link >= uint32(len(e.conns)) || e.conns[ev.Link] == nil {
		return
	}
	c := e.conns[ev.Link]
	if d.Resend.From != 0 && !e.resender.request(c, d.Resend, e.journal.Appended()) {
		e.clerk.tell(notice{what: tooManyResends, link: c.link, conn: c.number})
		e.finish(c, core.CutByLink, true)
	}
	if d.Close {
		e.finish(c, core.CutByLink, true)
	}
}

// followUp gives the events that the one at hand made necessary. Each makes none of its own kind.
func (e *Engine) followUp() {
	for e.faults.count > 0 {
		fault := e.faults.take()
		e.event(core.EgressDifference, fault.link)
		e.ev.Seq, e.ev.Request, e.ev.Code = fault.seq, fault.request, fault.field
		e.ev.Data = fault.records.Append(e.faultText[:0])
		if !e.step() {
			e.faults.add(fault) // the line is cut; the core is told when the journal has room
			return
		}
		e.counters.now[EgressFaults]++
		e.clerk.tell(notice{what: egressFault, link: fault.link, value: fault.seq, records: fault.records})
	}
	if e.withdrawing {
		e.withdraw()
	}
	if e.pressed {
		e.watchPressure()
	}
}

// fault is an order message that the egress check stopped.
type fault struct {
	seq           uint64
	link, request uint32
	field         uint8
	records       core.EgressRecords
}

// faultList holds those of one decision.
type faultList struct {
	faults [link.OutsMax]fault
	count  int
}

// add notes a fault. All faults of one decision fit. If telling the core of one brings many more, their lines are cut
// and the core is not told.
func (l *faultList) add(f fault) {
	if l.count == len(l.faults) {
		return
	}
	l.faults[l.count] = f
	l.count++
}

func (l *faultList) take() fault {
	l.count--
	return l.faults[l.count]
}

// newDecisionWriter makes room for the messages of one decision: the longest message passed on, and answers.
func newDecisionWriter(messageBytesMax int) *fix.Writer {
	return fix.NewWriter(2*messageBytesMax + 16<<10)
}
