package system

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestRemovedFromConfiguration: a gate does not start on a configuration that lacks what has open orders
// or a position. It says what is missing; with all of it the orders are there again.
func TestRemovedFromConfiguration(t *testing.T) {
	t.Parallel()
	venue := openRawVenue(t)
	s := newSite(t, desk(venue.port()))
	s.start()
	line := <-venue.linked
	line.await("35=1")
	acme := s.dial("ACME").logon("")
	acme.send(fmt.Sprintf(order, "kept", "10", "187.50"))
	acme.await("35=8|11=kept|150=0")
	acme.send("35=D|11=held|1=ACME-2|55=MSFT|54=1|38=10|40=2|44=412.30|60=20261122-00:00:00")
	acme.await("35=8|11=held|150=0")
	line.send("35=8|11=" + line.await("35=D|55=MSFT").Get(11) +
		"|37=V2|17=F1|150=F|39=2|55=MSFT|54=1|1=ACME-2|38=10|32=10|31=412.30|14=10|151=0|6=412.30")
	acme.await("35=8|11=held|150=F")
	s.terminate()

	oneOrder := " (open orders: kept)"
	for _, row := range []struct {
		says  string
		edits []string // file, old, new
	}{
		{"venue XSIM" + oneOrder, []string{"gate.yaml", "name: XSIM", "name: YSIM", "gate.yaml", "default: XSIM", "default: YSIM"}},
		{"link FIX.4.4:GATE->XSIM" + oneOrder, []string{"venues.cfg", "=XSIM", "=YSIM", "gate.yaml", "->XSIM", "->YSIM"}},
		{"link FIX.4.4:GATE->ACME" + oneOrder, []string{"participants.cfg", "=ACME", "=OTHER", "gate.yaml", "->ACME", "->OTHER"}},
		{"account ACME-1" + oneOrder, []string{"gate.yaml", "ACME-1", "ACME-3"}},
		{"account ACME-2 (positions: 10 MSFT of ACME-2)", []string{"gate.yaml", "ACME-2", "ACME-3"}},
		{"instrument AAPL" + oneOrder, []string{"instruments.csv", "AAPL", "IBM"}},
		{"instrument MSFT (positions: 10 MSFT of ACME-2)", []string{"instruments.csv", "MSFT", "IBM"}},
	} {
		restore := edit(t, s.dir, row.edits)
		out, err := s.gate("run", "-c", filepath.Join(s.dir, "gate.yaml"))
		if err == nil || !strings.Contains(out, "lacks what the journal still needs: "+row.says+". ") {
			t.Errorf("without %s: %v\n%s", row.says, err, out)
		}
		restore()
	}

	s.start()
	(<-venue.linked).await("35=1")
	again := s.dial("ACME")
	again.skip(acme.number() - 1)
	again.logon("")
	again.send("35=F|11=out|41=kept|1=ACME-1|55=AAPL|54=1|60=20261122-00:00:00")
	again.await("35=8|11=out|150=4")
	s.terminate()
}

// edit replaces texts in files: file, old, new and so on. restore takes it back.
func edit(t *testing.T, dir string, edits []string) (restore func()) {
	t.Helper()
	before := map[string]string{}
	for ; len(edits) > 0; edits = edits[3:] {
		path := filepath.Join(dir, edits[0])
		text, err := os.ReadFile(path)
		if err != nil || !strings.Contains(string(text), edits[1]) {
			t.Fatalf("%s without %q: %v", path, edits[1], err)
		}
		if _, known := before[path]; !known {
			before[path] = string(text)
		}
		if err := os.WriteFile(path, []byte(strings.ReplaceAll(string(text), edits[1], edits[2])), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return func() {
		for path, text := range before {
			if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
}
