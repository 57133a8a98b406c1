package system

import (
	"fmt"
	"strings"
	"testing"
)

// TestClockForbidden: in a state of the clock that the configuration forbids there are no new orders; a
// cancel passes all the same.
func TestClockForbidden(t *testing.T) {
	t.Parallel()
	venue := openRawVenue(t)
	files := desk(venue.port())
	s := newSite(t, files)
	s.start()
	(<-venue.linked).await("35=1")
	acme := s.dial("ACME").logon("")
	acme.send(fmt.Sprintf(order, "before", "10", "187.50"))
	acme.await("35=8|11=before|150=0")
	s.terminate()
	edit(t, s.dir, []string{"gate.yaml", "capacity:", "clock: {forbid: [unknown, unsynchronised]}\n  capacity:"})
	s.start()
	(<-venue.linked).await("35=1")
	again := s.dial("ACME")
	again.skip(acme.number() - 1)
	again.logon("")
	again.send(fmt.Sprintf(order, "after", "10", "187.50"))
	if m := again.await("35=8|11=after|39=8"); !strings.HasPrefix(m.Get(58), "CLOCK_FORBIDDEN") {
		t.Error(m)
	}
	again.send("35=F|11=out|41=before|1=ACME-1|55=AAPL|54=1|60=20261122-00:00:00")
	again.await("35=8|11=out|150=4")
	s.terminate()
}
