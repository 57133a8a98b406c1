package gate

import (
	"testing"

	"portcullis/gate/assemble"
	"portcullis/gate/config"
	"portcullis/gate/core"
)

// TestNumbering: numbers passed over after a lost tail are known as never used, until the link's numbers
// begin anew; nothing that was sent before that counts.
func TestNumbering(t *testing.T) {
	cfg, err := config.LoadFiles(config.SampleFiles(20261122), config.SampleMain)
	if err != nil {
		t.Fatal(err)
	}
	n, err := config.OpenNumbers(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer n.Close()
	if err := assemble.Assign(cfg, n); err != nil {
		t.Fatal(err)
	}
	c, err := assemble.Core(cfg, n, nil, assemble.Heap)
	if err != nil {
		t.Fatal(err)
	}
	s, d := newNumbering(2), new(core.Decision)
	d.Reset()
	ev := &core.Event{Kind: core.Numbered, Link: 1, Seq: 65_537}
	s.note(ev, d, c, 64)
	c.Decide(ev, d)
	c.Apply(ev, d)
	for seq, want := range map[uint64]bool{1: true, 65_536: true, 65_537: false} {
		if s.skipped(1, seq) != want || s.skipped(0, seq) {
			t.Errorf("%d: %v", seq, s.skipped(1, seq))
		}
	}
	anew := new(core.Decision)
	anew.Reset()
	anew.SessionStep, anew.EffectLen = true, 1
	anew.Effects[0] = core.Effect{Kind: core.Renumbered, Link: 1}
	replayed := newNumbering(2)
	replayed.note(ev, d, c, 64)
	replayed.note(&core.Event{Kind: core.Message, Link: 1}, anew, c, 4096)
	s.watch(anew, 4096)
	for name, s := range map[string]*numbering{"live": s, "replayed": replayed} {
		if s.skipped(1, 2) {
			t.Errorf("%s: numbers that began anew may be in use", name)
		}
		if s.since(1) != 4096 || s.since(0) != 0 {
			t.Errorf("%s: numbers count since %d and %d", name, s.since(0), s.since(1))
		}
	}
}
