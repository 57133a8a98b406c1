package engine

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"portcullis/fix"
	"portcullis/gate/core"
	"portcullis/gate/journal"
)

// deafVenue connects a venue whose end has a small receive buffer and reads nothing.
func (r *rig) deafVenue(t testing.TB) *net.TCPConn {
	near, fd := pair(t)
	near.SetReadBuffer(32 << 10)
	r.attach(t, 0, fd, "")
	return near
}

// fill sends orders until the venue is blocked, if the core heeds that, else until 300 of them wait. It returns how
// many the core let through.
func (r *rig) fill(t testing.TB, client net.Conn) int {
	t.Helper()
	for n := 0; ; {
		write(t, client, strings.Repeat(message("D", strings.Repeat("x", 100)), 50))
		n += 50
		until(t, "handled", func() bool { return int(r.Snapshot().Counts[MessagesIn]) >= n })
		orders := r.Snapshot().Counts[OrdersOut]
		waiting := orders - r.Snapshot().Counts[MessagesOut]
		if len(r.core.all(core.Blocked)) > 0 && (!r.core.heedless || waiting >= 300) {
			return int(orders)
		}
	}
}

// TestBlockedVenue: a venue that reads nothing is reported, holds a bounded number of bytes, leaves room for cancels,
// and is reported writable when it reads again; every message arrives once and in order.
func TestBlockedVenue(t *testing.T) {
	r := start(t, 1, nil)
	venue, client := r.deafVenue(t), r.connect(t, 1, "")
	r.fill(t, client)
	const cancels = 2000
	var b strings.Builder
	for i := range cancels {
		b.WriteString(message("F", fmt.Sprint(i)))
	}
	write(t, client, b.String())
	until(t, "cancels decided", func() bool {
		m := r.core.all(core.Message)
		return strings.Contains(m[len(m)-1].data, fmt.Sprintf("58=%d\x01", cancels-1))
	})
	orders := int(r.Snapshot().Counts[OrdersOut])
	if n := r.Snapshot().Counts[SlowConsumers]; n != 0 {
		t.Errorf("%d cuts", n)
	}
	p := &peer{conn: venue}
	for range orders {
		p.expect(t, "D "+strings.Repeat("x", 100))
	}
	for i := range cancels {
		p.expect(t, fmt.Sprint("F ", i))
	}
	// The kernel may take a little more between two Blocked events before it is really full.
	until(t, "writable", func() bool { return len(r.core.all(core.Writable)) == len(r.core.all(core.Blocked)) })
	write(t, client, message("D", "after"))
	p.expect(t, "D after")
	t.Logf("the venue took %d orders before it was blocked", orders)
}

// TestWithdraw: a kill takes unsent orders out of a blocked venue's buffer. What takes their place keeps the order of
// the numbers, what the kernel has a part of is completed, cancels stay.
func TestWithdraw(t *testing.T) {
	r := newRig(t, 1, nil)
	r.core.heedless = true
	r.halfOutNs = never
	r.run(t)
	venue, client := r.deafVenue(t), r.connect(t, 1, "")
	go io.Copy(io.Discard, client)
	orders := r.fill(t, client)
	write(t, client, message("F", "cancel"))
	until(t, "cancel", func() bool {
		m := r.core.all(core.Message)
		return strings.Contains(m[len(m)-1].data, "cancel")
	})
	acknowledged := r.kill(t)
	until(t, "withdrawn", func() bool { return r.Snapshot().Counts[Withdrawals] > 0 })
	p := &peer{conn: venue}
	r.expectWithdrawn(t, p, orders)
	p.expect(t, "F cancel")
	<-acknowledged
}

// kill gives a kill; the channel is closed when it is acknowledged.
func (r *rig) kill(t *testing.T) (acknowledged chan struct{}) {
	acknowledged = make(chan struct{})
	go func() {
		defer close(acknowledged)
		if _, err := r.Submit(context.Background(), core.Command{Kind: core.CmdKill}); err != nil {
			t.Error(err)
		}
	}()
	return acknowledged
}

// expectWithdrawn reads what a venue gets of orders when a kill comes: some, and behind them a gap fill for each other.
func (r *rig) expectWithdrawn(t *testing.T, p *peer, orders int) {
	t.Helper()
	withdrawn := r.core.all(core.Withdrawn)
	sent := orders - len(withdrawn)
	for range sent {
		p.expect(t, "D "+strings.Repeat("x", 100))
	}
	for i, e := range withdrawn {
		if e.seq != uint64(sent+1+i) || e.request != uint32(e.seq) || e.link != 0 {
			t.Fatalf("withdrawn %+v, want number %d", e, sent+1+i)
		}
		p.expect(t, fmt.Sprintf("4 gap %d", e.seq))
	}
}

// TestKillHalfSent: the kernel has half of a long order when a kill comes. Behind the acknowledgement it is handed
// nothing more: the rest leaves before, where the venue reads on in time; else its line is cut.
func TestKillHalfSent(t *testing.T) {
	for _, deaf := range []bool{false, true} {
		t.Run(fmt.Sprintf("deaf %v", deaf), func(t *testing.T) {
			r := newRig(t, 1, func(c *Config) { c.MessageBytesMax = 1 << 20 })
			if !deaf {
				r.halfOutNs = never // it reads in time, however slow the machine is
			}
			r.run(t)
			venue, client := r.deafVenue(t), r.connect(t, 1, "")
			write(t, client, message("D", strings.Repeat("x", 1<<20-1000)))
			until(t, "half of it left", func() bool { return len(r.core.all(core.Blocked)) == 1 })
			var stream []byte
			read := make(chan struct{})
			acknowledged := r.kill(t)
			readOn := func() { stream = readAll(venue, acknowledged); close(read) }
			if deaf {
				<-acknowledged
			} else {
				until(t, "killed", func() bool { return len(r.core.all(core.CommandGiven)) == 1 })
				go readOn()
				<-acknowledged
			}
			handed := int(r.Snapshot().Counts[BytesOut])
			if deaf {
				go readOn()
			}
			<-read
			_, framing := fix.Frame(stream, 1<<20)
			if len(stream) > handed {
				t.Errorf("%d bytes came; %d had been handed over when the kill was acknowledged", len(stream), handed)
			}
			if cuts := r.Snapshot().Counts[KilledHalfway]; deaf != (cuts == 1) || deaf != (framing == fix.Partial) {
				t.Errorf("%d lines cut, the order is %v", cuts, framing)
			}
			if closed := r.core.all(core.Closed); deaf && (len(closed) != 1 || closed[0].code != uint8(core.KilledHalfway)) {
				t.Errorf("%+v", closed)
			}
		})
	}
}

// readAll reads until the stream ends or, once done is closed, so many looks in a row have found nothing more: one that
// was kept from running sees its time over before what has come.
func readAll(c net.Conn, done <-chan struct{}) (all []byte) {
	var b [1 << 16]byte
	for looks := 0; looks < 20; {
		c.SetReadDeadline(time.Now().Add(20 * time.Millisecond))
		n, err := c.Read(b[:])
		all = append(all, b[:n]...)
		switch {
		case err == nil:
			looks = 0
			continue
		case !os.IsTimeout(err):
			return all
		}
		select {
		case <-done:
			looks++
		default:
		}
	}
	return all
}

// TestWithdrawInterrupted: the journal is full in the middle of a withdrawal. Nothing leaves toward the venue until it
// has been completed, and the kill is not acknowledged before.
func TestWithdrawInterrupted(t *testing.T) {
	r := newRig(t, 1, nil)
	r.core.heedless = true
	r.halfOutNs = never
	count := 0
	r.core.on = func(ev *core.Event, _ *core.Decision) {
		if ev.Kind == core.Withdrawn {
			if count++; count == 3 {
				r.journal.space.Store(uint32(journal.Full))
				r.journal.full.Store(true)
			}
		}
	}
	r.run(t)
	venue, client := r.deafVenue(t), r.connect(t, 1, "")
	go io.Copy(io.Discard, client)
	orders := r.fill(t, client)
	acknowledged := r.kill(t)
	until(t, "stalled", func() bool { return r.Snapshot().Counts[Stalls] == 1 })
	if n := len(r.core.all(core.Withdrawn)); n != 2 {
		t.Errorf("%d withdrawn, want 2", n)
	}
	select {
	case <-acknowledged:
		t.Error("acknowledged in the middle")
	case <-time.After(20 * time.Millisecond):
	}
	count = 1000
	r.journal.full.Store(false)
	r.journal.space.Store(uint32(journal.Ample))
	until(t, "withdrawn", func() bool { return r.Snapshot().Counts[Withdrawals] > 2 })
	r.expectWithdrawn(t, &peer{conn: venue}, orders)
	<-acknowledged
}

// TestKillOfDrainingLine: orders on a line that is being cut are dropped by a kill, not sent after its acknowledgement.
func TestKillOfDrainingLine(t *testing.T) {
	r := newRig(t, 1, nil)
	r.core.heedless = true
	r.core.on = func(ev *core.Event, d *core.Decision) {
		if ev.Kind == core.Tick {
			ev.Link, d.Close = 0, true
			r.core.dueNs.Store(never)
		}
	}
	r.run(t)
	venue, client := r.deafVenue(t), r.connect(t, 1, "")
	orders := r.fill(t, client)
	r.core.dueNs.Store(0)
	r.Wake()
	until(t, "tick", func() bool { return len(r.core.all(core.Tick)) == 1 })
	if _, err := r.Submit(t.Context(), core.Command{Kind: core.CmdKill}); err != nil {
		t.Fatal(err)
	}
	p, got := &peer{conn: venue}, 0
	for ; ; got++ {
		if _, err := p.next(t); err != nil {
			break
		}
	}
	if got >= orders {
		t.Errorf("all %d orders reached the venue", got)
	}
	if e := r.core.all(core.Closed); len(e) != 1 || e[0].code != uint8(core.CutByLink) {
		t.Errorf("%+v", e)
	}
}

// TestSlowConsumer: a participant that reads nothing is cut at its bound; the venue and others go on.
func TestSlowConsumer(t *testing.T) {
	r := start(t, 2, func(c *Config) { c.SlowBytesMax = 64 << 10 })
	venue, _, other := r.connect(t, 0, ""), r.connect(t, 1, ""), r.connect(t, 2, "")
	reports := strings.Repeat(message("8", strings.Repeat("y", 200)), 100)
	for r.Snapshot().Counts[SlowConsumers] == 0 {
		write(t, venue, reports)
	}
	until(t, "cut", func() bool { return r.Idle(1) })
	if e := r.core.all(core.Closed); len(e) != 1 || e[0].link != 1 || e[0].code != uint8(core.SlowConsumer) {
		t.Errorf("%+v", e)
	}
	write(t, other, message("D", "fine"))
	(&peer{conn: venue}).expect(t, "D fine")
	until(t, "said so", func() bool { return strings.Contains(r.log.String(), "reads too slowly") })
}

// TestBlockedParticipant: the core hears of a participant that reads too slowly well before it is cut, and when it has
// read what waits.
func TestBlockedParticipant(t *testing.T) {
	r := start(t, 1, nil)
	venue, client := r.connect(t, 0, ""), r.connect(t, 1, "")
	reports := strings.Repeat(message("8", strings.Repeat("y", 200)), 100)
	for n := 1; len(r.core.all(core.Blocked)) == 0; n++ {
		write(t, venue, reports)
		until(t, "taken", func() bool { return len(r.core.all(core.Message)) == n*100 })
	}
	if e := r.core.all(core.Blocked); e[0].link != 1 {
		t.Fatalf("%+v", e)
	}
	go func() { _, _ = io.Copy(io.Discard, client) }()
	until(t, "writable", func() bool { return len(r.core.all(core.Writable)) == len(r.core.all(core.Blocked)) })
	if n := r.Snapshot().Counts[SlowConsumers]; n != 0 || r.Idle(1) {
		t.Errorf("%d slow consumers, idle %v", n, r.Idle(1))
	}
}

// TestKillLane: kills are taken before ordinary commands, each is answered, and a lane that is full kills everything.
func TestKillLane(t *testing.T) {
	r := newRig(t, 1, nil)
	var wg sync.WaitGroup
	const kills = killSlots + 5
	for range kills {
		wg.Go(func() {
			if _, err := r.Submit(context.Background(), core.Command{Kind: core.CmdKill, Reason: "one"}); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Go(func() { r.Submit(context.Background(), core.Command{Kind: core.CmdHalt}) })
	until(t, "all are waiting", func() bool {
		r.front.mu.Lock()
		defer r.front.mu.Unlock()
		n := 0
		for _, w := range r.front.waiting {
			n += len(w)
		}
		return n == kills+1
	})
	if _, err := r.Submit(context.Background(), core.Command{Kind: core.CmdDrill}); !errors.Is(err, ErrBusy) {
		t.Errorf("a drill in a full lane, which must not kill everything: %v", err)
	}
	r.run(t)
	wg.Wait()
	given := r.core.all(core.CommandGiven)
	if len(given) != killSlots+2 || !strings.Contains(given[0].data, "lane full") {
		t.Fatalf("%d commands, the first is %q", len(given), given[0].data)
	}
	if last := given[len(given)-1]; !strings.Contains(last.data, fmt.Sprintf(" %d ", core.CmdHalt)) {
		t.Errorf("the last is %q", last.data)
	}
	s := r.Snapshot()
	if took, last := s.KillTook.Count(), s.KillLast.Count(); took != killSlots+1 || last != took {
		t.Errorf("%d and %d times of kills", took, last)
	}
	if s.Counts[Kills] != killSlots+1 || s.Counts[KillLaneFull] != 5 {
		t.Errorf("kills %d, lane full %d", s.Counts[Kills], s.Counts[KillLaneFull])
	}
}

// TestCommands: too many and too long ones are refused at once; the answer goes to who asked.
func TestCommands(t *testing.T) {
	r := newRig(t, 1, nil)
	long := core.Command{Kind: core.CmdHalt, Reason: strings.Repeat("x", commandBytes)}
	if _, err := r.Submit(t.Context(), long); err == nil || !strings.Contains(err.Error(), "shorten") {
		t.Errorf("a long command: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	for range commandSlots {
		wg.Go(func() {
			if _, err := r.Submit(ctx, core.Command{Kind: core.CmdHalt}); !errors.Is(err, context.Canceled) {
				t.Error(err)
			}
		})
	}
	until(t, "full", func() bool { return r.front.commands.Len() == commandSlots })
	if _, err := r.Submit(t.Context(), core.Command{Kind: core.CmdHalt}); err != ErrBusy {
		t.Errorf("one too many: %v", err)
	}
	cancel()
	wg.Wait()
	r.run(t)
	until(t, "taken", func() bool { return len(r.core.all(core.CommandGiven)) == commandSlots })
	for i := range 20 {
		reply, err := r.Submit(t.Context(), core.Command{Kind: core.CmdHalt, Reason: fmt.Sprint(i)})
		given := r.core.all(core.CommandGiven)
		if want := fmt.Sprintf("%d %d %d", reply.ID, core.CmdHalt, i); err != nil || given[len(given)-1].data != want {
			t.Errorf("%v: %q, want %q", err, given[len(given)-1].data, want)
		}
	}
}
