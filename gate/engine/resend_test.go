package engine

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"portcullis/gate/core"
)

// TestResend: what history has comes back in order, what it has not as merged gaps, while live flow goes on.
func TestResend(t *testing.T) {
	r := newRig(t, 2, nil)
	r.core.on = func(ev *core.Event, d *core.Decision) {
		if ev.Kind == core.Message && strings.Contains(string(ev.Data), "resend") {
			d.Out.Reset()
			d.Resend = core.Range{From: 1, To: 3001}
		}
	}
	r.history.uncovered.Store(true)
	r.run(t)
	venue, client, other := r.connect(t, 0, ""), r.connect(t, 1, ""), r.connect(t, 2, "")
	write(t, client, message("D", "resend"))
	atVenue, atClient := &peer{conn: venue}, &peer{conn: client}
	write(t, other, message("D", "live"))
	atVenue.expect(t, "D live")
	if n := len(r.core.all(core.Stored)); n != 0 {
		t.Errorf("%d messages read before the journal was known that far", n)
	}
	r.history.uncovered.Store(false)
	// The peer reads nothing yet: the resend waits for it, live flow does not.
	for i := range 50 {
		write(t, other, message("D", fmt.Sprint(i)))
		atVenue.expect(t, fmt.Sprint("D ", i))
	}
	for seq := 1; seq < 3001; seq += 3 {
		atClient.expect(t, fmt.Sprintf("8 again %d %d ", seq, seq+1),
			fmt.Sprintf("8 again %d %d stored %d", seq+2, seq+2, seq+2))
	}
	atClient.expect(t, "8 again 3001 3001 ")
	write(t, client, message("D", "resend")) // the first one no longer counts
	atClient.expect(t, "8 again 1 2 ")
}

// TestResendEndsWithConnection: a new connection of the link gets nothing that the old one asked for.
func TestResendEndsWithConnection(t *testing.T) {
	r := newRig(t, 1, nil)
	r.core.on = func(ev *core.Event, d *core.Decision) {
		if ev.Kind == core.Message {
			d.Out.Reset()
			d.Resend = core.Range{From: 1, To: 1 << 40}
		}
	}
	r.run(t)
	client := r.connect(t, 1, "")
	write(t, client, message("D", "resend"))
	until(t, "going", func() bool { return len(r.core.all(core.Stored)) > 0 })
	client.Close()
	until(t, "idle", func() bool { return r.Idle(1) })
	n := len(r.core.all(core.Stored))
	again := r.connect(t, 1, "")
	write(t, again, message("D", "resend"))
	until(t, "from the start", func() bool { e := r.core.all(core.Stored); return len(e) > n && e[n].seq == 1 })
	if e := r.core.all(core.Stored)[n]; e.conn != 2 {
		t.Errorf("%+v", e)
	}
}

// TestResendOfDamage: a message that cannot be read is not passed over. The resend ends before it, the log
// says so once, and when it can be read the peer gets what it asks for.
func TestResendOfDamage(t *testing.T) {
	r := newRig(t, 1, nil)
	r.core.on = func(ev *core.Event, d *core.Decision) {
		if ev.Kind == core.Message && strings.Contains(string(ev.Data), "resend") {
			d.Out.Reset()
			d.Resend = core.Range{From: 1, To: 7}
		}
	}
	r.history.damaged.Store(5)
	r.run(t)
	venue, client := r.connect(t, 0, ""), r.connect(t, 1, "")
	atClient := &peer{conn: client}
	for range resendsMax + 1 { // each is over, so none is too many
		write(t, client, message("D", "resend"))
		atClient.expect(t, "8 again 1 2 ", "8 again 3 3 stored 3", "8 again 4 4 ")
		until(t, "it is over", func() bool { return len(r.resender.requests) == 0 })
	}
	write(t, venue, message("8", "live"))
	atClient.expect(t, "8 live")
	if n := strings.Count(r.log.String(), "no such luck"); n != 1 {
		t.Errorf("said %d times: %s", n, r.log)
	}
	r.history.damaged.Store(0)
	write(t, client, message("D", "resend"))
	atClient.expect(t, "8 again 1 2 ", "8 again 3 3 stored 3", "8 again 4 5 ", "8 again 6 6 stored 6", "8 again 7 7 ")
}

// TestResendEndsWithNumbers: where the link's numbers begin anew, nothing more comes of what was asked
// for under the old ones.
func TestResendEndsWithNumbers(t *testing.T) {
	r := newRig(t, 1, nil)
	r.core.on = func(ev *core.Event, d *core.Decision) {
		if ev.Kind != core.Message {
			return
		}
		d.Out.Reset()
		if strings.Contains(string(ev.Data), "resend") {
			d.Resend = core.Range{From: 1, To: 1 << 40}
			return
		}
		d.Effects[0] = core.Effect{Kind: core.Renumbered, Link: ev.Link}
		d.EffectLen = 1
	}
	r.run(t)
	client := r.connect(t, 1, "")
	write(t, client, message("D", "resend"))
	until(t, "going", func() bool { return len(r.core.all(core.Stored)) > 0 })
	write(t, client, message("A", "anew"))
	until(t, "anew", func() bool { return len(r.core.all(core.Message)) == 2 })
	write(t, client, message("D", "resend"))
	after := func() (stored []seen) {
		r.core.mu.Lock()
		defer r.core.mu.Unlock()
		anew := slices.IndexFunc(r.core.events, func(e seen) bool { return strings.Contains(e.data, "anew") })
		for _, e := range r.core.events[anew:] {
			if e.kind == core.Stored {
				stored = append(stored, e)
			}
		}
		return stored
	}
	until(t, "going again", func() bool { return len(after()) > 0 })
	if e := after()[0]; e.seq != 1 {
		t.Errorf("%+v is of what was asked for before", e)
	}
}

// TestTooManyResends: a peer that asks again and again is cut.
func TestTooManyResends(t *testing.T) {
	r := newRig(t, 1, nil)
	r.core.on = func(ev *core.Event, d *core.Decision) {
		if ev.Kind == core.Message {
			d.Resend = core.Range{From: 1, To: 1 << 40}
		}
	}
	r.run(t)
	client := r.connect(t, 1, "")
	write(t, client, strings.Repeat(message("D", "resend"), resendsMax+1))
	until(t, "cut", func() bool { return len(r.core.all(core.Closed)) == 1 })
	if e := r.core.all(core.Closed)[0]; e.code != uint8(core.CutByLink) {
		t.Errorf("%+v", e)
	}
}
