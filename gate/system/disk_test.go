package system

import (
	"context"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"portcullis/gate/admin"
)

// TestDiskFails: with durability: sync the disk takes nothing more in mid-flow. The order at hand is taken back and
// its owner told why, new ones are refused; cancels leave, reports come, and a kill is carried out and acknowledged.
func TestDiskFails(t *testing.T) {
	t.Parallel()
	venue := openRawVenue(t)
	files := desk(venue.port())
	files["gate.yaml"] = strings.Replace(files["gate.yaml"], "gate:\n", "gate:\n  durability: sync\n", 1)
	s := newSite(t, files)
	s.start()
	line := <-venue.linked
	line.await("35=1")
	acme := s.dial("ACME").logon("")
	order := func(id string) {
		acme.send("35=D|11=" + id + "|1=ACME-1|55=AAPL|54=1|38=10|40=2|44=187.50|60=20261122-00:00:00")
	}
	for _, id := range []string{"ONE", "TWO"} {
		order(id)
		acme.await("35=8|11=" + id + "|150=0")
	}
	none := unix.Rlimit{} // no file may grow or be written beyond its first byte
	if err := unix.Prlimit(s.engine(), unix.RLIMIT_FSIZE, &none, nil); err != nil {
		t.Fatal(err)
	}
	order("LOST")
	acme.await("35=8|11=LOST|39=8|58=JOURNAL_UNAVAILABLE*")
	order("LATE")
	acme.await("35=8|11=LATE|39=8|58=JOURNAL_UNAVAILABLE*")
	acme.send("35=F|11=OUT|41=ONE|1=ACME-1|55=AAPL|54=1|60=20261122-00:00:00")
	acme.await("35=8|11=OUT|41=ONE|150=4")
	a, err := s.admin().Do(context.Background(), admin.Request{Verb: admin.Kill, Scope: admin.AllScope, Reason: "disk"})
	if err != nil || a.InScope != 1 || a.Cancels != 1 {
		t.Errorf("%+v, %v", a, err)
	}
	acme.await("35=8|11=TWO|150=4")
	if n := venue.count("35=D"); n != 2 {
		t.Errorf("%d orders reached the venue", n)
	}
}
