package gate

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"portcullis/gate/alert"
	"portcullis/gate/config"
	"portcullis/gate/core"
)

// TestAlertsAreTold: what the journal has is told once, over restarts of the teller and while sinks are mended.
func TestAlertsAreTold(t *testing.T) {
	dir := t.TempDir()
	g := openSample(t, dir, busy...)
	defer func() { must(t, g.close()) }()
	f := newTraffic(t, g)
	notice := func(text string) {
		f.event(core.Event{Kind: core.Noticed, Code: uint8(core.SnapshotDamaged), Link: core.NoIndex, Data: []byte(text)})
	}
	folder := filepath.Join(dir, "later")
	file := filepath.Join(folder, "alerts.jsonl")
	tell := func() (stop func()) {
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() {
			ended <- alert.Run(ctx, alert.Options{Dir: g.JournalDir(), Gate: "G", Log: zerolog.Nop(),
				Chain: alert.NewChain([]config.AlertSink{{To: config.ToFile, Path: file}})})
		}()
		return func() { cancel(); must(t, <-ended) }
	}
	lines := func(want int) (told []alert.Line) {
		t.Helper()
		for end := time.Now().Add(patience); len(told) < want; time.Sleep(5 * time.Millisecond) {
			if time.Now().After(end) {
				t.Fatalf("%d of %d lines: %v", len(told), want, told)
			}
			told = nil
			data, _ := os.ReadFile(file)
			for line := range strings.Lines(string(data)) {
				var l alert.Line
				must(t, json.Unmarshal([]byte(line), &l))
				told = append(told, l)
			}
		}
		return told
	}
	notice("first")
	f.order()
	stop := tell() // nothing takes alerts yet
	notice("second")
	must(t, os.Mkdir(folder, 0o700))
	lines(2)
	stop()
	notice("third")
	stop = tell()
	told := lines(3)
	stop()
	for i, want := range []string{"first", "second", "third"} {
		if l := told[i]; l.Event != "noticed: "+want || l.Gate != "G" || l.Severity != alert.Warning || l.Record == 0 || !strings.Contains(l.Text, "snapshot") {
			t.Errorf("%s: %+v", want, l)
		}
	}
	if len(told) != 3 {
		t.Errorf("told %d times", len(told))
	}
}
