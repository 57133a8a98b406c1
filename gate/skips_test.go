package gate

import (
	"testing"

	"portcullis/gate/assemble"
	"portcullis/gate/config"
	"portcullis/gate/core"
)

// TestSkips: numbers passed over after a lost tail are known as never used, until the link's numbers
// begin anew.
func TestSkips(t *testing.T) {
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
	c, err := assemble.Core(cfg, n, 20261122, nil, assemble.Heap)
	if err != nil {
		t.Fatal(err)
	}
	s, d := newSkips(2), new(core.Decision)
	d.Reset()
	ev := &core.Event{Kind: core.Numbered, Link: 1, Seq: 65_537}
	s.note(ev, d, c)
	c.Decide(ev, d)
	c.Apply(ev, d)
	for seq, want := range map[uint64]bool{1: true, 65_536: true, 65_537: false} {
		if s.has(1, seq) != want || s.has(0, seq) {
			t.Errorf("%d: %v", seq, s.has(1, seq))
		}
	}
	d.Reset()
	d.SessionStep, d.Link.NextOut = true, 1
	s.watch(&core.Event{Kind: core.Message, Link: 1}, d, c)
	if s.has(1, 2) {
		t.Error("numbers that began anew may be in use")
	}
}
