package audit

import (
	"bytes"
	"strings"
	"testing"
)

// TestWhySelfMatch: an order before which another of its owner was cancelled, and that other, each have their own story of the
// one record, and an id names the one of them that has it.
func TestWhySelfMatch(t *testing.T) {
	w := openDesk(t, t.TempDir(), morning, sampleFiles("self_match: none ", "self_match: OWN ", "self_match_action: cancel_new ", "self_match_action: cancel_resting "))
	w.logon()
	first := w.order(acme, "35=D|11=A-1|1=ACME-1|55=AAPL|54=1|38=100|40=2|44=188.10|59=0|")
	w.report(first, "37=V1|17=E1|150=0|39=0|55=AAPL|54=1|38=100|14=0|151=100|6=0|")
	cancel := w.order(acme, "35=D|11=A-2|1=ACME-HEDGE|55=AAPL|54=5|38=10|40=2|44=188.10|59=0|") // what leaves first
	w.report(cancel, "37=V1|17=E2|41="+first+"|150=4|39=4|55=AAPL|54=1|38=100|14=0|151=0|6=0|")
	w.close()
	j := must(Open(w.dir))(t)
	both := "cancel of order 0 by the gate itself, SELF_MATCH: sent as request 1"
	for id, want := range map[string][]string{
		"A-1":  {"ClOrdID A-1\n", "toward the venue " + first + ", " + cancel + "\n", both, "stands    final, cancelled: 0 of 100 executed"},
		cancel: {"ClOrdID A-1\n"},
		"A-2":  {"ClOrdID A-2\n", both, "SELF_MATCH ", "stands    open, pending new: 0 of 10 executed"},
	} {
		var out bytes.Buffer
		check(t, j.Why(&out, id, ""))
		for _, text := range want {
			if !strings.Contains(out.String(), text) {
				t.Errorf("%s: no %q in\n%s", id, text, out.String())
			}
		}
		if id == "A-2" && strings.Contains(out.String(), "toward the venue "+cancel) {
			t.Errorf("A-2 has the id of the cancel:\n%s", out.String())
		}
	}
}
