package admission

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rs/zerolog"
	"golang.org/x/sys/unix"

	"portcullis/fix"
	"portcullis/gate/engine"
	"portcullis/session"
)

// fakeEngine keeps what it is handed.
type fakeEngine struct {
	mu     sync.Mutex
	taken  map[uint32]bool
	held   map[uint32]bool
	handed []engine.Conn
	refuse bool
	leaves int // at which asking whether a link is idle its connection has ended; 0: at none
}

func (e *fakeEngine) Held(link uint32) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.held[link]
}

// hold holds a link down, or lets it up.
func (e *fakeEngine) hold(link uint32, down bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.held[link] = down
}

func (e *fakeEngine) Claim(link uint32) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.taken[link] {
		return false
	}
	e.taken[link] = true
	return true
}

func (e *fakeEngine) Release(link uint32) {
	e.mu.Lock()
	defer e.mu.Unlock()
	delete(e.taken, link)
}

func (e *fakeEngine) Idle(link uint32) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.leaves > 0 {
		if e.leaves--; e.leaves == 0 {
			delete(e.taken, link)
		}
	}
	return !e.taken[link]
}

func (e *fakeEngine) Handover(c engine.Conn) (number uint32, err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.refuse {
		return 0, engine.ErrStopped
	}
	c.First = bytes.Clone(c.First)
	e.handed = append(e.handed, c)
	return uint32(len(e.handed)), nil
}

func (e *fakeEngine) all() []engine.Conn {
	e.mu.Lock()
	defer e.mu.Unlock()
	return append([]engine.Conn(nil), e.handed...)
}

// leave ends the connection of the next link that is asked for, when that is asked the nth time.
func (e *fakeEngine) leave(nth int) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.leaves = nth
}

// end closes the newest connection of a link, as the engine does.
func (e *fakeEngine) end(link uint32) {
	for _, c := range e.all() {
		if c.Link == link {
			unix.Close(c.FD)
		}
	}
	e.Release(link)
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

type rig struct {
	*Admission
	engine *fakeEngine
	log    *lockedBuffer
}

const anyPort = "127.0.0.1:0"

// start runs admission with link 1, open to its password "right", and link 2, open to nobody's address.
func start(t *testing.T, change func(*Config)) *rig {
	goroutines := runtime.NumGoroutine()
	r := &rig{engine: &fakeEngine{taken: map[uint32]bool{}, held: map[uint32]bool{}}, log: &lockedBuffer{}}
	cfg := Config{
		Participants: []Participant{{
			Link: 1, Name: "ACME", Listen: anyPort, BeginString: "FIX.4.4", SenderCompID: "GATE", TargetCompID: "ACME",
			LogonTimeout: 5 * time.Second, Allowed: func(netip.Addr) bool { return true },
			Verify: func(user, password []byte) bool { return string(user) == "trader" && string(password) == "right" },
		}, {
			Link: 2, Name: "ELSEWHERE", Listen: anyPort, BeginString: "FIX.4.4", SenderCompID: "GATE",
			TargetCompID: "ELSEWHERE", Allowed: func(netip.Addr) bool { return false },
		}},
		MessageBytesMax: 4096, Bounds: DefaultBounds, Log: zerolog.New(r.log),
	}
	if change != nil {
		change(&cfg)
	}
	var err error
	if r.Admission, err = Start(cfg, r.engine); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if err := r.Stop(ctx); err != nil {
			t.Error(err)
		}
		for _, c := range r.engine.all() {
			unix.Close(c.FD)
		}
		until(t, "all goroutines ended", func() bool { return runtime.NumGoroutine() <= goroutines })
		if strings.Contains(r.log.String(), "right") || strings.Contains(r.log.String(), "guess") {
			t.Error("a password is in the log: ", r.log)
		}
	})
	return r
}

func until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); !ok(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("never: ", what)
		}
	}
}

func (r *rig) connect(t *testing.T) net.Conn {
	t.Helper()
	c, err := net.Dial("tcp", r.Addr(anyPort).String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

// whole builds a message from fields written with '|' for SOH.
func whole(begin, body string) string {
	body = strings.ReplaceAll(body, "|", "\x01")
	head := fmt.Sprintf("8=%s\x019=%d\x01", begin, len(body))
	return fmt.Sprintf("%s%s10=%03d\x01", head, body, fix.CheckSum([]byte(head+body)))
}

func logon(password string) string {
	return whole("FIX.4.4", "35=A|34=1|49=ACME|52=20261122-13:30:00|56=GATE|98=0|108=30|553=trader|554="+password+"|")
}

// answer reads until the end of the stream.
func answer(t *testing.T, c net.Conn) string {
	t.Helper()
	c.SetReadDeadline(time.Now().Add(10 * time.Second))
	b, err := io.ReadAll(c)
	if err != nil && !strings.Contains(err.Error(), "reset") {
		t.Fatal(err)
	}
	return strings.ReplaceAll(string(b), "\x01", "|")
}

// TestAdmitted: the Logon, what came with it, and a working descriptor reach the engine; the password does not.
func TestAdmitted(t *testing.T) {
	r := start(t, nil)
	c := r.connect(t)
	m := logon("right")
	more := whole("FIX.4.4", "35=0|34=2|49=ACME|56=GATE|")
	io.WriteString(c, m[:20])
	time.Sleep(5 * time.Millisecond)
	io.WriteString(c, m[20:]+more)
	until(t, "handed over", func() bool { return len(r.engine.all()) == 1 })
	got := r.engine.all()[0]
	size, framing := fix.Frame(got.First, 4096)
	if got.Link != 1 || framing != fix.Whole || size != len(m) {
		t.Fatalf("link %d, %v, %q", got.Link, framing, got.First)
	}
	if !bytes.Contains(got.First, []byte("\x01554=*****\x01")) {
		t.Errorf("%q", got.First)
	}
	c.SetWriteDeadline(time.Now().Add(time.Second))
	io.WriteString(c, "ping")
	var b [256]byte
	rest := string(got.First[size:])
	until(t, "the rest", func() bool {
		n, err := unix.Read(got.FD, b[:])
		if err == nil {
			rest += string(b[:n])
		}
		return rest == more+"ping"
	})
}

// TestRefused lists what does not get in, what the log says, and what the peer is told.
func TestRefused(t *testing.T) {
	refusedText := session.RefusedText
	for _, c := range []struct {
		name, send string
		reason     string
		told       bool
	}{
		{"wrong password", logon("guess"), "wrong password", true},
		{"no password", whole("FIX.4.4", "35=A|34=1|49=ACME|56=GATE|98=0|"), "user or password missing", true},
		{"wrong SenderCompID", whole("FIX.4.4", "35=A|34=1|49=EVIL|56=GATE|"), "unknown link", false},
		{"wrong TargetCompID", whole("FIX.4.4", "35=A|34=1|49=ACME|56=OTHER|"), "unknown link", false},
		{"wrong BeginString", whole("FIX.4.2", "35=A|34=1|49=ACME|56=GATE|"), "unknown link", false},
		{"wrong address", whole("FIX.4.4", "35=A|34=1|49=ELSEWHERE|56=GATE|"), "source address not permitted", false},
		{"an order first", whole("FIX.4.4", "35=D|34=1|49=ACME|56=GATE|11=x|"), "no Logon(35=A)", false},
		{"CompID twice", whole("FIX.4.4", "35=A|34=1|49=ACME|49=ACME|56=GATE|"), "tag 49 occurs twice", false},
		{"empty value", whole("FIX.4.4", "35=A|34=|49=ACME|56=GATE|"), "malformed: tag 34", false},
		{"HTTP", "GET / HTTP/1.1\r\n\r\n", "no FIX message", false},
		{"wrong checksum", strings.Replace(logon("right"), "\x0110=", "\x0110=9", 1), "no FIX message", false},
		{"1 MB", "8=FIX.4.4\x019=1000000\x01" + strings.Repeat("x", 1<<20), "longer than", false},
		{"nothing and gone", "", "left before its Logon", false},
		{"half a Logon and gone", logon("right")[:40], "left before its Logon", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := start(t, nil)
			conn := r.connect(t)
			go func() { // it may be closed in the middle
				io.WriteString(conn, c.send)
				conn.(*net.TCPConn).CloseWrite()
			}()
			got := answer(t, conn)
			if told := strings.Contains(got, "|58="+refusedText+"|"); told != c.told || !told && got != "" {
				t.Errorf("the peer was told %q", got)
			}
			if c.told && (!strings.Contains(got, "8=FIX.4.4|") || !strings.Contains(got, "|35=5|34=1|49=GATE|")) {
				t.Errorf("%q", got)
			}
			until(t, "logged", func() bool { return strings.Contains(r.log.String(), c.reason) })
			if n := strings.Count(r.log.String(), "refused\""); n != 1 {
				t.Errorf("%d lines: %s", n, r.log)
			}
			if len(r.engine.all()) != 0 || !r.engine.Idle(1) {
				t.Error("something reached the engine")
			}
		})
	}
}

// TestRefusedInSeconds: FIX.4.0 and 4.1 have no fractions of a second, in a refusal either.
func TestRefusedInSeconds(t *testing.T) {
	for precision, form := range map[fix.Precision]string{
		fix.Seconds: `\|52=\d{8}-\d\d:\d\d:\d\d\|`, fix.Millis: `\|52=\d{8}-\d\d:\d\d:\d\d\.\d{3}\|`} {
		r := start(t, func(c *Config) { c.Participants[0].Precision = precision })
		conn := r.connect(t)
		io.WriteString(conn, logon("guess"))
		conn.(*net.TCPConn).CloseWrite()
		if got := answer(t, conn); !regexp.MustCompile(form).MatchString(got) {
			t.Errorf("%v: %q", precision, got)
		}
	}
}

// TestSilence: a peer that says nothing, or half of something, is closed after the link's LogonTimeout.
func TestSilence(t *testing.T) {
	for _, send := range []string{"", logon("right")[:50]} {
		r := start(t, func(c *Config) { c.Participants[0].LogonTimeout = 20 * time.Millisecond })
		conn := r.connect(t)
		io.WriteString(conn, send)
		if got := answer(t, conn); got != "" {
			t.Errorf("the peer was told %q", got)
		}
		until(t, "logged", func() bool { return strings.Contains(r.log.String(), errSilent.Error()) })
	}
}

// TestDuplicateLogon: the newcomer is refused, the connection that is there stays, and the link is free when it ends.
func TestDuplicateLogon(t *testing.T) {
	r := start(t, nil)
	first := r.connect(t)
	io.WriteString(first, logon("right"))
	until(t, "admitted", func() bool { return len(r.engine.all()) == 1 })
	second := r.connect(t)
	io.WriteString(second, logon("right"))
	if got := answer(t, second); got != "" {
		t.Errorf("the newcomer was told %q", got)
	}
	until(t, "logged", func() bool { return strings.Contains(r.log.String(), errDuplicate.Error()) })
	first.SetReadDeadline(time.Now().Add(10 * time.Millisecond))
	if _, err := first.Read(make([]byte, 1)); !os.IsTimeout(err) {
		t.Errorf("the live connection was disturbed: %v", err)
	}
	r.engine.end(1)
	third := r.connect(t)
	io.WriteString(third, logon("right"))
	until(t, "admitted again", func() bool { return len(r.engine.all()) == 2 })
}

// TestHeldDown: a participant whose link an operator holds down is refused before its password is looked at, a venue is
// not dialled; both get through once the link may come up.
func TestHeldDown(t *testing.T) {
	l, err := net.Listen("tcp", anyPort)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	dialled := make(chan net.Conn, 1)
	go func() {
		if c, err := l.Accept(); err == nil {
			dialled <- c
		}
	}()
	hashed := make(chan bool, 1)
	r := start(t, func(c *Config) {
		c.Participants[0].Verify = func(_, _ []byte) bool { hashed <- true; return true }
	})
	r.engine.hold(1, true)
	r.engine.hold(9, true)
	r.running.Go(func() { r.dial(toward(Venue{Link: 9, Name: "VENUE", Address: l.Addr().String()})) })
	c := r.connect(t)
	io.WriteString(c, logon("right"))
	if got := answer(t, c); got != "" {
		t.Errorf("the peer was told %q", got)
	}
	until(t, "logged", func() bool { return strings.Contains(r.log.String(), errHeld.Error()) })
	select {
	case <-dialled:
		t.Fatal("a venue was dialled")
	case <-hashed:
		t.Fatal("a password was looked at")
	case <-time.After(3 * idlePoll):
	}
	r.engine.hold(1, false)
	r.engine.hold(9, false)
	c = r.connect(t)
	io.WriteString(c, logon("right"))
	until(t, "both are there", func() bool { return len(r.engine.all()) == 2 })
	defer (<-dialled).Close()
}

// TestHandoverFails: the claim is given back.
func TestHandoverFails(t *testing.T) {
	r := start(t, nil)
	r.engine.refuse = true
	c := r.connect(t)
	io.WriteString(c, logon("right"))
	answer(t, c)
	until(t, "free", func() bool { return r.engine.Idle(1) })
}

// TestFloods: each bound closes what is above it, and names itself in the log.
func TestFloods(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*Bounds)
		send   string
		reason string
	}{
		{"half open", func(b *Bounds) { b.HalfOpenMax = 3 }, "", "too many connections without a Logon\""},
		{"half open of one address", func(b *Bounds) { b.HalfOpenPerAddressMax = 3 }, "", "from this address"},
		{"connections", func(b *Bounds) { b.ConnectionsMax = 3 }, "x", "connection flood"},
		{"logons", func(b *Bounds) { b.LogonsMax = 3 }, logon("guess"), "logon flood"},
		{"guesses", func(b *Bounds) { b.Lockout.FailuresMax = 3 }, logon("guess"), "locked out"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := start(t, func(cfg *Config) { c.change(&cfg.Bounds) })
			for range 4 {
				conn := r.connect(t)
				if c.send != "" {
					io.WriteString(conn, c.send)
					answer(t, conn)
				}
			}
			until(t, c.reason, func() bool { return strings.Contains(r.log.String(), c.reason) })
		})
	}
}

// TestLogonFlood: hundreds of Logons at once; one connection reaches the engine, the log stays readable.
func TestLogonFlood(t *testing.T) {
	r := start(t, func(c *Config) { c.Bounds.LogonsMax = 1000 })
	var wg sync.WaitGroup
	for range 200 {
		wg.Go(func() {
			if c, err := net.Dial("tcp", r.Addr(anyPort).String()); err == nil {
				io.WriteString(c, logon("right"))
				c.Close()
			}
		})
	}
	wg.Wait()
	until(t, "one admitted, all looked at", func() bool {
		r.mu.Lock()
		defer r.mu.Unlock()
		return len(r.engine.all()) > 0 && len(r.halfOpen) == 0
	})
	if n := len(r.engine.all()); n != 1 {
		t.Errorf("%d connections of one link", n)
	}
	if n := strings.Count(r.log.String(), "\n"); n > 10 {
		t.Errorf("%d lines of log", n)
	}
}

// TestDial: a venue that is down at start is reached when it comes up, and again when its line has dropped.
func TestDial(t *testing.T) {
	l, err := net.Listen("tcp", anyPort)
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	l.Close()
	r := start(t, func(c *Config) {
		c.Venues = []Venue{{Link: 9, Name: "VENUE", Address: address, Reconnect: time.Millisecond}}
	})
	until(t, "logged", func() bool { return strings.Contains(r.log.String(), "venue cannot be reached") })
	if l, err = net.Listen("tcp", address); err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	for n := 1; n <= 2; n++ {
		c, err := l.Accept()
		if err != nil {
			t.Fatal(err)
		}
		until(t, "handed over", func() bool { return len(r.engine.all()) == n })
		if got := r.engine.all()[n-1]; got.Link != 9 || len(got.First) != 0 {
			t.Errorf("%+v", got)
		}
		c.Close()
		r.engine.end(9)
	}
	if n := strings.Count(r.log.String(), "cannot be reached"); n != 1 {
		t.Errorf("%d lines about one outage", n)
	}
}

// TestListenWaits: an address that is given back late, as by a gate that is dying, is waited for.
func TestListenWaits(t *testing.T) {
	l, err := net.Listen("tcp", anyPort)
	if err != nil {
		t.Fatal(err)
	}
	time.AfterFunc(100*time.Millisecond, func() { _ = l.Close() })
	a, err := Start(Config{Participants: []Participant{{Name: "A", Listen: l.Addr().String()}}}, &fakeEngine{})
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Stop(t.Context()); err != nil {
		t.Error(err)
	}
}

// TestListenFails: an address that is taken is an error that names the link, and nothing is left open.
func TestListenFails(t *testing.T) {
	l, err := net.Listen("tcp", anyPort)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	links := []Participant{{Name: "A", Listen: anyPort}, {Name: "B", Listen: l.Addr().String()}}
	_, err = Start(Config{Participants: links}, &fakeEngine{})
	if err == nil || !strings.Contains(err.Error(), "link B") {
		t.Error(err)
	}
}
