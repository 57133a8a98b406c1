package engine

import (
	"portcullis/fix"
	"portcullis/gate/core"
)

// visit serves each link that was ready when the visit began, once. Those with work left wait at the end of the ring.
func (e *Engine) visit(ring *readyRing) {
	for n := ring.len(); n > 0 && !e.stalled; n-- {
		link := ring.pop()
		if c := e.conns[link]; c != nil && e.serve(c) {
			ring.push(link)
		}
	}
}

// serve handles up to visitMessagesMax messages of one link and reads at most once. True: there is more to do.
func (e *Engine) serve(c *conn) bool {
	mayRead := true
	for n := 0; n < visitMessagesMax && !c.ending; {
		if done, ok := e.takeEarly(c); !done {
			if n++; !ok {
				return true
			}
			continue
		}
		size, framing := fix.Frame(c.pending(), e.cfg.MessageBytesMax)
		if framing == fix.Partial {
			if c.eof {
				e.endOfInput(c)
				return false
			}
			if !mayRead || !c.readable {
				return c.readable
			}
			mayRead = false
			e.read(c)
			continue
		}
		n++
		if e.front.kills.waiting() {
			e.killLane()
		}
		if e.stalled || !e.take(c, size, framing) {
			return true
		}
	}
	return !c.ending
}

// read fills the receive buffer once. The gate's own latency is measured from the moment at which it returns.
func (e *Engine) read(c *conn) {
	n := c.read()
	e.stamp()
	c.readNs = e.now.MonoNs
	if n > 0 {
		e.inputNs = e.now.MonoNs
	}
	e.counters.now[Reads]++
	e.counters.now[BytesIn] += uint64(n)
	if c.eof && c.cause == core.TLSFailed {
		e.clerk.tell(notice{what: tlsFailed, link: c.link, conn: c.number, text: c.secure.failure.Error()})
	}
}

// take handles what fix.Frame found at the head of the input. False: the journal has no room; the bytes stay where
// they are.
func (e *Engine) take(c *conn, size int, framing fix.Framing) bool {
	switch {
	case framing == fix.Whole:
		e.event(core.Message, c.link)
		e.ev.Conn, e.ev.Data = c.number, c.in[c.r:c.r+size]
		e.readNs = c.readNs
		ok := e.handle()
		e.readNs = 0
		if !ok {
			return false
		}
		e.counters.now[MessagesIn]++
		c.garbled = false
		c.consume(size)
	case framing == fix.TooLong:
		e.counters.now[Oversized]++
		e.clerk.tell(notice{what: oversized, link: c.link, conn: c.number, value: uint64(size)})
		e.finish(c, core.MessageSize, true)
	default:
		return e.skip(c, size, framing)
	}
	return true
}

// skip drops bytes that are no message. A run of them is one event, however often it was cut.
func (e *Engine) skip(c *conn, size int, framing fix.Framing) bool {
	if !c.garbled {
		e.event(core.Garbled, c.link)
		e.ev.Conn, e.ev.Code, e.ev.Seq = c.number, uint8(framing), uint64(size)
		if !e.handle() {
			return false
		}
		c.garbled = true
		e.counters.now[GarbledRuns]++
		e.clerk.tell(notice{what: garbled, link: c.link, conn: c.number, value: uint64(framing)})
	}
	e.counters.now[GarbledBytes] += uint64(size)
	c.consume(size)
	return true
}

// endOfInput closes a connection that the peer has ended, once all of its whole messages are handled.
func (e *Engine) endOfInput(c *conn) {
	if c.r != c.w {
		e.counters.now[Truncated]++
	}
	e.finish(c, c.cause, !c.venue) // a participant may have logged out and await the answer
}
