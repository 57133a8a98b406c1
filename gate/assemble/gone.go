package assemble

import (
	"errors"
	"slices"

	"portcullis/gate/config"
	"portcullis/gate/core"
	"portcullis/risk"
)

// own notes what each name belongs to, for when it is gone.
func (l lookup) own(note func(config.Kind, []config.Owned) error) error {
	var clients, accounts, traders, instruments []config.Owned
	for i := range l.cfg.Clients {
		clients = append(clients, config.Owned{Number: l.client(i), Of: l.group(l.cfg.Clients[i].Group)})
	}
	for i := range l.cfg.Accounts {
		accounts = append(accounts, config.Owned{Number: l.account(i), Of: l.client(l.cfg.Accounts[i].Client)})
	}
	for i := range l.cfg.Venues {
		accounts = append(accounts, config.Owned{Number: l.of(config.AccountNumber, suspense(l.cfg.Venues[i].Name)), Of: l.of(config.ClientNumber, suspenseClient)})
	}
	for i := range l.cfg.Traders {
		traders = append(traders, config.Owned{Number: l.trader(i), Of: l.desk(l.cfg.Traders[i].Desk)})
	}
	for i := range l.cfg.Instruments {
		instruments = append(instruments, config.Owned{Number: l.instrument(i), Of: uint32(classes[l.cfg.Instruments[i].Type])})
	}
	return errors.Join(note(config.ClientNumber, clients), note(config.AccountNumber, accounts), note(config.TraderNumber, traders),
		note(config.InstrumentNumber, instruments))
}

// NoIndex is no owner.
const _ = -(core.NoIndex ^ config.NoOwner)

// gone are the settings of all that has a number and no name any more, owners before what is theirs. What belonged to nobody
// that is known is passed over: its account counts in the firm alone.
func (l lookup) gone() (list []risk.Setting) {
	named := l.named()
	each := func(kind config.Kind, set func(number uint32)) {
		for number := range uint32(l.n.Count(kind)) {
			if !named[kind][number] {
				set(number)
			}
		}
	}
	for _, kind := range [...]config.Kind{config.GroupNumber, config.DeskNumber, config.AlgoNumber} {
		each(kind, func(number uint32) {
			list = append(list, &risk.CreditSetting{Kind: scopeKinds[kind], Index: number, Limits: risk.Unbounded})
		})
	}
	each(config.ClientNumber, func(number uint32) {
		list = append(list, &risk.ClientSetting{Index: number, Client: risk.Client{Group: l.owner(config.ClientNumber, number), Limits: risk.Unbounded}})
	})
	each(config.TraderNumber, func(number uint32) {
		list = append(list, &risk.TraderSetting{Index: number, Trader: risk.Trader{Desk: l.owner(config.TraderNumber, number), Limits: risk.Unbounded}})
	})
	each(config.AccountNumber, func(number uint32) {
		if client := l.owner(config.AccountNumber, number); client != core.NoIndex {
			list = append(list, &risk.AccountSetting{Index: number, Account: risk.GoneAccount(client)})
		}
	})
	each(config.InstrumentNumber, func(number uint32) {
		if class := l.owner(config.InstrumentNumber, number); class != core.NoIndex {
			list = append(list, &risk.InstrumentGone{Index: number, Class: risk.Class(class)})
		}
	})
	return list
}

func (l lookup) owner(kind config.Kind, number uint32) uint32 {
	if of, known := l.n.Owner(kind, number); known {
		return of
	}
	return core.NoIndex
}

// named says of each number whether the configuration names it.
func (l lookup) named() (named [config.NoNumber][]bool) {
	for kind, names := range l.cfg.Names() {
		named[kind] = make([]bool, l.n.Count(config.Kind(kind)))
		for _, name := range names {
			if number, known := l.n.Of(config.Kind(kind), name); known {
				named[kind][number] = true
			}
		}
	}
	if number, known := l.n.Of(config.ClientNumber, suspenseClient); known {
		named[config.ClientNumber][number] = true
	}
	for i := range l.cfg.Venues {
		if number, known := l.n.Of(config.AccountNumber, suspense(l.cfg.Venues[i].Name)); known {
			named[config.AccountNumber][number] = true
		}
	}
	return named
}

// setGone gives all that is not named any more its place in a book.
func (l lookup) setGone(book *risk.Book) error {
	for _, setting := range l.gone() {
		if err := setting.Put(book); err != nil {
			return err
		}
	}
	return nil
}

// removed are the settings that take from a running gate what it is not to have any more.
func (l lookup) removed(was *config.Config, names map[config.Named]bool) (list []risk.Setting) {
	before := lookup{was, l.n}
	for _, s := range was.Scopes() {
		if names[config.Named{Of: s.Of, Name: s.Name}] {
			list = append(list, before.parts(s.Ended())...)
		}
	}
	return append(list, l.gone()...)
}

// added are the settings of names that are new, owners before what is theirs.
func (l lookup) added(names map[config.Named]bool) (list []risk.Setting) {
	isNew := func(kind config.Kind, name string) bool { return names[config.Named{Of: kind, Name: name}] }
	scopes := slices.DeleteFunc(l.cfg.Scopes(), func(s config.Scoped) bool { return !isNew(s.Of, s.Name) })
	for _, s := range scopes {
		switch s.Of {
		case config.GroupNumber, config.DeskNumber, config.AlgoNumber:
			kind, number := l.place(&s)
			list = append(list, &risk.CreditSetting{Kind: kind, Index: number, Limits: limits(*s.Limits)})
		case config.VenueNumber:
			if kind, number := l.place(&s); s.Limits != nil {
				list = append(list, &risk.CreditSetting{Kind: kind, Index: number, Limits: limits(*s.Limits)})
			}
		}
	}
	for i := range l.cfg.Venues {
		if isNew(config.VenueNumber, l.cfg.Venues[i].Name) {
			list = append(list, l.suspenseOf(i))
		}
	}
	for i := range l.cfg.Clients {
		if isNew(config.ClientNumber, l.cfg.Clients[i].Name) {
			list = append(list, &risk.ClientSetting{Index: l.client(i), Client: l.clientOf(i)})
		}
	}
	for i := range l.cfg.Traders {
		if isNew(config.TraderNumber, l.cfg.Traders[i].Name) {
			list = append(list, &risk.TraderSetting{Index: l.trader(i), Trader: l.traderOf(i)})
		}
	}
	for i := range l.cfg.Instruments {
		if isNew(config.InstrumentNumber, l.cfg.Instruments[i].Symbol) {
			list = append(list, &risk.InstrumentSetting{Index: l.instrument(i), Instrument: instrument(&l.cfg.Instruments[i])})
		}
	}
	for i := range l.cfg.Accounts {
		if a := &l.cfg.Accounts[i]; isNew(config.AccountNumber, a.Name) {
			list = append(list, &risk.AccountSetting{Index: l.account(i), Account: l.accountOf(a)})
		}
	}
	for _, s := range scopes {
		list = append(list, l.parts(s.Begun())...)
	}
	return list
}
