package admin

import (
	"context"
	"errors"
	"io"
	"net"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// answering listens as something that is not quite a gate.
func answering(t *testing.T, serve func(net.Conn)) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "other.sock")
	l, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go serve(c)
		}
	}()
	return path
}

// TestClientErrors: each way not to reach a gate says which socket, what happened and what to do.
func TestClientErrors(t *testing.T) {
	dir := t.TempDir()
	stale := filepath.Join(dir, "stale.sock")
	l, err := net.ListenUnix("unix", &net.UnixAddr{Name: stale})
	if err != nil {
		t.Fatal(err)
	}
	l.SetUnlinkOnClose(false)
	l.Close()
	silent := func(c net.Conn) { _, _ = io.Copy(io.Discard, c) }
	hangup := func(c net.Conn) { _, _ = c.Read(make([]byte, 9000)); c.Close() }
	babble := func(c net.Conn) { _, _ = io.WriteString(c, "220 mail ready\n"); _, _ = io.Copy(io.Discard, c) }
	flood := func(c net.Conn) {
		for block := strings.Repeat("x", 1<<16); ; {
			if _, err := io.WriteString(c, block); err != nil {
				return
			}
		}
	}
	const short = 300 * time.Millisecond
	for name, row := range map[string]struct {
		path   string
		within time.Duration // 0: as usual
		wants  []string
	}{
		"none":   {filepath.Join(dir, "none.sock"), 0, []string{"no gate runs", "none.sock", "gate run"}},
		"stale":  {stale, 0, []string{"no gate runs", "stale.sock", "left behind", "gate run"}},
		"silent": {answering(t, silent), short, []string{"did not answer", "it may have been: see `gate status`", "other.sock"}},
		"hangup": {answering(t, hangup), 0, []string{"did not answer", "not known whether the ping was carried out"}},
		"babble": {answering(t, babble), 0, []string{"none of a gate", "right socket"}},
		"flood":  {answering(t, flood), short, []string{"did not answer"}},
	} {
		_, err := Client{Path: row.path, AnswerWithin: row.within}.Do(t.Context(), ping)
		for _, want := range row.wants {
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %v; want %q", name, err, want)
			}
		}
	}
}

func TestClientGivesUpWithItsContext(t *testing.T) {
	path := answering(t, func(c net.Conn) { _, _ = io.Copy(io.Discard, c) })
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(20*time.Millisecond, cancel)
	if _, err := (Client{Path: path}).Do(ctx, ping); err == nil {
		t.Error("a silent gate was waited for")
	}
}

// TestClientValidates: a wrong request is not sent.
func TestClientValidates(t *testing.T) {
	g := start(t, nil, nil)
	_, err := Client{Path: g.path}.Do(t.Context(), Request{Verb: Kill, Scope: AllScope, Name: "ACME", Reason: "x"})
	if err == nil || !strings.Contains(err.Error(), `takes no "name"`) || g.requests() != 0 {
		t.Errorf("%v, %d sent", err, g.requests())
	}
}

func TestClientGivesTheRefusal(t *testing.T) {
	g := start(t, func(context.Context, Peer, Request) Answer { return Answer{Error: "no such kill", KillID: 9} }, nil)
	a, err := Client{Path: g.path}.Do(t.Context(), Request{Verb: Revive, ID: 9, Reason: "x"})
	if err == nil || !strings.Contains(err.Error(), "refused the revive: no such kill") || a.KillID != 9 {
		t.Errorf("%+v, %v", a, err)
	}
}

// TestTypedVerbs: a refusal names the verb as it was typed.
func TestTypedVerbs(t *testing.T) {
	g := start(t, func(context.Context, Peer, Request) Answer { return Answer{Error: "no"} }, nil)
	for want, r := range map[string]Request{"refused the limit clear: ": {Verb: LimitClear, Scope: AllScope, Key: "limits.net", Reason: "x"},
		"refused the recon close: ": {Verb: CloseBreak, Name: "E", Venue: "X", Reason: "x"}} {
		if _, err := (Client{Path: g.path}).Do(t.Context(), r); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: want %q", err, want)
		}
	}
}

// TestClientSaysWhatIsNotKnown: what a gate does not know to have carried out is not called refused, and whoever kills is
// sent to the kill that needs no engine.
func TestClientSaysWhatIsNotKnown(t *testing.T) {
	g := start(t, func(context.Context, Peer, Request) Answer { return Answer{Unknown: true, Error: "no reply"} }, nil)
	for verb, r := range map[string]Request{"`gate kill --hard`": {Verb: Kill, Scope: AllScope, Reason: "x"},
		"see `gate status` before": {Verb: Revive, ID: 9, Reason: "x"}} {
		_, err := Client{Path: g.path}.Do(t.Context(), r)
		unknown := new(UnknownError)
		if !errors.As(err, &unknown) || !strings.Contains(err.Error(), verb) || strings.Contains(err.Error(), "refused") {
			t.Errorf("%s: %v", r.Verb, err)
		}
	}
}
