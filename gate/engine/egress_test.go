package engine

import (
	"io"
	"testing"

	"portcullis/fix"
	"portcullis/gate/core"
)

// TestEgressDifference: the bytes are not sent, the line is cut, the core is told.
func TestEgressDifference(t *testing.T) {
	r := newRig(t, 1, nil)
	r.egress.bad = "forged"
	r.run(t)
	venue, client := r.connect(t, 0, ""), r.connect(t, 1, "")
	write(t, client, message("D", "honest"))
	p := &peer{conn: venue}
	p.expect(t, "D honest")
	write(t, client, message("D", "forged")+message("D", "later"))
	if got, err := p.next(t); err != io.EOF {
		t.Errorf("the venue got %q, %v", got, err)
	}
	e := r.core.all(core.EgressDifference)
	if len(e) != 1 || e[0].link != 0 || e[0].seq != 2 || e[0].code != fix.TagText || e[0].request != 2 {
		t.Errorf("%+v", e)
	}
	if got := core.ParseEgressRecords([]byte(e[0].data)); got.Sent == 0 || got.Accepted != got.Sent-1 {
		t.Errorf("records %+v", got)
	}
}

// TestEgressDifferenceWithoutRoom: the core is told of it once the journal has room again.
func TestEgressDifferenceWithoutRoom(t *testing.T) {
	r := newRig(t, 1, nil)
	r.egress.bad = "forged"
	r.core.on = func(ev *core.Event, _ *core.Decision) {
		if ev.Kind == core.EgressDifference && r.Snapshot().Counts[Stalls] == 0 {
			r.journal.full.Store(true)
		}
	}
	r.run(t)
	venue, client := r.connect(t, 0, ""), r.connect(t, 1, "")
	write(t, client, message("D", "forged"))
	until(t, "stalled", func() bool { return r.Snapshot().Counts[Stalls] == 1 })
	if n := len(r.core.all(core.EgressDifference)); n != 0 {
		t.Errorf("told %d times without room", n)
	}
	r.journal.full.Store(false)
	until(t, "told", func() bool { return len(r.core.all(core.EgressDifference)) == 1 })
	if e := r.core.all(core.EgressDifference)[0]; e.seq != 1 || core.ParseEgressRecords([]byte(e.data)).Sent == 0 {
		t.Errorf("%+v", e)
	}
	if got, err := (&peer{conn: venue}).next(t); err != io.EOF {
		t.Errorf("the venue got %q, %v", got, err)
	}
}
