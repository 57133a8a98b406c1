package audit

import (
	"net"
	"path/filepath"
	"strings"
	"testing"
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
	j := must(Open(w.dir))(t)
	if got := j.AsOf(t.Context(), socket); !strings.HasPrefix(got, "the gate does not answer: ") {
		t.Error(got)
	}
	w.close()
}
