package gate

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rs/zerolog"

	"portcullis/gate/assemble"
	"portcullis/gate/cell"
	"portcullis/gate/core"
	"portcullis/gate/watchdog"
)

// TestHardKillsAreTakenOnce: each kill that the watchdog has recorded is put in force by the next start, with its giver,
// and by that one alone: it stands over starts until it is revived, and no start brings a revived one back.
func TestHardKillsAreTakenOnce(t *testing.T) {
	dir := t.TempDir()
	g := openSample(t, dir)
	path := filepath.Join(g.JournalDir(), "hardkills")
	record := func(kills ...watchdog.Kill) {
		t.Helper()
		content, err := json.Marshal(kills)
		must(t, err)
		c, _, err := cell.Open(path, 32<<10)
		if errors.Is(err, fs.ErrNotExist) {
			err = c.Create(nil)
		}
		must(t, err)
		must(t, c.Write(content))
	}
	stand := func(want ...uint64) {
		t.Helper()
		must(t, g.close())
		g = openSample(t, dir)
		kills := g.core.Book().Kills()
		if len(kills) != len(want) {
			t.Fatalf("%d kills stand, want %v", len(kills), want)
		}
		for i, k := range kills {
			if k.ID != want[i] || !k.Firm() || k.AtNs > 12 {
				t.Errorf("%+v, want kill %d of the firm, in force since the watchdog's record", k, want[i])
			}
		}
	}
	first, second := watchdog.Kill{Number: 5, UID: 7, PID: 8, Actor: "anna", Reason: "one"}, watchdog.Kill{Number: 9, UID: 7, Actor: "ben", Reason: "two"}
	record(first, second)
	stand(1, 2)
	stand(1, 2)
	for id := range uint64(2) {
		for user := range uint32(2) {
			must(t, g.boot.Command(core.Command{Kind: core.CmdRevive, Target: id + 1, UID: 100 + user, Reason: "over"}))
		}
	}
	stand()
	record(first, second, watchdog.Kill{Number: 12, UID: 7, Actor: "anna", Reason: "three"})
	stand(3)
	must(t, g.close())
	must(t, os.WriteFile(path, make([]byte, 8<<10), 0o600))
	if _, err := Open(loadSample(t, dir), Options{Log: zerolog.Nop(), Alloc: assemble.Heap}); err == nil ||
		!strings.Contains(err.Error(), "whether the gate was killed hard cannot be read") {
		t.Errorf("a damaged record: %v", err)
	}
}
