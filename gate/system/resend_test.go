package system

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
)

// TestResendAfterReset: numbers that began anew are other messages. What was sent under them before is
// not sent again for them, now and after every kind of restart.
func TestResendAfterReset(t *testing.T) {
	t.Parallel()
	venue := openRawVenue(t)
	s := newSite(t, desk(venue.port()))
	s.start()
	(<-venue.linked).await("35=1")
	acme := s.dial("ACME").logon("")
	acme.send(fmt.Sprintf(order, "before", "10", "187.50"))
	acme.await("35=8|34=2|11=before|150=0")
	s.leave(acme)

	again := s.dial("ACME").logon("|141=Y")
	again.send("35=1|112=two")
	again.await("35=0|34=2|112=two")
	nothing := func(r *raw) {
		t.Helper()
		r.send("35=2|7=2|16=2")
		r.await("35=4|34=2|43=Y|36=3")
		if r.count("35=8") > 0 {
			t.Errorf("a report of before the reset came again: %v", r.all())
		}
	}
	nothing(again)
	for _, end := range []func(){s.terminate, s.kill9} {
		end()
		s.start()
		next := again.number()
		again = s.dial("ACME")
		again.skip(next - 1)
		again.logon("")
		nothing(again)
	}
	s.terminate()
}

// TestReportsThatAResetCutOff: what happened to an order while its owner was away is told after a Logon
// that begins the numbers anew, as a new message that may be known, whatever became of the gate meanwhile.
func TestReportsThatAResetCutOff(t *testing.T) {
	t.Parallel()
	venue := openRawVenue(t)
	s := newSite(t, desk(venue.port()))
	s.start()
	for i, between := range []func(){func() {}, s.kill9, s.terminate} {
		if i > 0 {
			s.start()
		}
		line := <-venue.linked
		line.await("35=1")
		acme := s.dial("ACME").logon("|141=Y")
		id := fmt.Sprint("away-", i)
		acme.send(fmt.Sprintf(order, id, "10", "187.50"))
		acme.await("35=8|11=" + id + "|150=0")
		s.leave(acme)
		exec := fmt.Sprint("F", i)
		line.send("35=8|11=" + line.await("35=D|55=AAPL").Get(11) + "|37=V|17=" + exec +
			"|150=F|39=2|55=AAPL|54=1|1=ACME-1|38=10|32=10|31=187.50|14=10|151=0|6=187.50")
		line.send("35=1|112=" + exec)
		line.await("35=0|112=" + exec) // so the fill is in the journal
		between()
		if i > 0 {
			s.start()
			(<-venue.linked).await("35=1")
		}
		again := s.dial("ACME").logon("|141=Y")
		again.await("35=8|34=2|11=" + id + "|17=XSIM-" + exec + "|150=F|97=Y")
		again.send("35=1|112=alive")
		again.await("35=0|34=3|112=alive")
		if again.count("35=8") != 1 {
			t.Errorf("more came: %v", again.all())
		}
		_ = again.conn.Close()
		s.terminate()
	}
	if out, err := s.gate("replay", "--journal", filepath.Join(s.dir, "journal")); err != nil || !strings.Contains(out, " 0 differ") {
		t.Errorf("%v\n%s", err, out)
	}
}

// leave ends a connection and waits until the gate has seen it: before that it refuses another.
func (s *site) leave(r *raw) {
	s.t.Helper()
	ended := strings.Count(s.log(), "connection ended")
	_ = r.conn.Close()
	s.until("the gate sees it", func() bool { return strings.Count(s.log(), "connection ended") > ended })
}
