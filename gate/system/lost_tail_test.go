package system

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// TestLostTail: when the machine dies, the tail on tmpfs goes with it, and with it the last records. The
// gate starts all the same and numbers on above all that it may have used: no number means two messages.
// What it has is sent again; the rest of the numbers is one gap, told at once. The venue may have orders of
// which nothing is known: it takes no more, over another restart too, until a human accepts it; cancels pass.
func TestLostTail(t *testing.T) {
	t.Parallel()
	venue := openRawVenue(t)
	s := newSite(t, desk(venue.port()))
	s.start()
	line := <-venue.linked
	line.await("35=1")
	acme := s.dial("ACME").logon("")
	acme.send(fmt.Sprintf(order, "kept", "10", "187.50"))
	kept := acme.await("35=8|11=kept|150=0")
	s.until("the report is on disk", func() bool {
		segments, _ := filepath.Glob(filepath.Join(s.dir, "journal", "*.seg"))
		for _, path := range segments {
			if text, err := os.ReadFile(path); err == nil && bytes.Contains(text, []byte("\x0117="+kept.Get(17)+"\x01")) {
				return true
			}
		}
		return false
	})
	acme.send(fmt.Sprintf(order, "young", "10", "187.50"))
	acme.await("35=8|11=young|150=0")
	used := map[*raw]int{}
	for _, r := range []*raw{line, acme} {
		for _, m := range r.all() {
			n, _ := strconv.Atoi(m.Get(34))
			used[r] = max(used[r], n)
		}
	}
	s.kill9()
	if err := os.RemoveAll(s.tail); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(s.tail, 0o750); err != nil {
		t.Fatal(err)
	}

	s.start()
	above := func(r *raw, was int) {
		t.Helper()
		n, _ := strconv.Atoi(r.all()[0].Get(34))
		if n <= was {
			t.Errorf("%s: number %d was used before", r.us, n)
		}
	}
	next := <-venue.linked
	next.await("35=1")
	above(next, used[line])
	again := s.dial("ACME")
	again.skip(acme.number() - 1)
	again.logon("")
	above(again, used[acme])
	again.send("35=2|7=2|16=0")
	again.await("35=8|34=" + kept.Get(34) + "|43=Y|11=kept|17=" + kept.Get(17))
	again.await("35=4|43=Y|123=Y")
	if log := s.log(); !strings.Contains(log, `"level":"error","venue":"XSIM"`) || !strings.Contains(log, "gate accept VENUE") {
		t.Error(log)
	}
	again.send(fmt.Sprintf(order, "refused", "10", "187.50"))
	again.await("35=8|11=refused|39=8|58=VENUE_RECOVERING*")
	again.send("35=F|11=out|41=kept|1=ACME-1|55=AAPL|54=1|60=20261122-00:00:00")
	again.await("35=8|11=out|150=4")
	s.terminate()

	s.start()
	(<-venue.linked).await("35=1")
	last := s.dial("ACME")
	last.skip(again.number() - 1)
	last.logon("")
	last.send(fmt.Sprintf(order, "refused too", "10", "187.50"))
	last.await("35=8|11=refused too|39=8|58=VENUE_RECOVERING*")
	status := func(want string) {
		t.Helper()
		if out, err := s.gate("status", "-c", filepath.Join(s.dir, "gate.yaml")); err != nil || !strings.Contains(out, want) {
			t.Error(err, out)
		}
	}
	status("recovering: it may have orders that the journal lost: gate accept")
	accept := []string{"accept", "-s", filepath.Join(s.dir, "gate.sock"), "-r", "desk: nothing else is open", "XSIM"}
	if out, err := s.gate(accept...); err != nil {
		t.Fatal(err, out)
	}
	status("in order")
	passes(last)
	if out, err := s.gate(accept...); err == nil || !strings.Contains(out, "no loss of the journal's end stops it") {
		t.Error(err, out)
	}
	s.terminate()
}
