package audit

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"portcullis/gate/config"
	"portcullis/gate/core"
	"portcullis/risk"
)

// authored takes the marks from what the sample says of groups, desks, traders, algorithms, and of
// links and venues with limits.
var authored = []string{"# groups:  ", "groups:    ", "#   - {name: FUNDS", "  - {name: FUNDS", "  - name: ACME\n", "  - name: ACME\n    group: FUNDS\n",
	"# desks:", "desks:", "#   - {name: EQUITIES", "  - {name: EQUITIES", "# traders:", "traders:", "#   - {name: ANN", "  - {name: ANN",
	"# algos:", "algos:", "#   - {name: TWAP", "  - {name: TWAP", "    # trader: ANN ", "    trader: ANN   ", "    # limits: {gross", "    limits: {gross"}

// TestExposureOfAuthors: what orders count for beside their account equals its recomputation, the
// story of an order names its author, and a refusal whose limit it was.
func TestExposureOfAuthors(t *testing.T) {
	w := openDesk(t, t.TempDir(), morning, sampleFiles(authored...))
	w.logon()
	id := w.order(acme, "35=D|11=A-1|1=ACME-1|453=1|448=TWAP|447=D|452=12|2376=22|55=AAPL|54=1|38=400|40=2|44=188.10|59=0|")
	w.report(id, "37=V1|17=E1|150=F|39=1|55=AAPL|54=1|38=400|32=100|31=188.00|14=100|151=300|6=188|")
	w.report(id, "37=V1|17=E2|150=F|39=1|55=AAPL|54=1|38=400|32=50|31=188.00|14=150|151=250|6=188|")
	w.report(id, "37=V1|17=E3|19=E1|150=H|39=1|55=AAPL|54=1|38=400|14=50|151=350|6=188|")
	g := w.order(globex, "35=D|11=G-1|1=GLOBEX-1|55=MSFT|54=1|38=50|40=2|44=411.5|59=1|")
	w.report(g, "37=V3|17=E5|150=0|39=0|55=MSFT|54=1|38=50|44=411.5|14=0|151=50|6=0|")
	w.from(acme, "35=D|11=R-1|1=ACME-1|453=1|448=TWAP|447=D|452=12|2376=22|55=AAPL|54=1|38=200|40=2|44=188|59=0|60=20261122-13:30:00|")
	of := risk.WholeFirm
	of.Trader, of.Instrument = w.number(config.TraderNumber, "ANN"), w.number(config.InstrumentNumber, "AAPL")
	kill := core.KillOf(core.CmdKill, of, risk.KillBlockAndCancel, false)
	kill.Reason, kill.Actor = "he is ill", "mallory"
	w.command(kill)
	w.from(acme, "35=D|11=R-2|1=ACME-1|55=AAPL|54=1|38=1|40=2|44=188|59=0|60=20261122-13:30:00|")
	w.close()

	j := must(Open(w.dir))(t)
	s := must(j.Load(true))(t)
	for scope, want := range map[string]string{"group:FUNDS": "75235.00", "desk:EQUITIES": "75235.00", "trader:ANN": "75235.00",
		"algo:TWAP": "75235.00", "link:" + acme: "75235.00", "venue:XSIM": "95810.00"} {
		var out bytes.Buffer
		if err := s.Exposure(&out, must(s.ParseScope(scope))(t), true); err != nil {
			t.Errorf("%s: %v", scope, err)
		}
		if gross := fmt.Sprintf("gross        %s", want); !strings.Contains(out.String(), gross) {
			t.Errorf("%s: no %q in\n%s", scope, gross, out.String())
		}
	}
	for scope, want := range map[string]string{"link:" + globex: "no limits", "trader:EVE": "knows no trader", "area:51": "desk:NAME"} {
		if _, err := s.ParseScope(scope); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", scope, err)
		}
	}
	for id, want := range map[string][]string{"A-1": {"; by trader ANN, algo TWAP", "CREDIT_DESK_GROSS", "EQUITIES", "CREDIT_VENUE_NET"},
		"R-1": {"CREDIT_ALGO_NET", "TWAP"}} {
		var out bytes.Buffer
		check(t, j.Why(&out, id, ""))
		for _, text := range want {
			if !strings.Contains(out.String(), text) {
				t.Errorf("%s: no %q in\n%s", id, text, out.String())
			}
		}
	}
	var out bytes.Buffer
	if _, err := j.Replay(&out, DifferencesShown); err != nil {
		t.Errorf("%v\n%s", err, out.String())
	}
	out.Reset()
	check(t, j.Tail(context.Background(), &out, TailOptions{}))
	s.Status(&out, Presence{}, "", "", time.Unix(0, morning))
	for _, text := range []string{"command kill of trader ANN and instrument AAPL, mode cancel by mallory: he is ill", "kill 1 of trader ANN and instrument AAPL is on",
		"KILL_SEVERAL"} {
		if !strings.Contains(out.String(), text) {
			t.Errorf("no %q in\n%s", text, out.String())
		}
	}
	for kind, name := range map[config.Kind]string{config.GroupNumber: "FUNDS", config.DeskNumber: "EQUITIES", config.TraderNumber: "ANN",
		config.AlgoNumber: "TWAP"} {
		if got := j.name(kind, 0); got != name {
			t.Errorf("%s 0 is %s", kind, got)
		}
	}
}
