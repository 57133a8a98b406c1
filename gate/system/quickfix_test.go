package system

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"portcullis/gate/demo/peer"
)

// TestQuickFIX: the same as TestVersions with QuickFIX C++ at both ends, which holds what it gets to the standard
// dictionaries too. It needs g++ and Debian's libquickfix-dev; .ci/run installs them.
func TestQuickFIX(t *testing.T) {
	t.Parallel()
	engine := buildQuickFIX(t)
	dictionaries := standardDictionaries(t)
	port := freePort(t)
	acceptor := startQuickFIX(t, engine, "acceptor", quickFIXSettings("acceptor", port, dictionaries, (*spoken).venue))
	venues := map[string]*peer.Venue{}
	for _, v := range spokenVersions {
		id := v.begin + ":" + v.venue() + "->GATE"
		venue, carried := peer.CarryVenue(peer.VenueConfig{BeginString: v.begin, SenderCompID: v.venue(), TargetCompID: "GATE", Port: port},
			func(m peer.Message) error { return acceptor.command("send", id, m.String()) })
		acceptor.carry(id, carried)
		venues[v.letter] = venue
	}
	s := versionSite(t, venues)
	var dealers []*versionDealer
	initiator := startQuickFIX(t, engine, "initiator", quickFIXSettings("initiator", s.port, dictionaries, (*spoken).participant))
	for _, v := range spokenVersions {
		t.Run(v.name, func(t *testing.T) {
			id := v.begin + ":" + v.participant() + "->GATE"
			p, carried := peer.CarryParticipant(peer.ParticipantConfig{BeginString: v.begin, SenderCompID: v.participant(), TargetCompID: "GATE"},
				func(m peer.Message) error { return initiator.command("send", id, m.String()) })
			initiator.carry(id, carried)
			d := &versionDealer{t: t, version: v, p: p}
			d.leave = func() func() error { return initiator.told("logout", id, p.AwaitLogout) }
			d.back = func() func() error { return initiator.told("logon", id, p.AwaitLogon) }
			if err := p.AwaitLogon(); err != nil {
				t.Fatal(err)
			}
			d.trade(venues)
			dealers = append(dealers, d)
		})
	}
	t.Run("participants away", func(t *testing.T) { participantsAway(t, dealers) })
	t.Run("venues away", func(t *testing.T) {
		var leave, back []func() func() error
		for _, at := range spokenVersions {
			id, venue := at.begin+":"+at.venue()+"->GATE", venues[at.letter]
			leave = append(leave, func() func() error { return acceptor.told("logout", id, venue.AwaitLogout) })
			back = append(back, func() func() error { return acceptor.told("logon", id, venue.AwaitLogon) })
		}
		dealer := dealers[len(dealers)-1]
		dealer.t = t
		dealer.owed(venues, leave, back)
	})
	for _, q := range []*quickFIX{initiator, acceptor} {
		for _, fault := range q.stop() {
			t.Errorf("QuickFIX C++: %s", fault)
		}
	}
	s.terminate()
}

// buildQuickFIX compiles testdata/quickfix, or skips the test where that cannot be.
func buildQuickFIX(t *testing.T) string {
	t.Helper()
	const lacks = "QUICKFIX C++ IS NOT TESTED: %s is not installed; apt-get install g++ libquickfix-dev"
	if _, err := exec.LookPath("g++"); err != nil {
		t.Skipf(lacks, "g++")
	}
	out, err := exec.Command("g++", "-E", "-x", "c++", "-include", "quickfix/Application.h", "-o", os.DevNull, os.DevNull).CombinedOutput()
	if err != nil {
		t.Logf("%s", out)
		t.Skipf(lacks, "libquickfix-dev")
	}
	program := filepath.Join(t.TempDir(), "peer")
	out, err = exec.Command("g++", "-std=c++14", "-w", "-o", program, "testdata/quickfix/peer.cpp", "-lquickfix", "-lpthread").CombinedOutput()
	if err != nil {
		t.Fatalf("g++: %v\n%s", err, out)
	}
	return program
}

// quickFIXSettings are the sessions of all versions, as QuickFIX C++ reads them.
func quickFIXSettings(side string, port int, dictionaries string, compID func(*spoken) string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "[DEFAULT]\nConnectionType=%s\nStartTime=00:00:00\nEndTime=00:00:00\nHeartBtInt=30\nReconnectInterval=1\n"+
		"SocketConnectHost=127.0.0.1\nSocketConnectPort=%d\nSocketAcceptPort=%d\nSocketReuseAddress=Y\nUseDataDictionary=Y\n", side, port, port)
	for _, v := range spokenVersions {
		file := func(name string) string { return filepath.Join(dictionaries, strings.ReplaceAll(name, ".", "")+".xml") }
		fmt.Fprintf(&b, "[SESSION]\n%sSenderCompID=%s\nTargetCompID=GATE\n", v.keys(), compID(&v))
		if v.appl == "" {
			fmt.Fprintf(&b, "DataDictionary=%s\n", file(v.name))
		} else {
			fmt.Fprintf(&b, "TransportDataDictionary=%s\nAppDataDictionary=%s\n", file("FIXT11"), file(v.name))
		}
	}
	return b.String()
}

// quickFIX is a running engine, see testdata/quickfix/peer.cpp.
type quickFIX struct {
	cmd  *exec.Cmd
	in   io.WriteCloser
	read sync.WaitGroup

	mu     sync.Mutex
	peers  map[string]peer.Carried
	up     map[string]bool
	faults []string
}

func startQuickFIX(t *testing.T, program, side, settings string) *quickFIX {
	t.Helper()
	file := filepath.Join(t.TempDir(), side+".cfg")
	if err := os.WriteFile(file, []byte(settings), 0o600); err != nil {
		t.Fatal(err)
	}
	q := &quickFIX{cmd: exec.Command(program, side, file), peers: map[string]peer.Carried{}, up: map[string]bool{}}
	q.cmd.Stderr = os.Stderr
	out, err := q.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if q.in, err = q.cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	if err := q.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { q.stop() })
	ready := make(chan struct{})
	q.read.Go(func() {
		lines := bufio.NewScanner(out)
		if lines.Scan() {
			q.line(lines.Text())
		}
		close(ready)
		for lines.Scan() {
			q.line(lines.Text())
		}
	})
	<-ready
	return q
}

// line takes one event.
func (q *quickFIX) line(text string) {
	verb, rest, _ := strings.Cut(text, " ")
	id, message, _ := strings.Cut(rest, " ")
	q.mu.Lock()
	defer q.mu.Unlock()
	carried, known := q.peers[id]
	switch verb {
	case "ready":
	case "logon", "logout":
		q.up[id] = verb == "logon"
		if known {
			carried.LoggedOn(q.up[id])
		}
	case "in":
		m, err := peer.Parse(message)
		if err != nil || !known {
			q.faults = append(q.faults, text)
			return
		}
		carried.Arrived(m)
	default: // it rejects what the gate sent, or cannot do what the test wants
		q.faults = append(q.faults, text)
	}
}

// carry names who gets what comes on a session.
func (q *quickFIX) carry(id string, c peer.Carried) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.peers[id] = c
	if q.up[id] {
		c.LoggedOn(true)
	}
}

func (q *quickFIX) command(verb, id, text string) error {
	_, err := fmt.Fprintln(q.in, verb, id, text)
	return err
}

// told gives a command and returns how to wait for what must come of it.
func (q *quickFIX) told(verb, id string, await func() error) func() error {
	if err := q.command(verb, id, ""); err != nil {
		return func() error { return fmt.Errorf("%s %s: %w", verb, id, err) }
	}
	return await
}

// stop ends the engine and returns what it had to complain about. It may be called again.
func (q *quickFIX) stop() []string {
	_ = q.in.Close()
	q.read.Wait()
	_ = q.cmd.Wait()
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.faults
}
