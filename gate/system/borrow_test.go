package system

import (
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestLocatesFile: an account with locate: required sells short what the day's files cover, which gate borrow brings to
// a running gate; what has been used of it stays used over a crash.
func TestLocatesFile(t *testing.T) {
	t.Parallel()
	venue := openRawVenue(t)
	files := desk(venue.port())
	files["gate.yaml"] = strings.NewReplacer("{name: ACME-1, client: ACME}", "{name: ACME-1, client: ACME, locate: required, sides: all, short_max: unlimited}",
		"prices: prices.csv", "prices: prices.csv, locates: locates.csv, easy_to_borrow: easy.csv").Replace(files["gate.yaml"])
	yesterday := time.Now().UTC().AddDate(0, 0, -1).Format(time.DateOnly)
	files["locates.csv"] = "account,symbol,qty,as_of,broker,id\nACME-1,AAPL,15,@DATE@,PB,L-1\nACME-1,AAPL,99," + yesterday + ",PB,L-0\n"
	files["easy.csv"] = "symbol,as_of\n"
	s := newSite(t, files)
	s.start()
	(<-venue.linked).await("35=1")
	acme := s.dial("ACME").logon("")
	short := func(id, answer string) {
		t.Helper()
		acme.send("35=D|11=" + id + "|1=ACME-1|55=AAPL|54=5|38=10|40=2|44=187.50|60=20261122-00:00:00")
		acme.await("35=8|11=" + id + "|" + answer)
	}
	short("S-1", "150=0")
	short("S-2", "39=8|58=LOCATE_EXCEEDED*")
	borrow := func() (string, error) {
		return s.gate("borrow", "-s", filepath.Join(s.dir, "gate.sock"), "-r", "more was lent")
	}
	s.write("locates.csv", "account,symbol\n")
	if out, err := borrow(); err == nil || !strings.Contains(out, "no locate was taken") {
		t.Error(out, err)
	}
	s.write("locates.csv", "account,symbol,qty,as_of\nACME-1,AAPL,20,@DATE@\n")
	if out, err := borrow(); err != nil || !strings.Contains(out, "1 locates and 0 symbols easy to borrow") {
		t.Fatal(out, err)
	}
	short("S-3", "150=0")
	s.crashed()
	(<-venue.linked).await("35=1")
	acme = s.dial("ACME").logon("|141=Y")
	short("S-4", "39=8|58=LOCATE_EXCEEDED*")
	s.write("easy.csv", "symbol,as_of\nAAPL,@DATE@\n")
	if out, err := borrow(); err != nil {
		t.Fatal(out, err)
	}
	short("S-5", "150=0")
	// what the files name no more holds no more
	s.write("easy.csv", "symbol,as_of\n")
	s.write("locates.csv", "account,symbol,qty,as_of\n")
	if out, err := borrow(); err != nil {
		t.Fatal(out, err)
	}
	short("S-6", "39=8|58=LOCATE_MISSING*")
	s.terminate()
}
