package engine

import (
	"golang.org/x/sys/unix"

	"portcullis/gate/core"
)

// conn is a connection of a link. It is made by the goroutine that hands it over and belongs to the engine thread from
// then on.
type conn struct {
	sockets Sockets
	fd      int
	secure  *Secure // nil: plain
	link    uint32
	number  uint32 // unique in this process
	venue   bool
	origin  []byte // until it is admitted

	// Input: in[r:w] is received and not handled.
	in       []byte
	r, w     int
	readNs   int64 // monotonic time at which the last read ended
	readable bool  // the socket may have more
	hangup   bool  // the peer ended its side: read on until the end shows
	eof      bool  // the end was read; cause says how
	garbled  bool  // inside a run of bytes that are no message
	early    early // came above a gap

	// Output.
	out           *sendBuffer
	batchMessages int // pushed since the last write
	batchBytes    int
	writable      bool  // the socket may have room
	broken        bool  // a write failed; output is dropped until the read side shows the end
	triedNs       int64 // monotonic time of the last write
	stuckNs       int64 // since when bytes wait that the kernel did not take; 0: none
	blocked       bool  // the core was told Blocked

	// Its end.
	ending bool // no input is handled, no output accepted; it closes when drained or at endNs
	cause  core.CloseCause
	endNs  int64
	lost   uint64 // first MsgSeqNum that the kernel did not take whole; 0: none
}

// lose notes that the message with number seq will not leave.
func (c *conn) lose(seq uint64) {
	if seq != 0 && (c.lost == 0 || seq < c.lost) {
		c.lost = seq
	}
}

// drop empties the send buffer: what is in it will not leave.
func (c *conn) drop() {
	for i := range c.out.count {
		c.lose(c.out.at(i).seq)
	}
	c.discard()
}

// discard is drop where nobody asks what was lost.
func (c *conn) discard() {
	c.out.reset()
	if c.secure != nil {
		c.secure.wire.discard()
	}
}

// buffers are a link's, from its first connection on. They belong to whoever holds the link's claim.
type buffers struct {
	in  []byte
	out *sendBuffer
}

// pending is what was received and not handled.
func (c *conn) pending() []byte { return c.in[c.r:c.w] }

// consume drops n handled bytes.
func (c *conn) consume(n int) {
	if c.r += n; c.r == c.w {
		c.r, c.w = 0, 0
	}
}

// makeRoom moves what is left to the front if little room is left behind it. It is called when no whole message is
// there, so what moves is shorter than a message, and at least receiveSlackBytes become free.
func (c *conn) makeRoom() {
	if c.r > 0 && len(c.in)-c.w < receiveSlackBytes/4 {
		c.w = copy(c.in, c.in[c.r:c.w])
		c.r = 0
	}
}

// read takes what the socket has, once. Less than there was room for means that it is empty; an edge of epoll reports
// what comes later, except the end of a stream that was reported together with its last bytes.
func (c *conn) read() (n int) {
	c.makeRoom()
	room := c.in[c.w:]
	if c.secure != nil {
		return c.open(room)
	}
	n, errno := c.sockets.Read(c.fd, room)
	switch {
	case errno == unix.EINTR:
	case errno == unix.EAGAIN:
		c.readable = false
		if c.broken { // neither side works any more
			c.endOfStream(core.ReadFailed)
		}
	case errno != 0:
		c.endOfStream(core.ReadFailed)
	case n == 0:
		c.endOfStream(core.PeerClosed)
	default:
		c.w += n
		c.readable = n == len(room) || c.hangup
	}
	return n
}

// endOfStream notes that nothing more comes, and why.
func (c *conn) endOfStream(cause core.CloseCause) { c.readable, c.eof, c.cause = false, true, cause }

// write hands up to size unsent bytes to the kernel and returns how many it took.
func (c *conn) write(size int) int {
	if c.secure != nil {
		return c.seal(size)
	}
	n := c.hand(c.out.bytes[c.out.head : c.out.head+size])
	c.out.took(n)
	return n
}

// hand gives bytes to the kernel, once, and returns how many it took. A failure empties the send buffer.
func (c *conn) hand(b []byte) int {
	n, errno := c.sockets.Write(c.fd, b)
	switch {
	case errno == unix.EINTR:
	case errno == unix.EAGAIN:
		c.writable = false
	case errno != 0:
		c.fail()
	default:
		c.writable = n == len(b)
	}
	return n
}

// fail notes that nothing can be sent any more; the read side shows the end.
func (c *conn) fail() {
	c.broken, c.readable = true, true
	c.drop()
}
