package engine

import (
	"portcullis/fix/link"
	"portcullis/gate/core"
	"portcullis/gate/journal"
)

// placement says that the output of one link goes into another buffer while its own is rebuilt.
type placement struct {
	link uint32 // noLink: none
	out  *sendBuffer
}

// withdraw takes orders that may not leave any more out of every venue's send buffer, as far as no byte of them has
// left: those of killed scopes, and with durability: sync those that the disk has failed to keep. Until that is done
// nothing is written toward a venue. On a journal without room it is taken up again in the next cycle.
func (e *Engine) withdraw() {
	for _, c := range e.conns {
		switch {
		case c == nil || !c.venue:
		case c.ending:
			if e.holdsHalf(c) || e.holdsStopped(c) {
				c.discard() // whatever did not leave is settled when the line comes back
			}
		case e.holdsStopped(c) && !e.withdrawFrom(c):
			return
		default:
			e.press(c)
		}
	}
	e.withdrawing = false
}

// holdsHalf reports whether an order that is killed by now has begun to leave: it cannot be taken back.
func (e *Engine) holdsHalf(c *conn) bool {
	if !c.venue {
		return false
	}
	for i := range c.out.begun() {
		if e.isKilled(c.out.at(i)) {
			return true
		}
	}
	return false
}

// halfSent reports whether a kill's acknowledgement has to wait for the rest of a killed order to leave. A venue that
// does not take it in time loses its line: half a message means nothing to it, the order is settled on reconnect
// as one that did not arrive, and the cancels owed go first then.
func (e *Engine) halfSent() bool {
	waits := false
	for _, c := range e.conns {
		if c == nil || !e.holdsHalf(c) {
			continue
		}
		if e.halfNs == 0 {
			e.halfNs = e.now.MonoNs
		}
		if e.now.MonoNs-e.halfNs < e.halfOutNs {
			waits = true
			continue
		}
		e.counters.now[KilledHalfway]++
		e.clerk.tell(notice{what: killedHalfway, link: c.link, conn: c.number})
		e.finish(c, core.KilledHalfway, false)
	}
	if !waits {
		e.halfNs = 0
	}
	return waits
}

// holdsStopped reports whether a send buffer holds an order to withdraw.
func (e *Engine) holdsStopped(c *conn) bool {
	for i := c.out.begun(); i < c.out.count; i++ {
		if e.isStopped(c.out.at(i)) {
			return true
		}
	}
	return false
}

func (e *Engine) isStopped(m *outgoing) bool {
	return e.isKilled(m) || m.kind == link.OrderMessage && !e.kept(m.position)
}

// kept reports whether the disk has kept what is recorded before a position, or still may.
func (e *Engine) kept(position journal.Position) bool {
	return !e.cfg.Sync || !e.failed() || position <= e.durable
}

func (e *Engine) isKilled(m *outgoing) bool {
	return m.kind == link.OrderMessage && e.core.Killed(m.request)
}

// withdrawFrom rebuilds a send buffer without its stopped orders. What the core sends on this link instead, a gap fill,
// takes the place of the order, so the sequence numbers stay in order; the rest of its answer goes the usual way.
func (e *Engine) withdrawFrom(c *conn) bool {
	old, rebuilt := c.out, e.spare
	rebuilt.reset()
	rebuilt.base, rebuilt.done, rebuilt.sealed = old.base+uint64(old.head), old.done, old.sealed
	e.place = placement{link: c.link, out: rebuilt}
	complete := true
	for i := range old.count {
		m := old.at(i)
		if complete && i >= old.begun() && e.isStopped(m) {
			e.event(core.Withdrawn, c.link)
			e.ev.Conn, e.ev.Seq, e.ev.Request = c.number, m.seq, m.request
			if complete = e.step(); complete {
				e.counters.now[Withdrawals]++
				continue
			}
		}
		if !rebuilt.push(old.message(i), *m) {
			e.slow(c)
			break
		}
	}
	e.place = placement{link: noLink}
	c.out, e.spare = rebuilt, old
	if c.ending {
		c.discard()
	}
	return complete
}
