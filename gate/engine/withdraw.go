package engine

import (
	"portcullis/fix/link"
	"portcullis/gate/core"
)

// placement says that the output of one link goes into another buffer for now.
type placement struct {
	link uint32 // noLink: none
	out  *sendBuffer
}

// withdraw takes orders of killed scopes out of every venue's send buffer, as far as no byte of them has left. Until
// that is done nothing is written toward a venue. On a journal without room it is taken up again in the next cycle.
func (e *Engine) withdraw() {
	for _, c := range e.conns {
		switch {
		case c == nil || !c.venue || !e.holdsKilled(c):
		case c.ending:
			c.out.reset() // whatever did not leave is settled when the line comes back
		case !e.withdrawFrom(c):
			return
		}
	}
	e.withdrawing = false
}

// holdsKilled reports whether a send buffer holds an order to withdraw.
func (e *Engine) holdsKilled(c *conn) bool {
	for i := c.out.begun(); i < c.out.count; i++ {
		if e.isKilled(c.out.at(i)) {
			return true
		}
	}
	return false
}

func (e *Engine) isKilled(m *outgoing) bool {
	return m.kind == link.OrderMessage && e.core.Killed(m.request)
}

// withdrawFrom rebuilds a send buffer without its killed orders. What the core sends on this link instead, a gap fill,
// takes the place of the order, so the sequence numbers stay in order; the rest of its answer goes the usual way.
func (e *Engine) withdrawFrom(c *conn) bool {
	old, rebuilt := c.out, e.spare
	rebuilt.reset()
	rebuilt.base, rebuilt.done = old.base+uint64(old.head), old.done
	e.place = placement{link: c.link, out: rebuilt}
	complete := true
	for i := range old.count {
		m := old.at(i)
		if complete && i >= old.begun() && e.isKilled(m) {
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
		c.out.reset()
	}
	return complete
}
