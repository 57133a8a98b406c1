package audit

import (
	"bytes"
	"regexp"
	"strings"
	"testing"
	"time"

	"portcullis/gate/config"
	"portcullis/gate/core"
)

// TestStatusTellsThePriceTest: status says in which symbols the price test of Rule 201 is in force, and how long.
func TestStatusTellsThePriceTest(t *testing.T) {
	w := day(t)
	is := func(want string) {
		t.Helper()
		var out bytes.Buffer
		must(must(Open(w.dir))(t).Load(false))(t).Status(&out, Presence{}, "", "", time.Unix(0, w.nowNs))
		if got := strings.Join(regexp.MustCompile(`(?m)^AAPL .*Rule 201.*$`).FindAllString(out.String(), -1), "\n"); !strings.HasSuffix(got, want) || want == "" && got != "" {
			t.Errorf("status has %q, want %q", got, want)
		}
	}
	is("")
	w.command(core.Command{Kind: core.CmdShortSale, Index: w.number(config.InstrumentNumber, "AAPL"), Reason: "triggered"})
	is("(Rule 201), today and on the next trade date")
	w.command(core.Command{Kind: core.CmdRoll, Target: tradeDate + 1, Reason: "next day"})
	is("(Rule 201), until the day roll")
	w.command(core.Command{Kind: core.CmdRoll, Target: tradeDate + 2, Reason: "and the next"})
	is("")
	w.close()
}
