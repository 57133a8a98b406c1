package gate

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"sync"

	"portcullis/gate/admin"
	"portcullis/gate/config"
	"portcullis/gate/core"
	"portcullis/risk"
)

// borrowed is what the engine may hold for short sales of the trade date: what a file names no more has to be taken
// back. It may name too much, never too little.
type borrowed struct {
	mu      sync.Mutex
	easy    map[uint32]bool
	located map[held]bool
}

// loadBorrow brings what short sales of the trade date may rest on at an operator's start: locates, and what is easy to
// borrow; and triggers of the price test. A start after a crash goes on with what the journal knows.
func (g *Gate) loadBorrow(date uint32) error {
	cfg := g.files()
	book := g.core.Book()
	g.borrowed.easy, g.borrowed.located = map[uint32]bool{}, map[held]bool{}
	for n := range uint32(g.numbers.Count(config.InstrumentNumber)) {
		if book.Easy(n) {
			g.borrowed.easy[n] = true
		}
	}
	book.EachPosition(func(account, instrument uint32, v risk.PositionView) {
		if v.Located != 0 {
			g.borrowed.located[held{account, instrument}] = true
		}
	})
	if cfg.Resumed() {
		return nil
	}
	borrow := cfg.Borrow.Of(int(date))
	g.sayBorrow(borrow, date)
	for _, m := range g.borrowCommands(cfg, borrow, date) {
		if m.Kind == core.CmdEasyToBorrow && book.Easy(m.Index) == !m.Flag ||
			m.Kind == core.CmdLocate && book.Position(m.Index, uint32(m.Target)).Located == m.Qty {
			continue
		}
		if err := g.boot.Command(m); err != nil {
			return err
		}
	}
	return nil
}

// sayBorrow tells the operator of files that say nothing about a trade date.
func (g *Gate) sayBorrow(borrow config.Borrow, date uint32) {
	cfg := g.files()
	if cfg.LocatesFile != "" && len(borrow.Locates) == 0 || cfg.EasyFile != "" && len(borrow.Easy) == 0 {
		g.log.Warn().Uint32("trade_date", date).Msg(fmt.Sprintf("for this trade date the files name %d locates and %d symbols easy to borrow: "+
			"accounts with locate: required sell short only what they cover; bring the files of the day, then say gate borrow",
			len(borrow.Locates), len(borrow.Easy)))
	}
}

// triggerCommands say what triggered the price test of short sales; the core knows which of them are over.
func (g *Gate) triggerCommands(cfg *config.Config, triggers []config.Dated) (commands []core.Command) {
	for _, x := range triggers {
		n, _ := g.numbers.Of(config.InstrumentNumber, cfg.Instruments[x.Instrument].Symbol)
		commands = append(commands, core.Command{Kind: core.CmdShortSale, Index: n, Target: uint64(x.Date), Reason: cfg.TriggersFile})
	}
	return commands
}

// beginBorrow takes them from the files as they are now.
func (g *Gate) beginBorrow(give func(core.Command) (core.Reply, error)) admin.Answer {
	cfg := g.files()
	if cfg.LocatesFile == "" && cfg.EasyFile == "" && cfg.TriggersFile == "" {
		return admin.Answer{OK: true}
	}
	g.borrowed.mu.Lock()
	defer g.borrowed.mu.Unlock()
	date := g.tradeDate()
	all, err := cfg.ReadBorrow()
	if err != nil {
		return refused(fmt.Errorf("no locate was taken: %w; put the file right, then gate borrow; what was known before holds", err))
	}
	borrow := all.Of(int(date))
	g.sayBorrow(borrow, date)
	for _, m := range g.borrowCommands(cfg, borrow, date) {
		reply, err := give(m)
		if err == nil && reply.Code != core.Done {
			err = fmt.Errorf("the gate did not take it (%d): is it at trade date %d? see gate status", reply.Code, date)
		}
		if err != nil {
			return refused(fmt.Errorf("locates were taken in part: %w; say gate borrow again", err))
		}
	}
	return admin.Answer{OK: true, Note: fmt.Sprintf("%d locates and %d symbols easy to borrow on %d, %d triggers of the price test", len(borrow.Locates), len(borrow.Easy), date,
		len(borrow.Triggers))}
}

// borrowCommands say all that the files name, and that nothing else holds any more, in the order of the numbers.
func (g *Gate) borrowCommands(cfg *config.Config, borrow config.Borrow, date uint32) (commands []core.Command) {
	listed, file := map[uint32]bool{}, map[held]config.Locate{}
	for _, x := range borrow.Easy {
		n, _ := g.numbers.Of(config.InstrumentNumber, cfg.Instruments[x.Instrument].Symbol)
		listed[n], g.borrowed.easy[n] = true, true
	}
	for _, x := range borrow.Locates {
		account, _ := g.numbers.Of(config.AccountNumber, cfg.Accounts[x.Account].Name)
		instrument, _ := g.numbers.Of(config.InstrumentNumber, cfg.Instruments[x.Instrument].Symbol)
		at := held{account, instrument}
		file[at], g.borrowed.located[at] = x, true
	}
	for _, n := range slices.Sorted(maps.Keys(g.borrowed.easy)) {
		commands = append(commands, core.Command{Kind: core.CmdEasyToBorrow, Index: n, Target: uint64(date), Flag: !listed[n], Reason: cfg.EasyFile})
	}
	commands = append(commands, g.triggerCommands(cfg, borrow.Triggers)...)
	order := func(a, b held) int {
		return cmp.Or(cmp.Compare(a.account, b.account), cmp.Compare(a.instrument, b.instrument))
	}
	for _, at := range slices.SortedFunc(maps.Keys(g.borrowed.located), order) {
		x := file[at]
		commands = append(commands, core.Command{Kind: core.CmdLocate, Index: at.account, Target: core.DatedInstrument(date, at.instrument),
			Qty: risk.Qty(x.Qty), Reason: cmp.Or(x.Source, cfg.LocatesFile)})
	}
	return commands
}
