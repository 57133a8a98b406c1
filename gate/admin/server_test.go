package admin

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"portcullis/gate/local"
)

// gate is a server under test, with all it told the operator and all it was asked.
type gate struct {
	*Server
	mu    sync.Mutex
	lines []string
	asked []Request
}

func (g *gate) printf(format string, args ...any) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.lines = append(g.lines, fmt.Sprintf(format, args...))
}

func (g *gate) logged(part string) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return strings.Contains(strings.Join(g.lines, "\n"), part)
}

func (g *gate) requests() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return len(g.asked)
}

// start serves a handler; nil answers OK with the peer and the verb.
func start(t *testing.T, handle Handler, change func(*times)) *gate {
	t.Helper()
	g := &gate{}
	if handle == nil {
		handle = func(_ context.Context, p Peer, r Request) Answer {
			return Answer{OK: true, Detail: fmt.Appendf(nil, `{"verb":%q,"uid":%d,"pid":%d}`, r.Verb, p.UID, p.PID)}
		}
	}
	noting := func(ctx context.Context, p Peer, r Request) Answer {
		g.mu.Lock()
		g.asked = append(g.asked, r)
		g.mu.Unlock()
		return handle(ctx, p, r)
	}
	var err error
	if g.Server, err = Listen(filepath.Join(t.TempDir(), "admin.sock"), local.NoGroup, noting, g.printf); err != nil {
		t.Fatal(err)
	}
	if change != nil {
		change(&g.times)
	}
	served := make(chan error, 1)
	go func() { served <- g.Serve() }()
	t.Cleanup(func() {
		if err := g.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
		if err := <-served; err != nil {
			t.Errorf("serve: %v", err)
		}
		_ = g.Close()
	})
	return g
}

// patience ends a wait that has failed.
const patience = 30 * time.Second

func dial(t *testing.T, g *gate) net.Conn {
	t.Helper()
	c, err := net.Dial("unix", g.path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	_ = c.SetDeadline(time.Now().Add(patience))
	return c
}

func until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); !ok(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("never happened: %s", what)
		}
	}
}

var ping = Request{Verb: Ping}

// TestPeer: the actor is what the kernel says.
func TestPeer(t *testing.T) {
	g := start(t, nil, nil)
	a, err := Client{Path: g.path}.Do(t.Context(), ping)
	want := fmt.Sprintf(`{"verb":"ping","uid":%d,"pid":%d}`, os.Getuid(), os.Getpid())
	if err != nil || !a.OK || string(a.Detail) != want {
		t.Errorf("%+v, %v; want %s", a, err, want)
	}
	if info, err := os.Stat(g.path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
}

// TestConversation has good and bad lines on one connection; each has its answer, in order.
func TestConversation(t *testing.T) {
	g := start(t, nil, nil)
	c := dial(t, g)
	lines := "{\"verb\":\"ping\"}\n" + "not json\n" + "\n" + `{"verb":"kill","scope":"all"}` + "\n" +
		"\x00\xff\n" + "{\"verb\":\"status\"}\n"
	for i := range len(lines) { // byte by byte: a request may come in any pieces
		if _, err := io.WriteString(c, lines[i:i+1]); err != nil {
			t.Fatal(err)
		}
	}
	in := json.NewDecoder(c)
	for i, want := range []string{"", "not a request", "ends too early", `needs "reason"`, "not a request", ""} {
		var a Answer
		if err := in.Decode(&a); err != nil || a.OK != (want == "") || !strings.Contains(a.Error, want) {
			t.Errorf("answer %d: %+v, %v; want %q", i, a, err, want)
		}
	}
	if g.requests() != 2 {
		t.Errorf("handled %v", g.asked)
	}
	if !g.logged("refused") {
		t.Error("a bad request was not logged")
	}
}

// TestLastLineWithoutEnd: what a peer says last is carried out and answered though no end of line follows it.
func TestLastLineWithoutEnd(t *testing.T) {
	for last, requests := range map[string]int{"KILL client:ACME algo ran away": 1, `{"verb":"kill","scope":"all","reason":"x"}`: 1, `{"verb":"kill","sco`: 0, "KILL": 0, "": 0} {
		g := start(t, nil, nil)
		c := dial(t, g)
		if _, err := io.WriteString(c, last); err != nil {
			t.Fatal(err)
		}
		if err := c.(*net.UnixConn).CloseWrite(); err != nil {
			t.Fatal(err)
		}
		said, err := io.ReadAll(c)
		if err != nil || (len(said) > 0) != (last != "") || strings.Contains(string(said), `"ok":true`) != (requests > 0) {
			t.Errorf("%q is answered by %q, %v", last, said, err)
		}
		if g.requests() != requests {
			t.Errorf("%q: handled %v", last, g.asked)
		}
	}
}

func TestOversize(t *testing.T) {
	g := start(t, nil, nil)
	c := dial(t, g)
	go func() { _, _ = io.WriteString(c, strings.Repeat(`{"verb":"kill","scope":"all"`, 10_000)) }()
	line, err := bufio.NewReader(c).ReadString('\n')
	if err != nil || !strings.Contains(line, "at most 4096 bytes") {
		t.Errorf("%q, %v", line, err)
	}
	if n, err := c.Read(make([]byte, 1)); n != 0 || err == nil {
		t.Error("the connection goes on after an oversize request")
	}
	if g.requests() != 0 {
		t.Error("an oversize request was handled")
	}
}

// TestSilentPeers: silent peers take all places, and a kill still gets in.
func TestSilentPeers(t *testing.T) {
	g := start(t, nil, nil)
	first := dial(t, g)
	_, _ = io.WriteString(first, `{"verb":"kill","sco`) // half a request, then silence
	for range 3 * peersMax {
		dial(t, g)
	}
	a, err := Client{Path: g.path}.Do(t.Context(), Request{Verb: Kill, Scope: AllScope, Reason: "now"})
	if err != nil || !a.OK {
		t.Errorf("%+v, %v", a, err)
	}
	_ = first.SetReadDeadline(time.Now().Add(time.Minute))
	if got, err := io.ReadAll(first); err != nil || strings.Contains(string(got), `"ok":true`) {
		t.Errorf("the peer that was silent longest did not make room: it got %q, %v", got, err)
	}
	g.Server.mu.Lock()
	defer g.Server.mu.Unlock()
	if len(g.conns) > peersMax {
		t.Errorf("%d connections", len(g.conns))
	}
}

// TestRequestsOfManyAtOnce: requests of more peers than have places at the same time are all carried out, each once; none
// is cut off because its request was not read yet.
func TestRequestsOfManyAtOnce(t *testing.T) {
	g := start(t, func(_ context.Context, _ Peer, _ Request) Answer {
		time.Sleep(time.Millisecond)
		return Answer{OK: true}
	}, nil)
	g.Server.mu.Lock() // nobody is read meanwhile, as on a machine with much other work
	var conns []net.Conn
	for range peersMax + waitersMax/2 {
		c := dial(t, g)
		if _, err := io.WriteString(c, `{"verb":"kill","scope":"all","reason":"now"}`+"\n"); err != nil {
			t.Fatal(err)
		}
		conns = append(conns, c)
	}
	g.Server.mu.Unlock()
	for i, c := range conns {
		if line, err := bufio.NewReader(c).ReadString('\n'); err != nil || !strings.Contains(line, `"ok":true`) {
			t.Errorf("kill %d: %q, %v", i, line, err)
		}
	}
	if g.requests() != len(conns) {
		t.Errorf("%d requests were handled, want %d", g.requests(), len(conns))
	}
}

func TestSilentPeerTimesOut(t *testing.T) {
	g := start(t, nil, func(x *times) { x.request = 20 * time.Millisecond })
	c := dial(t, g)
	_, _ = io.WriteString(c, `{"verb":`)
	if n, err := c.Read(make([]byte, 1)); n != 0 || err != io.EOF {
		t.Errorf("read %d, %v; want the end", n, err)
	}
}

// TestDeafPeer asks for much and reads nothing; another peer is served meanwhile.
func TestDeafPeer(t *testing.T) {
	big, err := json.Marshal(strings.Repeat("x", 1<<20))
	if err != nil {
		t.Fatal(err)
	}
	g := start(t, func(_ context.Context, _ Peer, r Request) Answer {
		if r.Verb == Status {
			return Answer{OK: true, Detail: big}
		}
		return Answer{OK: true}
	}, func(x *times) { x.answer = 300 * time.Millisecond })
	deaf := dial(t, g)
	_, _ = io.WriteString(deaf, "{\"verb\":\"status\"}\n")
	if _, err := (Client{Path: g.path}).Do(t.Context(), ping); err != nil {
		t.Error(err)
	}
	until(t, "the deaf peer is given up", func() bool { return g.logged("did not take its answer") })
}

// TestBusy: with every place taken by a request in work, a further peer is told so.
func TestBusy(t *testing.T) {
	release := make(chan struct{})
	g := start(t, func(ctx context.Context, _ Peer, _ Request) Answer {
		<-release
		return Answer{OK: true}
	}, nil)
	var asked sync.WaitGroup
	for range peersMax {
		asked.Go(func() {
			if _, err := (Client{Path: g.path}).Do(context.Background(), ping); err != nil {
				t.Error(err)
			}
		})
	}
	until(t, "all places taken", func() bool { return g.requests() == peersMax })
	_, err := Client{Path: g.path}.Do(t.Context(), ping)
	if err == nil || !strings.Contains(err.Error(), "busy") {
		t.Errorf("one too many: %v", err)
	}
	close(release)
	asked.Wait()
}

// TestPeerGoesAway: a kill once read is carried out though nobody waits for its answer.
func TestPeerGoesAway(t *testing.T) {
	entered, done := make(chan struct{}), make(chan error, 1)
	leave := make(chan struct{})
	g := start(t, func(ctx context.Context, _ Peer, _ Request) Answer {
		close(entered)
		<-leave
		done <- ctx.Err()
		return Answer{OK: true}
	}, nil)
	c := dial(t, g)
	_, _ = io.WriteString(c, `{"verb":"kill","scope":"all","reason":"x"}`+"\n")
	<-entered
	c.Close()
	close(leave)
	if err := <-done; err != nil {
		t.Errorf("the kill was given up: %v", err)
	}
}

// TestClose: a request in work is told to end and still answered; the socket is gone afterwards.
func TestClose(t *testing.T) {
	entered := make(chan struct{})
	g := start(t, func(ctx context.Context, _ Peer, _ Request) Answer {
		close(entered)
		<-ctx.Done()
		return Answer{Error: "the gate ends"}
	}, nil)
	dial(t, g)
	answered := make(chan error, 1)
	go func() {
		_, err := Client{Path: g.path}.Do(context.Background(), Request{Verb: Stop})
		answered <- err
	}()
	<-entered
	if err := g.Close(); err != nil {
		t.Error(err)
	}
	if err := <-answered; err == nil || !strings.Contains(err.Error(), "the gate ends") {
		t.Errorf("answer: %v", err)
	}
	if _, err := os.Stat(g.path); !os.IsNotExist(err) {
		t.Errorf("socket left behind: %v", err)
	}
}

// TestConcurrentPeers asks from many peers at once; each gets the answer to its own request.
func TestConcurrentPeers(t *testing.T) {
	g := start(t, func(_ context.Context, _ Peer, r Request) Answer { return Answer{OK: true, KillID: r.ID} }, nil)
	var peers sync.WaitGroup
	for p := range uint64(8) {
		peers.Go(func() {
			for i := range uint64(20) {
				id := p*1000 + i + 1
				a, err := Client{Path: g.path}.Do(context.Background(), Request{Verb: Revive, ID: id, Reason: "x"})
				if err != nil || a.KillID != id {
					t.Errorf("%d: %+v, %v", id, a, err)
				}
			}
		})
	}
	peers.Wait()
}

func TestSecondOwner(t *testing.T) {
	g := start(t, nil, nil)
	if _, err := Listen(g.path, local.NoGroup, nil, g.printf); err == nil || !strings.Contains(err.Error(), "owns it") {
		t.Errorf("second owner: %v", err)
	}
	if _, err := (Client{Path: g.path}).Do(t.Context(), ping); err != nil {
		t.Errorf("the first owner was disturbed: %v", err)
	}
}

func TestBadDetail(t *testing.T) {
	g := start(t, func(context.Context, Peer, Request) Answer { return Answer{OK: true, Detail: []byte("{")} }, nil)
	if a, err := (Client{Path: g.path}).Do(t.Context(), ping); err != nil || !strings.Contains(a.Error, "not JSON") {
		t.Errorf("%+v, %v", a, err)
	}
}
