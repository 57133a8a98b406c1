package gate

import (
	"context"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"portcullis/gate/config"
	"portcullis/gate/recovery"
	"portcullis/gate/shadow"
	"portcullis/gate/snapshot"
	"portcullis/risk"
)

// patience ends a wait that has failed.
const patience = 20 * time.Second

// TestShadow: it follows the gate, leaves snapshots, and says where the engine's state is another than the records
// lead to; from then on it writes none.
func TestShadow(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", filepath.Join(dir, "full")) // it needs no room but the journal's
	g := openSample(t, dir, append([]string{config.SampleMain, "records: 200_000", "records: 1_000",
		config.SampleMain, "clordids: 1024", "clordids: 262_144", config.SampleMain, "executions: 1024", "executions: 262_144"}, busy...)...)
	defer func() { must(t, g.close()) }()
	f := newTraffic(t, g)
	told := make(chan string, 1)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		ended <- shadow.Run(ctx, g.cfg, shadow.Options{Log: zerolog.Nop(), Differs: func(record uint64, why string) error {
			told <- why
			return nil
		}})
	}()
	kept := recovery.Dir(g.JournalDir())
	until := func(what string, done func() bool) {
		t.Helper()
		for end := time.Now().Add(patience); !done(); time.Sleep(5 * time.Millisecond) {
			if f.order(); time.Now().After(end) {
				t.Fatalf("%s: never", what)
			}
		}
	}
	until("snapshots", func() bool {
		names, err := snapshot.Names(kept)
		must(t, err)
		return len(names) == snapshot.Kept
	})
	spoilt := f.seq
	g.core.Book().Execute(&risk.Place{}, risk.Buy, 0, 1) // as a defect of the engine would
	until("a difference", func() bool {
		select {
		case why := <-told:
			if !strings.HasPrefix(why, "shadow: digest ") {
				t.Errorf("told %q", why)
			}
			return true
		default:
			return false
		}
	})
	stop()
	must(t, <-ended)
	names, err := snapshot.Names(kept)
	must(t, err)
	s, err := snapshot.Open(names[0])
	must(t, err)
	if s.Head.Record > spoilt+2_000 {
		t.Errorf("a snapshot of record %d, the states differ since %d", s.Head.Record, spoilt)
	}
	must(t, s.Close())
}
