package system

import (
	"fmt"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestKillDrill: a drill goes the way of a kill to its acknowledgement, and the watchdog's; it reports what a kill would
// do, is journaled as a drill, and changes nothing. Where one of the two ways would fail, so does the drill.
func TestKillDrill(t *testing.T) {
	t.Parallel()
	venue := openRawVenue(t)
	s := newSite(t, desk(venue.port()))
	s.start()
	(<-venue.linked).await("35=1")
	acme := s.dial("ACME").logon("")
	for _, id := range []string{"one", "two"} {
		acme.send(fmt.Sprintf(order, id, "10", "187.50"))
		acme.await("35=8|11=" + id + "|150=0")
	}
	drill := func(scope ...string) (string, error) {
		return s.gate(append([]string{"kill", "--drill", "-c", filepath.Join(s.dir, "gate.yaml"), "-r", "weekly drill"}, scope...)...)
	}
	for _, scope := range [][]string{{"--all"}, {"--client", "ACME"}, {"--hard"}} {
		out, err := drill(scope...)
		if err != nil || !strings.Contains(out, "2 open orders in scope: 2 cancels would be sent, 0 owed, 0 wait for an earlier cancel, 0 left alone, none left over; acknowledged after ") ||
			!strings.Contains(out, fmt.Sprintf("would end engine process %d (running, heartbeat ", s.engine())) {
			t.Errorf("%v: %v, %s", scope, err, out)
		}
	}
	if out, err := drill("--client", "NOBODY"); err == nil || !strings.Contains(out, "engine    FAILED: ") {
		t.Error(out, err)
	}
	if !strings.Contains(venueStatus(t, s, acme), "150=0") || venue.count("35=F") > 0 {
		t.Error("a drill has changed something")
	}
	if err := syscall.Kill(s.engine(), syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	s.awaitRun()
	out, err := s.gate("audit", "tail", "-c", filepath.Join(s.dir, "gate.yaml"))
	if err != nil || strings.Count(out, "kill drill of ") != 3 || !strings.Contains(out, "weekly drill") || strings.Contains(out, "KillSet") {
		t.Error(out, err)
	}
	if n := kills(t, s); n != 0 {
		t.Errorf("the journal has %d kills", n)
	}
	s.terminate()
	if out, err := drill("--all"); err == nil || !strings.Contains(out, "watchdog  FAILED: ") || !strings.Contains(out, "engine    FAILED: ") {
		t.Error(out, err)
	}
	if out, err := s.gate("replay", "-c", filepath.Join(s.dir, "gate.yaml")); err != nil {
		t.Error(out, err)
	}
}
