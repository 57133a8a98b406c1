package engine

import (
	"portcullis/gate/core"
)

// finish begins the end of a connection: no more input, no more output. With drain, bytes that wait may still leave,
// for at most drainNs; without, they are dropped at once.
func (e *Engine) finish(c *conn, cause core.CloseCause, drain bool) {
	if !drain {
		c.drop()
	}
	if c.ending {
		return
	}
	c.ending, c.cause, c.endNs = true, cause, e.now.MonoNs+drainNs
	e.ending = append(e.ending, c)
}

// closeEnding closes the connections that have drained or had their time, and tells the core.
func (e *Engine) closeEnding() {
	for i := len(e.ending) - 1; i >= 0; i-- {
		c := e.ending[i]
		if c.out.unsent() > 0 && !c.broken && e.now.MonoNs < c.endNs {
			e.write(c)
		}
		if c.out.unsent() > 0 && !c.broken && e.now.MonoNs < c.endNs {
			continue
		}
		c.drop()
		e.event(core.Closed, c.link)
		e.ev.Conn, e.ev.Code, e.ev.Seq = c.number, uint8(c.cause), c.lost
		if !e.handle() {
			return
		}
		e.close(c)
		last := len(e.ending) - 1
		e.ending[i], e.ending[last] = e.ending[last], nil
		e.ending = e.ending[:last]
	}
}

// close forgets a connection. Its descriptor is closed elsewhere: a peer that still sends must not make the kernel
// throw away our last message, so somebody reads until it stops.
func (e *Engine) close(c *conn) {
	c.farewell()
	e.sockets.Remove(c.fd)
	e.conns[c.link] = nil
	e.buffers[c.link].out = c.out // a withdrawal may have exchanged it
	e.resender.endRun(c.link)
	e.counters.now[Closures]++
	e.clerk.tell(notice{what: closed, link: c.link, conn: c.number, value: uint64(c.cause)})
	e.claims[c.link].Store(claimFree) // before the peer sees the end: it may come back at once
	e.sockets.Linger(c.fd)
}
