package gate

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"portcullis/gate/assemble"
	"portcullis/gate/config"
	"portcullis/gate/core"
	"portcullis/gate/journal"
	"portcullis/gate/recovery"
)

// TestNewJournal: an empty journal folder is no way round four eyes, whatever the files beside it say; and where nothing is
// known of the gate, one person who begins alone is told of to everybody.
func TestNewJournal(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "gate.yaml.approval")
	approve := core.Command{Kind: core.CmdApprove, UID: 4242, Reason: "test"}
	for _, step := range []struct {
		what     string
		journal  string
		approval string
		forget   bool // the file is taken away before
		approve  bool
		waits    bool
		says     []core.Alert
		standing string
	}{
		{"the first start", "journal", "four_eyes", false, true, true, []core.Alert{core.ChangeWaits}, "four_eyes"},
		{"approved", "journal", "four_eyes", false, false, false, nil, "four_eyes"},
		{"another journal, one person", "journal2", "none", false, false, true, []core.Alert{core.JournalBegun, core.ChangeWaits}, "four_eyes"},
		{"the same again, which is approved", "journal2", "none", false, true, true, nil, "four_eyes"},
		{"one person, by the word of two", "journal2", "none", false, false, false, nil, "none"},
		{"one person may go back", "journal2", "four_eyes", false, false, false, nil, "four_eyes"},
		{"the journal of before", "journal", "none", false, false, false, []core.Alert{core.ChangeWaits}, "four_eyes"},
		{"nothing is known", "journal3", "none", true, false, false, []core.Alert{core.OnePerson}, ""},
	} {
		if step.forget {
			must(t, os.Remove(file))
		}
		cfg := loadSample(t, dir, config.SampleMain, "approval: none ", "approval: "+step.approval+"  ", config.SampleMain, "journal: journal ", "journal: "+step.journal+"  ")
		before := recordsIn(t, cfg.Gate.JournalDir)
		g := openOn(t, file, cfg)
		hash := g.cfg.Hash()
		must(t, g.boot.Record(&core.Event{Kind: core.Configured, Link: core.NoIndex, Data: hash[:]}))
		if step.approve {
			approve.Name = g.core.Offer()
			must(t, g.boot.Command(approve))
		}
		waits := g.cfg.Unapproved
		must(t, g.close())
		if says := alertsIn(t, cfg.Gate.JournalDir, before); waits != step.waits || !slices.Equal(says, step.says) {
			t.Errorf("%s: waits: %t, want %t; says %v, want %v", step.what, waits, step.waits, says, step.says)
		}
		var s recovery.Standing
		if data, err := os.ReadFile(file); err == nil {
			must(t, json.Unmarshal(data, &s))
		}
		if s.Approval != step.standing {
			t.Errorf("%s: it stands in the file that changes take %q, want %q", step.what, s.Approval, step.standing)
		}
	}
	// What cannot be read may have said four eyes; what cannot be written would be forgotten.
	cfg := loadSample(t, dir, config.SampleMain, "approval: none ", "approval: four_eyes ", config.SampleMain, "journal: journal ", "journal: journal4 ")
	must(t, os.WriteFile(file, []byte("four_eyes"), 0o600))
	for _, standing := range []string{file, filepath.Join(dir, "nowhere", "file")} {
		if g, err := Open(cfg, Options{Alloc: assemble.Heap, Standing: standing}); err == nil {
			t.Errorf("a gate starts on %s", standing)
			must(t, g.close())
		}
	}
}

// recordsIn is how many records a journal has, by the offset at which the next begins.
func recordsIn(t *testing.T, dir string) (n int) {
	eachRecord(t, dir, func(*assemble.Record) { n++ })
	return n
}

// alertsIn are those of its records behind a number of them.
func alertsIn(t *testing.T, dir string, behind int) (alerts []core.Alert) {
	n := 0
	eachRecord(t, dir, func(r *assemble.Record) {
		if n++; n <= behind {
			return
		}
		for _, e := range r.Decision.Effects[:r.Decision.EffectLen] {
			if e.Kind == core.Alerted {
				alerts = append(alerts, e.Alert)
			}
		}
	})
	return alerts
}

func eachRecord(t *testing.T, dir string, do func(*assemble.Record)) {
	t.Helper()
	if _, err := os.Stat(dir); err != nil {
		return
	}
	f, err := journal.Follow(dir, 0)
	must(t, err)
	must(t, assemble.Walk(f, func(r *assemble.Record) error { do(r); return nil }))
	must(t, f.Close())
}
