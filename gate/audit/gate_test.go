package audit

import (
	"bytes"
	"context"
	"io"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"portcullis/fix"
	"portcullis/gate"
	"portcullis/gate/assemble"
	"portcullis/gate/config"
)

// TestRunningGate: every verb on the journal of a gate as it runs, and again when it has ended.
func TestRunningGate(t *testing.T) {
	dir := t.TempDir()
	check(t, config.Sample(dir, config.Alone(config.SampleFiles(int(fix.TradeDate(time.Now().UnixNano()))))))
	free := must(net.Listen("tcp", "127.0.0.1:0"))(t)
	_, port, _ := net.SplitHostPort(free.Addr().String())
	check(t, free.Close())
	participants := filepath.Join(dir, "participants.cfg")
	text := strings.ReplaceAll(string(must(os.ReadFile(participants))(t)), "9876", port)
	check(t, os.WriteFile(participants, []byte(text), 0o600))
	main := filepath.Join(dir, config.SampleMain)
	text = strings.NewReplacer("open_orders: 65536", smallTables,
		"clordids: 1_048_576", "clordids: 1024").
		Replace(string(must(os.ReadFile(main))(t)))
	check(t, os.WriteFile(main, []byte(text), 0o600))
	cfg := must(config.Load(main))(t)
	g := must(gate.Open(cfg, gate.Options{Log: zerolog.Nop(), Alloc: assemble.Heap}))(t)
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- g.Run(ctx) }()
	<-g.Ready()
	allVerbs(t, cfg, "process "+strconv.Itoa(os.Getpid())+" holds the journal, and answers on")
	stop()
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	allVerbs(t, cfg, "no process holds the journal: the gate is not running")
}

func allVerbs(t *testing.T, cfg *config.Config, alive string) {
	t.Helper()
	j := must(Open(cfg.Gate.JournalDir))(t)
	var out bytes.Buffer
	if r, err := j.Replay(&out, DifferencesShown); err != nil || r.Records < 3 {
		t.Errorf("replay: %+v, %v\n%s", r, err, out.String())
	}
	s := must(j.Load(true))(t)
	s.Status(&out, Alive(context.Background(), j.Dir(), cfg.Gate.AdminSocket), Watched(context.Background(), cfg.Gate.AdminSocket), "", time.Now())
	if !strings.Contains(out.String(), alive) {
		t.Errorf("status does not say %q:\n%s", alive, out.String())
	}
	dead := strings.Contains(alive, "not running")
	if takes := choice(dead, "no: it is not running", "no: venue XSIM: line down"); !strings.Contains(out.String(), "takes orders   "+takes) {
		t.Errorf("status does not say that it takes orders: %s\n%s", takes, out.String())
	}
	check(t, s.Exposure(io.Discard, must(s.ParseScope("firm"))(t), true))
	check(t, s.OpenOrders(io.Discard, OrderFilter{}, true))
	out.Reset()
	check(t, j.Tail(context.Background(), &out, TailOptions{}))
	if said := j.AsOf(context.Background(), cfg.Gate.AdminSocket); dead != strings.HasPrefix(said, "the gate is not running; as of record ") {
		t.Errorf("said of its age: %q", said)
	}
	if !strings.Contains(out.String(), "gate started, epoch 1") {
		t.Errorf("tail:\n%s", out.String())
	}
}
