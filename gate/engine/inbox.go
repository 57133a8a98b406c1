package engine

import (
	"encoding/binary"
	"math/bits"
	"time"

	"portcullis/gate/core"
	"portcullis/gate/journal"
)

// killLane gives the kills that wait, first come or not: kills add up, their order does not matter. The one of
// everything comes first.
func (e *Engine) killLane() {
	lane := &e.front.kills
	for word := lane.word.Load(); word != 0; word = lane.word.Load() {
		slot := &lane.slots[bits.Len64(word)-1]
		e.command(slot.data[:slot.size])
		if !e.handle() {
			return
		}
		e.counters.killTook.record(e.now.MonoNs - slot.givenNs)
		e.counters.killLast.record(e.venueOutNs - slot.givenNs)
		e.counters.now[Kills]++
		e.counters.now[Commands]++
		lane.word.And(^(uint64(1) << (bits.Len64(word) - 1)))
	}
	if (e.withdrawing || e.faults.count > 0) && !e.stalled {
		e.followUp()
	}
}

// commands gives ordinary commands, a few in each cycle.
func (e *Engine) commands() {
	for n := 0; n < commandsMax && !e.stalled; n++ {
		b, ok := e.front.commands.Peek()
		if !ok {
			return
		}
		if e.command(b); !e.handle() {
			return
		}
		e.counters.now[Commands]++
		e.front.commands.Release()
	}
}

// question answers the one that waits.
func (e *Engine) question() {
	if q := e.front.question.Load(); q != nil {
		q.ask()
		e.front.question.Store(nil)
		close(q.done)
	}
}

// command prepares the event of an encoded command.
func (e *Engine) command(data []byte) {
	e.event(core.CommandGiven, core.NoIndex)
	e.ev.Data = data
}

// configured says which configuration judges from here on.
func (e *Engine) configured(hash []byte) bool {
	e.event(core.Configured, core.NoIndex)
	e.ev.Data = hash
	if !e.handle() {
		return false
	}
	if len(hash) >= 4 {
		e.configVersion = binary.BigEndian.Uint32(hash)
	}
	return true
}

// stored gives messages that were read back for resends. The resender's window keeps them few.
func (e *Engine) stored() {
	for n := 0; n < storedMax && !e.stalled; n++ {
		b, ok := e.resender.ring.Peek()
		if !ok {
			return
		}
		s := decodeStored(b)
		c := e.conns[s.link]
		if s.seq != 0 && e.resender.current(s) && (s.cutOff || c != nil && !c.ending) {
			e.event(core.Stored, s.link)
			e.ev.Seq, e.ev.Seq2, e.ev.Data = s.seq, s.seq2, s.data
			if s.cutOff {
				e.ev.Code = core.WasCutOff
			} else {
				e.ev.Conn = c.number
			}
			if !e.handle() {
				return
			}
			e.counters.now[Resends]++
		}
		e.resender.ring.Release()
		e.resender.took(s, c == nil || c.out.unsent() < unsentBytesMax)
	}
}

// timers gives Ticks while the core wants them, a few in each cycle.
func (e *Engine) timers() {
	for n := 0; n < ticksMax && !e.stalled; n++ {
		e.fresh()
		if e.core.DueNs() > e.now.MonoNs {
			return
		}
		e.event(core.Tick, core.NoIndex)
		if !e.handle() {
			return
		}
		e.counters.now[Ticks]++
	}
}

// watchJournal tells the core when the journal's room changes, and the log when it is used up.
func (e *Engine) watchJournal() {
	if space := e.journal.Space(); space != e.space {
		e.event(core.JournalSpace, core.NoIndex)
		e.ev.Code = uint8(journal.Ample - space)
		if e.handle() {
			if e.space = space; space == journal.Ample {
				e.ration.refill()
			}
			e.watchDurable()
			e.withdrawing = e.withdrawing || e.cfg.Sync && e.failed()
		}
	}
}

// stepNs is by how much UTC may leave monotonic time before somebody is told: a clock that is only slewed takes both along.
const stepNs = 1_000_000

// watchClock tells the core when the clock's state changes, and when somebody has set it: stamps of records step with it then.
func (e *Engine) watchClock() bool {
	lead := e.now.UTCNs - e.now.MonoNs
	if step := lead - e.clockLeadNs; step > stepNs || step < -stepNs {
		e.event(core.Noticed, core.NoIndex)
		e.ev.Code, e.ev.Data = uint8(core.ClockStepped), []byte("UTC went on by "+time.Duration(step).String()+" more than the time that passed")
		if !e.handle() {
			return false
		}
		e.clockLeadNs = lead
	}
	state := e.now.State
	if state == e.clockState {
		return true
	}
	e.event(core.ClockChanged, core.NoIndex)
	if e.cfg.ClockForbidden>>state&1 != 0 {
		e.ev.Code = 1
	}
	if !e.handle() {
		return false
	}
	e.clockState = state
	return true
}
