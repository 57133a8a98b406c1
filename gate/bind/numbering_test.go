package bind

import (
	"testing"

	"portcullis/gate/core"
)

// TestNumbering: numbers that were passed over are known as never used, until the link's numbers
// begin anew; nothing that was sent before that counts.
func TestNumbering(t *testing.T) {
	c := sampleCore(t)
	s, d := NewNumbering(2), new(core.Decision)
	ev := &core.Event{Kind: core.Numbered, Link: 1, Seq: 65_537}
	c.Decide(ev, d)
	s.Note(d, c, 64)
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
	ev.Seq = 65_600
	c.Decide(ev, d)
	s.Note(d, c, 128)
	c.Apply(ev, d)
	for seq, want := range map[uint64]bool{1: true, 65_537: true, 65_599: true, 65_600: false} {
		if s.skipped(1, seq) != want {
			t.Errorf("%d, raised again: %v", seq, s.skipped(1, seq))
		}
	}
	s.Note(anew, c, 4096)
	if s.skipped(1, 2) || s.skipped(1, 65_540) {
		t.Error("numbers that began anew may be in use")
	}
	if s.since(1) != 4096 || s.since(0) != 0 {
		t.Errorf("numbers count since %d and %d", s.since(0), s.since(1))
	}
}
