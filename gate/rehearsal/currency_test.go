package rehearsal

import (
	"strings"
	"testing"

	"portcullis/gate/config"
	"portcullis/gate/core"
	"portcullis/risk"
)

// TestNotionalInLimitCurrency: 1,000 shares at 250 pence, a pound at 1.25, are 3,125.0000 of the limit's currency: that much
// passes the limit, and is above one that is 0.0001 smaller.
func TestNotionalInLimitCurrency(t *testing.T) {
	for _, c := range []struct{ most, want string }{{"3_125", ""}, {"3_124.9999", "NOTIONAL_TOO_LARGE"}} {
		files := config.SampleFiles(20261122)
		files[config.SampleMain] = []byte(strings.Replace(string(files[config.SampleMain]), "{name: ACME-1, client: ACME}",
			"{name: ACME-1, client: ACME, symbols: {VOD.L: {notional_max: "+c.most+"}}}", 1))
		files["prices.csv"] = []byte("symbol,close,as_of\nVOD.L,250,2026-11-22\n")
		cfg, err := config.LoadFiles(files, config.SampleMain)
		if err != nil {
			t.Fatal(err)
		}
		s, err := newStage(cfg)
		if err != nil {
			t.Fatal(err)
		}
		s.at(1_795_354_200_000_000_000)
		link := s.linkOf([]byte("ACME"))
		if link == core.NoIndex {
			t.Fatal("no link of ACME")
		}
		if err := s.logOn(link); err != nil {
			t.Fatal(err)
		}
		o := terms{account: "ACME-1", symbol: "VOD.L", side: "1", qty: "1000", ordType: "2", price: "250", tif: "0"}
		s.message(link, "D", strings.ReplaceAll(o.body("D", "A-1", "", "20261122-13:30:00.000"), "|", "\x01"))
		j, found := &s.d.Judgement, false
		for _, check := range j.Checks[:j.Count] {
			if check.Control == risk.NotionalTooLarge {
				found = true
				if check.Value != 3_125_0000 || check.Of != risk.ScopeAccount || check.In != risk.OneInstrument {
					t.Errorf("%s: %+v", c.most, check)
				}
			}
		}
		if refused := s.d.Reason == risk.NotionalTooLarge; !found || refused != (c.want != "") {
			t.Errorf("%s: %s, want %q", c.most, s.d.Reason, c.want)
		}
	}
}
