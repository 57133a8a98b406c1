package audit

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"
)

// TestBreach: of a kill that a control gave, the status says which; the record of the refusal says that it was one too
// many; and the matrix says what a breach kills.
func TestBreach(t *testing.T) {
	w := openDesk(t, t.TempDir(), morning, sampleFiles("  # COLLAR: {owner: Head of Trading, why: RTS 6 Art. 15(1)(a), review_by: 2027-06-30}",
		"  COLLAR: {on_breach: {kill: account, mode: block, count: 2}}"))
	w.logon()
	for _, id := range []string{"A-1", "A-2"} {
		w.from(acme, "35=D|11="+id+"|1=ACME-1|55=AAPL|54=1|38=1|40=2|44=300|59=0|60=20261122-13:30:00|")
	}
	w.close()
	j := must(Open(w.dir))(t)
	s := must(j.Load(false))(t)
	var out bytes.Buffer
	s.Status(&out, Presence{}, "", "", time.Unix(0, morning))
	check(t, j.Tail(context.Background(), &out, TailOptions{}))
	Controls(&out, s.config, 20261122)
	for _, text := range []string{"account ACME-1  block           0  2026-11-22T13:30:00.015000000Z  control COLLAR", "kill 1 of account ACME-1 is on, mode block",
		"COLLAR has refused account ACME-1 once more: once too often", "COLLAR kills its account, mode block, at 2 refusals in 1m0s"} {
		if !strings.Contains(out.String(), text) {
			t.Errorf("no %q in\n%s", text, out.String())
		}
	}
}
