package audit

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"portcullis/gate/core"
)

func TestExposures(t *testing.T) {
	j := closedDay(t)
	s := must(j.Load(false))(t)
	for name, asCSV := range map[string]bool{"exposure-all.txt": false, "exposure-all.csv": true} {
		var out bytes.Buffer
		check(t, s.Exposures(&out, asCSV))
		golden(t, name, out.String())
	}
}

// TestUpgrade: a program may take over where it makes the same figures of the journal as the bookings give, and as
// the program before tells; one figure that differs, is missing or is more ends that.
func TestUpgrade(t *testing.T) {
	w := day(t)
	w.nowNs += 2e9
	w.event(core.Event{Kind: core.Tick, Link: core.NoIndex}) // the second is over: the engine's digest is recorded
	w.close()
	j := must(Open(w.dir))(t)
	var sheet bytes.Buffer
	check(t, must(j.Load(false))(t).Exposures(&sheet, true))
	upgrade := func(old string) (string, error) {
		var out bytes.Buffer
		err := j.Upgrade(&out, "", strings.NewReader(old))
		return out.String(), err
	}
	out, err := upgrade(sheet.String())
	check(t, err)
	_, facts, _ := strings.Cut(out, "; ") // before it, how long loading took
	golden(t, "upgrade.txt", facts)

	for name, c := range map[string]struct{ from, to, told string }{
		"another figure":  {"account:ACME-1,EB,75200", "account:ACME-1,EB,75200.01", "account:ACME-1 EB: 75200, before 75200.01"},
		"one less":        {"account:ACME-1,EB,75200\n", "", "account:ACME-1 EB: 75200, before not told"},
		"one more":        {"client:ACME,EB", "client:GONE,EB,1\nclient:ACME,EB", "client:GONE EB: not here, before 1"},
		"a later record":  {"journal,record,", "journal,record,9", "journal record: "},
		"another journal": {"account:ACME-1/AAPL,P,", "account:ACME-1/AAPL,P,-", "account:ACME-1/AAPL P: "},
	} {
		old := strings.Replace(sheet.String(), c.from, c.to, 1)
		if old == sheet.String() {
			t.Fatalf("%s: the sheet has no %q:\n%s", name, c.from, old)
		}
		if out, err := upgrade(old); !errors.Is(err, ErrDiffers) || !strings.Contains(out, c.told) {
			t.Errorf("%s: %v\n%s", name, err, out)
		}
	}
	for _, old := range []string{"", "scope,figure,value\n", "a,b,c\njournal,record,1\n", "scope,figure,value\njournal,record,x\n",
		"scope,figure,value\nfirm,EB,1\n", "scope,figure,value\njournal,record\n", "\"scope"} {
		if out, err := upgrade(old); err == nil || errors.Is(err, ErrDiffers) || out != "" {
			t.Errorf("sheet %q: %v\n%s", old, err, out)
		}
	}
}

// TestUpgradeAsOf: the sheet is of the record that it names, though the journal has gone on since.
func TestUpgradeAsOf(t *testing.T) {
	w := day(t)
	j := must(Open(w.dir))(t)
	var sheet bytes.Buffer
	check(t, must(j.Load(false))(t).Exposures(&sheet, true))
	w.order(globex, "35=D|11=G-9|1=GLOBEX-1|55=MSFT|54=1|38=50|40=2|44=411.5|59=1|")
	var out bytes.Buffer
	check(t, j.Upgrade(&out, "", &sheet))
	w.close()
}

// TestUpgradeOfOtherGroups: what the program before has told of a record stands under the groups of that time, though a start since
// has moved the client to another one.
func TestUpgradeOfOtherGroups(t *testing.T) {
	grouped := func(name string) map[string][]byte {
		return sampleFiles("\nclients:\n  - name: ACME\n", "\ngroups:\n  - {name: FUNDS, limits: {gross: 5_000_000, net: 2_000_000}}\n"+
			"  - {name: BANKS, limits: {gross: 5_000_000, net: 2_000_000}}\nclients:\n  - name: ACME\n    group: "+name+"\n")
	}
	w := openDesk(t, t.TempDir(), morning, grouped("FUNDS"))
	w.logon()
	id := w.order(acme, "35=D|11=A-1|1=ACME-1|55=AAPL|54=1|38=1000|40=2|44=188.10|59=0|")
	w.report(id, "37=V1|17=E1|150=F|39=1|55=AAPL|54=1|38=1000|44=188.10|32=400|31=188.00|14=400|151=600|6=188|")
	var sheet bytes.Buffer
	check(t, must(must(Open(w.dir))(t).Load(false))(t).Exposures(&sheet, true))
	if !strings.Contains(sheet.String(), "group:FUNDS,EB,75200") {
		t.Fatalf("nothing is booked in the group:\n%s", sheet.String())
	}
	w.close()
	w = openDesk(t, w.dir, morning+1e9, grouped("BANKS"))
	w.close()
	var out bytes.Buffer
	if err := must(Open(w.dir))(t).Upgrade(&out, "", &sheet); err != nil || !strings.Contains(out.String(), "by its groups, desks and limits are the figures") {
		t.Errorf("%v\n%s", err, out.String())
	}
	last := must(must(Open(w.dir))(t).Load(false))(t)
	sheet.Reset()
	check(t, last.Exposures(&sheet, true))
	if !strings.Contains(sheet.String(), "group:BANKS,EB,75200") {
		t.Errorf("the start has left the client where it was:\n%s", sheet.String())
	}
}
