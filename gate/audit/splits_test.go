package audit

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"portcullis/gate/config"
	"portcullis/gate/core"
	"portcullis/risk"
)

// TestSplitsAreShown: what was asked for and by whom, which splits await their ex-date, what was applied, and which accounts
// have something open until when.
func TestSplitsAreShown(t *testing.T) {
	w := day(t)
	account, aapl := w.number(config.AccountNumber, "ACME-1"), w.number(config.InstrumentNumber, "AAPL")
	shows := func(wants ...string) {
		t.Helper()
		s := must(must(Open(w.dir))(t).Load(true))(t)
		var out bytes.Buffer
		s.Status(&out, Presence{}, "", "", time.Unix(0, w.nowNs))
		check(t, s.Exposure(&out, must(s.ParseScope("account:ACME-1/AAPL"))(t), true))
		for _, want := range wants {
			if !strings.Contains(out.String(), want) {
				t.Errorf("no %q in\n%s", want, out.String())
			}
		}
	}
	w.command(core.Command{Kind: core.CmdSOD, Index: account, Target: uint64(aapl), Qty: 100 * risk.PriceScale})
	date := uint64(must(must(Open(w.dir))(t).Load(false))(t).core.TradeDate())
	split := core.Command{Kind: core.CmdSplit, Index: aapl, Target: date + 1, Qty: core.SplitQty(risk.Ratio{New: 2, Old: 3}), Actor: "ann", UID: 7, Reason: "CA 4711"}
	w.command(split)
	split.Actor, split.UID = "bob", 8
	w.command(split)
	shows("awaits the day roll of its ex-date", "split 2:3 on", "awaited")
	w.command(core.Command{Kind: core.CmdRoll, Target: date + 1})
	shows("left by a split", "does not trade it: gate adjust --fraction", "applied", " / 3")
	settle := core.Command{Kind: core.CmdAdjust, Flag: true, Index: account, Target: uint64(aapl), Actor: "ann", UID: 7, Reason: "cash in lieu"}
	w.command(settle)
	settle.Actor, settle.UID = "bob", 8
	w.command(settle)
	w.close()
	var out bytes.Buffer
	check(t, must(Open(w.dir))(t).Changes(&out, 0))
	for _, want := range []string{"command split of AAPL, 2:3 on ", "by ann: CA 4711", "user 7 asks to split AAPL 2:3 on", "AAPL is split 2:3 on",
		"command adjustment of ACME-1 in AAPL: what a split has left is settled by ann", "what a split has left of AAPL in ACME-1 is settled"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in\n%s", want, out.String())
		}
	}
}
