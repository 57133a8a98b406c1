package audit

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

// TestAliveOfASilentGate: who asks how a stopped gate stands is not sent to ask the same again.
func TestAliveOfASilentGate(t *testing.T) {
	w := openDesk(t, t.TempDir(), morning, sampleFiles()) // it holds the journal's lock
	socket := filepath.Join(t.TempDir(), "gate.sock")
	l, err := net.Listen("unix", socket) // the kernel takes connections for a process that does not run
	check(t, err)
	defer l.Close()
	got := Alive(t.Context(), w.dir, socket)
	if !strings.Contains(got.Words, "stopped or stuck") || strings.Contains(got.Words, "`gate status`") || got.WhyNot == "" {
		t.Error(got)
	}
	watched := must(admin.Listen(socket+config.WatchdogSuffix, local.NoGroup, func(context.Context, admin.Peer, admin.Request) admin.Answer {
		return admin.Answer{OK: true, Detail: []byte(`{"engine_pid":1,"phase":"running","beat_age_ns":1000000}`)}
	}, t.Logf))(t)
	defer watched.Close()
	go func() { _ = watched.Serve() }()
	if got := Alive(t.Context(), w.dir, socket); !strings.Contains(got.Words, "orders are decided") || got.WhyNot != "" {
		t.Error(got) // its engine's heart beats: it is commands alone that do not get in
	}
	j := must(Open(w.dir))(t)
	if got := j.AsOf(t.Context(), socket); !strings.HasPrefix(got, "the gate does not answer: ") {
		t.Error(got)
	}
	w.close()
}
