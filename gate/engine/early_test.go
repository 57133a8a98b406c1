package engine

import (
	"fmt"
	"slices"
	"sync/atomic"
	"testing"

	"portcullis/gate/core"
)

// TestEarly: what came above a gap is given again, in order, when its number is expected, and not before.
func TestEarly(t *testing.T) {
	r := newRig(t, 1, nil)
	var next atomic.Uint64
	next.Store(2)
	r.core.expected = &next
	r.core.on = func(ev *core.Event, d *core.Decision) {
		var seq uint64
		if ev.Kind != core.Message {
			return
		}
		fmt.Sscanf(string(r.core.m.Value(58)), "%d", &seq)
		if d.Out.Reset(); seq > next.Load() {
			d.Early = seq
		} else if seq == next.Load() {
			next.Add(1)
		}
	}
	r.run(t)
	client := r.connect(t, 1, "")
	for _, seq := range []int{5, 4, 7, 5, 3, 2, 6} {
		write(t, client, message("D", fmt.Sprint(seq)))
	}
	until(t, "all taken", func() bool { return next.Load() == 8 })
	var given []string
	for _, e := range r.core.all(core.Message) {
		r.core.m.Index([]byte(e.data))
		given = append(given, fmt.Sprintf("%s/%d", r.core.m.Value(58), e.code))
	}
	want := []string{"5/0", "4/0", "7/0", "5/0", "3/0", "2/0", "3/1", "4/1", "5/1", "6/0", "7/1"}
	if !slices.Equal(given, want) {
		t.Errorf("given %v, want %v", given, want)
	}
}

// TestEarlyBounds: what is kept is bounded, forgets what is below, and is cleared when the numbers begin anew.
func TestEarlyBounds(t *testing.T) {
	var e early
	for seq := uint64(earlyMessagesMax + 10); seq > 0; seq-- {
		e.keep(seq, []byte("m"))
	}
	if len(e.messages) != earlyMessagesMax || e.due(earlyMessagesMax+10) == nil {
		t.Errorf("%d messages kept", len(e.messages))
	}
	e.clear()
	e.keep(2, make([]byte, earlyBytesMax))
	e.keep(3, []byte("m"))
	if len(e.messages) != 1 || e.due(1) != nil || e.due(3) != nil || len(e.messages) != 0 || len(e.bytes) != 0 {
		t.Errorf("%d messages, %d bytes kept", len(e.messages), len(e.bytes))
	}
}
