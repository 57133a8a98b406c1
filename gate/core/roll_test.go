package core

import (
	"testing"

	"portcullis/risk"
)

// TestRollTakesTodaysFactor: the factor is pinned on an order until the day rolls.
func TestRollTakesTodaysFactor(t *testing.T) {
	w := newWorld(t).logon()
	id := field(w.order("A-1", "55=IBM|54=1|38=100|40=2|44=50|59=1"), "11")
	in := instrument(ibm)
	in.K = 2 * risk.PriceScale
	for _, c := range []*Core{w.core, w.shadow} {
		must(t, c.book.SetInstrument(ibm, in))
	}
	w.from(xsim, "35=8|11="+id+"|37=V|17=E1|150=F|39=1|32=10|31=50|14=10|151=90|54=1|55=IBM|6=50|")
	if s := w.core.book.Credit(risk.ScopeAccount, acme1); s.EB != 500*risk.MoneyScale || s.RB != 4500*risk.MoneyScale {
		t.Errorf("before the roll: %+v", s)
	}
	w.command(Command{ID: 1, Kind: CmdRoll, Target: 20261123})
	w.from(xsim, "35=8|11="+id+"|37=V|17=E2|150=F|39=1|32=10|31=50|14=20|151=80|54=1|55=IBM|6=50|")
	if s := w.core.book.Credit(risk.ScopeAccount, acme1); s.EB != 1000*risk.MoneyScale || s.RB != 8000*risk.MoneyScale {
		t.Errorf("after it: %+v", s)
	}
	w.checkTables()
}
