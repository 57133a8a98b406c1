package gate

import (
	"cmp"
	"slices"

	"portcullis/gate/config"
	"portcullis/gate/core"
	"portcullis/risk"
)

// loadPositions brings the start-of-day positions of the trade date to the accounts that take them from
// the file; loaded again, only what differs. Such an account holds what the file says and no more: where
// it has no row the day begins flat, whatever was carried over. Then it may trade (exposure 9).
func (g *Gate) loadPositions(date uint32) error {
	accounts := g.startOfDayAccounts()
	if uint32(g.cfg.PositionsDate) != date {
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

// sayNoPositions tells the operator which accounts a trade date begins without.
func (g *Gate) sayNoPositions(accounts []uint32) {
	if len(accounts) == 0 {
		return
	}
	g.log.Warn().Int("accounts", len(accounts)).Str("first", g.numbers.Name(config.AccountNumber, accounts[0])).Msg("accounts " +
		"with sod: file have no positions of this trade date: they are closed until the gate starts with a file that has")
}

// startOfDayAccounts are the numbers of the accounts whose positions come from the file, ascending.
func (g *Gate) startOfDayAccounts() (accounts []uint32) {
	for i := range g.cfg.Accounts {
		if number, ok := g.numbers.Of(config.AccountNumber, g.cfg.Accounts[i].Name); ok && g.cfg.Accounts[i].StartOfDay {
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
	file := map[held]risk.Qty{}
	for _, p := range g.cfg.Positions {
		account, _ := g.numbers.Of(config.AccountNumber, g.cfg.Accounts[p.Account].Name)
		instrument, _ := g.numbers.Of(config.InstrumentNumber, g.cfg.Instruments[p.Instrument].Symbol)
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
