package system

import (
	"path/filepath"
	"strings"
	"testing"
)

// TestResolve: a venue comes back with new numbers and answers nothing more. The account takes no order until a human
// says how the one in doubt stands; its owner is told, the execution counts, and gate why names who said so.
func TestResolve(t *testing.T) {
	t.Parallel()
	venue := openRawVenue(t)
	venue.behave(true, true)
	files := desk(venue.port())
	files["venues.cfg"] = strings.Replace(files["venues.cfg"], "HeartBtInt=30\n", "HeartBtInt=30\nResetOnLogon=Y\n", 1)
	s := newSite(t, files)
	s.start()
	line := <-venue.linked
	line.await("35=1")
	acme := s.dial("ACME").logon("")
	order := func(id string) {
		acme.send("35=D|11=" + id + "|1=ACME-1|55=AAPL|54=1|38=10|40=2|44=187.50|60=20261122-00:00:00")
	}
	order("LOST")
	line.await("35=D")
	venue.behave(false, true)
	_ = line.conn.Close()
	(<-venue.linked).await("35=1")
	order("NEXT")
	acme.await("35=8|11=NEXT|39=8|58=VENUE_RECOVERING*")
	yaml, socket := filepath.Join(s.dir, "gate.yaml"), filepath.Join(s.dir, "gate.sock")
	if out, err := s.gate("resolve", "-c", yaml, "--venue", "XSIM"); err != nil || !strings.Contains(out, "LOST") || !strings.Contains(out, "1 open orders") {
		t.Error(out, err)
	}
	if out, err := s.gate("resolve", "-s", socket, "--venue", "XSIM", "--count", "1", "--as", "cancelled", "-r", "their word"); err == nil ||
		!strings.Contains(out, "takes two people") {
		t.Error(out, err)
	}
	resolve := func(args ...string) (string, error) {
		return s.gate(append([]string{"resolve", "-s", socket, "-r", "desk, by phone", "LOST"}, args...)...)
	}
	if out, err := resolve("--as", "filled"); err == nil || !strings.Contains(out, "cannot have come to that end") {
		t.Error(out, err)
	}
	if out, err := resolve("--as", "filled", "--qty", "10", "--price", "187.25", "--execid", "BY-PHONE-1"); err != nil {
		t.Fatal(out, err)
	}
	acme.await("35=8|11=LOST|150=F|39=2|32=10|31=187.25|14=10|151=0|58=RESOLVED*")
	order("AFTER")
	acme.await("35=8|11=AFTER|150=0")
	if out, err := resolve("--as", "filled"); err == nil || !strings.Contains(out, "not in doubt") {
		t.Error(out, err)
	}
	s.terminate()
	out, err := s.gate("why", "-c", yaml, "LOST")
	if err != nil || !strings.Contains(out, "desk, by phone") || !strings.Contains(out, "BY-PHONE-1") {
		t.Errorf("%v: %s", err, out)
	}
}
