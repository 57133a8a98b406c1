package risk_test

import (
	"testing"

	"portcullis/risk"
)

// only is the target of a kill with one part.
func only(kind risk.Scope, i uint32) risk.Target {
	t, ok := risk.Only(kind, i)
	if !ok {
		panic("no such kind of part")
	}
	return t
}

// TestTargets: a kill stops what fits all of its parts, whatever else it is, and nothing besides.
func TestTargets(t *testing.T) {
	s := open()
	s.capacity.Accounts, s.capacity.Clients, s.capacity.Groups, s.capacity.Desks, s.capacity.Traders, s.capacity.Algos = 2, 2, 1, 1, 3, 2
	s.capacity.Venues, s.capacity.Links, s.capacity.Instruments = 2, 2, 2
	b := newDesk(t, s).book // client 0 is of group 0; traders 0 and 1 are of desk 0
	at := risk.Place{Account: 0, Instrument: 1, Owner: 1, Venue: 1, Author: risk.Author{Trader: 2, Algo: 1}}
	other := risk.Place{Account: 1, Instrument: 0, Owner: 0, Venue: 0, Author: risk.Author{Trader: 3, Algo: 2}}
	nobody := risk.Place{Account: 1, Instrument: 0, Owner: 0, Venue: risk.NoIndex}
	id := uint64(0)
	for _, c := range []struct {
		of     risk.Target
		reason risk.Reason
	}{
		{risk.WholeFirm, risk.KillFirm},
		{only(risk.ScopeClient, 0), risk.KillClient}, {only(risk.ScopeAccount, 0), risk.KillAccount}, {only(risk.ScopeLink, 1), risk.KillLink},
		{only(risk.ScopeGroup, 0), risk.KillGroup}, {only(risk.ScopeDesk, 0), risk.KillDesk}, {only(risk.ScopeTrader, 1), risk.KillTrader},
		{only(risk.ScopeAlgo, 0), risk.KillAlgo}, {only(risk.ScopeVenue, 1), risk.KillVenue}, {only(risk.ScopeInstrument, 1), risk.KillInstrument},
		{several(risk.ScopeTrader, 1, risk.ScopeInstrument, 1), risk.KillSeveral},
		{several(risk.ScopeLink, 1, risk.ScopeGroup, 0), risk.KillSeveral},
		{several(risk.ScopeTrader, 1, risk.ScopeInstrument, 0), risk.Accepted},
		{several(risk.ScopeDesk, 0, risk.ScopeAlgo, 1), risk.Accepted},
	} {
		id++
		if !b.SetKill(risk.Kill{ID: id, Of: c.of}) {
			t.Fatalf("%+v finds no row", c.of)
		}
		if got, of := b.CheckKill(&at, 1); got != c.reason || c.reason != risk.Accepted && of != id {
			t.Errorf("%+v: %s by kill %d, want %s by %d", c.of, got, of, c.reason, id)
		}
		if stops := b.Stops(&c.of, &at, 1); stops != (c.reason != risk.Accepted) {
			t.Errorf("%+v stops: %v", c.of, stops)
		}
		for _, p := range []risk.Place{other, nobody} {
			if got, _ := b.CheckKill(&p, 0); got != risk.Accepted && c.reason != risk.KillFirm {
				t.Errorf("%+v: %s holds %+v", c.of, got, p)
			}
		}
		if !b.ClearKill(id) {
			t.Fatal("no such kill")
		}
		if got, _ := b.CheckKill(&at, 1); got != risk.Accepted {
			t.Errorf("%+v is lifted: %s", c.of, got)
		}
	}
	if got, _ := b.CheckKill(&at, 0); got != risk.Accepted {
		t.Error(got)
	}
	for kind := risk.ScopeFirm + 1; kind < risk.ScopeSeveral; kind++ {
		if b.SetKill(risk.Kill{ID: 99, Of: only(kind, 3)}) {
			t.Errorf("kind %d: a part beyond the table", kind)
		}
	}
	// several at once: the first in the order of the reasons answers
	for i, of := range []risk.Target{several(risk.ScopeTrader, 1, risk.ScopeVenue, 1), only(risk.ScopeVenue, 1), only(risk.ScopeGroup, 0)} {
		b.SetKill(risk.Kill{ID: 100 + uint64(i), Of: of})
	}
	if got, of := b.CheckKill(&at, 1); got != risk.KillGroup || of != 102 {
		t.Errorf("%s by %d", got, of)
	}
}

func several(a risk.Scope, i uint32, b risk.Scope, j uint32) risk.Target {
	t := only(a, i)
	*t.Part(b) = j
	return t
}
