package sim

import (
	"golang.org/x/sys/unix"

	"portcullis/gate/engine"
)

// net is the connections of one gate process, in the place of the operating system's. What a peer has written is
// under way until the run says that some of it arrived.
type net struct {
	w     *World
	conns []*conn // by descriptor; nil: closed by the gate
	ready []engine.Ready
}

// conn is one connection.
type conn struct {
	fd     int
	peer   *peer
	token  uint32
	added  bool
	flight []byte // written by the peer, under way
	in     []byte // arrived, not read by the gate
	out    []byte // taken from the gate, not read by the peer
	room   int    // bytes that out holds
	full   bool   // a write found no room
	edge   bool   // something arrived since the last report
	freed  bool   // room came free since the last report
	ended  bool   // the peer's side has ended: in, then the end of the stream
	failed bool   // writes fail
	closed bool   // the gate's side has ended: out, then the end of the stream
}

// open connects a peer.
func (n *net) open(p *peer) *conn {
	c := &conn{fd: len(n.conns), peer: p, room: n.w.roomOf(p), edge: true}
	n.conns = append(n.conns, c)
	return c
}

func (n *net) Prepare(int, int, bool) error { return nil }

func (n *net) Add(fd int, token uint32) error {
	if fd < len(n.conns) && n.conns[fd] != nil && token < uint32(len(n.w.peers)) {
		n.conns[fd].token, n.conns[fd].added = token, true
	}
	return nil
}

func (n *net) Remove(fd int) {}

// Wait reports what has happened since the last one, once, as edge-triggered epoll does. It never sleeps.
func (n *net) Wait(int64, int64) int {
	n.ready = n.ready[:0]
	for _, c := range n.conns {
		if c == nil || !c.added || !c.edge && !c.freed {
			continue
		}
		n.ready = append(n.ready, engine.Ready{Token: c.token, Readable: c.edge, Writable: c.freed || c.failed, Hangup: c.ended})
		c.edge, c.freed = false, false
	}
	return len(n.ready)
}

func (n *net) Ready(i int) engine.Ready { return n.ready[i] }

// Read gives what has arrived.
func (n *net) Read(fd int, b []byte) (int, unix.Errno) {
	c := n.conns[fd]
	n.w.faults.atCall()
	switch {
	case len(c.in) > 0:
		size := copy(b, c.in)
		c.in = c.in[size:]
		return size, 0
	case c.ended && c.failed && n.w.r.IntN(2) == 0:
		return 0, unix.ECONNRESET
	case c.ended:
		return 0, 0
	}
	return 0, unix.EAGAIN
}

// Write takes what there is room for.
func (n *net) Write(fd int, b []byte) (int, unix.Errno) {
	c := n.conns[fd]
	n.w.faults.atCall()
	if c.failed {
		return 0, unix.EPIPE
	}
	size := min(len(b), c.room-len(c.out))
	if size <= 0 {
		c.full = true
		return 0, unix.EAGAIN
	}
	n.w.check.written(c, b[:size])
	c.out = append(c.out, b[:size]...)
	c.full = size < len(b)
	return size, 0
}

// Room is asked for connections over TLS only, which this world has none of.
func (n *net) Room(fd int) bool { return len(n.conns[fd].out) < n.conns[fd].room }

// Linger ends the gate's side behind what was written; toward a venue, and by Drop, some of that may be lost.
func (n *net) Linger(fd int) {
	if n.conns[fd].peer.venue {
		n.Drop(fd)
		return
	}
	n.conns[fd].closed = true
	n.conns[fd] = nil
}

func (n *net) Drop(fd int) {
	c := n.conns[fd]
	if c == nil {
		return
	}
	if n.w.r.IntN(2) == 0 {
		c.out = c.out[:n.w.r.IntN(len(c.out)+1)]
	}
	c.closed = true
	n.conns[fd] = nil
}

func (n *net) Close() error { return nil }

// arrive lets up to size bytes that are under way arrive.
func (c *conn) arrive(size int) {
	size = min(size, len(c.flight))
	if size > 0 && !c.ended {
		c.in = append(c.in, c.flight[:size]...)
		c.flight = c.flight[size:]
		c.edge = true
	}
}

// take is the peer reading up to size bytes.
func (c *conn) take(size int) []byte {
	size = min(size, len(c.out))
	b := c.out[:size:size]
	c.out = c.out[size:]
	if size > 0 && c.full {
		c.full, c.freed = false, true
	}
	return b
}

// hangUp is the peer ending: some of what was under way arrives still, nothing more can be written.
func (c *conn) hangUp(arrives int) {
	c.arrive(arrives)
	c.flight, c.out = nil, nil
	c.ended, c.failed, c.edge = true, true, true
}
