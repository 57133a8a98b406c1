package sim

import (
	"slices"

	"portcullis/clocksync"
	"portcullis/gate/core"
	"portcullis/gate/journal"
)

// faults is what breaks.
type faults struct {
	w        *World
	calls    int   // system calls until the process dies in one; 0: it does not
	killCall int   // until a kill comes in the middle of a cycle
	downTo   int64 // the process is started again no earlier
	lost     bool  // the machine died: what was not durable is gone
}

func (f *faults) note(name string) { f.w.cover.fault(f.w, name) }

// size is how many bytes of so many move at once: all, some, or one.
func (f *faults) size(n int) int {
	if f.w.quiet || n == 0 {
		return n
	}
	switch f.w.r.IntN(6) {
	case 0:
		return 1
	case 1:
		return f.w.r.IntN(min(n, 300) + 1)
	}
	return n
}

// act breaks something.
func (f *faults) act() {
	r := f.w.r
	p := f.w.peers[r.IntN(len(f.w.peers))]
	switch r.IntN(20) {
	case 0, 1, 2:
		f.disconnect(p)
	case 3, 4:
		f.garble(p)
	case 5, 6:
		f.note("peer reads nothing")
		p.deaf = f.w.clock.nowNs + r.Int64N(4_000_000_000)
	case 7:
		f.note("numbers reset")
		p.asking = !p.venue
		if p.up() && !p.venue && f.w.chance(2) { // a venue whose reset is not answered needs a human
			p.restart()
		}
	case 8:
		f.note("clock steps")
		f.w.clock.offUTC += r.Int64N(4_000_000_000) - 2_000_000_000
	case 9:
		f.note("clock unknown")
		f.w.clock.state = []clocksync.State{clocksync.Unknown, clocksync.Unsynchronised, clocksync.Unsynchronised}[r.IntN(3)]
	case 10, 11:
		f.disk()
	case 12, 13:
		f.crashSoon()
	case 14:
		f.note("machine dies")
		f.die(true, "with its machine")
	case 15:
		f.stop()
	case 16, 17:
		f.killCall = 1 + r.IntN(6)
	case 18:
		f.logout(p)
	case 19:
		f.note("crash")
		f.die(false, "by kill -9")
	}
}

func (f *faults) disconnect(p *peer) {
	if p.c == nil {
		return
	}
	f.note("disconnect")
	f.w.log("%s: connection breaks", p.name)
	p.hangUp(f.w.r.IntN(len(p.c.flight) + 1))
	p.nextNs = f.w.clock.nowNs + f.w.r.Int64N(3_000_000_000)
}

// logout ends a session as it should be.
func (f *faults) logout(p *peer) {
	if !p.up() {
		return
	}
	f.note("logout")
	p.logout()
}

// garble spoils a byte under way, in either direction.
func (f *faults) garble(p *peer) {
	if p.c == nil {
		return
	}
	b := p.c.flight
	if f.w.chance(2) {
		b = p.c.out
	}
	if len(b) > 0 {
		f.note("garbled byte")
		b[f.w.r.IntN(len(b))] ^= byte(1 << f.w.r.IntN(7))
	}
}

func (f *faults) disk() {
	d := f.w.disk
	switch f.w.r.IntN(6) {
	case 0:
		f.note("disk full")
		d.space = min(d.space, journal.Full)
	case 1:
		f.note("disk nearly full")
		d.space = min(d.space, journal.ReserveOnly)
	case 2:
		f.note("disk fails")
		d.space = journal.Failed
	default:
		if d.space != journal.Failed {
			d.space = journal.Ample
		}
	}
}

// crashSoon ends the process in the middle of a cycle: before a record, behind it, or in a system call.
func (f *faults) crashSoon() {
	n := 1 + f.w.r.IntN(8)
	count := func() {
		if n--; n == 0 {
			panic(died{"at a record"})
		}
	}
	switch f.w.r.IntN(3) {
	case 0:
		f.note("crash before a record")
		f.w.disk.before = count
	case 1:
		f.note("crash behind a record")
		f.w.disk.after = count
	default:
		f.note("crash in a system call")
		f.calls = n
	}
}

// atCall is what may happen while the engine is in a system call.
func (f *faults) atCall() {
	if f.killCall > 0 {
		if f.killCall--; f.killCall == 0 {
			f.w.operator.kill()
		}
	}
	if f.calls > 0 {
		if f.calls--; f.calls == 0 {
			panic(died{"in a system call"})
		}
	}
}

// die ends the process at once; with its machine, what was not durable is lost.
func (f *faults) die(machine bool, how string) {
	f.w.log("gate: dies %s", how)
	f.w.host.end()
	if machine {
		d := f.w.disk
		f.lost = true
		if !f.w.profile.sync || d.space == journal.Failed {
			f.w.forgets = true // output did not wait until its record was durable
		}
		keep := d.durable + f.w.r.IntN(len(d.records)-d.durable+1)
		f.w.clock.reboot()
		d.cut(keep)
		f.w.follower.cut()
		f.w.operator.kills = nil // one that was not durable is gone
	}
}

// stop is an orderly end.
func (f *faults) stop() {
	h := f.w.host
	if h.hand == nil || h.stopping {
		return
	}
	f.note("orderly stop")
	h.stopping = true
	f.w.must(h.hand.Stop(core.Command{Kind: core.CmdStop, Actor: "gate", Reason: "simulated"}))
}

// turn starts the process again when it is down.
func (f *faults) turn() {
	h := f.w.host
	if h.hand != nil {
		f.downTo = 0
		return
	}
	if f.downTo == 0 {
		f.downTo = f.w.clock.nowNs + f.w.r.Int64N(2_000_000_000)
		f.calls, f.killCall = 0, 0
	}
	if f.w.clock.nowNs < f.downTo && !f.w.quiet {
		return
	}
	if f.w.chance(3) && !f.w.quiet {
		f.note("limits changed")
		f.w.profile.variant = uint64(f.w.r.IntN(len(variants)))
	}
	d := f.w.disk
	d.open()
	d.variants = append(slices.Clip(d.variants), variantFrom{len(d.records), f.w.profile.variant})
	f.w.log("gate: starts, epoch %d, %d records, limits %d", d.epoch, len(d.records), f.w.profile.variant)
	lost := f.lost
	f.lost = false
	f.w.follower.catchUp()
	f.w.reloads.restart(f.w.follower.core)
	f.w.follower.rebuild()
	h.start(lost, lost)
	if h.hand == nil {
		f.lost = lost
	}
}
