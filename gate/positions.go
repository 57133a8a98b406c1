package gate

import (
	"cmp"
	"fmt"
	"slices"

	"portcullis/gate/admin"
	"portcullis/gate/config"
	"portcullis/gate/core"
	"portcullis/risk"
)

// beginPositions is what a start has to do about start-of-day positions. An operator's start takes the file; one after a
// crash goes on with what the journal knows, gate sod since with it: the file is a person's to bring.
func (g *Gate) beginPositions(date uint32) error {
	cfg := g.files()
	if !cfg.Resumed() {
		return g.loadPositions(date)
	}
	g.sayNoPositions(slices.DeleteFunc(g.startOfDayAccounts(cfg), g.core.Book().DayOpen))
	return nil
}

// loadPositions brings the start-of-day positions of the trade date to the accounts that take them from
// the file; loaded again, only what differs. Such an account holds what the file says and no more: where
// it has no row the day begins flat, whatever was carried over. Then it may trade (exposure 9).
func (g *Gate) loadPositions(date uint32) error {
	cfg := g.files()
	accounts := g.startOfDayAccounts(cfg)
	if uint32(cfg.PositionsDate) != date {
		g.sayNoPositions(accounts)
		return nil
	}
	for _, p := range g.positionsToSet(accounts) {
		m := core.Command{Kind: core.CmdSOD, Index: p.account, Target: uint64(p.instrument), Qty: p.qty, Reason: "positions file at start"}
		if err := g.boot.Command(m); err != nil {
			return err
		}
	}
	for _, account := range accounts {
		if g.core.Book().DayOpen(account) {
			continue
		}
		m := core.Command{Kind: core.CmdSODEnd, Index: account, Target: uint64(date), Reason: "positions file at start"}
		if err := g.boot.Command(m); err != nil {
			return err
		}
	}
	return nil
}

// beginDay gives the accounts that take them the start-of-day positions of the trade date that has begun, from the file
// as it is now. Each is closed until its last one is in.
func (g *Gate) beginDay(give giver) admin.Answer {
	cfg := g.files()
	accounts, date := g.startOfDayAccounts(cfg), g.tradeDate()
	if len(accounts) == 0 {
		return admin.Answer{OK: true}
	}
	positions, _, dated, err := cfg.ReadPositions()
	if err != nil {
		g.sayNoPositions(accounts)
		return refused(fmt.Errorf("no position was taken: %w; put the file right, then gate sod; %s", err, asBefore))
	}
	if uint32(dated) != date {
		g.sayNoPositions(accounts)
		return refused(fmt.Errorf("no position was taken: %s is dated %d, not %d; bring that of the day, then gate sod; %s",
			cfg.PositionsFile, dated, date, asBefore))
	}
	for _, account := range accounts {
		if err := g.beginAccount(cfg, give, account, date, positions); err != nil {
			return refused(fmt.Errorf("account %s is closed: %w", g.numbers.Name(config.AccountNumber, account), err))
		}
	}
	return admin.Answer{OK: true, Note: fmt.Sprintf("%d accounts have their start-of-day positions of %d", len(accounts), date)}
}

// asBefore is how accounts with sod: file stand after a file of no use: an open one has the positions of the trade date.
const asBefore = "accounts with sod: file that have their positions of this trade date go on with them, the others stay closed"

func (g *Gate) beginAccount(cfg *config.Config, give giver, account, date uint32, positions []config.Position) error {
	commands := []core.Command{{Kind: core.CmdSODBegin, Index: account, Target: uint64(date)}}
	for _, p := range positions {
		if number, _ := g.numbers.Of(config.AccountNumber, cfg.Accounts[p.Account].Name); number == account {
			instrument, _ := g.numbers.Of(config.InstrumentNumber, cfg.Instruments[p.Instrument].Symbol)
			commands = append(commands, core.Command{Kind: core.CmdSOD, Index: account, Target: uint64(instrument), Qty: risk.Qty(p.Qty)})
		}
	}
	commands = append(commands, core.Command{Kind: core.CmdSODEnd, Index: account, Target: uint64(date)})
	for _, m := range commands {
		reply, err := give(m)
		if err != nil {
			return err
		}
		if reply.Code != core.Done {
			return fmt.Errorf("its start-of-day positions were not taken (%d): is the gate at trade date %d? see gate status", reply.Code, date)
		}
	}
	return nil
}

// sayNoPositions tells the operator for which accounts there is no file of the trade date.
func (g *Gate) sayNoPositions(accounts []uint32) {
	if len(accounts) == 0 {
		return
	}
	g.log.Warn().Int("accounts", len(accounts)).Str("first", g.numbers.Name(config.AccountNumber, accounts[0])).Msg("accounts " +
		"with sod: file get no positions of this trade date from the file: those that have none yet are closed until gate sod finds a file that has")
}

// startOfDayAccounts are the numbers of the accounts whose positions come from the file, ascending.
func (g *Gate) startOfDayAccounts(cfg *config.Config) (accounts []uint32) {
	for i := range cfg.Accounts {
		if number, ok := g.numbers.Of(config.AccountNumber, cfg.Accounts[i].Name); ok && cfg.Accounts[i].StartOfDay {
			accounts = append(accounts, number)
		}
	}
	slices.Sort(accounts)
	return accounts
}

// held is an account in an instrument.
type held struct{ account, instrument uint32 }

type startOfDay struct {
	held
	qty risk.Qty
}

// positionsToSet is where the file says something else than the book holds, in the order of the numbers.
func (g *Gate) positionsToSet(accounts []uint32) (set []startOfDay) {
	cfg := g.files()
	file := map[held]risk.Qty{}
	for _, p := range cfg.Positions {
		account, _ := g.numbers.Of(config.AccountNumber, cfg.Accounts[p.Account].Name)
		instrument, _ := g.numbers.Of(config.InstrumentNumber, cfg.Instruments[p.Instrument].Symbol)
		file[held{account, instrument}] = risk.Qty(p.Qty)
	}
	book := g.core.Book()
	book.EachPosition(func(account, instrument uint32, v risk.PositionView) {
		if _, row := file[held{account, instrument}]; !row {
			file[held{account, instrument}] = 0
		}
	})
	for at, qty := range file {
		if _, ok := slices.BinarySearch(accounts, at.account); ok && book.Position(at.account, at.instrument).SOD != qty {
			set = append(set, startOfDay{at, qty})
		}
	}
	slices.SortFunc(set, func(a, b startOfDay) int {
		return cmp.Or(cmp.Compare(a.account, b.account), cmp.Compare(a.instrument, b.instrument))
	})
	return set
}
