package system

import (
	"fmt"
	"testing"
)

// TestFaultyReports: an execution is booked and told its owner though the session layer refuses its report, and though
// it comes garbled again.
func TestFaultyReports(t *testing.T) {
	t.Parallel()
	venue := openRawVenue(t)
	venue.behave(true, false)
	s := newSite(t, desk(venue.port()))
	s.start()
	line := <-venue.linked
	line.await("35=1")
	acme := s.dial("ACME").logon("")
	acme.send(fmt.Sprintf(order, "A", "100", "187.50"))
	id := line.await("35=D").Get(11)
	report := func(exec string, qty, cum int, more string) string {
		return fmt.Sprintf("35=8|37=V|11=%s|17=%s|150=F|39=1|55=AAPL|54=1|32=%d|31=187.50|14=%d|151=%d|6=187.50|%s",
			id, exec, qty, cum, 100-cum, more)
	}
	line.send(report("E1", 10, 10, "58="))
	acme.await("35=8|11=A|32=10|14=10")
	line.send(report("E2", 10, 20, "abc=x"))
	line.skip(-1)
	line.send(report("E2", 10, 20, "abc=x"))
	acme.await("35=8|11=A|32=10|14=20")
	line.send(report("E3", 10, 30, "58=sound"))
	acme.await("35=8|11=A|32=10|14=30|58=sound")
	if n := line.count("35=3"); n != 0 {
		t.Errorf("the venue got %d rejects", n)
	}
	s.terminate()
}
