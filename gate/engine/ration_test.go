package engine

import (
	"io"
	"strings"
	"testing"

	"portcullis/gate/core"
	"portcullis/gate/journal"
	"portcullis/risk"
)

// TestReserveIsRationed: while the journal has room for what is open only, a participant whose refused orders take too much of it is
// cut and not taken again before there is ample room; others go on, and so do its refused orders while there is.
func TestReserveIsRationed(t *testing.T) {
	r := newRig(t, 2, func(c *Config) { c.ReserveBytes = 1 << 12 }) // 2048 bytes for refusals, 1024 of them for each link
	r.core.on = func(ev *core.Event, d *core.Decision) {
		if ev.Kind == core.Message && ev.Link != 0 && strings.Contains(string(ev.Data), "refused") {
			d.Reason = risk.SymbolUnknown
		}
	}
	r.run(t)
	r.connect(t, 0, "")
	greedy, other := r.connect(t, 1, ""), r.connect(t, 2, "")
	handled := func() int { return len(r.core.all(core.Message)) }
	order := message("D", "refused "+strings.Repeat("x", 300))
	write(t, greedy, strings.Repeat(order, 20))
	until(t, "refused with ample room", func() bool { return handled() == 20 })
	r.journal.space.Store(uint32(journal.ReserveOnly))
	write(t, other, message("D", "taken"))
	until(t, "taken", func() bool { return handled() == 21 })
	write(t, greedy, strings.Repeat(order, 20))
	if _, err := io.Copy(io.Discard, greedy); err != nil {
		t.Error(err)
	}
	until(t, "the greedy one is cut", func() bool { return len(r.core.all(core.Closed)) == 1 })
	if closed := r.core.all(core.Closed)[0]; closed.link != 1 || closed.code != uint8(core.ReserveUsed) {
		t.Errorf("closed %+v", closed)
	}
	if n := handled(); n > 21+4 {
		t.Errorf("%d messages were handled", n)
	}
	admitted := len(r.core.all(core.Admitted))
	again, fd := pair(t)
	if !r.Claim(1) {
		t.Fatal("not claimed")
	}
	if _, err := r.Handover(Conn{FD: fd, Link: 1}); err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(io.Discard, again); err != nil {
		t.Error(err)
	}
	until(t, "the link is free", func() bool { return r.Idle(1) })
	if n := len(r.core.all(core.Admitted)); n != admitted {
		t.Error("it was taken again, at the cost of a record")
	}
	write(t, other, message("D", "refused y"))
	write(t, other, message("D", "still here"))
	until(t, "the other goes on", func() bool {
		m := r.core.all(core.Message)
		return strings.Contains(m[len(m)-1].data, "still here")
	})
	r.journal.space.Store(uint32(journal.Ample))
	until(t, "ample room", func() bool { return len(r.core.all(core.JournalSpace)) == 2 })
	write(t, r.connect(t, 1, ""), message("D", "back"))
	until(t, "the greedy one is back", func() bool {
		m := r.core.all(core.Message)
		return strings.Contains(m[len(m)-1].data, "back")
	})
}

// TestRationOfEach: who has taken little is not cut for what others took, and all together take no more than there is.
func TestRationOfEach(t *testing.T) {
	const links, record = 8, 100
	r := newRation(32_000, links) // 16000 for refusals: 500 for each, 12000 for all, and 8000 for one at most
	take := func(link uint32) (records int) {
		for r.take(link, record) {
			records++
		}
		return records
	}
	// The first is cut by its share, the second by what the first has left, the others have what is theirs.
	for link, want := range []int{80, 49, 5, 5, 5, 5, 5, 5} {
		if got := take(uint32(link)); got != want {
			t.Errorf("link %d: %d records, want %d", link, got, want)
		}
	}
	if r.refill(); take(7) != 80 {
		t.Error("with ample room it does not begin anew")
	}
	if r = newRation(0, links); !r.take(0, 1<<40) {
		t.Error("bounded without a reserve")
	}
}
