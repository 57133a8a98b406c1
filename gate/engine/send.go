package engine

import (
	"portcullis/fix/link"
	"portcullis/gate/core"
	"portcullis/gate/journal"
)

// push puts a message into the send buffer of its link. A buffer without room means a
// peer that reads too slowly: it is cut, and asks for what it missed when it comes back.
func (e *Engine) push(c *conn, out *link.Out, bytes []byte) {
	m := outgoing{seq: out.Seq, position: e.position, readNs: e.readNs, request: out.Request, kind: out.Kind}
	if e.place.link == c.link {
		if !e.place.out.push(bytes, m) {
			e.slow(c)
		}
		return
	}
	if !c.out.push(bytes, m) {
		c.lose(out.Seq)
		e.slow(c)
		return
	}
	e.unsent.add(c.link)
	if e.oldestNs == 0 {
		e.oldestNs = e.now.MonoNs
	}
	c.batchMessages++
	c.batchBytes += len(bytes)
	if c.batchMessages >= flushMessagesMax || c.batchBytes >= flushBytesMax {
		e.batchFull = true
	}
}

// slow cuts a connection whose send buffer has no room for its next message.
func (e *Engine) slow(c *conn) {
	e.counters.now[SlowConsumers]++
	e.clerk.tell(notice{what: slowConsumer, link: c.link, conn: c.number, value: uint64(c.out.unsent())})
	e.finish(c, core.SlowConsumer, false)
}

// flush writes what waits, link by link, and notes which peers do not take it.
func (e *Engine) flush() {
	e.oldestNs, e.batchFull = 0, false
	e.watchDurable()
	for i := len(e.unsent.links) - 1; i >= 0; i-- {
		c := e.conns[e.unsent.links[i]]
		if c != nil && c.out.unsent() > 0 {
			if c.writable || e.now.MonoNs-c.triedNs > retryNs {
				e.write(c)
			} else {
				e.press(c)
			}
		}
		if c == nil || c.out.unsent() == 0 {
			e.unsent.removeAt(i)
		}
	}
	if e.pressed {
		e.watchPressure()
	}
}

// watchDurable reads how far the journal is durable, where that matters.
func (e *Engine) watchDurable() {
	if e.cfg.Sync {
		e.durable = e.journal.Durable()
	}
}

// failed reports whether the disk has failed, so that nothing more becomes durable. Orders whose records are not
// durable are taken back; all else, and the replies to commands, must not wait for what never comes.
func (e *Engine) failed() bool { return e.space == journal.Failed }

// counts reports whether what is recorded before a position may be acted upon.
func (e *Engine) counts(position journal.Position) bool {
	return !e.cfg.Sync || e.failed() || position <= e.durable
}

// write hands a link's unsent bytes to the kernel. Bytes toward a venue stay while a kill waits, which may take them
// back.
func (e *Engine) write(c *conn) {
	c.batchMessages, c.batchBytes = 0, 0
	if c.venue && (e.withdrawing || e.front.kills.waiting()) {
		return
	}
	size := c.out.unsent()
	if e.cfg.Sync && !e.failed() {
		size = c.out.sendable(e.durable)
	}
	if size == 0 {
		e.press(c)
		return
	}
	n := c.write(size)
	e.stamp()
	c.triedNs = e.now.MonoNs
	if c.venue {
		e.venueOutNs = e.now.MonoNs
	}
	e.counters.now[Writes]++
	e.counters.now[BytesOut] += uint64(n)
	e.taken(c)
	switch {
	case c.broken:
		e.lineUp(c)
	case n == size:
		c.stuckNs = 0
	case c.stuckNs == 0:
		c.stuckNs = e.now.MonoNs
	}
	e.press(c)
}

// taken forgets the messages that the kernel has in full.
func (e *Engine) taken(c *conn) {
	for {
		m, ok := c.out.pop()
		if !ok {
			break
		}
		e.counters.now[MessagesOut]++
		if m.readNs != 0 {
			e.counters.gate.record(e.now.MonoNs - m.readNs)
		}
	}
	if c.out.unsent() < unsentBytesMax {
		e.resender.credit(c.link)
	}
}

// press notes that a link has to be told blocked or writable. The event is given later: a decision may be at hand.
func (e *Engine) press(c *conn) {
	if e.isStuck(c) != c.blocked {
		e.pressed = true
	}
}

// isStuck reports whether a peer takes too little. Once a link is blocked, it stays so until its buffer has drained. A
// participant is blocked well before it is cut: a resend goes no faster than it reads. A venue that has got half of a
// killed order may be about to lose its line: its cancels are owed, rather than put behind that half.
func (e *Engine) isStuck(c *conn) bool {
	unsent := c.out.unsent()
	switch {
	case c.blocked:
		return c.broken || unsent > 0
	case !c.venue:
		return unsent > e.cfg.SlowBytesMax/slowBlockedPart
	}
	return unsent > heldBytesMax ||
		c.stuckNs != 0 && (unsent > unsentBytesMax || e.now.MonoNs-c.stuckNs > unsentAgeNs || e.holdsHalf(c))
}

// watchPressure tells the core which links became blocked or writable. Where the journal has no room, the next flush
// tries again.
func (e *Engine) watchPressure() {
	for _, c := range e.conns {
		if c == nil || c.ending || e.isStuck(c) == c.blocked {
			continue
		}
		e.event(core.Writable, c.link)
		if !c.blocked {
			e.event(core.Blocked, c.link)
			if c.venue {
				e.counters.now[BlockedCount]++
			}
		}
		e.ev.Conn = c.number
		if !e.step() {
			return
		}
		c.blocked = !c.blocked
	}
	e.pressed = false
}
