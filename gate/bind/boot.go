package bind

import (
	"errors"

	"portcullis/clocksync"
	"portcullis/fix/link"
	"portcullis/gate/core"
	"portcullis/gate/journal"
)

// Boot takes events through a core before its engine runs, the way every event takes: Decide, append, Apply.
type Boot struct {
	Core      *core.Core
	Journal   Appender
	Clock     clocksync.Source
	Numbering *Numbering
	decision  core.Decision
}

// Appender is what Boot needs of a journal.
type Appender interface {
	Reserve(payloadMax int) ([]byte, bool)
	Commit(h *journal.Header, payloadLen int) journal.Position
}

// SayLost says that the last tail was lost, before anything else, and raises the numbers that it may have used above
// the durable marks.
func (b *Boot) SayLost(mark func(link uint32) uint64) error {
	if err := b.Record(&core.Event{Kind: core.TailLost, Link: core.NoIndex}); err != nil {
		return err
	}
	for l := range b.Core.Setup().Links {
		n := uint32(l)
		if b.Core.Setup().Links[l].ResetOnDisconnect {
			continue // its numbers have begun anew with the process' end: those of before mean nothing
		}
		if at := mark(n); at >= b.Core.LinkState(n).NextOut {
			if err := b.Record(&core.Event{Kind: core.Numbered, Link: n, Seq: at + 1}); err != nil {
				return err
			}
		}
	}
	return nil
}

// CloseLinks says of each link that was connected when the last process ended that it is not any more.
func (b *Boot) CloseLinks() error {
	for l := range uint32(len(b.Core.Setup().Links)) {
		if b.Core.Phase(l) == link.Down && b.Core.Conn(l) == 0 {
			continue
		}
		ev := &core.Event{Kind: core.Closed, Link: l, Conn: b.Core.Conn(l), Code: uint8(core.ProcessEnded)}
		if err := b.Record(ev); err != nil {
			return err
		}
	}
	return nil
}

// Command gives a command: the gate's own, unless it names another actor.
func (b *Boot) Command(m core.Command) error {
	if m.ID = 1; m.Actor == "" {
		m.Actor = "gate"
	}
	return b.Record(&core.Event{Kind: core.CommandGiven, Link: core.NoIndex, Data: m.Append(nil)})
}

var errNoRoom = errors.New("the journal has no room: free space where it lies")

// Record takes one event through Decide, the journal and Apply.
func (b *Boot) Record(ev *core.Event) error {
	now, d := b.Clock.Now(), &b.decision
	ev.Now = link.Now{UTCNs: now.UTCNs, MonoNs: now.MonoNs}
	ev.ClockState, ev.BoundNs = uint8(now.State), now.BoundNs
	b.Core.Decide(ev, d)
	room, ok := b.Journal.Reserve(b.Core.RecordSize(ev, d))
	if !ok {
		return errNoRoom
	}
	size := b.Core.EncodeRecord(room, ev, d)
	at := b.Journal.Commit(&journal.Header{Type: uint16(ev.Kind), UTCNs: now.UTCNs, MonoNs: now.MonoNs, Link: ev.Link,
		ClockState: ev.ClockState, BoundNs: ev.BoundNs, Flags: d.HeaderFlags()}, size)
	b.Numbering.Note(d, b.Core, at)
	b.Core.Apply(ev, d)
	return nil
}
