package engine

import (
	"net"
	"testing"
	"time"

	"portcullis/fix/link"
	"portcullis/gate/core"
	"portcullis/gate/journal"
)

// TestDurabilitySync: output waits for its record to be durable.
func TestDurabilitySync(t *testing.T) {
	r := start(t, 1, func(c *Config) { c.Sync = true })
	venue, client := r.connect(t, 0, ""), r.connect(t, 1, "")
	p := &peer{conn: venue}
	write(t, client, message("D", "one"))
	p.expect(t, "D one")
	r.journal.Durable()
	r.journal.held.Store(true)
	write(t, client, message("D", "two"))
	until(t, "decided", func() bool { return len(r.core.all(core.Message)) == 2 })
	venue.SetReadDeadline(time.Now().Add(20 * time.Millisecond))
	var b [1]byte
	if n, err := venue.Read(b[:]); n != 0 || !err.(net.Error).Timeout() {
		t.Errorf("%d bytes left before they were durable, %v", n, err)
	}
	r.journal.held.Store(false)
	p.expect(t, "D two")
}

// TestDurableReply: with durability: sync a command is answered when its record is durable.
func TestDurableReply(t *testing.T) {
	r := start(t, 1, func(c *Config) { c.Sync = true })
	r.journal.Durable()
	r.journal.held.Store(true)
	acknowledged := r.kill(t)
	until(t, "killed", func() bool { return len(r.core.all(core.CommandGiven)) == 1 })
	select {
	case <-acknowledged:
		t.Error("acknowledged before it was durable")
	case <-time.After(20 * time.Millisecond):
	}
	r.journal.held.Store(false)
	<-acknowledged
}

// TestDiskFailed: nothing becomes durable any more. Orders that are not are taken back; cancels, reports and replies
// to commands go on.
func TestDiskFailed(t *testing.T) {
	r := newRig(t, 1, func(c *Config) { c.Sync = true })
	stopped := false
	r.core.on = func(ev *core.Event, d *core.Decision) {
		if ev.Kind == core.JournalSpace {
			stopped = ev.Code != 0
		}
		if ev.Kind == core.Message && stopped && d.Out.Count > 0 && d.Out.Outs[0].Kind == link.OrderMessage {
			t.Error("an order behind the failure") // the core refuses it; nobody gives it here
		}
	}
	r.run(t)
	venue, client := r.connect(t, 0, ""), r.connect(t, 1, "")
	p, owner := &peer{conn: venue}, &peer{conn: client}
	write(t, client, message("D", "kept"))
	p.expect(t, "D kept")
	r.journal.Durable()
	r.journal.held.Store(true)
	write(t, client, message("D", "lost")+message("F", "cancel"))
	until(t, "decided", func() bool { return len(r.core.all(core.Message)) == 3 })
	r.journal.space.Store(uint32(journal.Failed))
	p.expect(t, "4 gap 2", "F cancel")
	owner.expect(t, "8 withdrawn 2")
	write(t, venue, message("8", "report"))
	owner.expect(t, "8 report")
	write(t, client, message("F", "another"))
	p.expect(t, "F another")
	<-r.kill(t)
	if n := len(r.core.all(core.Withdrawn)); n != 1 {
		t.Errorf("%d withdrawn", n)
	}
}
