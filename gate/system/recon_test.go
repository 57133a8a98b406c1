package system

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"portcullis/gate/demo/peer"
)

// TestDropCopyIsTaken: what a drop copy tells, by quickfixgo, counts once, over a gate that is killed in mid-flow and what is
// sent again; what one side has not told is a break until it does, and a dead gate's journal says so.
func TestDropCopyIsTaken(t *testing.T) {
	t.Parallel()
	copier, err := peer.Open(peer.VenueConfig{BeginString: "FIX.4.4", SenderCompID: "COPY", TargetCompID: "GATE", Port: freePort(t), Manual: true})
	if err != nil {
		t.Fatal(err)
	}
	defer copier.Stop()
	venue := openRawVenue(t)
	files := desk(venue.port())
	files["venues.cfg"] += fmt.Sprintf("[SESSION]\nTargetCompID=COPY\nSocketConnectHost=127.0.0.1\nSocketConnectPort=%d\n", copier.Port())
	files["gate.yaml"] += "recon:\n  break_after_ms: 200\n  drop_copies: [{link: FIX.4.4:GATE->COPY, venue: XSIM, trade_acks: true}]\n"
	s := newSite(t, files)
	s.start()
	line := <-venue.linked
	line.await("35=1")
	tell := func(id, exec, account string) {
		t.Helper()
		if err := copier.Send("35=8|37=V|11=" + id + "|17=" + exec + "|150=F|39=1|55=AAPL|54=1|32=10|31=187.50|14=10|151=90|6=187.50|1=" + account); err != nil {
			t.Fatal(err)
		}
	}
	read := func(line string) string {
		out, err := s.gate(append(strings.Fields(line), "-c", filepath.Join(s.dir, "gate.yaml"))...)
		if err != nil {
			t.Fatalf("%s: %s, %v", line, out, err)
		}
		return out
	}
	says := func(line, want string) {
		t.Helper()
		s.until("gate "+line+" says "+want, func() bool { return strings.Contains(read(line), want) })
	}
	tell("ELSEWHERE", "F1", "GLOBEX-1")
	says("recon", "0 breaks, 1 foreign")
	s.kill9()
	tell("ELSEWHERE", "F2", "GLOBEX-1")
	s.start()
	line = <-venue.linked
	line.await("35=1")
	says("recon", "0 breaks, 2 foreign")
	if out := read("exposure account:GLOBEX-1 --explain"); !strings.Contains(out, "3750.00") {
		t.Errorf("what is foreign counts as\n%s", out)
	}

	// likewise by TradeCaptureReport, of whose two sides one is known here
	if err := copier.Send("35=AE|571=T1|487=0|570=N|17=F3|55=AAPL|32=10|31=187.50|75=20261122|60=20261122-13:30:00|" +
		"552=2|54=2|37=W|1=ELSE|54=1|37=V|1=GLOBEX-1"); err != nil {
		t.Fatal(err)
	}
	if _, err := copier.Await("35=AR|571=T1|939=0|150=F|17=F3"); err != nil {
		t.Fatal(err)
	}
	says("recon", "0 breaks, 3 foreign")

	acme := s.dial("ACME").logon("")
	acme.send(fmt.Sprintf(order, "own", "100", "187.50"))
	id := line.await("35=D").Get(11)
	line.send("35=8|37=V|11=" + id + "|17=E1|150=F|39=1|55=AAPL|54=1|32=10|31=187.50|14=10|151=90|6=187.50")
	acme.await("35=8|11=own|32=10")
	s.until("the log says the break", func() bool { return strings.Contains(s.log(), "the drop copy and the gate differ") })
	tell(id, "E1", "ACME-1")
	says("recon", "0 breaks, 3 foreign, 1 agreed")
	s.kill9()
	if out := read("recon --all"); !strings.Contains(out, "0 breaks, 3 foreign, 1 agreed") || strings.Count(out, "foreign  ") != 3 {
		t.Errorf("a dead gate's journal says\n%s", out)
	}
}
