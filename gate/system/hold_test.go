package system

import (
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// standsUnknown: where the order's answer was overdue before the reset, it is suspect too.
var standsUnknown = regexp.MustCompile(`(?m)^stands .*\bunknown$`)

// TestLinkHeldDown: an operator holds a participant's link down and lets it up again, sets its numbers, and does the same
// to the venue's line, whose numbers begin anew: no order is cancelled, no other link notices, kill -9 changes nothing.
func TestLinkHeldDown(t *testing.T) {
	t.Parallel()
	venue := openRawVenue(t)
	s := newSite(t, desk(venue.port()))
	link := func(verb, link string, more ...string) (string, error) {
		return s.gate(append([]string{"link", verb, "FIX.4.4:GATE->" + link, "-s", filepath.Join(s.dir, "gate.sock")}, more...)...)
	}
	done := func(verb, name string, more ...string) {
		t.Helper()
		if out, err := link(verb, name, more...); err != nil {
			t.Fatal(out, err)
		}
	}
	refused := func(says, verb, name string, more ...string) {
		t.Helper()
		if out, err := link(verb, name, more...); err == nil || !strings.Contains(out, says) {
			t.Errorf("%s %s %v: %q, %v", verb, name, more, out, err)
		}
	}
	s.start()
	line := <-venue.linked
	line.await("35=1")
	acme, globex := s.dial("ACME").logon(""), s.dial("GLOBEX").logon("")
	acme.send(fmt.Sprintf(order, "kept", "10", "187.50"))
	acme.await("35=8|11=kept|150=0")

	refused("gate link down ends it", "seq", "ACME", "--in", "9", "-r", "too early")
	refused("nobody holds that link down", "up", "ACME")
	refused("there is no link", "down", "STRANGER", "-r", "who")
	done("down", "ACME", "-r", "their request")
	acme.await("35=5|58=the gate's operator holds this session down")
	acme.awaitClosed()
	next := acme.number()
	globex.send("35=D|11=on|1=GLOBEX-1|55=AAPL|54=1|38=10|40=2|44=187.50|60=20261122-00:00:00")
	globex.await("35=8|11=on|150=0")
	for _, restart := range []bool{false, true} {
		if restart {
			s.kill9()
			s.start()
			line = <-venue.linked
			line.await("35=1")
		}
		again := s.dial("ACME")
		again.skip(next - 1)
		again.send("35=A|98=0|108=30")
		again.awaitClosed()
		if len(again.all()) > 0 {
			t.Errorf("a held link said %v", again.all())
		}
		if out, err := s.gate("status", "-c", filepath.Join(s.dir, "gate.yaml")); err != nil || !strings.Contains(out, "held down") ||
			!strings.Contains(out, ": their request") {
			t.Error(out, err)
		}
	}
	if log := s.log(); strings.Count(log, "held down by an operator") < 2 {
		t.Error("the log does not say why they were refused")
	}
	refused("has been used", "seq", "ACME", "--out", "1", "-r", "by phone")
	refused("at most 2147483647", "seq", "ACME", "--out", "2147483648", "-r", "by phone")
	done("seq", "ACME", "--in", "500", "--out", "1000", "-r", "by phone")
	done("up", "ACME", "-r", "they are ready")
	acme = s.dial("ACME")
	acme.skip(499)
	acme.send("35=A|98=0|108=30")
	acme.await("35=A|34=1000")
	acme.send("35=2|7=900|16=0")
	acme.await("35=4|34=900|123=Y|36=1001")

	venue.behave(true, false)
	acme.send(fmt.Sprintf(order, "doubt", "10", "187.50"))
	doubt := line.await("35=D").Get(11)
	done("down", "XSIM", "-r", "their disaster test")
	line.await("35=5")
	line.awaitClosed()
	acme.send(fmt.Sprintf(order, "later", "10", "187.50"))
	acme.await("35=8|11=later|58=VENUE_DOWN*")
	s.until("the line is down", func() bool {
		_, err := link("reset", "XSIM", "-r", "theirs begin anew")
		return err == nil
	})
	if out, err := s.gate("why", "doubt", "-c", filepath.Join(s.dir, "gate.yaml")); err != nil || !standsUnknown.MatchString(out) {
		t.Error(out, err)
	}
	select {
	case <-venue.linked:
		t.Error("the venue was dialled")
	case <-time.After(1500 * time.Millisecond): // more than ReconnectInterval
	}
	venue.mu.Lock()
	venue.line, venue.next, venue.silent = nil, 1, false
	venue.mu.Unlock()
	done("up", "XSIM")
	line = <-venue.linked
	line.await("35=A|34=1")
	line.await("35=H|11=" + doubt)
	acme.send("35=F|11=out|41=kept|1=ACME-1|55=AAPL|54=1|60=20261122-00:00:00")
	acme.await("35=8|11=out|150=4")
	if n := venue.count("35=F"); n != 1 {
		t.Errorf("%d orders were cancelled, one by its owner", n)
	}
	s.terminate()
	if out, err := s.gate("replay", "-c", filepath.Join(s.dir, "gate.yaml")); err != nil {
		t.Error(out, err)
	}
}

// TestLinkDownSaysWhatBecame: the answer comes when the link is down. A peer that does not answer the Logout is cut,
// whatever time its session allows it.
func TestLinkDownSaysWhatBecame(t *testing.T) {
	t.Parallel()
	venue := openRawVenue(t)
	files := desk(venue.port())
	files["participants.cfg"] = strings.Replace(files["participants.cfg"], "LogoutTimeout=1\n", "LogoutTimeout=600\n", 1)
	s := newSite(t, files)
	s.start()
	(<-venue.linked).await("35=1")
	acme, globex := s.dial("ACME").logon(""), s.dial("GLOBEX").logon("")
	globex.readable.Lock() // it reads nothing more, and so answers nothing
	defer globex.readable.Unlock()
	for _, c := range []struct{ link, says string }{
		{"VAULT", "it had no connection"}, {"ACME", "its connection has ended"}, {"ACME", "it had no connection"},
		{"GLOBEX", "its peer did not answer the Logout and was cut"},
	} {
		out, err := s.gate("link", "down", "FIX.4.4:GATE->"+c.link, "-s", filepath.Join(s.dir, "gate.sock"), "-r", "test")
		if err != nil || !strings.Contains(out, "the link is down: "+c.says) {
			t.Errorf("%s: %s, %v", c.link, out, err)
		}
	}
	acme.awaitClosed()
	s.terminate()
	if out, err := s.gate("replay", "-c", filepath.Join(s.dir, "gate.yaml")); err != nil {
		t.Error(out, err)
	}
}
