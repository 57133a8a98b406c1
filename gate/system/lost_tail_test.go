package system

import (
	"fmt"
	"os"
	"strconv"
	"testing"
	"time"
)

// TestLostTail: when the machine dies, the tail on tmpfs goes with it, and with it the last records. The
// gate starts all the same and numbers on above all that it may have used: no number means two messages.
// What it has is sent again; the rest of the numbers is one gap, told at once.
func TestLostTail(t *testing.T) {
	venue := openRawVenue(t)
	s := newSite(t, desk(venue.port()))
	s.start()
	line := <-venue.linked
	line.await("35=1")
	acme := s.dial("ACME").logon("")
	acme.send(fmt.Sprintf(order, "kept", "10", "187.50"))
	kept := acme.await("35=8|11=kept|150=0")
	time.Sleep(500 * time.Millisecond) // ten times the interval of the journal's syncs
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
	passes(again)
	s.terminate()
}
