package system

import (
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"portcullis/fix/link"
	"portcullis/gate/admin"
	"portcullis/gate/assemble"
	"portcullis/gate/core"
	"portcullis/gate/demo/peer"
	"portcullis/gate/journal"
)

// flood sends orders as fast as the gate takes them. One that stays at most some orders ahead of the answers is no
// faster than a busy machine: it takes no more journal than the disk keeps up with.
type flood struct {
	r             *raw
	stop, stopped chan struct{}
	sent          int // orders written; to be read once stopped is closed
}

// endless is how far a flood is ahead that nobody answers.
const endless = math.MaxInt

func startFlood(r *raw, account string, ahead int) *flood {
	f := &flood{r: r, stop: make(chan struct{}), stopped: make(chan struct{})}
	go func() {
		defer close(f.stopped)
		for n := 1; ; {
			select {
			case <-f.stop:
				return
			default:
				if n-len(r.all()) > ahead {
					time.Sleep(time.Millisecond)
					continue
				}
				r.send(fmt.Sprintf("35=D|11=%s-%d|1=%s|55=AAPL|54=1|38=10|40=2|44=187.50|60=%s", r.us, n, account,
					time.Now().UTC().Format("20060102-15:04:05")))
				f.sent = n
				if n%4 == 0 {
					time.Sleep(time.Millisecond)
				}
				n++
			}
		}
	}()
	return f
}

// end stops the flood and returns how many orders it sent.
func (f *flood) end() int {
	close(f.stop)
	<-f.stopped
	return f.sent
}

// TestKillUnderFlood is promise 9: once a kill is acknowledged, no order in its scope leaves; one that is
// not in its scope goes on. What arrived at the venue is cancelled.
func TestKillUnderFlood(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		args   []string
		code   string
		spares bool // GLOBEX goes on
		tls    bool
	}{
		{[]string{"--all"}, "KILL_FIRM", false, false},
		{[]string{"--client", "ACME"}, "KILL_CLIENT", true, false},
		{[]string{"--account", "ACME-1"}, "KILL_ACCOUNT", true, false},
		{[]string{"--link", "FIX.4.4:GATE->ACME"}, "KILL_LINK", true, false},
		{[]string{"--all"}, "KILL_FIRM", false, true},
		{[]string{"--client", "ACME"}, "KILL_CLIENT", true, true},
	} {
		t.Run(fmt.Sprint(c.args[0][2:], " TLS ", c.tls), func(t *testing.T) {
			venue, s := deskOver(t, c.tls)
			s.start()
			line := <-venue.linked
			line.await("35=1") // the line settles
			acme, globex := s.dial("ACME").logon(""), s.dial("GLOBEX").logon("")
			floods := []*flood{startFlood(acme, "ACME-1", 20), startFlood(globex, "GLOBEX-1", 20)}
			s.until("orders flow", func() bool { return line.count("35=D|1=ACME-1") > 50 && line.count("35=D|1=GLOBEX-1") > 50 })
			inScope := "35=D|1=*"
			if c.spares {
				inScope = "35=D|1=ACME-1"
			}
			out, err := s.gate(append([]string{"kill", "-s", filepath.Join(s.dir, "gate.sock"), "-r", "runaway"}, c.args...)...)
			if err != nil || !strings.HasPrefix(out, "kill 1: ") {
				t.Fatalf("gate kill: %v: %s", err, out)
			}
			handed := s.frozen(20, func() int { return venue.count(inScope) })
			acme.await("35=8|39=8|58=" + c.code + "*")
			before := line.count("35=D|1=GLOBEX-1")
			if c.spares {
				s.until("the other client trades on", func() bool { return line.count("35=D|1=GLOBEX-1") > before+20 })
			} else {
				globex.await("35=8|39=8|58=" + c.code + "*")
			}
			for _, f := range floods {
				f.end()
			}
			s.until("all orders in scope are cancelled", func() bool { return len(open(line, "1=ACME-1")) == 0 })
			ordersBeforeCancels(t, venue, "1=ACME-1")
			if n := venue.count(inScope); n != handed {
				t.Errorf("%d orders in scope came; %d had been handed over when the kill was acknowledged", n, handed)
			}
			s.terminate()
			killsInJournal(t, s, "runaway")
		})
	}
}

// frozen stops the engine's process where it is, and says what count comes to once everything has been read that the gate
// had handed to the kernel by then: when so many looks in a row have found nothing new. Looks and not time are counted: a
// machine with other work may keep readers and looks from running together.
func (s *site) frozen(quiet int, count func() int) (n int) {
	s.t.Helper()
	engine := s.engine()
	for _, signal := range []syscall.Signal{syscall.SIGSTOP, syscall.SIGCONT} {
		if err := syscall.Kill(engine, signal); err != nil {
			s.t.Fatal(err)
		}
		if signal == syscall.SIGCONT {
			break
		}
		for looks := 0; looks < quiet; time.Sleep(5 * time.Millisecond) {
			if now := count(); now != n {
				n, looks = now, 0
			} else {
				looks++
			}
		}
	}
	return n
}

// open lists the orders of an account for which the venue has got no cancel.
func open(line heard, account string) map[string]bool {
	ids, order := map[string]bool{}, parsePattern("35=D|"+account)
	for _, m := range line.all() {
		if order.fits(m) {
			ids[m.Get(11)] = true
		}
		if m.Type() == "F" {
			delete(ids, m.Get(41))
		}
	}
	return ids
}

// ordersBeforeCancels: the floods cancel nothing, so the first cancel is the kill's, and whatever was
// in flight came before it.
func ordersBeforeCancels(t *testing.T, line heard, account string) {
	t.Helper()
	killed, order := false, parsePattern("35=D|"+account)
	ids := map[string]bool{}
	for _, m := range line.all() {
		switch {
		case m.Type() == "F":
			killed = true
			if !ids[m.Get(41)] {
				t.Errorf("a cancel of an order that never came: %s", m)
			}
		case killed && order.fits(m):
			t.Errorf("an order after the kill: %s", m)
		case m.Type() == "D":
			ids[m.Get(11)] = true
		}
	}
	if !killed {
		t.Error("the venue got no cancel")
	}
}

// killsInJournal: behind the record of a kill stands no record that sends an order in its scope, and
// the record says who, when and why.
func killsInJournal(t *testing.T, s *site, why string) {
	t.Helper()
	c, _, _ := recovered(t, s)
	f, err := journal.Follow(filepath.Join(s.dir, "journal"), 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var kills []core.Effect
	err = assemble.Walk(f, func(r *assemble.Record) error {
		for i := range r.Decision.EffectLen {
			e := r.Decision.Effects[i]
			switch e.Kind {
			case core.KillSet:
				kills = append(kills, e)
				m, _ := core.ParseCommand(r.Event.Data)
				reason, actor, _ := core.CommandTexts(r.Event.Data)
				if string(reason) != why || len(actor) == 0 || m.UID != uint32(os.Getuid()) || m.PID == 0 || r.Header.UTCNs == 0 {
					t.Errorf("the kill's record: %q by %q, user %d, process %d", reason, actor, m.UID, m.PID)
				}
			case core.KillLifted:
				kills = nil // these tests lift all
			case core.Opened:
				for _, k := range kills {
					if inScope(c, &k, e.Link, e.Account) {
						t.Errorf("record %d sends an order behind kill %d", r.Header.Seq, k.Value)
					}
				}
			}
		}
		for i := range r.Decision.Out.Count {
			if out := &r.Decision.Out.Outs[i]; out.Kind == link.OrderMessage && r.Decision.Reason != 1 {
				t.Errorf("record %d sends an order that was not accepted", r.Header.Seq)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func inScope(c *core.Core, k *core.Effect, link, account uint32) bool {
	switch k.Status { // risk.Scope
	case 1:
		return true
	case 2:
		return c.Setup().Accounts[account].Client == k.Account
	case 3:
		return account == k.Account
	case 4:
		return link == k.Account
	}
	return false
}

// TestKillBlockedVenue: a venue that reads nothing holds the kill up in no way. What the kernel has not
// got is withdrawn and its numbers are gap-filled; what it has is cancelled once the venue reads again.
func TestKillBlockedVenue(t *testing.T) { killBlockedVenue(t, false) }

// TestKillBlockedVenueTLS: what TLS has sealed is no exception.
func TestKillBlockedVenueTLS(t *testing.T) { killBlockedVenue(t, true) }

func killBlockedVenue(t *testing.T, secured bool) {
	t.Parallel()
	venue, s := deskOver(t, secured)
	s.start()
	line := <-venue.linked
	line.await("35=1")
	acme := s.dial("ACME").logon("")
	acme.send("35=D|11=FIRST|1=ACME-1|55=AAPL|54=1|38=10|40=2|44=187.50|60=20261122-00:00:00")
	acme.await("35=8|11=FIRST|150=0")
	resume := line.pause()
	f := startFlood(acme, "ACME-1", endless)
	acme.await("35=8|58=VENUE_BUSY*")
	answer, err := s.admin().Do(context.Background(), admin.Request{Verb: admin.Kill, Scope: admin.AllScope, Reason: "venue hangs"})
	if err != nil || answer.Cancels+answer.Owed == 0 || answer.InScope < answer.Withdrawn+answer.Cancels+answer.Owed {
		t.Fatalf("%+v, %v", answer, err)
	}
	t.Logf("%+v", answer)
	venueReadsOn := sync.OnceFunc(func() { f.end(); resume() })
	handed := s.frozen(200, func() int { venueReadsOn(); return venue.count("35=D") })
	acme.send("35=D|11=LATE|1=ACME-1|55=AAPL|54=1|38=10|40=2|44=187.50|60=20261122-00:00:00")
	acme.await("35=8|11=LATE|58=KILL_FIRM*")
	if answer.Withdrawn > 0 {
		s.until("owners know", func() bool { return acme.count("35=8|39=8|58=WITHDRAWN_BY_KILL*") == int(answer.Withdrawn) })
	}
	s.until("all orders that arrived are cancelled", func() bool { return len(open(venue, "1=ACME-1")) == 0 && venue.count("35=F") > 0 })
	ordersBeforeCancels(t, venue, "1=ACME-1")
	s.until("every order has one outcome", func() bool { return len(undecided(acme)) == 0 })
	arrived := venue.count("35=D")
	if arrived != handed {
		t.Errorf("%d orders came; %d had been handed over when the kill was acknowledged", arrived, handed)
	}
	if cancelled := acme.count("35=8|150=4"); cancelled != arrived {
		t.Errorf("%d orders arrived, %d owners know of a cancel", arrived, cancelled)
	}
	cut := len(venue.linked) > 0 // for half an order; then each side asks for what it missed
	if venue.count("35=2") > 0 && !cut || venue.count("35=5") > 0 {
		t.Error("the gate lost its numbers")
	}
	seqs := map[string]bool{}
	for _, m := range venue.all() {
		if m.Type() == "4" && cut {
			continue
		}
		if seqs[m.Get(34)] {
			t.Errorf("MsgSeqNum %s came twice: %s", m.Get(34), m)
		}
		seqs[m.Get(34)] = true
	}
	s.terminate()
	killsInJournal(t, s, "venue hangs")
}

// undecided lists the orders of which their sender knows neither a refusal nor a cancel.
func undecided(r *raw) []string {
	final := map[string]bool{}
	for _, m := range r.all() {
		if m.Type() == "8" && (m.Get(39) == "8" || m.Get(39) == "4") {
			id := m.Get(11)
			if m.Get(41) != "" {
				id = m.Get(41)
			}
			final[id] = true
		}
	}
	var list []string
	for n := 1; n <= r.sent(); n++ {
		if id := fmt.Sprintf("%s-%d", r.us, n); !final[id] {
			list = append(list, id)
		}
	}
	return list
}

// sent is the number of the last order of a flood that the gate has answered for certain: all before
// it on the same connection have been judged.
func (r *raw) sent() (n int) {
	for _, m := range r.all() {
		var k int
		if _, err := fmt.Sscanf(m.Get(11), r.us+"-%d", &k); err == nil {
			n = max(n, k)
		}
	}
	return n
}

// TestKillsAddUp: an order passes only if no kill matches; kills survive kill -9; each is lifted by its id.
func TestKillsAddUp(t *testing.T) {
	t.Parallel()
	venue := openRawVenue(t)
	s := newSite(t, desk(venue.port()))
	s.start()
	(<-venue.linked).await("35=1")
	for _, r := range []admin.Request{
		{Verb: admin.Kill, Scope: admin.AccountScope, Name: "ACME-1", Reason: "one"},
		{Verb: admin.Kill, Scope: admin.ClientScope, Name: "ACME", Reason: "one"},
		{Verb: admin.Kill, Scope: admin.LinkScope, Name: "FIX.4.4:GATE->ACME", Reason: "one"},
	} {
		if a, err := s.admin().Do(context.Background(), r); err != nil {
			t.Fatalf("%+v: %+v, %v", r, a, err)
		}
	}
	venueLine := admin.Request{Verb: admin.Kill, Scope: admin.LinkScope, Name: "FIX.4.4:GATE->XSIM", Reason: "one"}
	if a, err := s.admin().Do(context.Background(), venueLine); err == nil || !strings.Contains(err.Error(), "is a venue's line") {
		t.Errorf("a venue's line was killed: %+v, %v", a, err)
	}
	s.kill9()
	s.start()
	(<-venue.linked).await("35=1")
	acme := s.dial("ACME").logon("")
	for n, want := range []string{"150=8|58=KILL_CLIENT*", "150=8|58=KILL_CLIENT*", "150=8|58=KILL_LINK*", "150=0"} {
		id := fmt.Sprintf("A%d", n)
		send := func() {
			acme.send(fmt.Sprintf("35=D|11=%s|1=ACME-1|55=AAPL|54=1|38=10|40=2|44=187.50|60=20261122-00:00:00", id))
		}
		if want == "150=0" {
			s.until("the venue's line is up", func() bool { return strings.Contains(venueStatus(t, s, acme), "150=0") })
			break
		}
		send()
		acme.await("35=8|11=" + id + "|" + want)
		if out, err := s.gate("revive", "-s", filepath.Join(s.dir, "gate.sock"), "-r", "over", fmt.Sprint(n+1)); err != nil {
			t.Fatal(out, err)
		}
	}
	if _, err := s.admin().Do(context.Background(), admin.Request{Verb: admin.Revive, ID: 1, Reason: "again"}); err == nil {
		t.Error("a kill was lifted twice")
	}
	s.terminate()
	killsInJournal(t, s, "one")
}

var probes atomic.Int64

// venueStatus sends a small order and returns the answer.
func venueStatus(t *testing.T, s *site, r *raw) string {
	probe := probes.Add(1)
	r.send(fmt.Sprintf("35=D|11=PROBE-%d|1=ACME-2|55=MSFT|54=1|38=1|40=2|44=412.30|60=20261122-00:00:00", probe))
	var m peer.Message = r.await(fmt.Sprintf("35=8|11=PROBE-%d", probe))
	return m.String()
}
