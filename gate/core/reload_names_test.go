package core

import (
	"fmt"
	"slices"
	"strings"

	"portcullis/risk"
)

// Rows that worlds have beside those of the names that they begin with.
const moreAccounts, moreInstruments, moreClients = 2, 1, 1

// addName gives a running gate a name that it had not, or had once: "reload add account ACME-3 client=ACME", "reload add client
// CEDAR", "reload add symbol GOOG".
func (s *script) addName(w []string) {
	s.t.Helper()
	kind, name := w[0], w[1]
	switch kind {
	case "client":
		i := s.numberFor(&clientNames, name)
		s.take(false, func(set *Setup) {
			set.Clients = withRow(set.Clients, i, name)
		}, &risk.ClientSetting{Index: i, Client: risk.Client{Group: NoIndex, Limits: risk.Unbounded}})
	case "account":
		client := index(clientNames, strings.TrimPrefix(w[2], "client="))
		i := s.numberFor(&accountNames, name)
		accountOwner = withRow(accountOwner, i, client)
		s.w.audit.twin.Account(name, clientNames[client])
		s.take(false, func(set *Setup) {
			set.Accounts = withRow(set.Accounts, i, AccountSetup{Name: name, Client: client})
			set.Routes.ByAccount = withRow(set.Routes.ByAccount, i, NoIndex)
		}, &risk.AccountSetting{Index: i, Account: s.w.account(i)}, entitles{client, i, true})
	case "symbol":
		i := s.numberFor(&symbolNames, name)
		symbolClasses = withRow(symbolClasses, i, risk.Stock)
		s.w.audit.twin.Class(name, className(int(i)))
		s.take(false, func(set *Setup) {
			set.Instruments = withRow(set.Instruments, i, InstrumentSetup{Symbol: name, Class: risk.Stock, Currency: "USD"})
			set.Routes.BySymbol = withRow(set.Routes.BySymbol, i, NoIndex)
		}, &risk.InstrumentSetting{Index: i, Instrument: s.w.instrument(i)})
	}
}

// removeName takes one away: "reload remove account ACME-2".
func (s *script) removeName(w []string) {
	s.t.Helper()
	switch kind, name := w[0], w[1]; kind {
	case "client":
		i := index(clientNames, name)
		s.take(true, func(set *Setup) {
			set.Clients = withRow(set.Clients, i, "")
		}, &risk.ClientSetting{Index: i, Client: risk.Client{Group: s.w.groupOf(i), Limits: risk.Unbounded}})
	case "account":
		i := index(accountNames, name)
		s.take(true, func(set *Setup) {
			set.Accounts = withRow(set.Accounts, i, AccountSetup{Name: name, Client: NoIndex})
		}, &risk.AccountSetting{Index: i, Account: risk.GoneAccount(accountOwner[i])}, entitles{accountOwner[i], i, false})
	case "symbol":
		i := index(symbolNames, name)
		s.take(true, func(set *Setup) {
			set.Instruments = withRow(set.Instruments, i, InstrumentSetup{Symbol: name, Gone: true})
		}, &risk.InstrumentGone{Index: i, Class: symbolClasses[i]})
	case "trader":
		s.take(true, func(set *Setup) {
			set.Traders = withRow(set.Traders, index(traderNames, name), AuthorSetup{Client: NoIndex})
		})
	}
}

// entitles has the links of a client trade for an account from now on, or not any more. It stands for LinkChanges.
type entitles struct {
	client, account uint32
	on              bool
}

func (entitles) Need(*risk.Book, *risk.Room) error { return nil }
func (entitles) Lowers(*risk.Book) bool            { return false }

func (e entitles) Put(b *risk.Book) error {
	for l, client := range map[uint32]uint32{acme: 0, acme2: 0, beta: 1} {
		switch {
		case client != e.client:
		case e.on:
			if err := b.Entitle(l, e.account); err != nil {
				return err
			}
		default:
			b.Revoke(l, e.account)
		}
	}
	return nil
}

// take gives the reload that edit makes of the setup in force.
func (s *script) take(removes bool, edit func(*Setup), settings ...risk.Setting) {
	s.t.Helper()
	for _, c := range []*Core{s.w.core, s.w.shadow} {
		next := *c.set
		edit(&next)
		change := &Change{Version: 7, Setup: &next, Removes: removes, Limits: settings}
		c.Stage(change)
		s.uses = &change.Uses
	}
	s.w.command(Command{ID: 7, Kind: CmdReload, Target: 7})
	if s.done() {
		s.taken = append(s.taken, settings...)
	}
}

// numberFor is the number of a name for life, a new one if it had none.
func (s *script) numberFor(names *[]string, name string) uint32 {
	if i := index(*names, name); i != NoIndex {
		return i
	}
	*names = append(slices.Clip(*names), name)
	return uint32(len(*names) - 1)
}

// withRow is a copy of a table in which a row is another, or new.
func withRow[T any](table []T, i uint32, row T) []T {
	table = slices.Clone(table)
	for len(table) <= int(i) {
		table = append(table, *new(T))
	}
	table[i] = row
	return table
}

// keepNames has the names that a case adds forgotten at its end.
func keepNames() (forget func()) {
	accounts, symbols, clients, owners, classes := accountNames, symbolNames, clientNames, accountOwner, symbolClasses
	groups, desks := clientGroup, traderDesk
	return func() {
		clientGroup, traderDesk = groups, desks
		accountNames, symbolNames, clientNames, accountOwner, symbolClasses = accounts, symbols, clients, owners, classes
	}
}

// stillOpen holds what a reload was refused for against what the script says: "still-open ACME-1:A-1 ACME-1:100*IBM".
func (s *script) stillOpen(w []string) {
	s.t.Helper()
	var got []string
	for _, x := range s.uses.Shown {
		of := map[risk.Scope][]string{risk.ScopeAccount: accountNames, risk.ScopeInstrument: symbolNames, risk.ScopeTrader: traderNames, risk.ScopeVenue: venueNames}[x.Of][x.Number]
		if x.ClOrdID == "" {
			got = append(got, fmt.Sprintf("%s:%s*%s", of, qty(x.Qty), symbolNames[x.Instrument]))
			continue
		}
		got = append(got, of+":"+x.ClOrdID)
	}
	if !slices.Equal(got, w) {
		s.fatal("open are %v", got)
	}
}

// agrees demands that the tables that a start would lay out now come, by all records, to where the gate stands: its digest,
// and what every scope has.
func (s *script) agrees([]string) {
	s.t.Helper()
	c := s.w.build()
	for _, setting := range s.taken {
		must(s.t, setting.Put(c.book))
	}
	c = New(s.w.core.set, c.book)
	var d Decision
	for _, r := range s.w.records {
		ev := Event{}
		must(s.t, DecodeRecord(r.payload, &ev, &d))
		ev.Now, ev.Link = r.now, r.link
		c.Apply(&ev, &d)
	}
	if c.Digest() != s.w.core.Digest() {
		s.fatal("the digest is %016x, that of a start %016x", s.w.core.Digest(), c.Digest())
	}
	for kind := risk.ScopeFirm; kind <= risk.ScopeVenue; kind++ {
		for i := range uint32(8) {
			a, b := s.w.core.book.Credit(kind, i), c.book.Credit(kind, i)
			if a.GrossMax, a.NetMax = b.GrossMax, b.NetMax; a != b && c.book.BearsCredit(kind, i) {
				s.fatal("scope %v %d has %+v, after a start %+v", kind, i, a, b)
			}
			if a, b := measuresOf(s.w.core.book, kind, i), measuresOf(c.book, kind, i); !slices.Equal(a, b) {
				s.fatal("scope %v %d measures %v, after a start %v", kind, i, a, b)
			}
		}
	}
}

// measuresOf are the figures that a scope and its slices are limited in, and what is noted of them.
func measuresOf(b *risk.Book, kind risk.Scope, i uint32) (list []string) {
	parts := []risk.Part{{}}
	for ins, class := range symbolClasses {
		parts = append(parts, risk.Part{Class: class}, risk.Part{Class: risk.OneInstrument, Instrument: uint32(ins)})
	}
	for _, in := range parts {
		for ins := range symbolNames {
			b.EachMeasure(kind, i, in, uint32(ins), func(m risk.Measure, v, limit int64) {
				list = append(list, fmt.Sprintf("in %v, of %s: %s %d of %d", in, symbolNames[ins], m.Reason(), v, limit))
			})
		}
	}
	if loss, limited := b.LossOf(kind, i); limited {
		list = append(list, fmt.Sprintf("loss %+v", loss))
	}
	return list
}
