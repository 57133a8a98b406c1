package sim

import (
	"fmt"

	"github.com/rs/zerolog"

	"portcullis/fix/link"
	"portcullis/gate/bind"
	"portcullis/gate/core"
	"portcullis/gate/engine"
)

// host is the machine that the gate runs on, and its process.
type host struct {
	w        *World
	net      *net
	live     *marked // nil: no process runs
	hand     *engine.Hand
	engine   *engine.Engine
	replies  []waiting
	stopping bool
}

// waiting is a command whose reply has not come.
type waiting struct {
	command core.Command
	reply   <-chan core.Reply
}

// marked is a core whose messages raise the journal's marks and are noted for resends, as the gate has it.
type marked struct {
	*core.Core
	disk      *disk
	numbering *bind.Numbering
	check     *check
}

// EncodeRecord is the core's.
func (m *marked) EncodeRecord(dst []byte, ev *core.Event, d *core.Decision) int {
	for i := range d.Out.Count {
		m.disk.RaiseMark(d.Out.Outs[i].Link, d.Out.Outs[i].Seq)
	}
	if ev.Kind == core.CommandGiven && d.SessionStep {
		m.disk.RaiseMark(ev.Link, d.Link.NextOut)
	}
	m.numbering.Note(d, m.Core, m.disk.Appended())
	return m.Core.EncodeRecord(dst, ev, d)
}

// Apply is the core's; then all must hold.
func (m *marked) Apply(ev *core.Event, d *core.Decision) {
	m.Core.Apply(ev, d)
	m.check.applied(m.Core)
}

// died is the panic by which a process ends in the middle of something.
type died struct{ why string }

// start begins a process on what the disk holds. It may die in it.
func (h *host) start(rebooted, lost bool) {
	w := h.w
	h.stopping = false
	h.protected(func() {
		c := w.newCore()
		clock := &bind.Clock{Source: w.clock}
		numbering := bind.NewNumbering(len(c.Setup().Links))
		var ev core.Event
		d := new(core.Decision)
		lastNs := int64(0)
		for i := range w.disk.records {
			w.disk.records[i].decode(&ev, d)
			numbering.Note(d, c, positionOf(i))
			c.Apply(&ev, d)
			lastNs = ev.Now.MonoNs
		}
		w.check.recovered(c)
		clock.StartAfter(lastNs)
		boot := &bind.Boot{Core: c, Journal: w.disk, Clock: clock, Numbering: numbering}
		if lost {
			w.must(boot.SayLost(w.disk.Mark))
		}
		w.must(boot.CloseLinks())
		if c.TradeDate() != w.date {
			w.must(boot.Command(core.Command{Kind: core.CmdRoll, Target: uint64(w.date), Reason: "start"}))
		}
		w.check.applied(c)
		h.live = &marked{Core: c, disk: w.disk, numbering: numbering, check: w.check}
		h.net = &net{w: w}
		history := bind.NewHistory(w.disk.Appended, func() (bind.Records, error) { return w.disk, nil }, numbering)
		e, err := engine.New(h.config(), engine.Parts{Core: h.live, Journal: w.disk, Clock: clock,
			Egress: bind.NewEgress(c, w.profile.orders, c.Setup().Alloc), History: history, Sockets: h.net})
		w.must(err)
		h.engine, h.hand = e, engine.ByHand(e)
		w.must(h.hand.Begin(engine.Start{Rebooted: clock.Rebooted || rebooted, BootEpoch: uint64(w.disk.epoch), ConfigHash: variantData(w.profile.variant)}))
	})
}

func (h *host) config() engine.Config {
	links := make([]engine.Link, len(linkNames))
	for l, name := range linkNames {
		links[l] = engine.Link{Name: name, Venue: l >= xsim}
	}
	return engine.Config{Links: links, MessageBytesMax: 2048, SlowBytesMax: 64 << 10, VenueBytesMax: 512 << 10, Sync: h.w.profile.sync,
		ClockForbidden: 1, EncodeCommand: func(dst []byte, m *core.Command) []byte { return m.Append(dst) },
		KillAll: core.Command{Kind: core.CmdKill, Scope: firmScope, Actor: "gate", Reason: "lane full"}, Log: zerolog.Nop()}
}

// cycle lets the process go on. It may die in it, or have finished.
func (h *host) cycle() {
	if h.hand == nil {
		return
	}
	goesOn := true
	h.protected(func() { goesOn = h.hand.Cycle() })
	if h.hand == nil {
		return
	}
	h.hear()
	if !goesOn {
		h.w.log("gate: has stopped")
		h.end()
		h.w.disk.sync()
	}
}

// hear takes replies.
func (h *host) hear() {
	kept := h.replies[:0]
	for _, x := range h.replies {
		select {
		case r := <-x.reply:
			h.w.log("gate: reply %+v", r)
			h.w.cover.reply(r.Code)
			h.w.operator.answered(&x.command, r)
		default:
			kept = append(kept, x)
		}
	}
	h.replies = kept
}

// give gives a command.
func (h *host) give(m core.Command) {
	if h.hand == nil {
		return
	}
	if m.Actor = fmt.Sprint("user", m.UID); m.Reason == "" {
		m.Reason = "simulated"
	}
	h.w.log("gate: command %d scope %d index %d target %d", m.Kind, m.Scope, m.Index, m.Target)
	reply, err := h.hand.Give(m)
	if err == nil {
		h.replies = append(h.replies, waiting{m, reply})
	}
}

// protected runs a part of the process, which may die.
func (h *host) protected(f func()) {
	defer func() {
		switch x := recover().(type) {
		case nil:
		case died:
			h.w.log("gate: dies %s", x.why)
			h.end()
		default:
			panic(x)
		}
	}()
	f()
}

// end is the end of the process.
func (h *host) end() {
	if h.hand != nil {
		h.hand.End()
		for fd := range h.net.conns {
			h.net.Drop(fd)
		}
	}
	h.hand, h.engine, h.live, h.replies = nil, nil, nil, nil
	h.w.disk.before, h.w.disk.after = func() {}, func() {}
}

// decode reads a record back.
func (r *record) decode(ev *core.Event, d *core.Decision) {
	if err := core.DecodeRecord(r.payload, ev, d); err != nil {
		panic(err)
	}
	h := &r.header
	ev.Link, ev.ClockState, ev.BoundNs = h.Link, h.ClockState, h.BoundNs
	ev.Now = link.Now{UTCNs: h.UTCNs, MonoNs: h.MonoNs}
}
