package core

import (
	"slices"

	"portcullis/risk"
	"portcullis/risk/twin"
)

// move gives ACME-2 the other client, whatever is open of it.
func (x *chaos) move() {
	was, of := accountOwner, uint32(1)
	to := 1 - was[of]
	accountOwner = withRow(was, of, to)
	set := &risk.AccountSetting{Index: of, Account: x.account(of)}
	for _, c := range []*Core{x.core, x.shadow} {
		next := *c.set
		next.Accounts = withRow(c.set.Accounts, of, AccountSetup{Name: accountNames[of], Client: to, AtVenue: c.set.Accounts[of].AtVenue})
		c.Stage(&Change{Version: uint64(x.nowNs), Setup: &next, Limits: []risk.Setting{set}})
	}
	if code, _ := x.core.AskReload(x.core.staged); code != Done {
		accountOwner = was
		return // a kill, or more without an ExecID than is kept
	}
	x.seen["moved"]++
	x.audit.twin.Account(accountNames[of], clientNames[to])
	x.command(Command{ID: 5, Kind: CmdReload, Target: x.core.staged.Version})
}

// moveName gives an account another client, a client another group, a trader another desk, in a running gate: "reload move account
// ACME-2 BETA", "reload move client ACME -".
func (s *script) moveName(w []string) {
	s.t.Helper()
	kind, name, owner := w[0], w[1], w[2]
	table := map[string]struct {
		names, owners []string
		of            *[]uint32
		told          func(l *twin.Ledger, name, owner string)
	}{
		"account": {accountNames, clientNames, &accountOwner, (*twin.Ledger).Account},
		"client":  {clientNames, groupNames, &clientGroup, (*twin.Ledger).Client},
		"trader":  {traderNames, deskNames, &traderDesk, (*twin.Ledger).Trader},
	}[kind]
	i, to, was := index(table.names, name), index(table.owners, owner), *table.of
	*table.of = withRow(was, i, to)
	var set risk.Setting
	switch kind {
	case "account":
		set = &risk.AccountSetting{Index: i, Account: s.w.account(i)}
	case "client":
		set = &risk.ClientSetting{Index: i, Client: risk.Client{Group: to, Limits: risk.Limits{Gross: risk.Unlimited, Net: s.conf.clientNet}}}
	case "trader":
		set = &risk.TraderSetting{Index: i, Trader: risk.Trader{Desk: to, Limits: risk.Limits{Gross: risk.Unlimited, Net: risk.Unlimited}}}
	}
	tell := func(owner uint32) {
		of := ""
		if owner != NoIndex {
			of = table.owners[owner]
		}
		table.told(s.w.audit.twin, name, of)
	}
	if set.Need(s.w.core.book, new(risk.Room)) == nil {
		tell(to) // the reload is held against it
	}
	s.take(false, func(set *Setup) {
		if kind == "account" {
			set.Accounts = slices.Clone(set.Accounts)
			set.Accounts[i].Client = to
		}
	}, set)
	if !s.done() {
		*table.of = was
		tell(was[i])
	}
}
