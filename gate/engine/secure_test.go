package engine

import (
	"bytes"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"portcullis/fix"
	"portcullis/gate/core"
	"portcullis/gate/internal/testca"
)

// securePair is pair with TLS on it: the test's end shakes hands, and the engine's end with it.
func securePair(t testing.TB, wrap func(net.Conn) net.Conn) (near *tls.Conn, far *Secure, fd int) {
	t.Helper()
	plain, fd := pair(t)
	plain.SetReadBuffer(32 << 10)
	if wrap == nil {
		wrap = func(c net.Conn) net.Conn { return c }
	}
	near, far = secureOn(t, wrap(plain), fd)
	return near, far, fd
}

// secureOn shakes hands over a connected pair.
func secureOn(t testing.TB, plain net.Conn, fd int) (near *tls.Conn, far *Secure) {
	t.Helper()
	ca := testca.New(t)
	server := &tls.Config{Certificates: []tls.Certificate{ca.Issue(t, "gate", time.Now().Add(time.Hour)).TLS(t)},
		DynamicRecordSizingDisabled: true, SessionTicketsDisabled: true}
	ours, err := unix.FcntlInt(uintptr(fd), unix.F_DUPFD_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { unix.Close(ours) })
	near, far = tls.Client(plain, &tls.Config{RootCAs: ca.Pool, ServerName: "127.0.0.1"}), SecureServer(fdConn{fd: ours}, server)
	done := make(chan error, 1)
	go func() { done <- near.Handshake() }()
	if err := far.Handshake(); err != nil {
		t.Fatal(err)
	}
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	return near, far
}

// fdConn is a blocking descriptor, as much of a net.Conn as a handshake needs.
type fdConn struct {
	net.Conn
	fd int
}

func (c fdConn) Read(b []byte) (int, error) {
	n, err := unix.Read(c.fd, b)
	return max(n, 0), err
}

func (c fdConn) Write(b []byte) (int, error) { return unix.Write(c.fd, b) }

// secure hands a TLS connection over to the running engine and returns the peer's end.
func (r *rig) secure(t testing.TB, l uint32, wrap func(net.Conn) net.Conn) *tls.Conn {
	t.Helper()
	near, far, fd := securePair(t, wrap)
	r.attachSecure(t, l, fd, "", far)
	return near
}

func (r *rig) attachSecure(t testing.TB, l uint32, fd int, first string, far *Secure) {
	t.Helper()
	if !r.Claim(l) {
		t.Fatalf("link %d is taken", l)
	}
	n := r.Snapshot().Counts[Admissions]
	if _, err := r.Handover(Conn{FD: fd, Link: l, First: []byte(first), Secure: far, Origin: "over TLS"}); err != nil {
		t.Fatal(err)
	}
	until(t, "admitted", func() bool { return r.Snapshot().Counts[Admissions] > n })
}

// drip writes byte by byte, so that what is read begins and ends anywhere.
type drip struct{ net.Conn }

func (d drip) Write(b []byte) (int, error) {
	for i := range b {
		if _, err := d.Conn.Write(b[i : i+1]); err != nil {
			return i, err
		}
	}
	return len(b), nil
}

// TestSecure: messages go through in both directions, of any size and however their bytes arrive; the journal has who
// the peer is; the end of TLS is the end of the connection, for both sides.
func TestSecure(t *testing.T) {
	r := start(t, 1, func(c *Config) { c.MessageBytesMax = 1 << 20 })
	client := r.secure(t, 1, func(c net.Conn) net.Conn { return drip{c} })
	venue := r.secure(t, 0, nil)
	toVenue, toClient := &peer{conn: venue}, &peer{conn: client}
	for n := range 20 {
		write(t, client, message("D", fmt.Sprint(n)))
		toVenue.expect(t, fmt.Sprint("D ", n))
		write(t, venue, message("8", fmt.Sprint(n)))
		toClient.expect(t, fmt.Sprint("8 ", n))
	}
	long := strings.Repeat("y", 200_000)
	go io.WriteString(venue, message("8", long)+strings.Repeat(message("8", "z"), 500))
	toClient.expect(t, "8 "+long)
	for range 500 {
		toClient.expect(t, "8 z")
	}
	if e := r.core.all(core.Admitted); len(e) != 2 || e[0].data != "over TLS" {
		t.Errorf("%+v", e)
	}
	venue.CloseWrite()
	if _, err := toVenue.next(t); err != io.EOF {
		t.Errorf("the venue's stream ended with %v", err)
	}
	until(t, "closed", func() bool { return r.Idle(0) })
	if e := r.core.all(core.Closed); len(e) != 1 || e[0].code != uint8(core.PeerClosed) {
		t.Errorf("%+v", e)
	}
}

// TestSecureHandover: what TLS had opened or received before the hand-over is not waited for.
func TestSecureHandover(t *testing.T) {
	r := start(t, 1, nil)
	near, far, fd := securePair(t, nil)
	write(t, near, message("D", "first")+message("D", "second"))
	first := make([]byte, 20)
	if _, err := io.ReadFull(far, first); err != nil {
		t.Fatal(err)
	}
	venue := r.connect(t, 0, "")
	r.attachSecure(t, 1, fd, string(first), far)
	(&peer{conn: venue}).expect(t, "D first", "D second")
}

// TestSecureBroken: bytes that no TLS peer sends end the connection, with that as the cause; a stream that ends without
// TLS's good-bye has ended all the same.
func TestSecureBroken(t *testing.T) {
	for _, c := range []struct {
		send  string
		cause core.CloseCause
	}{
		{"GET / HTTP/1.1\r\n\r\n", core.TLSFailed},
		{"\x17\x03\x03\x00\x20" + strings.Repeat("x", 32), core.TLSFailed},
		{"\x17\x03\x03\x40", core.PeerClosed},
		{"", core.PeerClosed},
	} {
		r := start(t, 1, nil)
		raw := r.secure(t, 1, nil).NetConn().(*net.TCPConn)
		io.WriteString(raw, c.send)
		raw.CloseWrite()
		until(t, "closed", func() bool { return len(r.core.all(core.Closed)) == 1 })
		if e := r.core.all(core.Closed); e[0].code != uint8(c.cause) {
			t.Errorf("%q: %+v, want cause %d", c.send, e, c.cause)
		}
		if said := strings.Contains(r.log.String(), "TLS ended the connection"); c.cause == core.TLSFailed {
			until(t, "said so", func() bool { return strings.Contains(r.log.String(), `"error":"`) })
		} else if said {
			t.Errorf("%q: %s", c.send, r.log)
		}
	}
}

// TestSecureWithdraw: a kill takes orders out of the send buffer of a TLS venue that reads nothing. What is sealed
// cannot be taken out, so little is: the kernel is asked before.
func TestSecureWithdraw(t *testing.T) {
	r := newRig(t, 1, nil)
	r.core.heedless = true
	r.halfOutNs = never
	r.run(t)
	venue, client := r.secure(t, 0, nil), r.connect(t, 1, "")
	go io.Copy(io.Discard, client)
	orders := r.fill(t, client)
	acknowledged := r.kill(t)
	until(t, "withdrawn", func() bool { return r.Snapshot().Counts[Withdrawals] >= 250 })
	r.expectWithdrawn(t, &peer{conn: venue}, orders)
	<-acknowledged
}

// TestSecureKillHalfSent: the kernel has a part of what a batch of orders was sealed into when a kill comes. Behind the
// acknowledgement it is handed nothing more: the rest leaves before, where the venue reads on in time; else its line is
// cut, and to the venue none of that batch was ever sent.
func TestSecureKillHalfSent(t *testing.T) {
	for _, deaf := range []bool{false, true} {
		t.Run(fmt.Sprintf("deaf %v", deaf), func(t *testing.T) {
			r := newRig(t, 1, func(c *Config) { c.MessageBytesMax = 8 << 10 })
			r.core.heedless = true
			if !deaf {
				r.halfOutNs = never // it reads in time, however slow the machine is
			}
			r.run(t)
			plain, fd := dialPair(t, &net.Dialer{Control: buffer(unix.SO_RCVBUF)}) // a narrow window makes small segments
			near, far := secureOn(t, plain, fd)
			if err := unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_SNDBUF, 1); err != nil { // fewer than a batch takes
				t.Fatal(err)
			}
			r.attachSecure(t, 0, fd, "", far)
			client := r.connect(t, 1, "")
			go io.Copy(io.Discard, client)
			write(t, client, strings.Repeat(message("D", strings.Repeat("x", 6000)), 20)) // none fits
			until(t, "blocked", func() bool { return len(r.core.all(core.Blocked)) == 1 && r.Snapshot().Counts[MessagesIn] == 20 })
			var stream []byte
			read := make(chan struct{})
			acknowledged := r.kill(t)
			readOn := func() { stream = readAll(near, acknowledged); close(read) }
			if !deaf {
				until(t, "killed", func() bool { return len(r.core.all(core.CommandGiven)) == 1 })
				go readOn()
			}
			<-acknowledged
			handed := int(r.Snapshot().Counts[BytesOut])
			if deaf {
				go readOn()
			}
			<-read
			if orders := ordersIn(stream); orders > handed {
				t.Errorf("%d bytes of orders came; %d had been handed over when the kill was acknowledged", orders, handed)
			}
			if cuts := r.Snapshot().Counts[KilledHalfway]; deaf != (cuts == 1) {
				t.Errorf("%d lines cut", cuts)
			}
			if closed := r.core.all(core.Closed); deaf && (len(closed) != 1 || closed[0].code != uint8(core.KilledHalfway) ||
				int(closed[0].seq) != bytes.Count(stream, []byte("\x0135=D\x01"))+1) {
				t.Errorf("%+v after %d orders", closed, bytes.Count(stream, []byte("\x0135=D\x01")))
			}
		})
	}
}

// buffer makes one of a socket's buffers as small as can be.
func buffer(option int) func(string, string, syscall.RawConn) error {
	return func(_, _ string, c syscall.RawConn) (err error) {
		return errors.Join(err, c.Control(func(fd uintptr) {
			err = unix.SetsockoptInt(int(fd), unix.SOL_SOCKET, option, 1)
		}))
	}
}

// ordersIn is where the last whole order of a stream ends.
func ordersIn(stream []byte) (end int) {
	for at := 0; ; {
		size, framing := fix.Frame(stream[at:], 1<<20)
		if framing != fix.Whole {
			return end
		}
		var m fix.Message
		m.Index(stream[at : at+size])
		if at += size; string(m.Type()) == "D" {
			end = at
		}
	}
}

// TestSecureFlood: what TLS has to say by itself is bounded by what its peer reads.
func TestSecureFlood(t *testing.T) {
	w := wire{detached: true, out: make([]byte, 0, ciphertextOutBytes)}
	for n := 0; ; n++ {
		if _, err := w.Write(make([]byte, 32)); err != nil {
			if n != ciphertextOutBytes/32 || err != errNoRoom {
				t.Errorf("after %d: %v", n, err)
			}
			return
		}
	}
}

// TestSealed: a message of which any byte is sealed has begun to leave, however many there are; those behind have not.
func TestSealed(t *testing.T) {
	s := newSendBuffer(1 << 10)
	for seq := range uint64(5) {
		s.push([]byte("0123456789"), outgoing{seq: seq})
	}
	for _, c := range []struct{ sealed, begun int }{{0, 0}, {1, 1}, {10, 1}, {11, 2}, {35, 4}, {50, 5}} {
		if s.sealed = c.sealed; s.begun() != c.begun {
			t.Errorf("%d bytes sealed: %d begun, want %d", c.sealed, s.begun(), c.begun)
		}
	}
	s.sealed = 15
	s.took(15) // all that was sealed
	m, _ := s.pop()
	if _, more := s.pop(); m.seq != 0 || more || s.begun() != 1 || s.unsent() != 35 {
		t.Errorf("%d bytes left, %d begun", s.unsent(), s.begun())
	}
}
