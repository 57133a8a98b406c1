package verbs

import (
	"context"
	"net"
	"path/filepath"
	"strings"
	"testing"

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
	kill("neither the hard kill nor the ordinary one", "no gate runs")
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
