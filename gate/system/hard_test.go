package system

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"portcullis/gate/admin"
	"portcullis/gate/assemble"
	"portcullis/gate/core"
	"portcullis/gate/journal"
)

// A hard kill does not need the engine (behaviour 9, K9). What an engine may be up to when it is given:
var hangs = map[string]struct {
	program func() (string, error)
	signal  syscall.Signal
}{
	"stopped": {program, syscall.SIGSTOP},
	"loops":   {loopingProgram, syscall.SIGUSR1},
	"works":   {program, 0},
}

// TestKillHard: while the venue reads nothing and orders are queued for it in the kernel, the engine hangs, and is killed
// hard. Not one byte leaves behind the acknowledgement, though the venue begins to read; the engine that is started
// then is blocked and cancels what has arrived; the kill is journaled once with its giver, and outlives everything.
func TestKillHard(t *testing.T) {
	t.Parallel()
	for name, hang := range hangs {
		t.Run(name, func(t *testing.T) {
			venue := openRawVenue(t)
			s := newSite(t, desk(venue.port()))
			path, err := hang.program()
			if err != nil {
				t.Fatal(err)
			}
			s.program = path
			s.start()
			line := <-venue.linked
			line.await("35=1")
			acme := s.dial("ACME").logon("")
			acme.send(fmt.Sprintf(order, "first", "10", "187.50"))
			acme.await("35=8|11=first|150=0")
			resume := line.pause()
			f := startFlood(acme, "ACME-1", endless)
			acme.await("35=8|58=VENUE_BUSY*")
			engine := s.engine()
			if err := syscall.Kill(engine, hang.signal); err != nil {
				t.Fatal(err)
			}
			if hang.signal != 0 {
				s.until("the stall is reported", func() bool { return strings.Contains(s.log(), "the engine stood still for 500ms") })
			}
			out, err := s.gate("kill", "--hard", "-c", filepath.Join(s.dir, "gate.yaml"), "-r", "it hangs")
			arrived := line.arrived()
			if err != nil || !strings.Contains(out, "the engine is dead and the kill of the firm is recorded") {
				t.Fatalf("%v: %s", err, out)
			}
			if !strings.Contains(out, "kill 1: gate revive 1 lifts it") {
				t.Errorf("no number of the kill: %s", out)
			}
			if !strings.Contains(out, "venue,our_id,") { // it has what the next engine has not cancelled yet
				t.Errorf("no sheet of the open orders: %s", out)
			}
			f.end()
			resume()
			line.awaitClosed()
			if n := int(line.bytes.Load()); n != arrived {
				t.Errorf("%d bytes had arrived at the acknowledgement, %d came", arrived, n)
			}
			if s.engine() == engine {
				t.Error("the engine lives")
			}
			again := <-venue.linked
			s.until("all orders that arrived are cancelled", func() bool { return len(open(venue, "1=ACME-1")) == 0 })
			s.blocked("late-1")
			if n := again.count("35=D"); n > 0 {
				t.Errorf("%d orders were sent by the engine that is blocked", n)
			}
			s.kill9()
			s.start()
			<-venue.linked
			s.blocked("late-2")
			s.terminate()
			killsInJournal(t, s, "it hangs")
			if n := kills(t, s); n != 1 {
				t.Errorf("the journal has %d kills", n)
			}
		})
	}
}

// blocked holds that an order is refused because the firm is killed.
func (s *site) blocked(id string) {
	s.t.Helper()
	s.awaitRun()
	r := s.dial("GLOBEX").logon("|141=Y")
	defer r.conn.Close()
	r.send("35=D|11=" + id + "|1=GLOBEX-1|55=AAPL|54=1|38=10|40=2|44=187.50|60=20261122-00:00:00")
	r.await("35=8|11=" + id + "|39=8|58=KILL_FIRM*")
}

// kills is how many kills the journal has.
func kills(t *testing.T, s *site) (n int) {
	t.Helper()
	f, err := journal.Follow(filepath.Join(s.dir, "journal"), 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	err = assemble.Walk(f, func(r *assemble.Record) error {
		for i := range r.Decision.EffectLen {
			if r.Decision.Effects[i].Kind == core.KillSet {
				n++
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// stands replaces what the desk's configuration says of the watchdog.
func stands(files map[string]string, with string) map[string]string {
	files["gate.yaml"] = strings.Replace(files["gate.yaml"], "watchdog: {on_stall: report, restarts: unlimited}", with, 1)
	return files
}

// TestStallKills: where that is configured, an engine that stands still is killed hard without anybody's word. What makes a
// stall is long: one that a busy machine keeps from running for half a second is none of this test.
func TestStallKills(t *testing.T) {
	t.Parallel()
	for name, hang := range hangs {
		if hang.signal == 0 {
			continue
		}
		t.Run(name, func(t *testing.T) {
			venue := openRawVenue(t)
			s := newSite(t, stands(desk(venue.port()), "watchdog: {stall_ms: 3000, on_stall: kill}"))
			path, err := hang.program()
			if err != nil {
				t.Fatal(err)
			}
			s.program = path
			s.start()
			line := <-venue.linked
			line.await("35=1")
			acme := s.dial("ACME").logon("")
			acme.send(fmt.Sprintf(order, "kept", "10", "187.50"))
			acme.await("35=8|11=kept|150=0")
			engine := s.engine()
			if err := syscall.Kill(engine, hang.signal); err != nil {
				t.Fatal(err)
			}
			s.until("another engine runs", func() bool { n := s.watchdog().EnginePID; return n != 0 && n != engine })
			s.until("the order is cancelled", func() bool { return len(open(venue, "1=ACME-1")) == 0 })
			s.blocked("late")
			s.until("the sheet is printed", func() bool { return strings.Contains(s.log(), "venue,our_id,") })
			out, err := s.gate("status", "-c", filepath.Join(s.dir, "gate.yaml"))
			if err != nil || !strings.Contains(out, "the engine stood still for 3s") || !strings.Contains(out, "restarts: 1, after signal: killed") {
				t.Error(out, err)
			}
			s.terminate()
			killsInJournal(t, s, "the engine stood still for 3s")
		})
	}
}

// TestHardKillsAtOnce: each of several hard kills at once is acknowledged and journaled.
func TestHardKillsAtOnce(t *testing.T) {
	t.Parallel()
	venue := openRawVenue(t)
	s := newSite(t, desk(venue.port()))
	s.start()
	const givers = 3
	var given sync.WaitGroup
	for n := range givers {
		given.Go(func() {
			_, err := s.hard().Do(context.Background(), admin.Request{Verb: admin.KillHard, Reason: fmt.Sprint("giver ", n)})
			if err != nil {
				t.Error(err)
			}
		})
	}
	given.Wait()
	s.blocked("late")
	s.terminate()
	if n := kills(t, s); n != givers {
		t.Errorf("the journal has %d kills of %d", n, givers)
	}
}

// TestKillHardAtAnyMoment: a hard kill may come while the engine is being started, recovers its journal, or ends; what
// was acknowledged stands, whatever else is killed.
func TestKillHardAtAnyMoment(t *testing.T) {
	t.Parallel()
	seed := *seedFlag
	if seed == 0 {
		seed = rand.Uint64()
	}
	t.Logf("again: go test ./gate/system -run TestKillHardAtAnyMoment -seed=%d", seed)
	rng := rand.New(rand.NewPCG(seed, 2))
	venue := openRawVenue(t)
	s := newSite(t, desk(venue.port()))
	acknowledged := 0
	for n := range 8 {
		if s.cmd == nil {
			s.begin()
		}
		time.Sleep(time.Duration(rng.IntN(150)) * time.Millisecond)
		_, err := s.hard().Do(context.Background(), admin.Request{Verb: admin.KillHard, Reason: fmt.Sprint("kill ", n)})
		if err == nil {
			acknowledged++
		}
		if rng.IntN(3) == 0 {
			s.kill9()
		}
	}
	if s.cmd == nil {
		s.begin()
	}
	s.awaitRun()
	if acknowledged > 0 {
		s.blocked("late")
	}
	s.terminate()
	if n := kills(t, s); n < acknowledged {
		t.Errorf("%d kills were acknowledged, the journal has %d", acknowledged, n)
	}
}

// TestKillHardUnrecorded: a disk that takes nothing delays no kill: the engine ends. It is not started again before the
// kill is on disk, and then is blocked.
func TestKillHardUnrecorded(t *testing.T) {
	t.Parallel()
	venue := openRawVenue(t)
	s := newSite(t, desk(venue.port()))
	s.start()
	var before unix.Rlimit
	none := unix.Rlimit{Max: unix.RLIM_INFINITY} // no file may be written beyond its first byte
	if err := unix.Prlimit(s.cmd.Process.Pid, unix.RLIMIT_FSIZE, &none, &before); err != nil {
		t.Fatal(err)
	}
	engine := s.engine()
	out, err := s.gate("kill", "--hard", "-c", filepath.Join(s.dir, "gate.yaml"), "-r", "full")
	if err == nil || !strings.Contains(out, "the engine is dead and nothing leaves, but the kill is not recorded") {
		t.Fatalf("%v: %s", err, out)
	}
	if syscall.Kill(engine, 0) == nil {
		t.Error("the engine lives")
	}
	if status := s.watchdog(); status.EnginePID != 0 || !status.Unwritten {
		t.Errorf("%+v", status)
	}
	if err := unix.Prlimit(s.cmd.Process.Pid, unix.RLIMIT_FSIZE, &before, nil); err != nil {
		t.Fatal(err)
	}
	s.blocked("late")
	s.terminate()
	killsInJournal(t, s, "full")
}

// TestKillHardNotOnDisk: a gate that is ended before the disk takes the record of a kill says that the kill is lost.
func TestKillHardNotOnDisk(t *testing.T) {
	t.Parallel()
	venue := openRawVenue(t)
	s := newSite(t, desk(venue.port()))
	s.start()
	none := unix.Rlimit{Max: unix.RLIM_INFINITY}
	if err := unix.Prlimit(s.cmd.Process.Pid, unix.RLIMIT_FSIZE, &none, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := s.hard().Do(context.Background(), admin.Request{Verb: admin.KillHard, Reason: "full"}); err == nil {
		t.Fatal("a kill that is not on disk was acknowledged")
	}
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if code := s.exitCode(); code != 1 {
		t.Errorf("exit code %d", code)
	}
}

// TestKillHardDiskFull: on a disk without a byte left the kill is recorded.
func TestKillHardDiskFull(t *testing.T) {
	t.Parallel()
	venue := openRawVenue(t)
	s := newSite(t, onSmallDisk(t, desk(venue.port())))
	s.start()
	ballast := filepath.Join(s.config().Gate.JournalDir, "ballast")
	if err := os.WriteFile(ballast, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	fillDisk(t, ballast)
	if _, err := s.hard().Do(context.Background(), admin.Request{Verb: admin.KillHard, Reason: "full"}); err != nil {
		t.Fatal(err)
	}
	s.kill9()
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	s.start()
	s.blocked("late")
	s.terminate()
}
