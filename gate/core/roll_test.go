package core

import (
	"slices"
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

// TestARollForgetsWhatWasDecided: whoever applies a roll forgets the same, whatever configuration he has by then; one that
// an older program recorded kept the last trade date.
func TestARollForgetsWhatWasDecided(t *testing.T) {
	decides := plain()
	decides.executionDays = 2
	w, other := newWorldOf(t, decides), newWorld(t).core
	roll := func(date, keep uint32) {
		for _, c := range []*Core{w.core, other} {
			c.applyRolled(&Event{Now: w.now()}, &Effect{Kind: Rolled, Value: uint64(date), Seq: uint64(keep)})
		}
	}
	for _, date := range []uint32{20261201, 20261202, 20261203} {
		roll(date, w.core.keptAfterRoll(date))
	}
	for _, c := range []*Core{w.core, other} {
		if got := c.remembered(); !slices.Equal(got, []uint32{20261202, 20261201}) {
			t.Errorf("remembered %d", got)
		}
	}
	roll(20261204, 0)
	if got := w.core.remembered(); !slices.Equal(got, []uint32{20261203}) || w.core.remembers(20261202) || !w.core.remembers(20261203) || w.core.remembers(0) {
		t.Errorf("after a roll of an older program: remembered %d", got)
	}
}
