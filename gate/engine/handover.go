package engine

import (
	"errors"
	"fmt"

	"portcullis/gate/core"
)

// The states of a link's claim.
const (
	claimFree  = 0
	claimTaken = 1
)

// Claim takes the right to hand over the next connection of link. False: the link has a connection, somebody else is
// about to hand one over, or the engine is stopping.
func (e *Engine) Claim(link uint32) bool {
	return e.stopNs.Load() == 0 && e.claims[link].CompareAndSwap(claimFree, claimTaken)
}

// Release gives back a claim that was not used.
func (e *Engine) Release(link uint32) { e.claims[link].Store(claimFree) }

// Idle reports whether link has no connection and nobody has claimed it.
func (e *Engine) Idle(link uint32) bool { return e.claims[link].Load() == claimFree }

// Held reports whether an operator holds link down: it takes no connection.
func (e *Engine) Held(link uint32) bool { return e.held[link].Load() }

// Conn is a connection to hand over.
type Conn struct {
	FD     int     // a connected TCP socket; from a successful Handover on the engine owns it
	Link   uint32  // claimed by the caller
	First  []byte  // bytes read already: the Logon, its secrets overwritten; copied
	Secure *Secure // TLS on that socket, its handshake done; from Handover on the engine owns it; nil: plain
	Origin string  // who the peer is, for the journal: addresses, certificate; at most OriginBytesMax
}

// OriginBytesMax bounds Conn.Origin: what is longer is cut off.
const OriginBytesMax = 512

// Handover gives a claimed link its connection, and returns the number of that. On an error the descriptor and the claim stay with the caller.
func (e *Engine) Handover(h Conn) (number uint32, err error) {
	if h.Link >= uint32(len(e.conns)) || e.Idle(h.Link) {
		return 0, fmt.Errorf("engine: link %d was not claimed", h.Link)
	}
	if room := e.cfg.MessageBytesMax + receiveSlackBytes; len(h.First) > room {
		return 0, fmt.Errorf("engine: %d first bytes; at most %d fit", len(h.First), room)
	}
	venue := e.lines[h.Link].Load()
	if err := e.sockets.Prepare(h.FD, unsentBytesMax, venue); err != nil {
		return 0, err
	}
	b := &e.buffers[h.Link]
	if b.in == nil {
		size := e.cfg.SlowBytesMax
		if venue {
			size = e.cfg.VenueBytesMax
		}
		b.in, b.out = make([]byte, e.cfg.MessageBytesMax+receiveSlackBytes), newSendBuffer(size)
	}
	b.out.reset()
	if h.Secure != nil {
		h.Secure.detach()
	}
	c := &conn{
		sockets: e.sockets, fd: h.FD, secure: h.Secure, origin: []byte(h.Origin[:min(len(h.Origin), OriginBytesMax)]),
		link: h.Link, number: e.connCount.Add(1), venue: venue,
		in: b.in, out: b.out, readable: true, writable: true,
	}
	c.w = copy(c.in, h.First)
	return c.number, e.enqueue(c)
}

// enqueue gives a connection to the engine's thread, unless that has ended.
func (e *Engine) enqueue(c *conn) error {
	e.front.mu.Lock()
	defer e.front.mu.Unlock()
	if e.front.ended {
		return ErrStopped
	}
	select {
	case e.handover <- c:
		e.Wake()
		return nil
	default:
		return errors.New("engine: too many connections are waiting to be taken over")
	}
}

// admit takes over connections that were handed over.
func (e *Engine) admit() {
	for !e.stalled && (e.arriving != nil || len(e.handover) > 0) {
		if e.arriving == nil {
			e.arriving = <-e.handover
		}
		c := e.arriving
		if e.ration.spent(c.link) {
			e.arriving = nil
			e.turnAway(c)
			continue
		}
		e.conns[c.link] = c // an initiator's Logon follows from the event itself
		e.event(core.Admitted, c.link)
		e.ev.Conn, e.ev.Data = c.number, c.origin
		if !e.handle() {
			e.conns[c.link] = nil
			return
		}
		e.arriving, c.origin = nil, nil
		e.counters.now[Admissions]++
		e.resender.endRun(c.link)
		e.readCut(c.link)
		if err := e.sockets.Add(c.fd, c.link); err != nil {
			c.readable, c.eof, c.cause = false, true, core.ReadFailed
		}
		e.lineUp(c)
	}
}
