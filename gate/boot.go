package gate

import (
	"errors"

	"portcullis/clocksync"
	"portcullis/fix/link"
	"portcullis/gate/core"
	"portcullis/gate/journal"
)

// bootClock continues the monotonic time of the journal over reboots of the machine, which start
// it anew: windows and ages of the state would not survive a step back.
type bootClock struct {
	clocksync.Source
	offsetNs int64
	rebooted bool
}

func (c *bootClock) startAfter(lastNs int64) {
	if now := c.Source.Now().MonoNs; now <= lastNs {
		c.offsetNs, c.rebooted = lastNs-now+1, true
	}
}

// Now is the stamp of the moment, monotonic over the journal's whole life.
func (c *bootClock) Now() clocksync.Stamp {
	s := c.Source.Now()
	s.MonoNs += c.offsetNs
	return s
}

// boot writes what a start has to say before the first connection: that a tail was lost, and numbers
// above those that it may have used, that no connection outlived the last process, a new trade date, start-of-day
// positions. It runs before the engine, and takes the same way as every event: Decide, append, Apply.
func (g *Gate) boot(date uint32) error {
	d := new(core.Decision)
	if err := g.sayLost(d); err != nil {
		return err
	}
	if err := g.closeLinks(d); err != nil {
		return err
	}
	if g.core.TradeDate() != date {
		if err := g.command(core.Command{Kind: core.CmdRoll, Target: uint64(date), Reason: "trade date at start"}, d); err != nil {
			return err
		}
	}
	if err := g.loadPositions(date, d); err != nil {
		return err
	}
	return g.raiseMarks(marksWithin)
}

// sayLost says that the last tail was lost, before anything else, and which venues a human has to accept
// since this or an earlier loss.
func (g *Gate) sayLost(d *core.Decision) error {
	if g.journal.Recovery().TailLost {
		if err := g.record(&core.Event{Kind: core.TailLost, Link: core.NoIndex}, d); err != nil {
			return err
		}
		for l := range g.core.Setup().Links {
			if mark := g.journal.Mark(uint32(l)); mark >= g.core.LinkState(uint32(l)).NextOut {
				if err := g.record(&core.Event{Kind: core.Numbered, Link: uint32(l), Seq: mark + 1}, d); err != nil {
					return err
				}
			}
		}
	}
	for n := range g.core.Setup().Venues {
		if v := &g.core.Setup().Venues[n]; v.Link != core.NoIndex && g.core.Venue(uint32(n)).RecordsLost {
			g.log.Error().Str("venue", v.Name).Msg("the journal's last records were lost: the " +
				"venue may have orders of which the gate knows nothing, so it takes no new order and no replace; settle " +
				"its open orders with its desk, then say gate accept VENUE --reason WHY")
		}
	}
	return nil
}

// closeLinks says of each link that was connected when the last process ended that it is not any more.
func (g *Gate) closeLinks(d *core.Decision) error {
	for l := range uint32(len(g.core.Setup().Links)) {
		if g.core.Phase(l) == link.Down && g.core.Conn(l) == 0 {
			continue
		}
		ev := &core.Event{Kind: core.Closed, Link: l, Conn: g.core.Conn(l), Code: uint8(core.ProcessEnded)}
		if err := g.record(ev, d); err != nil {
			return err
		}
	}
	return nil
}

func (g *Gate) command(m core.Command, d *core.Decision) error {
	m.ID, m.Actor = 1, "gate"
	return g.record(&core.Event{Kind: core.CommandGiven, Link: core.NoIndex, Data: m.Append(nil)}, d)
}

var errNoRoom = errors.New("the journal has no room: free space where it lies")

// record takes one event through Decide, the journal and Apply.
func (g *Gate) record(ev *core.Event, d *core.Decision) error {
	now := g.clock.Now()
	ev.Now = link.Now{UTCNs: now.UTCNs, MonoNs: now.MonoNs}
	ev.ClockState, ev.BoundNs = uint8(now.State), now.BoundNs
	g.core.Decide(ev, d)
	room, ok := g.journal.Reserve(g.core.RecordSize(ev, d))
	if !ok {
		return errNoRoom
	}
	size := g.core.EncodeRecord(room, ev, d)
	at := g.journal.Commit(&journal.Header{Type: uint16(ev.Kind), UTCNs: now.UTCNs, MonoNs: now.MonoNs, Link: ev.Link,
		ClockState: ev.ClockState, BoundNs: ev.BoundNs}, size)
	g.numbering.note(d, g.core, at)
	g.core.Apply(ev, d)
	return nil
}
