package engine

import (
	"portcullis/fix"
	"portcullis/gate/core"
)

// visit gives each link of a class its turn, in the order in which they came, until the class has had its messages of this
// cycle; the others are the first of the next. The more wait, the shorter is a turn.
func (e *Engine) visit(class class) {
	ring := &e.ready[class]
	turn := max(1, cycleMessagesMax/max(1, ring.len()))
	for n, left := ring.len(), cycleMessagesMax; n > 0 && left > 0 && !e.stalled; n-- {
		c := e.conns[ring.pop()]
		if c == nil {
			continue
		}
		took, more := e.serve(c, turn)
		left -= max(took, 1)
		switch {
		case class == venues && more:
			ring.push(c.link)
		case more, class == quiet && e.ready[busy].len() > 0:
			e.ready[busy].push(c.link)
		}
	}
}

// serve handles at most so many messages of one link and reads at most once. It says how many it took, and whether there is
// more to do.
func (e *Engine) serve(c *conn, most int) (took int, more bool) {
	mayRead := true
	for took < most && !c.ending {
		if done, ok := e.takeEarly(c); !done {
			if took++; !ok {
				return took, true
			}
			continue
		}
		size, framing := fix.Frame(c.pending(), e.cfg.MessageBytesMax)
		if framing == fix.Partial {
			if c.eof {
				e.endOfInput(c)
				return took, false
			}
			if !mayRead || !c.readable {
				return took, c.readable
			}
			mayRead = false
			e.read(c)
			continue
		}
		took++
		if e.front.kills.waiting() {
			e.killLane()
		}
		if e.stalled || !e.take(c, size, framing) {
			return took, true
		}
	}
	return took, !c.ending
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
