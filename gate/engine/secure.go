package engine

import (
	"crypto/tls"
	"errors"
	"io"
	"net"
	"time"

	"golang.org/x/sys/unix"

	"portcullis/gate/core"
)

// The memory of one TLS connection.
const (
	// sealBytesMax is how much of a send buffer is sealed at once. What is sealed cannot be withdrawn: TLS numbers its
	// records, so one left out is the end of the connection. Hence no more is sealed than the kernel is about to take.
	sealBytesMax = 8 << 10

	ciphertextInBytes  = 32 << 10             // of one read
	ciphertextOutBytes = sealBytesMax + 8<<10 // one sealing, and what TLS itself has to say: alerts, new keys
)

var errNoRoom = errors.New("engine: TLS says more than its peer reads")

// Secure is a TLS connection. A goroutine shakes hands on it and reads what comes first, as on any net.Conn; after the
// hand-over the engine drives it, and TLS sees memory only: it reads what the engine received and writes where the
// engine made sure of room. For any error of writing would be the connection's last, while reading goes on after EAGAIN.
type Secure struct {
	*tls.Conn
	wire    wire
	failure error // why TLS ended the connection
}

// SecureServer takes the listening side of a TLS connection.
func SecureServer(c net.Conn, cfg *tls.Config) *Secure {
	s := &Secure{wire: wire{Conn: c}}
	s.Conn = tls.Server(&s.wire, cfg)
	return s
}

// SecureClient takes the dialling side.
func SecureClient(c net.Conn, cfg *tls.Config) *Secure {
	s := &Secure{wire: wire{Conn: c}}
	s.Conn = tls.Client(&s.wire, cfg)
	return s
}

// detach makes memory of the wire. Nobody reads or writes the connection meanwhile.
func (s *Secure) detach() {
	s.wire.detached = true
	s.wire.in, s.wire.out = make([]byte, ciphertextInBytes), make([]byte, 0, ciphertextOutBytes)
}

// wire is what lies below TLS: the socket, and from the hand-over on two stretches of memory.
type wire struct {
	net.Conn
	detached bool

	in    []byte // in[r:w] was received and not opened
	r, w  int
	ended bool // the peer has ended its side

	out  []byte // out[head:] is sealed, and the kernel does not have it
	head int
	cut  bool // sealed bytes were thrown away: nothing more can be sent
}

// Read gives what was received, EAGAIN where there is nothing yet.
func (w *wire) Read(b []byte) (int, error) {
	switch {
	case !w.detached:
		return w.Conn.Read(b)
	case w.r < w.w:
		n := copy(b, w.in[w.r:w.w])
		w.r += n
		return n, nil
	case w.ended:
		return 0, io.EOF
	}
	return 0, unix.EAGAIN
}

// Write keeps sealed bytes for the kernel.
func (w *wire) Write(b []byte) (int, error) {
	switch {
	case !w.detached:
		return w.Conn.Write(b)
	case len(b) > cap(w.out)-len(w.out):
		return 0, errNoRoom
	}
	w.out = append(w.out, b...)
	return len(b), nil
}

// SetWriteDeadline is called where TLS says good-bye.
func (w *wire) SetWriteDeadline(t time.Time) error {
	if w.detached {
		return nil
	}
	return w.Conn.SetWriteDeadline(t)
}

// pending is what the kernel does not have of what is sealed.
func (w *wire) pending() []byte { return w.out[w.head:] }

// took notes that the kernel took n bytes.
func (w *wire) took(n int) {
	if w.head += n; w.head == len(w.out) {
		w.out, w.head = w.out[:0], 0
	}
}

// discard throws away what is sealed.
func (w *wire) discard() {
	w.cut = w.cut || len(w.pending()) > 0
	w.out, w.head = w.out[:0], 0
}

// open is read on a TLS connection. It goes to the socket, once, only when TLS has nothing left of what came before.
func (c *conn) open(room []byte) int {
	n, err := c.secure.Read(room)
	if n == 0 && errors.Is(err, unix.EAGAIN) && c.receive() {
		n, err = c.secure.Read(room)
	}
	if c.out.sealed == 0 {
		c.handSealed() // TLS may have had to answer
	}
	c.w += n
	switch {
	case n > 0:
		c.readable = true // TLS may have more, and an error shows again
	case errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF):
		c.endOfStream(core.PeerClosed)
	case err != nil && !errors.Is(err, unix.EAGAIN):
		c.secure.failure = err
		c.endOfStream(core.TLSFailed)
	}
	return n
}

// receive takes from the socket, once, what is to be opened. False: nothing came.
func (c *conn) receive() bool {
	w := &c.secure.wire
	n, errno := c.sockets.Read(c.fd, w.in)
	switch {
	case errno == unix.EINTR:
		return false
	case errno == unix.EAGAIN:
		c.readable = false
		if c.broken {
			c.endOfStream(core.ReadFailed)
		}
		return false
	case errno != 0:
		c.endOfStream(core.ReadFailed)
		return false
	}
	w.r, w.w, w.ended = 0, n, n == 0
	c.readable = n == len(w.in) || c.hangup
	return true
}

// seal is write on a TLS connection. Bytes count as taken when the kernel has all of what they were sealed into: before
// that they are nothing to the peer. Nothing is sealed while the kernel has no room.
func (c *conn) seal(size int) (taken int) {
	for taken < size && !c.broken {
		if c.out.sealed == 0 {
			if !c.sockets.Room(c.fd) {
				c.writable = false
				break
			}
			n := min(size-taken, sealBytesMax)
			if _, err := c.secure.Write(c.out.bytes[c.out.head : c.out.head+n]); err != nil {
				c.fail()
				break
			}
			c.out.sealed = n
		}
		if c.handSealed(); len(c.secure.wire.pending()) > 0 || c.broken {
			break
		}
		taken += c.out.sealed
		c.out.took(c.out.sealed)
	}
	return taken
}

// handSealed gives the kernel what is sealed, as far as it takes it.
func (c *conn) handSealed() {
	w := &c.secure.wire
	for len(w.pending()) > 0 && !c.broken {
		n := c.hand(w.pending())
		if n == 0 {
			return
		}
		w.took(n)
	}
}

// farewell tells the peer that the stream ends here, where nothing is missing from it.
func (c *conn) farewell() {
	if c.secure == nil || c.broken || c.secure.wire.cut {
		return
	}
	if c.secure.CloseWrite() == nil {
		c.handSealed()
	}
}
