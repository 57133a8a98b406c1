package engine

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/rs/zerolog"
	"golang.org/x/sys/unix"

	"portcullis/clocksync"
	"portcullis/fix"
	"portcullis/fix/link"
	"portcullis/gate/core"
	"portcullis/gate/journal"
)

// seen is an event as the fake core saw it.
type seen struct {
	kind    core.EventKind
	code    uint8
	link    uint32
	conn    uint32
	seq     uint64
	seq2    uint64
	request uint32
	data    string
}

// fakeCore relays: what a participant sends leaves toward the venue as an order (F: as a cancel), what the venue sends
// goes to the participant named in its TargetSubID(57), else to link 1. on may add to a decision.
type fakeCore struct {
	mu      sync.Mutex
	events  []seen
	on      func(ev *core.Event, d *core.Decision)
	quiet   bool // do not remember events: for tests of allocation and speed
	links   []Link
	set     link.Settings
	out     []uint64 // next MsgSeqNum by link
	request uint32
	killed  atomic.Bool
	held    atomic.Bool // link 1
	blocked bool        // the venue, as told by events
	// heedless lets orders through to a blocked venue.
	heedless bool
	dueNs    atomic.Int64
	expected *atomic.Uint64 // NextIn; nil: 0
	cut      core.Range     // of link 1
	m        fix.Message
}

const never = 1<<63 - 1

// heldName is the name of a link 1 that was held down before the engine began.
const heldName = "HELD"

func newFakeCore(links []Link) *fakeCore {
	c := &fakeCore{links: links, out: make([]uint64, len(links)), set: link.Settings{BeginString: "FIX.4.4",
		SenderCompID: "GATE", TargetCompID: "PEER", Precision: fix.Millis}.Ready()}
	c.dueNs.Store(never)
	return c
}

func (c *fakeCore) Decide(ev *core.Event, d *core.Decision) {
	d.Reset()
	d.SessionStep = true // journal everything
	switch ev.Kind {
	case core.Message:
		c.relay(ev, d)
	case core.CommandGiven:
		var id uint64
		var kind core.CommandKind
		fmt.Sscanf(string(ev.Data), "%d %d", &id, &kind)
		d.Reply = core.Reply{ID: id}
		d.Withdraw = kind == core.CmdKill
	case core.Withdrawn:
		c.send(d, ev.Link, "4", link.SessionMessage, ev.Seq, ev.Request, fmt.Sprintf("gap %d", ev.Seq))
		c.send(d, 1, "8", link.ReportMessage, c.next(1), 0, fmt.Sprintf("withdrawn %d", ev.Seq))
	case core.Stored:
		again := fmt.Sprintf("again %d %d %s", ev.Seq, ev.Seq2, ev.Data)
		c.send(d, ev.Link, "8", link.ReportMessage, ev.Seq, 0, again)
	}
	if c.on != nil {
		c.on(ev, d)
	}
}

func (c *fakeCore) next(l uint32) uint64 {
	c.out[l]++
	return c.out[l]
}

func (c *fakeCore) relay(ev *core.Event, d *core.Decision) {
	c.m.Index(ev.Data)
	text := c.m.Value(fix.TagText)
	if c.links[ev.Link].Venue {
		c.write(d, 1, "8", link.ReportMessage, c.next(1), 0, text)
		return
	}
	kind, msgType := link.OrderMessage, "D"
	if c.m.Type()[0] == 'F' {
		kind, msgType = link.CancelMessage, "F"
	} else if c.blocked && !c.heedless {
		return
	}
	c.request++
	c.write(d, 0, msgType, kind, c.next(0), c.request, text)
}

func (c *fakeCore) write(d *core.Decision, l uint32, msgType string, kind link.OutKind, seq uint64, request uint32,
	text []byte) {
	w := d.Out.Begin(&c.set, msgType, seq, 0, 0)
	w.Value(fix.TagText, text)
	d.Out.End(l, kind, seq, request)
}

func (c *fakeCore) send(d *core.Decision, l uint32, msgType string, kind link.OutKind, seq uint64, request uint32,
	text string) {
	c.write(d, l, msgType, kind, seq, request, []byte(text))
}

func (c *fakeCore) Apply(ev *core.Event, d *core.Decision) {
	switch ev.Kind {
	case core.Blocked:
		c.blocked = c.blocked || ev.Link == 0
	case core.Writable:
		c.blocked = c.blocked && ev.Link != 0
	case core.Stored:
		if ev.Code == core.WasCutOff {
			if c.cut.From = ev.Seq2 + 1; c.cut.From > c.cut.To {
				c.cut = core.Range{}
			}
		}
	case core.CommandGiven:
		c.killed.Store(c.killed.Load() || d.Withdraw)
	}
	if c.quiet {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.events = append(c.events, seen{ev.Kind, ev.Code, ev.Link, ev.Conn, ev.Seq, ev.Seq2, ev.Request, string(ev.Data)})
}

func (c *fakeCore) Cut(l uint32) core.Range {
	if l != 1 {
		return core.Range{}
	}
	return c.cut
}
func (c *fakeCore) NextIn(uint32) uint64 {
	if c.expected == nil {
		return 0
	}
	return c.expected.Load()
}
func (c *fakeCore) DueNs() int64                                    { return c.dueNs.Load() }
func (c *fakeCore) RecordSize(ev *core.Event, _ *core.Decision) int { return len(ev.Data) + 1 }
func (c *fakeCore) Held(l uint32) bool                              { return l == 1 && c.held.Load() }
func (c *fakeCore) OrderName(uint32) core.VenueName                 { return core.VenueName{} }
func (c *fakeCore) Killed(uint32) bool                              { return c.killed.Load() }
func (c *fakeCore) EncodeRecord(b []byte, ev *core.Event, _ *core.Decision) int {
	b[0] = byte(ev.Kind)
	return 1 + copy(b[1:], ev.Data)
}

// all returns the events of one kind so far.
func (c *fakeCore) all(kind core.EventKind) (found []seen) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, e := range c.events {
		if e.kind == kind {
			found = append(found, e)
		}
	}
	return found
}

// fakeJournal takes everything, unless told not to.
type fakeJournal struct {
	buf      [1 << 21]byte
	full     atomic.Bool
	space    atomic.Uint32
	appended atomic.Uint64
	durable  atomic.Uint64
	held     atomic.Bool // durable stays where it is
	reserved int
	seq      uint64 // of the last record
}

func (j *fakeJournal) Reserve(n int) ([]byte, bool) {
	j.reserved = n
	return j.buf[:n], !j.full.Load()
}
func (j *fakeJournal) Commit(h *journal.Header, n int) journal.Position {
	if n > j.reserved {
		panic("more than reserved")
	}
	j.seq++
	h.Seq = j.seq
	return journal.Position(j.appended.Add(uint64(n)+journal.HeaderBytes) - uint64(n))
}
func (j *fakeJournal) Space() journal.Space       { return journal.Space(j.space.Load()) }
func (j *fakeJournal) Appended() journal.Position { return journal.Position(j.appended.Load()) }
func (j *fakeJournal) Durable() journal.Position {
	if !j.held.Load() {
		j.durable.Store(j.appended.Load())
	}
	return journal.Position(j.durable.Load())
}

// fakeEgress refuses messages that contain a text; it compares with the record before.
type fakeEgress struct {
	bad     string
	against uint64
}

func (e *fakeEgress) Check(_ uint32, _ *link.Out, b []byte, _ *core.Decision, record uint64, _ int64) (uint8, bool) {
	e.against = record - 1
	return fix.TagText, e.bad == "" || !bytes.Contains(b, []byte(e.bad))
}

func (e *fakeEgress) Against() uint64 { return e.against }

// fakeHistory holds every third message.
type fakeHistory struct {
	uncovered atomic.Bool
	damaged   atomic.Uint64 // a number whose message cannot be read
}

func (h *fakeHistory) Covers(journal.Position) bool { return !h.uncovered.Load() }
func (h *fakeHistory) Read(_ uint32, seq uint64, cutOff bool, buf []byte) ([]byte, error) {
	switch {
	case seq == h.damaged.Load():
		return buf, errors.New("no such luck")
	case seq%3 != 0:
		return buf, nil
	}
	if cutOff {
		return fmt.Appendf(buf, "cut off %d", seq), nil
	}
	return fmt.Appendf(buf, "stored %d", seq), nil
}

// rig is an engine with fakes around it. Link 0 is the venue, all others are participants.
type rig struct {
	*Engine
	core    *fakeCore
	journal *fakeJournal
	egress  *fakeEgress
	history *fakeHistory
	log     *lockedBuffer
	ended   chan error
}

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func encodeFake(dst []byte, c *core.Command) []byte {
	return fmt.Appendf(dst, "%d %d %s", c.ID, c.Kind, c.Reason)
}

// newRig makes an engine that does not run yet.
func newRig(t testing.TB, participants int, change func(*Config)) *rig {
	return newRigWith(t, participants, nil, change)
}

// newRigWith makes one with sockets of the test's own.
func newRigWith(t testing.TB, participants int, sockets Sockets, change func(*Config)) *rig {
	links := []Link{{Name: "VENUE", Venue: true}}
	for i := range participants {
		links = append(links, Link{Name: fmt.Sprintf("CLIENT%d", i+1)})
	}
	r := &rig{core: newFakeCore(links), journal: &fakeJournal{}, egress: &fakeEgress{}, history: &fakeHistory{},
		log: &lockedBuffer{}, ended: make(chan error, 1)}
	r.journal.space.Store(uint32(journal.Ample))
	cfg := Config{Links: links, MessageBytesMax: 4096, EncodeCommand: encodeFake, Log: zerolog.New(r.log),
		KillAll: core.Command{Kind: core.CmdKill, Reason: "lane full"}}
	if change != nil {
		change(&cfg)
	}
	r.core.held.Store(participants > 0 && links[1].Name == heldName)
	clock, err := clocksync.New()
	if err != nil {
		t.Fatal(err)
	}
	parts := Parts{Core: r.core, Journal: r.journal, Clock: clock, Egress: r.egress, History: r.history, Sockets: sockets}
	r.Engine, err = New(cfg, parts)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// start runs an engine until the test ends.
func start(t testing.TB, participants int, change func(*Config)) *rig {
	r := newRig(t, participants, change)
	r.run(t)
	return r
}

func (r *rig) run(t testing.TB) {
	go func() { r.ended <- r.Run(Start{BootEpoch: 7, ConfigHash: []byte("\x00\x00\x00\x05rest")}) }()
	before := runtime.NumGoroutine() - 1
	t.Cleanup(func() {
		defer until(t, "all goroutines ended", func() bool { return runtime.NumGoroutine() <= before })
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		r.stopNs.Store(1) // do not wait for peers
		if err := r.Stop(ctx, core.Command{Kind: core.CmdStop}); err != nil {
			t.Error(err)
		}
		if err := <-r.ended; err != nil {
			t.Error(err)
		}
	})
}

// pair is a connected loopback socket: one end for the test, the descriptor of the other for the engine.
func pair(t testing.TB) (*net.TCPConn, int) { return dialPair(t, &net.Dialer{}) }

// dialPair is pair with a choice of how the test's end dials.
func dialPair(t testing.TB, dialer *net.Dialer) (*net.TCPConn, int) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	near, err := dialer.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { near.Close() })
	far, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	file, err := far.(*net.TCPConn).File()
	if err != nil {
		t.Fatal(err)
	}
	fd, err := unix.FcntlInt(file.Fd(), unix.F_DUPFD_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	file.Close()
	far.Close()
	return near.(*net.TCPConn), fd
}

// connect hands a connection over to the running engine and returns the peer's end.
func (r *rig) connect(t testing.TB, l uint32, first string) *net.TCPConn {
	near, fd := pair(t)
	r.attach(t, l, fd, first)
	return near
}

func (r *rig) attach(t testing.TB, l uint32, fd int, first string) {
	if !r.Claim(l) {
		t.Fatalf("link %d is taken", l)
	}
	n := r.Snapshot().Counts[Admissions]
	if _, err := r.Handover(Conn{FD: fd, Link: l, First: []byte(first)}); err != nil {
		t.Fatal(err)
	}
	until(t, "admitted", func() bool { return r.Snapshot().Counts[Admissions] > n })
}

// until waits for a condition; the time is a bound for a broken build, not an expectation.
func until(t testing.TB, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); !ok(); time.Sleep(200 * time.Microsecond) {
		if time.Now().After(end) {
			t.Fatal("never: ", what)
		}
	}
}

// message builds a FIX message whose Text(58) is text.
func message(msgType, text string) string {
	body := "35=" + msgType + "\x0134=1\x0149=A\x0158=" + text + "\x01"
	head := fmt.Sprintf("8=FIX.4.4\x019=%d\x01", len(body))
	return fmt.Sprintf("%s%s10=%03d\x01", head, body, fix.CheckSum([]byte(head+body)))
}

// peer reads messages from the test's end of a connection.
type peer struct {
	conn net.Conn
	buf  []byte
}

// next returns type and text of the next message, or the error that ended the stream.
func (p *peer) next(t testing.TB) (string, error) {
	t.Helper()
	p.conn.SetReadDeadline(time.Now().Add(10 * time.Second))
	for {
		size, framing := fix.Frame(p.buf, 1<<20)
		if framing == fix.Whole {
			var m fix.Message
			m.Index(p.buf[:size])
			text := string(m.Type()) + " " + string(m.Value(fix.TagText))
			p.buf = p.buf[size:]
			return text, nil
		}
		if framing != fix.Partial {
			t.Fatalf("the engine sent %q: %v", p.buf, framing)
		}
		var b [1 << 16]byte
		n, err := p.conn.Read(b[:])
		if err != nil {
			return "", err
		}
		p.buf = append(p.buf, b[:n]...)
	}
}

// expect fails unless the next messages are these.
func (p *peer) expect(t testing.TB, want ...string) {
	t.Helper()
	for _, w := range want {
		if got, err := p.next(t); err != nil || got != w {
			t.Fatalf("got %q, %v; want %q", got, err, w)
		}
	}
}

// write sends all of s.
func write(t testing.TB, c net.Conn, s string) {
	t.Helper()
	c.SetWriteDeadline(time.Now().Add(10 * time.Second))
	if _, err := c.Write([]byte(s)); err != nil && !os.IsTimeout(err) {
		t.Fatal(err)
	}
}

// countingClock counts how often it is read.
type countingClock struct {
	clocksync.Source
	count uint64
}

func (c *countingClock) Now() clocksync.Stamp {
	c.count++
	return c.Source.Now()
}
