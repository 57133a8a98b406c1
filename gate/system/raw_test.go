package system

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"portcullis/gate/demo/peer"
)

// raw is one side of a FIX connection written by hand: it can send what no engine sends, and keeps
// what arrives in the order of arrival. It answers TestRequests, and ResendRequests by a gap fill.
type raw struct {
	t            *testing.T
	us, them     string
	conn         net.Conn
	onMessage    func(*raw, peer.Message) // called by the reader, in order
	readable     sync.Mutex               // held: nothing is read
	closed       chan struct{}            // the peer ended the connection
	bytes        atomic.Int64             // read so far
	writing      sync.Mutex
	seq          int // MsgSeqNum(34) of the next message
	mu           sync.Mutex
	unread       []peer.Message
	whole        []peer.Message // everything, in order
	answersTests bool
}

// dial connects to the gate as a participant; nothing is sent.
func (s *site) dial(name string) *raw {
	s.t.Helper()
	var conn net.Conn
	s.until("the gate takes a connection", func() (ok bool) {
		var err error
		conn, err = net.Dial("tcp", s.address())
		return err == nil
	})
	if s.tls != nil {
		conn = tls.Client(conn, s.tls(name))
	}
	return newRaw(s.t, conn, name, "GATE", nil)
}

func newRaw(t *testing.T, conn net.Conn, us, them string, onMessage func(*raw, peer.Message)) *raw {
	r := &raw{t: t, us: us, them: them, conn: conn, onMessage: onMessage, closed: make(chan struct{}), seq: 1, answersTests: true}
	go r.read()
	t.Cleanup(func() { _ = conn.Close() })
	return r
}

// logon logs on, with more fields if any, and waits for the gate's Logon.
func (r *raw) logon(more string) *raw {
	r.t.Helper()
	r.send("35=A|98=0|108=30" + more)
	r.await("35=A")
	return r
}

// message writes a message under a number: header, body, trailer.
func (r *raw) message(body string, seq int) []byte {
	kind, rest, _ := strings.Cut(body, "|")
	text := fmt.Sprintf("%s|34=%d|49=%s|52=%s|56=%s|", kind, seq, r.us, time.Now().UTC().Format("20060102-15:04:05.000"), r.them)
	if rest != "" {
		text += rest + "|"
	}
	return seal("FIX.4.4", text)
}

// seal adds BeginString, BodyLength and CheckSum to a body with '|' for SOH.
func seal(begin, body string) []byte {
	whole := strings.ReplaceAll(fmt.Sprintf("8=%s|9=%d|%s", begin, len(body), body), "|", "\x01")
	sum := 0
	for _, c := range []byte(whole) {
		sum += int(c)
	}
	return fmt.Appendf([]byte(whole), "10=%03d\x01", sum%256)
}

// send sends a message with the next number. A connection that the gate has closed is the test's
// business, not an error.
func (r *raw) send(body string) {
	r.writing.Lock()
	defer r.writing.Unlock()
	b := r.message(body, r.seq)
	r.seq++
	_, _ = r.conn.Write(b)
}

// sendAs does so under another CompID. The reader answers tests meanwhile, under its own.
func (r *raw) sendAs(us, body string) {
	r.writing.Lock()
	defer r.writing.Unlock()
	own := r.us
	r.us = us
	b := r.message(body, r.seq)
	r.us = own
	r.seq++
	_, _ = r.conn.Write(b)
}

// number is the MsgSeqNum of the next message.
func (r *raw) number() int {
	r.writing.Lock()
	defer r.writing.Unlock()
	return r.seq
}

// skip leaves numbers out.
func (r *raw) skip(n int) {
	r.writing.Lock()
	defer r.writing.Unlock()
	r.seq += n
}

func (r *raw) sendBytes(b []byte) {
	r.writing.Lock()
	defer r.writing.Unlock()
	_, _ = r.conn.Write(b)
}

// read reads until the peer ends the connection, and then closes it at once, as an engine does: the gate waits for that.
func (r *raw) read() {
	defer close(r.closed)
	defer r.conn.Close()
	in := bufio.NewReader(counted{r.conn, &r.bytes})
	var text []byte
	for {
		r.waitWhilePaused()
		part, err := in.ReadSlice(0x01)
		text = append(text, part...)
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			return
		}
		if !bytes.HasPrefix(part, []byte("10=")) || err != nil {
			continue
		}
		m, err := peer.ParseRaw(text)
		if err != nil {
			r.t.Errorf("%s got %q: %v", r.us, text, err)
			return
		}
		text = text[:0]
		r.take(m)
	}
}

// counted counts what is read.
type counted struct {
	io.Reader
	bytes *atomic.Int64
}

func (c counted) Read(b []byte) (int, error) {
	n, err := c.Reader.Read(b)
	c.bytes.Add(int64(n))
	return n, err
}

// arrived is how many bytes the kernel has of the peer by now, read or not.
func (r *raw) arrived() (n int) {
	r.t.Helper()
	conn, err := r.conn.(*net.TCPConn).SyscallConn()
	if err == nil {
		err = conn.Control(func(fd uintptr) { n, err = unix.IoctlGetInt(int(fd), unix.SIOCINQ) })
	}
	if err != nil {
		r.t.Fatal(err)
	}
	return n + int(r.bytes.Load())
}

// waitWhilePaused returns when nobody has paused the reader.
func (r *raw) waitWhilePaused() {
	r.readable.Lock()
	defer r.readable.Unlock()
}

// take keeps the message, answers what an engine would answer by itself, and then hands it out: who hears of an answer
// finds what was answered counted, and who awaits a message may go on from the number behind its answer.
func (r *raw) take(m peer.Message) {
	r.mu.Lock()
	r.whole = append(r.whole, m)
	r.mu.Unlock()
	defer func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.unread = append(r.unread, m)
	}()
	switch {
	case m.Type() == "1" && r.answersTests:
		r.send("35=0|112=" + m.Get(112))
	case m.Type() == "5":
		r.send("35=5")
	case m.Type() == "2":
		r.writing.Lock()
		from, _ := strconv.Atoi(m.Get(7))
		_, _ = r.conn.Write(r.message(fmt.Sprintf("35=4|43=Y|122=%s|123=Y|36=%d", time.Now().UTC().Format("20060102-15:04:05.000"), r.seq), from))
		r.writing.Unlock()
	}
	if r.onMessage != nil {
		r.onMessage(r, m)
	}
}

// pattern is the fields that a message must have; a value that ends in '*' asks for a beginning.
type pattern []peer.Field

func parsePattern(text string) pattern {
	m, err := peer.Parse(text)
	if err != nil {
		panic(err)
	}
	return pattern(m)
}

func (p pattern) fits(m peer.Message) bool {
	for _, f := range p {
		prefix, open := strings.CutSuffix(f.Value, "*")
		if got := m.Get(f.Tag); got != f.Value && !(open && strings.HasPrefix(got, prefix)) {
			return false
		}
	}
	return true
}

// await waits for a message that fits, and forgets those before it.
func (r *raw) await(want string) (found peer.Message) {
	r.t.Helper()
	p := parsePattern(want)
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(time.Millisecond) {
		r.mu.Lock()
		for found == nil && len(r.unread) > 0 {
			if p.fits(r.unread[0]) {
				found = r.unread[0]
			}
			r.unread = r.unread[1:]
		}
		r.mu.Unlock()
		if found != nil {
			return found
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.t.Fatalf("%s never got %s; the last it got: %v", r.us, want, r.whole[max(0, len(r.whole)-5):])
	return nil
}

// awaitClosed waits until the gate has ended the connection.
func (r *raw) awaitClosed() {
	r.t.Helper()
	select {
	case <-r.closed:
	case <-time.After(patience):
		r.t.Fatalf("%s: the gate does not end the connection", r.us)
	}
}

// heard is what came to one connection, or to a venue over all of them.
type heard interface{ all() []peer.Message }

// count is how many messages that fit came so far.
func count(h heard, want string) (n int) {
	p := parsePattern(want)
	for _, m := range h.all() {
		if p.fits(m) {
			n++
		}
	}
	return n
}

func (r *raw) count(want string) int      { return count(r, want) }
func (v *rawVenue) count(want string) int { return count(v, want) }

// all is everything that came so far.
func (v *rawVenue) all() []peer.Message {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.whole[:len(v.whole):len(v.whole)]
}

// all is everything that came so far.
func (r *raw) all() []peer.Message {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.whole[:len(r.whole):len(r.whole)]
}

// rawVenue is a venue written by hand. It confirms orders and cancels, and keeps raw what arrives.
type rawVenue struct {
	name     string // its CompID
	t        *testing.T
	listener net.Listener
	linked   chan *raw // each connection of the gate
	mu       sync.Mutex
	line     *raw           // the newest
	whole    []peer.Message // of all connections, in order
	next     int            // MsgSeqNum expected; what is missing is asked for
	execs    int
	silent   bool        // confirms nothing
	reset    bool        // its numbers begin anew with each connection
	tls      *tls.Config // nil: plain
}

func openRawVenue(t *testing.T) *rawVenue {
	t.Helper()
	return openRawVenueTLS(t, nil)
}

func openRawVenueTLS(t *testing.T, secured *tls.Config) *rawVenue {
	t.Helper()
	return openRawVenueOn(t, listen(t), secured)
}

func openRawVenueAt(t *testing.T, port int) *rawVenue {
	t.Helper()
	l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
	if err != nil {
		t.Fatal(err)
	}
	return openRawVenueOn(t, l, nil)
}

func openRawVenueOn(t *testing.T, l net.Listener, secured *tls.Config) *rawVenue {
	v := &rawVenue{t: t, name: "XSIM", listener: l, linked: make(chan *raw, 64), next: 1, tls: secured}
	t.Cleanup(func() { _ = l.Close() })
	go v.accept()
	return v
}

// behave changes how a venue answers: silent confirms nothing, reset begins numbers anew with each connection.
func (v *rawVenue) behave(silent, reset bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.silent, v.reset = silent, reset
}

func (v *rawVenue) port() int { return v.listener.Addr().(*net.TCPAddr).Port }

func (v *rawVenue) accept() {
	for {
		conn, err := v.listener.Accept()
		if err != nil {
			return
		}
		_ = conn.(*net.TCPConn).SetReadBuffer(32 << 10) // so that little waits in the kernel
		if v.tls != nil {
			conn = tls.Server(conn, v.tls)
		}
		v.mu.Lock()
		seq := 1 // numbers go on over connections
		if v.line != nil && !v.reset {
			seq = v.line.number()
		}
		line := newRaw(v.t, conn, v.name, "GATE", v.answer)
		line.writing.Lock()
		line.seq = seq
		line.writing.Unlock()
		v.line = line
		v.mu.Unlock()
		v.linked <- line
	}
}

// answer hears one message. What an older connection still brings is too late: its numbers are the newer one's.
func (v *rawVenue) answer(line *raw, m peer.Message) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if line != v.line {
		return
	}
	v.execs++
	v.whole = append(v.whole, m)
	defer v.expect(line, m)
	state := fmt.Sprintf("|37=V%s|17=E%d|55=%s|54=%s|1=%s|14=0|6=0", m.Get(11), v.execs, m.Get(55), m.Get(54), m.Get(1))
	switch {
	case m.Type() == "A" && v.reset:
		v.next = 1 << 30 // it asks for nothing that was sent before
		line.send("35=A|98=0|108=30|141=Y")
	case m.Type() == "A":
		line.send("35=A|98=0|108=30")
	case v.silent:
	case m.Type() == "D":
		line.send(fmt.Sprintf("35=8|11=%s|150=0|39=0|38=%s|151=%s%s", m.Get(11), m.Get(38), m.Get(38), state))
	case m.Type() == "F":
		line.send(fmt.Sprintf("35=8|11=%s|41=%s|150=4|39=4|151=0%s", m.Get(11), m.Get(41), state))
	}
}

// expect keeps count of the gate's numbers.
func (v *rawVenue) expect(line *raw, m peer.Message) {
	seq, _ := strconv.Atoi(m.Get(34))
	switch {
	case m.Type() == "4":
		v.next, _ = strconv.Atoi(m.Get(36))
	case seq > v.next && m.Type() == "A":
		line.send(fmt.Sprintf("35=2|7=%d|16=0", v.next))
	case seq == v.next:
		v.next++
	}
}

// pause stops reading at the next field; the returned function goes on, with room for all that waits.
func (r *raw) pause() (resume func()) {
	r.readable.Lock()
	return func() {
		conn := r.conn
		if secured, ok := conn.(*tls.Conn); ok {
			conn = secured.NetConn()
		}
		_ = conn.(*net.TCPConn).SetReadBuffer(1 << 20)
		r.readable.Unlock()
	}
}
