package system

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestJournalTakenAway: while the journal's folder is not where it was, new orders are refused and cancels pass. An engine
// that crashes then does not begin a new journal, in which open orders, kills and used ids would be forgotten; with the
// folder back everything is there again.
func TestJournalTakenAway(t *testing.T) {
	t.Parallel()
	venue := openRawVenue(t)
	s := newSite(t, desk(venue.port()))
	s.start()
	(<-venue.linked).await("35=1")
	acme := s.dial("ACME").logon("")
	for _, id := range []string{"kept", "ended"} {
		acme.send(fmt.Sprintf(order, id, "10", "187.50"))
		acme.await("35=8|11=" + id + "|150=0")
	}
	journal := filepath.Join(s.dir, "journal")
	if err := os.Rename(journal, journal+"-away"); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(journal, 0o700); err != nil {
		t.Fatal(err)
	}
	s.until("somebody is told", func() bool { return strings.Contains(s.log(), "it was moved, removed or replaced") })
	acme.send(fmt.Sprintf(order, "late", "10", "187.50"))
	if m := acme.await("35=8|11=late|39=8"); !strings.HasPrefix(m.Get(58), "JOURNAL_UNAVAILABLE") {
		t.Error(m)
	}
	acme.send("35=F|11=out|41=ended|1=ACME-1|55=AAPL|54=1|60=20261122-00:00:00")
	acme.await("35=8|11=out|150=4")

	s.kill9Engine()
	s.until("the engine is not started without it", func() bool {
		return strings.Contains(s.log(), "the journal of the engine before is gone from "+journal)
	})
	if left, err := os.ReadDir(journal); err != nil || len(left) > 0 {
		t.Errorf("the empty folder has %v, %v", left, err)
	}
	other := newSite(t, desk(venue.port())) // which has not run for long
	other.start()
	<-venue.linked
	other.terminate()
	if err := errors.Join(os.Remove(journal), os.Rename(filepath.Join(other.dir, "journal"), journal)); err != nil {
		t.Fatal(err)
	}
	s.until("nor on another gate's", func() bool { return strings.Contains(s.log(), journal+" holds another journal (") })
	if err := os.Rename(journal, journal+"-other"); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(journal+"-away", journal); err != nil {
		t.Fatal(err)
	}
	s.awaitRun()
	(<-venue.linked).await("35=1")
	again := s.dial("ACME")
	again.skip(acme.number() - 1)
	again.logon("")
	again.send("35=F|11=out-2|41=kept|1=ACME-1|55=AAPL|54=1|60=20261122-00:00:00")
	again.await("35=8|11=out-2|150=4")
	s.terminate()
}
