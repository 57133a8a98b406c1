package engine

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"portcullis/gate/core"
	"portcullis/gate/journal"
)

// TestRelay sends an order and its report through the engine, cut at every byte and glued together.
func TestRelay(t *testing.T) {
	r := start(t, 1, nil)
	venue, client := r.connect(t, 0, ""), r.connect(t, 1, "")
	atVenue, atClient := &peer{conn: venue}, &peer{conn: client}

	one := message("D", "split")
	for cut := 1; cut < len(one); cut++ {
		write(t, client, one[:cut])
		write(t, client, one[cut:])
		atVenue.expect(t, "D split")
	}
	var glued strings.Builder
	for i := range 500 {
		glued.WriteString(message("D", fmt.Sprint(i)))
	}
	write(t, client, glued.String())
	for i := range 500 {
		atVenue.expect(t, fmt.Sprintf("D %d", i))
	}
	write(t, venue, message("8", "report"))
	atClient.expect(t, "8 report")
	until(t, "counted", func() bool { return r.Snapshot().Counts[MessagesOut] == uint64(len(one)+500) })
	s := r.Snapshot()
	if s.Counts[MessagesIn] != uint64(len(one)+500) || s.Gate.Count() != s.Counts[MessagesOut] ||
		s.Gate.Quantile(0.5) <= 0 {
		t.Errorf("in %d, gate times %d, median %d ns", s.Counts[MessagesIn], s.Gate.Count(), s.Gate.Quantile(0.5))
	}
}

// TestStartEvents: Started, Configured and ClockChanged come first, then what was read at admission.
func TestStartEvents(t *testing.T) {
	r := start(t, 1, func(c *Config) { c.ClockForbidden = 1 << 1 })
	r.connect(t, 1, message("A", "logon")+message("D", "first"))
	until(t, "two messages", func() bool { return len(r.core.all(core.Message)) == 2 })
	var got []string
	r.core.mu.Lock()
	defer r.core.mu.Unlock()
	for _, e := range r.core.events {
		got = append(got, fmt.Sprint(e.kind, e.code, e.seq))
	}
	want := []string{"1 0 7", "11 0 0", "13 1 0", "2 0 0", "3 0 0", "3 0 0"}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("events %v, want %v", got, want)
	}
}

// TestBadInput feeds what no peer should send; the link of another participant works on.
func TestBadInput(t *testing.T) {
	const head = "8=FIX.4.4\x019="
	good := message("D", "good")
	badSum := good[:len(good)-4] + "999\x01"
	if badSum == good {
		badSum = good[:len(good)-4] + "000\x01"
	}
	for _, c := range []struct {
		name, in string
		runs     int // Garbled events
		messages int
		cause    core.CloseCause
		cut      bool // by the engine; else the peer closes
	}{
		{"garbage only", "GET / HTTP/1.1\r\n\r\n", 1, 0, core.PeerClosed, false},
		{"garbage between messages", good + "xx" + good + "yy\x01" + good, 2, 3, core.PeerClosed, false},
		{"wrong checksum", badSum + good, 1, 1, core.PeerClosed, false},
		{"a run of wrong checksums is one event", strings.Repeat(badSum, 40) + good, 1, 1, core.PeerClosed, false},
		{"wrong length", good[:12] + "5" + good[14:] + good, 1, 1, core.PeerClosed, false},
		{"half a message, then the end", good + good[:len(good)/2], 0, 1, core.PeerClosed, false},
		{"message of 1 MB", good + head + "1000000\x01" + strings.Repeat("x", 1<<20), 0, 1, core.MessageSize, true},
		{"length of 30 digits", head + strings.Repeat("9", 30) + "\x01" + good, 1, 1, core.PeerClosed, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := start(t, 2, nil)
			venue, other := r.connect(t, 0, ""), r.connect(t, 2, "")
			client := r.connect(t, 1, "")
			go func() { // the engine may stop reading in the middle
				client.Write([]byte(c.in))
				if !c.cut {
					client.CloseWrite()
				}
			}()
			until(t, "closed", func() bool { return len(r.core.all(core.Closed)) == 1 })
			closed := r.core.all(core.Closed)[0]
			if closed.link != 1 || closed.code != uint8(c.cause) {
				t.Errorf("closed %+v, want cause %d", closed, c.cause)
			}
			if n := len(r.core.all(core.Garbled)); n != c.runs {
				t.Errorf("%d Garbled events, want %d", n, c.runs)
			}
			if n := len(r.core.all(core.Message)); n != c.messages {
				t.Errorf("%d messages, want %d", n, c.messages)
			}
			until(t, "idle again", func() bool { return r.Idle(1) })
			write(t, other, message("D", "undisturbed"))
			p := &peer{conn: venue}
			for got := ""; got != "D undisturbed"; {
				var err error
				if got, err = p.next(t); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

// TestHalfMessageThenSilence: what follows completes the message, however late; nobody else waits for it.
func TestHalfMessageThenSilence(t *testing.T) {
	r := start(t, 2, nil)
	venue, client, other := r.connect(t, 0, ""), r.connect(t, 1, ""), r.connect(t, 2, "")
	m := message("D", "late")
	write(t, client, m[:30])
	write(t, other, message("D", "meanwhile"))
	p := &peer{conn: venue}
	p.expect(t, "D meanwhile")
	write(t, client, m[30:])
	p.expect(t, "D late")
}

// TestReset: a peer that resets the connection is one Closed event, and the link can come back.
func TestReset(t *testing.T) {
	r := start(t, 1, nil)
	client := r.connect(t, 1, "")
	client.SetLinger(0)
	client.Close()
	until(t, "idle", func() bool { return r.Idle(1) })
	if e := r.core.all(core.Closed); len(e) != 1 || e[0].code != uint8(core.ReadFailed) {
		t.Errorf("%+v", e)
	}
	r.connect(t, 1, "")
	if a := r.core.all(core.Admitted); len(a) != 2 || a[0].conn == a[1].conn {
		t.Errorf("%+v", a)
	}
}

// TestClaim: a link with a connection has no room for another, and of two newcomers one wins.
func TestClaim(t *testing.T) {
	r := start(t, 1, nil)
	var won sync.Map
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			if r.Claim(1) {
				won.Store(i, true)
			}
		})
	}
	wg.Wait()
	n := 0
	won.Range(func(any, any) bool { n++; return true })
	if n != 1 {
		t.Fatalf("%d claims won", n)
	}
	r.Release(1)
	if _, err := r.Handover(Conn{FD: -1, Link: 1}); err == nil {
		t.Error("an unclaimed link was handed over")
	}
	r.connect(t, 1, "")
	if r.Claim(1) || r.Idle(1) {
		t.Error("a live link was claimed")
	}
}

// TestFairness: a link that never stops sending does not keep another waiting, nor the journal, nor a command.
func TestFairness(t *testing.T) {
	r := start(t, 2, nil)
	venue, flooder, idle := r.connect(t, 0, ""), r.connect(t, 1, ""), r.connect(t, 2, "")
	stop := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		batch := []byte(strings.Repeat(message("D", "flood"), 500))
		for {
			select {
			case <-stop:
				return
			default:
				flooder.SetWriteDeadline(time.Now().Add(time.Second))
				flooder.Write(batch)
			}
		}
	})
	p := &peer{conn: venue}
	p.expect(t, "D flood")
	for i := range 20 {
		write(t, idle, message("F", fmt.Sprint("idle ", i)))
		between := 0
		for got := ""; got != fmt.Sprint("F idle ", i); between++ {
			var err error
			if got, err = p.next(t); err != nil {
				t.Fatal(err)
			}
		}
	}
	if _, err := r.Submit(t.Context(), core.Command{Kind: core.CmdHalt}); err != nil {
		t.Error(err)
	}
	close(stop)
	go io.Copy(io.Discard, venue)
	wg.Wait()
}

// TestVisitIsBounded: of two links with whole messages waiting, each gets its half of a cycle before the other has its turn.
func TestVisitIsBounded(t *testing.T) {
	r := newRig(t, 2, nil)
	for l := uint32(1); l <= 2; l++ {
		_, fd := pair(t)
		if !r.Claim(l) {
			t.Fatal("taken")
		}
		if _, err := r.Handover(Conn{FD: fd, Link: l, First: []byte(strings.Repeat(message("F", "x"), 40))}); err != nil {
			t.Fatal(err)
		}
	}
	r.run(t)
	until(t, "80 messages", func() bool { return len(r.core.all(core.Message)) == 80 })
	run, last, longest := 0, uint32(0), 0
	for i, e := range r.core.all(core.Message)[:64] {
		if i > 0 && e.link == last {
			run++
		} else {
			run = 1
		}
		last, longest = e.link, max(longest, run)
	}
	if longest != cycleMessagesMax/2 {
		t.Errorf("a turn took %d messages, want %d", longest, cycleMessagesMax/2)
	}
}

// TestTimers: a Tick comes when the core is due and not otherwise, also on an idle engine.
func TestTimers(t *testing.T) {
	r := start(t, 1, nil)
	if n := len(r.core.all(core.Tick)); n != 0 {
		t.Fatalf("%d ticks without a timer", n)
	}
	dueNs := r.clock.Now().MonoNs + int64(20*time.Millisecond)
	r.core.dueNs.Store(dueNs)
	r.Wake()
	until(t, "ticks", func() bool { return r.Snapshot().Counts[Ticks] >= 3*ticksMax })
	r.core.dueNs.Store(never)
	if r.clock.Now().MonoNs < dueNs {
		t.Error("a Tick came before its time")
	}
}

// TestHeartbeat: an idle engine counts cycles, so that a watchdog sees it alive, and few of them.
func TestHeartbeat(t *testing.T) {
	var beat atomic.Uint64
	start(t, 1, func(c *Config) { c.Heartbeat = &beat })
	until(t, "cycles", func() bool { return beat.Load() > 1 })
	before, begun := beat.Load(), time.Now()
	until(t, "more", func() bool { return beat.Load() >= before+3 })
	if n, most := beat.Load()-before, 5+int64(time.Since(begun)/(20*time.Millisecond)); int64(n) > most {
		t.Errorf("%d cycles without work, at most %d", n, most)
	}
}

// TestSleepDoesNotHoldGarbageCollection: the engine sleeps in a system call that the scheduler does not know of.
func TestSleepDoesNotHoldGarbageCollection(t *testing.T) {
	r := start(t, 1, nil)
	r.connect(t, 1, "")
	sleeps, begun := r.Snapshot().Counts[Sleeps], time.Now()
	for range 50 {
		runtime.GC()
	}
	t.Logf("50 collections took %v, during %d sleeps of up to 100 ms", time.Since(begun), r.Snapshot().Counts[Sleeps]-sleeps)
	if time.Since(begun) > 5*time.Second {
		t.Error("collections wait for the engine to wake up")
	}
}

// TestCloseByLink: the last message reaches a peer that is still sending, then the connection ends.
func TestCloseByLink(t *testing.T) {
	r := newRig(t, 1, nil)
	r.core.on = func(ev *core.Event, d *core.Decision) {
		if ev.Kind == core.Message && strings.Contains(string(ev.Data), "bye") {
			d.Out.Reset()
			r.core.send(d, 1, "5", 0, 1, 0, "logout")
			d.Close = true
		}
	}
	r.run(t)
	client := r.connect(t, 1, "")
	write(t, client, message("D", "bye")+strings.Repeat(message("D", "ignored"), 200))
	p := &peer{conn: client}
	p.expect(t, "5 logout")
	if _, err := p.next(t); err != io.EOF {
		t.Errorf("then %v, want the end of the stream", err)
	}
	until(t, "closed", func() bool { return len(r.core.all(core.Closed)) == 1 })
	if e := r.core.all(core.Closed)[0]; e.code != uint8(core.CutByLink) {
		t.Errorf("%+v", e)
	}
	if n := len(r.core.all(core.Message)); n != 1 {
		t.Errorf("%d messages were handled after the cut", n-1)
	}
}

// TestJournalFull: nothing is read, sent or lost while the journal has no room, and all goes on afterwards.
func TestJournalFull(t *testing.T) {
	r := start(t, 1, nil)
	venue, client := r.connect(t, 0, ""), r.connect(t, 1, "")
	p := &peer{conn: venue}
	write(t, client, message("D", "before"))
	p.expect(t, "D before")
	r.journal.full.Store(true)
	r.journal.space.Store(uint32(journal.Full))
	write(t, client, message("D", "during"))
	until(t, "stalled", func() bool { s := r.Snapshot(); return s.Counts[Stalls] == 1 && s.Counts[Stalled] == 1 })
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, err := r.Submit(ctx, core.Command{Kind: core.CmdKill}); !errors.Is(err, ErrUnanswered) {
		t.Error("a kill was acknowledged without a record")
	}
	if n := len(r.core.all(core.Message)); n != 1 {
		t.Errorf("%d messages were handled", n)
	}
	r.core.killed.Store(false)
	r.journal.space.Store(uint32(journal.ReserveOnly))
	r.journal.full.Store(false)
	p.expect(t, "D during")
	until(t, "the kill is taken up", func() bool { return len(r.core.all(core.CommandGiven)) == 1 })
	spaces := r.core.all(core.JournalSpace)
	if len(spaces) != 1 || spaces[0].code != uint8(journal.Ample-journal.ReserveOnly) {
		t.Errorf("JournalSpace %+v", spaces)
	}
	until(t, "said so", func() bool {
		return strings.Contains(r.log.String(), "has room again") && r.Snapshot().Counts[Stalled] == 0
	})
}

// TestStopWithFullJournal: an engine that can record nothing ends all the same.
func TestStopWithFullJournal(t *testing.T) {
	r := newRig(t, 1, nil)
	go func() { r.ended <- r.Run(Start{}) }()
	r.connect(t, 1, "")
	r.journal.full.Store(true)
	r.stopNs.Store(1) // the time for an orderly end is over
	if err := r.Stop(t.Context(), core.Command{Kind: core.CmdStop}); err != nil {
		t.Error(err)
	}
	if err := <-r.ended; err != nil {
		t.Error(err)
	}
	full := newRig(t, 1, nil)
	full.journal.full.Store(true)
	if err := full.Run(Start{}); err == nil {
		t.Error("it began without a first record")
	}
}

// TestStop: the engine ends when the last link is down, and refuses what comes after.
func TestStop(t *testing.T) {
	r := newRig(t, 1, nil)
	r.core.on = func(ev *core.Event, d *core.Decision) {
		if ev.Kind == core.CommandGiven {
			r.core.send(d, 1, "5", 0, 1, 0, "logout")
		}
	}
	go func() { r.ended <- r.Run(Start{}) }()
	client := r.connect(t, 1, "")
	go func() {
		p := &peer{conn: client}
		if got, _ := p.next(t); got == "5 logout" {
			client.Close()
		}
	}()
	if err := r.Stop(t.Context(), core.Command{Kind: core.CmdStop}); err != nil {
		t.Error(err)
	}
	if err := <-r.ended; err != nil {
		t.Error(err)
	}
	if e := r.core.all(core.Closed); len(e) != 1 || e[0].code != uint8(core.PeerClosed) {
		t.Errorf("%+v", e)
	}
	if _, err := r.Submit(t.Context(), core.Command{}); err != ErrStopped {
		t.Errorf("Submit after the end: %v", err)
	}
	if r.Claim(1) {
		t.Error("a claim after the end")
	}
	r.Wake() // must not write to a descriptor of somebody else
}
