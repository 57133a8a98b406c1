package engine

import (
	"slices"

	"portcullis/gate/core"
)

// The bounds of what is kept of one connection. What does not fit is dropped: the peer was asked for everything from
// the gap on and sends it again.
const (
	earlyMessagesMax = 1024
	earlyBytesMax    = 256 << 10
)

// early holds the messages of one connection that came above a gap, by ascending MsgSeqNum, until their number is
// expected. It has no memory until the first gap.
type early struct {
	bytes    []byte
	messages []earlyMessage
}

type earlyMessage struct {
	seq        uint64
	start, end int
}

// keep copies a message, unless it is there or does not fit.
func (e *early) keep(seq uint64, b []byte) {
	at, there := slices.BinarySearchFunc(e.messages, seq, earlyMessage.order)
	if there || len(e.messages) == earlyMessagesMax || len(e.bytes)+len(b) > earlyBytesMax {
		return
	}
	e.messages = slices.Insert(e.messages, at, earlyMessage{seq, len(e.bytes), len(e.bytes) + len(b)})
	e.bytes = append(e.bytes, b...)
}

func (m earlyMessage) order(seq uint64) int {
	switch {
	case m.seq < seq:
		return -1
	case m.seq > seq:
		return 1
	}
	return 0
}

// due drops what is below next and returns the message with that number, nil if it is not there.
func (e *early) due(next uint64) []byte {
	for len(e.messages) > 0 && e.messages[0].seq < next {
		e.drop()
	}
	if len(e.messages) == 0 || e.messages[0].seq > next {
		return nil
	}
	return e.bytes[e.messages[0].start:e.messages[0].end]
}

// drop forgets the lowest number.
func (e *early) drop() {
	if e.messages = slices.Delete(e.messages, 0, 1); len(e.messages) == 0 {
		e.bytes = e.bytes[:0]
	}
}

// clear forgets all.
func (e *early) clear() { e.messages, e.bytes = e.messages[:0], e.bytes[:0] }

// takeEarly gives the message again whose number has come. done: there was none; ok is false if the journal has no
// room, and it stays where it is.
func (e *Engine) takeEarly(c *conn) (done, ok bool) {
	if len(c.early.messages) == 0 {
		return true, true
	}
	b := c.early.due(e.core.NextIn(c.link))
	if b == nil {
		return true, true
	}
	if e.front.kills.waiting() {
		e.killLane()
	}
	if e.stalled {
		return false, false
	}
	e.event(core.Message, c.link)
	e.ev.Conn, e.ev.Code, e.ev.Data = c.number, core.WasEarly, b
	if !e.handle() {
		return false, false
	}
	if len(c.early.messages) > 0 { // the message may have begun the numbers anew
		c.early.drop()
	}
	return false, true
}
