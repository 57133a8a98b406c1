package risk_test

import (
	"math/rand/v2"
	"testing"

	"portcullis/risk"
)

// TestTripsAreFound: whatever trips stand, an order is refused where one of them stops it and passes where none does, as a
// look at each of them has it.
func TestTripsAreFound(t *testing.T) {
	b := listWorld(t)
	r := rand.New(rand.NewPCG(1, 2))
	pick := func(n int) uint32 { return uint32(r.IntN(n)) }
	scopes := []struct {
		kind  risk.Scope
		count int
	}{{risk.ScopeFirm, 1}, {risk.ScopeClient, 3}, {risk.ScopeAccount, listAccounts}, {risk.ScopeLink, 2}, {risk.ScopeGroup, 2}, {risk.ScopeDesk, 2},
		{risk.ScopeTrader, 3}, {risk.ScopeAlgo, 2}}
	refused := 0
	for id := uint64(1); id < 20_000; id++ {
		if kills := b.Kills(); len(kills) > 0 && r.IntN(2) == 0 {
			b.ClearKill(kills[r.IntN(len(kills))].ID)
		} else {
			s := scopes[r.IntN(len(scopes))]
			b.SetKill(risk.Kill{ID: id, Of: only(s.kind, pick(s.count)), Mode: risk.KillTripped, Cause: risk.OrderRateExceeded})
		}
		at := risk.Place{Account: pick(listAccounts + 1), Instrument: pick(listInstruments), Owner: pick(2), Venue: pick(2),
			Author: risk.Author{Trader: uint16(pick(4)), Algo: uint16(pick(3))}}
		lnk, want := pick(2), risk.Accepted
		for i := range b.Kills() {
			if b.Stops(&b.Kills()[i].Of, &at, lnk) {
				want = risk.ControlDisabled
			}
		}
		var j risk.Judgement
		if got := b.CheckTripped(&at, lnk, &j); got != want {
			t.Fatalf("%+v over link %d: %s, want %s of %+v", at, lnk, got, want, b.Kills())
		}
		if want != risk.Accepted {
			refused++
		}
	}
	if refused < 1000 || refused > 19_000 {
		t.Errorf("%d of 20000 are refused: this proves little", refused)
	}
}

// TestTripsLeaveTheFirmsRows: however many controls trip, the firm can still be stopped.
func TestTripsLeaveTheFirmsRows(t *testing.T) {
	b := listWorld(t)
	id := uint64(1)
	for ; b.KillRoom(risk.ScopeAccount, risk.KillTripped); id++ {
		if !b.SetKill(risk.Kill{ID: id, Of: only(risk.ScopeAccount, uint32(id)%listAccounts), Mode: risk.KillTripped, Cause: risk.OrderRateExceeded}) {
			t.Fatalf("there is room for %d, and it is not taken", id)
		}
	}
	if b.SetKill(risk.Kill{ID: id, Of: only(risk.ScopeAccount, 0), Mode: risk.KillTripped}) {
		t.Error("one more than there is room for")
	}
	if !b.KillRoom(risk.ScopeFirm, risk.KillBlock) || !b.SetKill(risk.Kill{ID: id, Of: risk.WholeFirm, Mode: risk.KillBlock}) {
		t.Error("the firm cannot be stopped any more")
	}
}

// TestTripsLeaveNoSpareRow: nor do kills of other scopes get at the firm's rows behind controls that tripped in all the rest, and while
// nothing stops the firm no kill of another mode takes the row for what does.
func TestTripsLeaveNoSpareRow(t *testing.T) {
	b := listWorld(t)
	id := uint64(1)
	fill := func(of risk.Target, mode risk.KillMode) (n int) {
		for ; b.SetKill(risk.Kill{ID: id, Of: of, Mode: mode}); id++ {
			n++
		}
		return n
	}
	fill(only(risk.ScopeAccount, 0), risk.KillTripped)
	if n := fill(only(risk.ScopeAccount, 0), risk.KillBlock); n != 0 {
		t.Errorf("%d kills of an account are in the rows of the firm", n)
	}
	if n := fill(risk.WholeFirm, risk.KillReduceOnly); n != 8 {
		t.Errorf("%d kills let closing orders of the firm pass, want 8", n)
	}
	if n := fill(risk.WholeFirm, risk.KillBlock); n != 1 {
		t.Errorf("%d kills stop the firm, want 1", n)
	}
}
