package system

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"portcullis/gate/core"
	"portcullis/gate/demo/peer"
	"portcullis/gate/journal"
)

// TestTerminate: SIGTERM logs every link out, keeps the orders, closes the journal and exits 0.
func TestTerminate(t *testing.T) {
	t.Parallel()
	venue := openRawVenue(t)
	s := newSite(t, desk(venue.port()))
	s.start()
	line := <-venue.linked
	line.await("35=1")
	acme, globex := s.dial("ACME").logon(""), s.dial("GLOBEX").logon("")
	passes(acme)
	s.terminate()
	for _, r := range []*raw{acme, globex, line} {
		r.await("35=5|58=gate is stopping")
		r.awaitClosed()
	}
	if line.count("35=F") > 0 {
		t.Error("an order was cancelled")
	}
	c, _, _ := recovered(t, s)
	open := 0
	c.EachLive(func(uint32, *core.Order) bool { open++; return true })
	if open != 1 {
		t.Errorf("%d orders are open in the journal", open)
	}
	j, err := journal.Open(journal.Options{Dir: filepath.Join(s.dir, "journal"), TailDir: s.tail, SegmentBytes: 1 << 20,
		TailSegments: 8, MarkKeys: 1024})
	if err != nil {
		t.Fatal(err)
	}
	if r := j.Recovery(); !r.Clean || r.TailLost || r.TornBytes != 0 {
		t.Errorf("%+v", r)
	}
	if err := j.Close(); err != nil {
		t.Error(err)
	}
	s.start() // the order is there, and its owner can cancel it
	(<-venue.linked).await("35=1")
	again := s.dial("ACME")
	again.skip(acme.number() - 1)
	again.logon("")
	again.send("35=F|11=out|41=ACME-good|1=ACME-1|55=AAPL|54=1|60=20261122-00:00:00")
	again.await("35=8|11=out|150=4")
	s.terminate()
}

// TestSample: gate init, gate check, gate run on what it wrote; a quickfixgo client and a quickfixgo
// venue trade through it.
func TestSample(t *testing.T) {
	t.Parallel()
	path, err := program()
	if err != nil {
		t.Fatal(err)
	}
	v, err := peer.Open(peer.VenueConfig{BeginString: "FIX.4.4", SenderCompID: "XSIM", TargetCompID: "GATE", Port: freePort(t)})
	if err != nil {
		t.Fatal(err)
	}
	defer v.Stop()
	s := newSite(t, nil)
	if out, err := s.gate("init", s.dir); err != nil {
		t.Fatal(err, out)
	}
	if out, err := s.gate("check", "-c", filepath.Join(s.dir, "gate.yaml")); err != nil || !strings.Contains(out, "is valid") {
		t.Fatal(err, out)
	}
	// Another test may have the sample's ports; nothing else is changed.
	change(t, filepath.Join(s.dir, "participants.cfg"), "9876", fmt.Sprint(s.port))
	change(t, filepath.Join(s.dir, "venues.cfg"), "9877", fmt.Sprint(v.Port()))
	change(t, filepath.Join(s.dir, "gate.yaml"), `tail: ""`, fmt.Sprintf("tail: %q", s.tail))
	s.program = path
	s.start()
	p, err := peer.Dial(peer.ParticipantConfig{BeginString: "FIX.4.4", SenderCompID: "ACME", TargetCompID: "GATE",
		Address: s.address(), Username: "acme", Password: "acme-secret"})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Stop()
	for _, wait := range []func() error{p.AwaitLogon, v.AwaitLogon} {
		if err := wait(); err != nil {
			t.Fatal(err, s.log())
		}
	}
	n := 0
	s.until("an order passes", func() bool {
		n++
		_ = p.Send(fmt.Sprintf("35=D|11=P%d|55=MSFT|54=1|38=1|40=2|44=412.30", n))
		m, err := p.Next()
		return err == nil && m.Get(150) == "0"
	})
	for _, step := range []struct{ send, expect string }{
		{"35=D|11=A1|55=AAPL|54=1|38=100|40=2|44=187.50|58=ack; fill", "35=8|11=A1|150=0|39=0"},
		{"", "35=8|11=A1|150=F|39=2|14=100|151=0"},
		{"35=D|11=A2|55=BANNED|54=1|38=100|40=2|44=10", "35=8|11=A2|150=8|39=8|37=NONE|58=SYMBOL_RESTRICTED*"},
	} {
		if step.send != "" {
			if err := p.Send(step.send); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := p.Expect(step.expect); err != nil {
			t.Fatal(err)
		}
	}
	s.terminate()
}

func change(t *testing.T, path, old, with string) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(text), old) {
		t.Fatalf("%s does not hold %q", path, old)
	}
	if err := os.WriteFile(path, []byte(strings.Replace(string(text), old, with, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
}

// onSmallDisk puts the journal on a small tmpfs, which takes the right to mount.
func onSmallDisk(t *testing.T, files map[string]string) map[string]string {
	t.Helper()
	disk := t.TempDir()
	if err := syscall.Mount("tmpfs", disk, "tmpfs", 0, "size=12m"); err != nil {
		t.Skipf("NOT TESTED: a full disk needs the right to mount a small tmpfs: %v", err)
	}
	t.Cleanup(func() { _ = syscall.Unmount(disk, syscall.MNT_DETACH) })
	files["gate.yaml"] = strings.Replace(files["gate.yaml"], "journal: journal", "journal: "+filepath.Join(disk, "journal"), 1)
	return files
}

// TestDiskFull: where the journal's disk is full, new orders are refused, cancels and reports pass, and
// once there is room all is as before.
func TestDiskFull(t *testing.T) {
	t.Parallel()
	venue := openRawVenue(t)
	s := newSite(t, onSmallDisk(t, desk(venue.port())))
	s.start()
	line := <-venue.linked
	line.await("35=1")
	acme := s.dial("ACME").logon("")
	acme.send(fmt.Sprintf(order, "kept", "10", "187.50"))
	acme.await("35=8|11=kept|150=0")
	ballast := filepath.Join(s.config().Gate.JournalDir, "ballast")
	if err := os.WriteFile(ballast, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	fillDisk(t, ballast)
	// A few at a time: whoever goes on sending what is refused uses up its part of the journal's reserve, and is cut.
	for n := 1; acme.count("35=8|39=8|58=JOURNAL_UNAVAILABLE*") == 0; n += 20 {
		for i := range 20 {
			acme.send(fmt.Sprintf(order, fmt.Sprint("F-", n+i), "10", "187.50"))
		}
		s.until("each is answered", func() bool { return acme.count("35=8|150=0")+acme.count("35=8|150=8") == n+20 })
	}
	acme.send("35=F|11=out|41=kept|1=ACME-1|55=AAPL|54=1|60=20261122-00:00:00")
	acme.await("35=8|11=out|150=4")
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	pause := 5 * time.Millisecond // longer each time, for the same reason
	s.until("orders pass again", func() bool {
		time.Sleep(pause)
		pause = min(2*pause, time.Second)
		return strings.Contains(venueStatus(t, s, acme), "150=0")
	})
	s.terminate()
}

// fillDisk writes zeros into a file until the disk is full.
func fillDisk(t *testing.T, path string) {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for block := make([]byte, 64<<10); len(block) > 0; {
		if _, err := f.Write(block); err != nil {
			block = block[:len(block)/2]
		}
	}
}
