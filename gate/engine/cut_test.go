package engine

import (
	"strings"
	"testing"

	"portcullis/gate/core"
)

// TestCutOffIsReadBack: what a reset cut off is read back without anybody asking or being connected: from
// the start on where an earlier process left some, and until the next reset.
func TestCutOffIsReadBack(t *testing.T) {
	r := newRig(t, 1, nil)
	r.core.cut = core.Range{From: 2, To: 7}
	resets := []core.Range{{From: 10, To: 1 << 40}, {From: 100, To: 103}}
	r.core.on = func(ev *core.Event, d *core.Decision) {
		if ev.Kind == core.Message {
			d.Out.Reset()
			d.Effects[0], d.EffectLen = core.Effect{Kind: core.Renumbered, Link: ev.Link}, 1
			r.core.cut, resets = resets[0], resets[1:]
		}
	}
	r.run(t)
	of := func(from uint64) (list []seen) {
		for _, e := range r.core.all(core.Stored) {
			if e.seq >= from && e.code == core.WasCutOff && e.link == 1 {
				list = append(list, e)
			}
		}
		return list
	}
	want := []seen{{seq: 2, seq2: 2}, {seq: 3, seq2: 3, data: "cut off 3"}, {seq: 4, seq2: 5}, {seq: 6, seq2: 6, data: "cut off 6"}, {seq: 7, seq2: 7}}
	until(t, "all of it", func() bool { return len(of(2)) == len(want) })
	for i, e := range of(2) {
		if w := want[i]; e.seq != w.seq || e.seq2 != w.seq2 || e.data != w.data {
			t.Errorf("%+v, want %+v", e, w)
		}
	}
	client := r.connect(t, 1, message("A", "reset"))
	until(t, "the first reset", func() bool { return len(of(10)) > 0 })
	write(t, client, message("A", "another"))
	until(t, "the second reset", func() bool {
		list := of(100)
		return len(list) > 0 && list[len(list)-1].seq2 >= 103
	})
	r.core.mu.Lock()
	defer r.core.mu.Unlock()
	again := false
	for _, e := range r.core.events {
		again = again || e.kind == core.Message && strings.Contains(e.data, "another")
		if again && e.kind == core.Stored && (e.seq < 100 || e.seq2 > 103) {
			t.Errorf("%+v came after the second reset", e)
		}
	}
}

// TestClosedSaysWhatIsLost: the Closed event names the first message that the kernel did not take.
func TestClosedSaysWhatIsLost(t *testing.T) {
	r := start(t, 2, func(c *Config) { c.SlowBytesMax = 64 << 10 })
	venue, _ := r.connect(t, 0, ""), r.connect(t, 1, "")
	reports := strings.Repeat(message("8", strings.Repeat("y", 200)), 100)
	for r.Snapshot().Counts[SlowConsumers] == 0 {
		write(t, venue, reports)
	}
	until(t, "cut", func() bool { return r.Idle(1) })
	sent := r.Snapshot().Counts[MessagesOut]
	if e := r.core.all(core.Closed)[0]; e.seq != sent+1 {
		t.Errorf("%d messages left, the first lost is %d", sent, e.seq)
	}
	other := r.connect(t, 2, "")
	write(t, other, message("D", "fine"))
	until(t, "it works", func() bool { return len(r.core.all(core.Message)) > 0 })
	other.Close()
	until(t, "closed", func() bool { return r.Idle(2) })
	if e := r.core.all(core.Closed)[1]; e.seq != 0 {
		t.Errorf("nothing was lost, and yet %d", e.seq)
	}
}
