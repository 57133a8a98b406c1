package gate

import (
	"strings"
	"testing"

	"portcullis/gate/config"
	"portcullis/risk"
)

// filled has ACME buy 100 AAPL at 100.
func (p *path) filled() {
	p.t.Helper()
	p.acme("35=D|11=bought|"+limitOrder, "35=D|")
	_, id, _ := strings.Cut(p.toVenue, "|11=")
	id, _, _ = strings.Cut(id, "|")
	p.message(p.links["XSIM"], "35=8|11="+id+"|37=V1|17=E1|150=F|39=2|55=AAPL|54=1|38=100|32=100|31=100|14=100|151=0|6=100|")
}

// TestClosingReserve: a closing order may use 10 % above the gross limit of account, client and firm
// unless another share is written (exposure 6).
func TestClosingReserve(t *testing.T) {
	firm := "limits: {gross: 10_000_000, net: 5_000_000}"
	client := "- name: ACME\n    limits: {gross: 2_000_000, net: 1_000_000}"
	small := "limits: {gross: 10_000, net: 10_000}"
	for _, row := range []struct{ old, with, want string }{
		{firm, small + "\n  closing_reserve_bps: 1000", "35=D|"},
		{firm, small, "35=D|"},
		{firm, small + "\n  closing_reserve_bps: 999", "58=CREDIT_FIRM_GROSS"},
		{client, "- name: ACME\n    " + small, "35=D|"},
		{client, "- name: ACME\n    " + small + "\n    closing_reserve_bps: 999", "58=CREDIT_CLIENT_GROSS"},
	} {
		p := mustPath(t, row.old, row.with)
		p.filled()
		p.acme("35=D|11=closing|55=AAPL|54=2|38=10|40=2|44=100|", row.want)
		p.acme("35=D|11=opening|55=MSFT|54=1|38=10|40=2|44=100|", "_GROSS")
	}
	if _, err := newPath(t, firm, "limits: {gross: 1, net: 1}\n  closing_reserve_bps: 10_001"); err == nil {
		t.Error("more than the limit itself as a reserve")
	}
	c, err := config.LoadFiles(config.SampleFiles(pathDate), config.SampleMain)
	if err != nil || c.Firm.ClosingReserveBps != 1000 || c.Clients[1].ClosingReserveBps != 1000 {
		t.Errorf("%v, %+v", err, c)
	}
}

// TestRiskPrices: an instrument with risk prices counts them in place of the price, in reservations and
// executions (exposure 1); where its price may be below zero, such a price is one like any other.
func TestRiskPrices(t *testing.T) {
	files := config.SampleFiles(pathDate)
	table := strings.NewReplacer(",restricted,halted\n", ",restricted,halted,risk_price_buy,risk_price_sell,negative_prices\n",
		"AAPL,stock,USD,1,1,0.01,1,,N,N", "AAPL,future,USD,1,1,0.01,1,,N,N,150,120,Y", ",Y,N\n", ",Y,N,,,\n", ",N,Y\n", ",N,Y,,,\n", ",N,N\n", ",N,N,,,\n")
	files["instruments.csv"] = []byte(table.Replace(string(files["instruments.csv"])))
	p, err := newPathOf(t, files, "default:\n    bps: 500", "default:\n    bps: 100_000")
	if err != nil {
		t.Fatal(err)
	}
	expect := func(what string, want risk.ScopeView) {
		t.Helper()
		got := p.core.Book().Credit(risk.ScopeFirm, 0)
		want.GrossMax, want.NetMax = got.GrossMax, got.NetMax
		if got != want {
			t.Errorf("%s: %+v, want %+v", what, got, want)
		}
	}
	p.filled()
	expect("bought 100", risk.ScopeView{EB: 15_000 * risk.MoneyScale})
	p.acme("35=D|11=below|55=AAPL|54=2|38=10|40=2|44=-5|", "35=D|")
	expect("to sell 10 below zero", risk.ScopeView{EB: 15_000 * risk.MoneyScale, RS: 1200 * risk.MoneyScale, OpenOrders: 1})
	p.acme("35=D|11=other|55=MSFT|54=1|38=10|40=2|44=-5|", "39=8|")
}
