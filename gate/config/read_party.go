package config

import "portcullis/risk"

// PartyActions are what a link may have done to parties by PartyActionRequest(35=DH), such as a clearing member's.
type PartyActions struct {
	Of        []Party       // whoever is in one of them may be named; none = it may do nothing
	Suspend   risk.KillMode // the kill that Suspend is; 0 = it may not
	Halt      risk.KillMode // likewise
	Reinstate bool          // what it has stopped itself
}

// Party is one that may be stopped.
type Party struct {
	Of   Kind // NoNumber = the firm
	Name string
}

func (p Party) String() string {
	if p.Of == NoNumber {
		return "firm"
	}
	return p.Of.String() + " " + p.Name
}

// partyVersion is the DefaultApplVerID of FIX.5.0SP2, the only version that has the message.
const partyVersion = "9"

// partyActions reads party_actions of a link.
func (l *loader) partyActions(m *mapping, k *Link) {
	if !m.has("party_actions") {
		return
	}
	at, sub := m.placeOf("party_actions"), m.sub("party_actions")
	defer sub.close()
	mode := func(key string) risk.KillMode {
		return killModes[sub.word(key, "none", "none", "block", "cancel", "reduce-only", "disconnect")]
	}
	k.PartyActions = PartyActions{Suspend: mode("suspend"), Halt: mode("halt"), Reinstate: sub.flag("reinstate", false)}
	if sub.flag("firm", false) {
		k.PartyActions.Of = append(k.PartyActions.Of, Party{Of: NoNumber})
	}
	for _, kind := range []struct {
		key   string
		of    Kind
		names *names
	}{{"groups", GroupNumber, &l.groups}, {"clients", ClientNumber, &l.clients}, {"accounts", AccountNumber, &l.accounts},
		{"desks", DeskNumber, &l.desks}, {"traders", TraderNumber, &l.traders}, {"algos", AlgoNumber, &l.algos}} {
		for _, name := range sub.list(kind.key) {
			if kind.names.find(l, name) != None {
				k.PartyActions.Of = append(k.PartyActions.Of, Party{kind.of, name.text})
			}
		}
	}
	switch p := &k.PartyActions; {
	case len(p.Of) == 0 || p.Suspend|p.Halt == 0:
		l.add(at, "party_actions permits nothing", "name clients, accounts or the like with suspend: block, halt: cancel, or both; or remove it")
	case k.Session.BeginString != "" && (k.Session.BeginString != "FIXT.1.1" || k.Session.DefaultApplVerID != partyVersion):
		l.add(at, "party_actions: the link speaks a version of FIX without PartyActionRequest(35=DH)", "it takes FIX.5.0SP2 over FIXT.1.1")
	case !l.knowsParties(k):
		l.add(at, "party_actions: the link's dictionary has no PartyActionRequest(35=DH), so each would be refused",
			"name an AppDataDictionary that has it: that of FIX.5.0SP2 has not, its extension packs have; or write UseDataDictionary=N")
	}
}

// knowsParties reports whether the messages of a link are held to a dictionary that has PartyActionRequest, or to none.
func (l *loader) knowsParties(k *Link) bool {
	d := &k.Session.Dictionaries
	if !d.Use || !d.RejectInvalidMessage {
		return true
	}
	shelf, err := k.Session.Shelf(l.dictionary)
	return err != nil || shelf.App[partyVersion].Defines([]byte("DH"), 2329) // a file that cannot be read was named before
}
