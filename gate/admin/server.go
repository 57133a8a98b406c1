package admin

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sys/unix"

	"portcullis/gate/local"
)

const (
	peersMax   = 16                    // served at the same time
	waitersMax = 64                    // that wait for a place, such as of many shells that give a kill at once
	silence    = 20 * time.Millisecond // who has said nothing for so long makes room for them
)

// times bounds each step of a conversation.
type times struct {
	request time.Duration // a whole request must have come; also how long a peer may be silent
	handle  time.Duration // the handler's context ends
	answer  time.Duration // the peer must have read its answer
	place   time.Duration // a peer waits so long for a place
}

var usual = times{request: 30 * time.Second, handle: 10 * time.Second, answer: 5 * time.Second, place: time.Second}

// Handler carries a request out. ctx ends when the answer is no longer waited for; it does not end
// when the peer goes away, because a kill once read is a kill. Handlers of several peers run at
// the same time. A Handler must not call Close.
type Handler func(ctx context.Context, peer Peer, r Request) Answer

// Server answers operators on one socket.
type Server struct {
	path     string
	handle   Handler
	logf     func(format string, args ...any)
	times    times
	listener *net.UnixListener
	lock     *local.Lock
	ctx      context.Context // ends with Close
	cancel   context.CancelFunc

	mu      sync.Mutex // guards what follows, and the conns
	conns   map[*conn]struct{}
	waiting int
	closed  bool
	done    sync.WaitGroup // conns, who waits for a place, and Serve
}

// conn is one peer's connection.
type conn struct {
	*net.UnixConn
	idleSince time.Time    // zero while a request is carried out
	admitted  time.Time    // what heard counts from
	heard     atomic.Int64 // ns: when the last bytes came
}

func (c *conn) Read(b []byte) (int, error) {
	n, err := c.UnixConn.Read(b)
	if n > 0 {
		c.heard.Store(int64(time.Since(c.admitted)))
	}
	return n, err
}

// Listen opens the socket for the gate's own user, and for the members of group unless that is
// local.NoGroup. It fails where another live process owns it. logf takes one line for the operator.
func Listen(path string, group int, handle Handler, logf func(format string, args ...any)) (*Server, error) {
	l, lock, err := local.Listen(path, group)
	if err != nil {
		return nil, fmt.Errorf("admin: %w", err)
	}
	s := &Server{path: path, handle: handle, logf: logf, times: usual, listener: l, lock: lock,
		conns: map[*conn]struct{}{}}
	s.ctx, s.cancel = context.WithCancel(context.Background())
	return s, nil
}

// Serve answers until Close and then gives nil.
func (s *Server) Serve() error {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return nil
	}
	s.done.Add(1)
	s.mu.Unlock()
	defer s.done.Done()
	local.Accept(s.listener, s.admit, func(err error) { s.logf("admin: socket %s: %v", s.path, err) })
	return nil
}

// Close ends Serve, lets requests that are carried out be answered, and gives the socket up.
func (s *Server) Close() error {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return nil
	}
	s.closed = true
	err := s.listener.Close()
	s.cancel()
	for c := range s.conns {
		if !c.idleSince.IsZero() {
			c.Close()
		}
	}
	s.mu.Unlock()
	s.done.Wait()
	s.lock.Release()
	return err
}

// admit gives a peer its goroutine. Where all places are taken, the peer that has been silent longest makes room; where
// none is silent, the new one waits until a request is done.
func (s *Server) admit(u *net.UnixConn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.place(u, silence):
	case s.waiting == waitersMax && s.place(u, 0):
	case s.closed || s.waiting == waitersMax:
		s.turnAway(u)
	default:
		s.waiting++
		s.done.Add(1)
		go s.wait(u)
	}
}

// place gives a peer one of the places, if there is one. It is called with the lock held, as are makeRoom and turnAway.
func (s *Server) place(u *net.UnixConn, after time.Duration) bool {
	if s.closed || len(s.conns) >= peersMax && !s.makeRoom(after) {
		return false
	}
	now := time.Now()
	c := &conn{UnixConn: u, idleSince: now, admitted: now}
	s.conns[c] = struct{}{}
	s.done.Add(1)
	go s.converse(c)
	return true
}

// wait gives a peer the next place, or turns it away: then its request was not looked at.
func (s *Server) wait(u *net.UnixConn) {
	defer s.done.Done()
	for end := time.Now().Add(s.times.place); ; {
		time.Sleep(2 * time.Millisecond)
		s.mu.Lock()
		placed := s.place(u, silence)
		if over := s.closed || time.Now().After(end); placed || over {
			s.waiting--
			if !placed {
				s.turnAway(u)
			}
			s.mu.Unlock()
			return
		}
		s.mu.Unlock()
	}
}

func (s *Server) turnAway(u *net.UnixConn) {
	s.logf("admin: %d requests are being carried out on %s; a further peer was turned away", peersMax, s.path)
	_ = u.SetWriteDeadline(time.Now().Add(s.times.answer))
	_, _ = u.Write(encode(Answer{Error: "the gate is busy with other requests; ask again"}))
	u.Close()
}

// makeRoom ends the connection that is idle longest, of those that have been for so long. It is read no more, but a request
// that came before, and is on its way to be looked at, may be a kill: it is carried out and answered. False: every peer has
// a request in work, or one that has just come.
func (s *Server) makeRoom(after time.Duration) bool {
	var oldest *conn
	for c := range s.conns {
		if !c.idleSince.IsZero() && (oldest == nil || c.idleSince.Before(oldest.idleSince)) && c.silent(after) {
			oldest = c
		}
	}
	if oldest == nil {
		return false
	}
	s.logf("admin: %d peers on %s; the one that was silent longest was cut off", peersMax, s.path)
	_ = oldest.CloseRead()
	delete(s.conns, oldest)
	return true
}

// silent reports whether nothing has come from an idle peer for so long, and nothing waits to be read.
func (c *conn) silent(after time.Duration) bool {
	now := time.Now()
	if now.Sub(c.idleSince) < after || now.Sub(c.admitted)-time.Duration(c.heard.Load()) < after {
		return false
	}
	unread := 0
	raw, err := c.SyscallConn()
	if err == nil {
		err = raw.Control(func(fd uintptr) { unread, _ = unix.IoctlGetInt(int(fd), unix.SIOCINQ) })
	}
	return err != nil || unread == 0
}

// converse reads requests and answers them, one at a time, until the peer or the server ends it.
func (s *Server) converse(c *conn) {
	defer s.done.Done()
	defer func() {
		s.mu.Lock()
		delete(s.conns, c)
		s.mu.Unlock()
		c.Close()
	}()
	peer, err := local.PeerOf(c.UnixConn)
	if errors.Is(err, net.ErrClosed) {
		return // it had to make room
	}
	if err != nil {
		s.logf("admin: socket %s: %v; the peer was turned away", s.path, err)
		return
	}
	in := bufio.NewReaderSize(c, RequestBytesMax)
	for s.turn(c, in, peer) {
	}
}

// turn is one request and its answer. False: the conversation is over. The last line of a peer that has said all may lack
// its end: a kill is not lost for want of one.
func (s *Server) turn(c *conn, in *bufio.Reader, peer Peer) bool {
	_ = c.SetReadDeadline(time.Now().Add(s.times.request))
	line, err := in.ReadSlice('\n')
	tooLong, last := errors.Is(err, bufio.ErrBufferFull), errors.Is(err, io.EOF) && len(line) > 0
	if err != nil && !tooLong && !last {
		return false
	}
	if s.mark(c, time.Time{}); s.ending() {
		return false
	}
	a := Answer{Error: fmt.Sprintf("a request has at most %d bytes", RequestBytesMax)}
	if !tooLong {
		a = s.answer(line, peer)
	}
	_ = c.SetWriteDeadline(time.Now().Add(s.times.answer))
	if _, err := c.Write(encode(a)); err != nil {
		s.logf("admin: %s did not take its answer: %v", peer, err)
		return false
	}
	return !tooLong && !last && s.mark(c, time.Now())
}

// mark notes that a peer is idle since then, or by the zero time that its request is in work.
// False: the connection is to end behind what is in work, because the server does or because it had to make room.
func (s *Server) mark(c *conn, idleSince time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	c.idleSince = idleSince
	_, kept := s.conns[c]
	return kept && !s.closed
}

// ending reports whether Close was called: nothing new is carried out.
func (s *Server) ending() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.closed
}

func (s *Server) answer(line []byte, peer Peer) Answer {
	r, err := Decode(line)
	if err != nil {
		s.logf("admin: request of %s refused: %v", peer, err)
		return Answer{Error: err.Error()}
	}
	ctx, cancel := context.WithTimeout(s.ctx, s.times.handle)
	defer cancel()
	return s.handle(ctx, peer, r)
}

// encode gives an answer as one line, whatever the handler put into it.
func encode(a Answer) []byte {
	b, err := json.Marshal(a)
	if err != nil {
		a.Detail = nil
		a.Error = fmt.Sprintf("detail is not JSON: %v", err)
		b, _ = json.Marshal(a)
	}
	return append(b, '\n')
}
