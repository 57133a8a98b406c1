package sim

import (
	"portcullis/fix"
	"portcullis/gate/core"
	"portcullis/risk"
)

// What a participant may have done to parties by PartyActionRequest(35=DH): ACME2 stops and reinstates its client, an account
// of it, or a link, where the version has the message.

// partyWords is how a request names whom it is about.
type partyWords struct {
	role  string // PartyRole(452)
	scope risk.Scope
	index uint32
}

var parties = []partyWords{{"3", risk.ScopeClient, 0}, {"24", risk.ScopeAccount, 0}, {"24", risk.ScopeAccount, 1}, {"55", risk.ScopeLink, acme}}

func (p *profile) partyName(x partyWords) string {
	switch x.scope {
	case risk.ScopeClient:
		return clientNames[x.index]
	case risk.ScopeAccount:
		return accountNames[x.index]
	}
	return p.settings(x.index).Name
}

// partyActions are those of a link.
func (p *profile) partyActions(l uint32) core.PartyActions {
	if l != acme2 || p.version < risk.FIX50SP2 {
		return core.PartyActions{}
	}
	client, _ := risk.Only(risk.ScopeClient, 0)
	return core.PartyActions{Of: []risk.Target{client}, Suspend: risk.KillBlock, Halt: risk.KillBlockAndCancel, Reinstate: true}
}

// actOnParty suspends a party, halts its trading, or reinstates it; now and then one that it has no say over.
func (t *trader) actOnParty() {
	x := parties[t.w.r.IntN(len(parties))]
	name := t.w.profile.partyName(x)
	if t.w.chance(8) {
		name = "BETA-1"
	}
	id, action := t.id(), t.w.pick("0", "1", "2", "2", "2")
	t.w.faults.note("party action")
	if action == "2" {
		t.reinstating[id] = true
		t.eachStopped(func(k *risk.Kill) { t.w.operator.lifted(k.ID) })
	}
	t.parties[id] = x
	t.send("DH", field{fix.TagPartyActionRequestID, id}, field{fix.TagPartyActionType, action}, field{fix.TagNoPartyIDs, "1"},
		field{fix.TagPartyID, name}, field{fix.TagPartyIDSource, "D"}, field{fix.TagPartyRole, x.role}, field{fix.TagTransactTime, "20261122-13:30:00"})
}

// eachStopped gives the kills in force that the link has given.
func (t *trader) eachStopped(f func(k *risk.Kill)) {
	if t.w.host.live == nil {
		return
	}
	all := t.w.host.live.Book().Kills()
	for i := range all {
		if uint32(all[i].By) == t.link+1 {
			f(&all[i])
		}
	}
}

// actedOnParty takes a PartyActionReport(35=DI): from one that says so on, nothing of the party leaves until somebody lifts it.
func (t *trader) actedOnParty(m *fix.Message) {
	id := text(m, fix.TagPartyActionRequestID)
	delete(t.reinstating, id)
	x, asked := t.parties[id]
	if !asked || text(m, fix.TagPartyActionType) == "2" || text(m, fix.TagPartyActionResponse) == "2" || len(t.reinstating) > 0 {
		return
	}
	of, _ := risk.Only(x.scope, x.index)
	t.eachStopped(func(k *risk.Kill) {
		if k.Of == of {
			t.w.operator.stands(kill{k.ID, x.scope, x.index})
		}
	})
}

// stands notes that somebody was told of a kill that is in force.
func (o *operator) stands(k kill) {
	if !o.lifting[k.id] {
		o.kills = append(o.kills, k)
	}
}
