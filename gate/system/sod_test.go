package system

import (
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestStartOfDayFile: an account with sod: file takes no order before the day's positions are in, which gate sod brings
// to a running gate. A file of no use closes no account that has them.
func TestStartOfDayFile(t *testing.T) {
	t.Parallel()
	venue := openRawVenue(t)
	files := desk(venue.port())
	files["gate.yaml"] = strings.NewReplacer("{name: ACME-1, client: ACME}", "{name: ACME-1, client: ACME, sod: file, sell_long_checked: true}",
		"prices: prices.csv", "prices: prices.csv, positions: positions.csv").Replace(files["gate.yaml"])
	yesterday := time.Now().UTC().AddDate(0, 0, -1).Format(time.DateOnly)
	files["positions.csv"] = "account,symbol,qty,as_of\nTOTAL,0,0," + yesterday + "\n"
	s := newSite(t, files)
	s.start()
	line := <-venue.linked
	line.await("35=1")
	acme := s.dial("ACME").logon("")
	sell := func(id string) {
		acme.send("35=D|11=" + id + "|1=ACME-1|55=AAPL|54=2|38=10|40=2|44=187.50|60=20261122-00:00:00")
	}
	sell("EARLY")
	acme.await("35=8|11=EARLY|39=8|58=ACCOUNT_CLOSED*")
	sod := func() (string, error) {
		return s.gate("sod", "-s", filepath.Join(s.dir, "gate.sock"), "-r", "the file came late")
	}
	if out, err := sod(); err == nil || !strings.Contains(out, "stay closed") {
		t.Error(out, err)
	}
	const day = "account,symbol,qty,as_of\nACME-1,AAPL,10,@DATE@\nTOTAL,1,10,@DATE@\n"
	s.write("positions.csv", day)
	if out, err := sod(); err != nil || !strings.Contains(out, "1 accounts have their start-of-day positions") {
		t.Fatal(out, err)
	}
	for _, useless := range []string{"account,symbol\n", files["positions.csv"]} {
		s.write("positions.csv", useless)
		if out, err := sod(); err == nil || !strings.Contains(out, "no position was taken") || !strings.Contains(out, "go on with them") {
			t.Error(out, err)
		}
	}
	s.write("positions.csv", day)
	sell("HELD")
	acme.await("35=8|11=HELD|150=0")
	sell("MORE")
	acme.await("35=8|11=MORE|39=8|58=SELL_LONG*")
	s.write("positions.csv", "account,symbol,qty,as_of\nACME-1,AAPL,99") // unfinished: what was taken stays
	s.crashed()
	(<-venue.linked).await("35=1")
	acme = s.dial("ACME").logon("|141=Y")
	sell("CRASH")
	acme.await("35=8|11=CRASH|39=8|58=SELL_LONG*")
	s.write("positions.csv", "account,symbol,qty,as_of\nACME-1,AAPL,10,@DATE@\nTOTAL,1,10,@DATE@\n")
	s.kill9()
	s.start()
	(<-venue.linked).await("35=1")
	acme = s.dial("ACME").logon("|141=Y")
	sell("AFTER")
	acme.await("35=8|11=AFTER|39=8|58=SELL_LONG*")
	s.terminate()
}
