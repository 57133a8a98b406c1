package alert

import (
	"context"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"portcullis/gate/config"
	"portcullis/gate/core"
)

// TestEveryTellingEffectIsMarked: the follower decodes only records that are marked, so what has a severity must mark
// its record, and nothing else.
func TestEveryTellingEffectIsMarked(t *testing.T) {
	for kind := core.EffectKind(1); kind < 64; kind++ {
		var d core.Decision
		d.EffectLen, d.Effects[0].Kind = 1, kind
		if told, marked := severityOf(&d.Effects[0]) != "", d.HeaderFlags()&core.Telling != 0; told != marked {
			t.Errorf("effect %d: told %v, its record marked %v", kind, told, marked)
		}
	}
	for alert, want := range map[core.Alert]Severity{core.StateDiffers: Critical, core.Unanswered: Warning} {
		if got := severityOf(&core.Effect{Kind: core.Alerted, Alert: alert}); got != want {
			t.Errorf("%v is %s", alert, got)
		}
	}
}

// TestScarceRoomIsTold: that the journal has room for cancels and reports alone is critical, and its end is told too.
func TestScarceRoomIsTold(t *testing.T) {
	for value, want := range []Severity{Warning, Critical} {
		if got := severityOf(&core.Effect{Kind: core.GateSet, Flags: core.GateJournalFull, Value: uint64(value)}); got != want {
			t.Errorf("state %d is %q, want %s", value, got, want)
		}
	}
}

// TestChain: the first sink that takes the lines has them, all of them; each kind of sink takes them whole.
func TestChain(t *testing.T) {
	dir := t.TempDir()
	file, copied, socket := filepath.Join(dir, "alerts"), filepath.Join(dir, "copied"), filepath.Join(dir, "socket")
	l, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	heard := make(chan string, 1)
	go func() {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		b := make([]byte, 100)
		n, _ := conn.Read(b)
		heard <- string(b[:n])
	}()
	fails := config.AlertSink{To: config.ToCommand, Command: []string{"sh", "-c", "echo busy; exit 3"}}
	nowhere := config.AlertSink{To: config.ToSocket, Path: filepath.Join(dir, "none")}
	sinks := []config.AlertSink{{To: config.ToCommand, Command: []string{"sh", "-c", "cat > " + copied}},
		{To: config.ToSocket, Path: socket}, {To: config.ToFile, Path: file}}
	for _, s := range sinks {
		failed, err := NewChain([]config.AlertSink{fails, nowhere, s, {To: config.ToFile, Path: filepath.Join(dir, "never")}}).
			Deliver(context.Background(), []byte("one\ntwo\n"))
		if err != nil || len(failed) != 2 || !strings.Contains(failed[0], "busy") {
			t.Errorf("%s: %v, %v", s.Name(), failed, err)
		}
	}
	if got := <-heard; got != "one\ntwo\n" {
		t.Errorf("the socket heard %q", got)
	}
	for _, path := range []string{file, copied} {
		if got, err := os.ReadFile(path); err != nil || string(got) != "one\ntwo\n" {
			t.Errorf("%s has %q, %v", path, got, err)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "never")); err == nil {
		t.Error("a second sink has what the first took")
	}
	if _, err := NewChain([]config.AlertSink{fails, nowhere}).Deliver(context.Background(), []byte("x\n")); err == nil {
		t.Error("no sink took it, and no error")
	}
}
