package verbs

import (
	"context"
	"errors"
	"io"
	"net"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"portcullis/gate/admin"
	"portcullis/gate/config"
	"portcullis/gate/local"
)

// TestHardKillWithoutWatchdog: where the watchdog takes a hard kill and does not answer, the engine is asked for an
// ordinary one, and the operator is told which is in force; where the watchdog says no, that is the answer.
func TestHardKillWithoutWatchdog(t *testing.T) {
	socket := filepath.Join(t.TempDir(), "gate.sock")
	asked := make(chan admin.Request, 10)
	serve := func(path string, a admin.Answer) {
		t.Helper()
		s, err := admin.Listen(path, local.NoGroup, func(_ context.Context, _ admin.Peer, r admin.Request) admin.Answer {
			asked <- r
			return a
		}, t.Logf)
		if err != nil {
			t.Fatal(err)
		}
		go func() { _ = s.Serve() }()
		t.Cleanup(func() { _ = s.Close() })
	}
	kill := func(want ...string) {
		t.Helper()
		v := killVerb{socketFlag: socketFlag{Socket: socket}, Hard: true, Mode: string(admin.ModeCancel), Reason: "it hangs"}
		err := v.Run()
		for _, text := range want {
			if err == nil || !strings.Contains(err.Error(), text) {
				t.Errorf("%v: want %q", err, text)
			}
		}
	}
	l, err := net.Listen("unix", socket+config.WatchdogSuffix)
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		for c, err := l.Accept(); err == nil; c, err = l.Accept() {
			_, _ = c.Read(make([]byte, 1))
			c.Close()
		}
	}()
	kill("neither the hard kill nor the ordinary one", "kill -9 it", "gate orders --open --csv", "no gate runs")
	serve(socket, admin.Answer{OK: true, KillID: 3})
	kill("the ORDINARY kill of the firm is in force", "the hard one may follow")
	if r := <-asked; r.Verb != admin.Kill || r.Scope != admin.AllScope || r.Reason != "it hangs" {
		t.Errorf("asked for %+v", r)
	}
	l.Close()
	serve(socket+config.WatchdogSuffix, admin.Answer{Error: "the disk is full"})
	kill("the disk is full")
	if r := <-asked; r.Verb != admin.KillHard || len(asked) > 0 {
		t.Errorf("asked for %+v and %d more", r, len(asked))
	}
}

// TestHardKillBehindStoppedWatchdog: a watchdog that takes the request and says nothing, as a stopped one does, keeps the ordinary
// kill waiting for no longer than hardWithin.
func TestHardKillBehindStoppedWatchdog(t *testing.T) {
	socket := filepath.Join(t.TempDir(), "gate.sock")
	l, err := net.Listen("unix", socket+config.WatchdogSuffix) // the kernel accepts for it
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	asked := make(chan time.Time, 1)
	s, err := admin.Listen(socket, local.NoGroup, func(context.Context, admin.Peer, admin.Request) admin.Answer {
		asked <- time.Now()
		return admin.Answer{OK: true, KillID: 3}
	}, t.Logf)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	go func() { _ = s.Serve() }()
	begun := time.Now()
	v := killVerb{socketFlag: socketFlag{Socket: socket}, Hard: true, Mode: string(admin.ModeCancel), Reason: "it hangs"}
	if err := v.Run(); err == nil || !strings.Contains(err.Error(), "the ORDINARY kill of the firm is in force") {
		t.Errorf("%v: want the ordinary kill", err)
	}
	if waited := (<-asked).Sub(begun); waited > hardWithin+5*time.Second {
		t.Errorf("the ordinary kill waited %v for a watchdog that is stopped; at most %v", waited, hardWithin)
	}
}

// TestKillAsEngineEnds: a kill that an engine took with it when it ended is sent once more where the watchdog starts another; nothing
// else is, and nothing is sent a third time.
func TestKillAsEngineEnds(t *testing.T) {
	dir := t.TempDir()
	socket := filepath.Join(dir, "gate.sock")
	serve := func(path string, answer func(nth int) string) (asked *atomic.Int32) {
		asked = new(atomic.Int32)
		l, err := net.Listen("unix", path)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { l.Close() })
		go func() {
			for c, err := l.Accept(); err == nil; c, err = l.Accept() {
				_, _ = c.Read(make([]byte, admin.RequestBytesMax))
				_, _ = io.WriteString(c, answer(int(asked.Add(1))))
				c.Close()
			}
		}()
		return asked
	}
	var dies atomic.Int32 // how many of the first requests an engine ends with
	asked := serve(socket, func(nth int) string {
		if nth <= int(dies.Load()) {
			return ""
		}
		return `{"ok":true,"kill_id":7}` + "\n"
	})
	f, watched := socketFlag{Socket: socket}, false
	for _, c := range []struct {
		verb   admin.Verb
		dies   int32
		watch  bool
		asked  int32
		killed bool
	}{
		{admin.Kill, 1, false, 1, false}, // nobody starts another
		{admin.Halt, 1, true, 1, false},
		{admin.Kill, 1, true, 2, true},
		{admin.Kill, 2, true, 2, false},
		{admin.Kill, 0, true, 1, true},
	} {
		if c.watch && !watched {
			watched = true
			serve(socket+config.WatchdogSuffix, func(int) string { return `{"ok":true}` + "\n" })
		}
		dies.Store(c.dies)
		asked.Store(0)
		r := admin.Request{Verb: c.verb, Name: "ACME", Reason: "now"}
		if c.verb == admin.Kill {
			r.Scope = admin.ClientScope
		}
		a, err := f.do(t.Context(), r)
		if unknown := new(admin.UnknownError); (err == nil) != c.killed || c.killed != (a.KillID == 7) || err != nil && !errors.As(err, &unknown) || asked.Load() != c.asked {
			t.Errorf("%+v: %+v, %v, asked %d times", c, a, err, asked.Load())
		}
	}
}
