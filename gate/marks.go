package gate

import (
	"cmp"
	"fmt"
	"slices"

	"portcullis/fix"
	"portcullis/gate/admin"
	"portcullis/gate/config"
	"portcullis/gate/core"
	"portcullis/gate/operator"
	"portcullis/risk"
)

// loadMarks brings what things are worth on the trade date at an operator's start, where it differs from what is known. A
// start after a crash goes on with what the journal knows.
func (g *Gate) loadMarks(date uint32) error {
	cfg := g.files()
	if !cfg.Valued() || cfg.Resumed() {
		return nil
	}
	closes := cfg.ClosesOf(int(date))
	if uint32(cfg.PositionsDate) == date {
		closes = withCloses(closes, cfg.Closes)
	}
	commands := slices.DeleteFunc(g.closeCommands(cfg, closes, date), func(m core.Command) bool {
		is := g.core.Book().Marked(m.Index)
		return is.CloseK == g.core.Book().Factor(m.Index) && is.Close == m.Price
	})
	if len(commands) == 0 {
		return nil
	}
	for _, m := range append(commands, core.Command{Kind: core.CmdMarksEnd, Reason: "closes at start"}) {
		if err := g.boot.Command(m); err != nil {
			return err
		}
	}
	return nil
}

// withCloses are closes of the file of prices, and before them those of the positions file.
func withCloses(prices, positions []config.Mark) []config.Mark {
	list := slices.DeleteFunc(prices, func(p config.Mark) bool {
		return slices.ContainsFunc(positions, func(x config.Mark) bool { return x.Instrument == p.Instrument })
	})
	return append(list, positions...)
}

func (g *Gate) closeCommands(cfg *config.Config, closes []config.Mark, date uint32) (commands []core.Command) {
	for _, x := range closes {
		n, _ := g.numbers.Of(config.InstrumentNumber, cfg.Instruments[x.Instrument].Symbol)
		commands = append(commands, core.Command{Kind: core.CmdClose, Index: n, Target: core.DatedClose(date, uint32(x.Date)), Price: risk.Price(x.Price)})
	}
	return commands
}

// beginMarks gives the closes of the trade date that has begun, from the files as they are now.
func (g *Gate) beginMarks(give giver) admin.Answer {
	cfg := g.files()
	if !cfg.Valued() {
		return admin.Answer{OK: true}
	}
	date := g.tradeDate()
	closes, err := cfg.ReadCloses(int(date))
	if err == nil && cfg.PositionsFile != "" {
		var positions []config.Mark
		var dated int
		if _, positions, dated, err = cfg.ReadPositions(); uint32(dated) == date {
			closes = withCloses(closes, positions)
		}
	}
	if err != nil {
		return refused(fmt.Errorf("no close was taken: %w; put the file right, then gate sod; what was known before holds", err))
	}
	for _, m := range append(g.closeCommands(cfg, closes, date), core.Command{Kind: core.CmdMarksEnd}) {
		reply, err := give(m)
		if err == nil && reply.Code != core.Done {
			err = fmt.Errorf("the gate did not take one (%d): is it at trade date %d? see gate status", reply.Code, date)
		}
		if err != nil {
			return refused(fmt.Errorf("closes were taken in part: %w; say gate sod again", err))
		}
	}
	return admin.Answer{OK: true, Note: fmt.Sprintf("%d of %d symbols have a close for %d", len(closes), len(cfg.Instruments), date)}
}

// mark sets what one symbol is worth, or what those of the file are. Each takes two people; what both have asked for is in
// force together.
func (g *Gate) mark(r admin.Request, give giver) admin.Answer {
	commands, err := g.markCommands(r)
	if err != nil {
		return refused(err)
	}
	noted, done := 0, 0
	for _, m := range commands {
		reply, err := give(m)
		switch {
		case err != nil:
			return refused(err)
		case reply.Code == core.SecondPerson:
			noted++
		case reply.Code == core.Done:
			done++
		default:
			return refused(fmt.Errorf("%s was not marked: its price is above 0, unless the instruments file gives it negative_prices",
				g.numbers.Name(config.InstrumentNumber, m.Index)))
		}
	}
	if done == 0 {
		a := operator.Answer(r.Verb, core.Reply{Code: core.SecondPerson})
		if g.cfg.Gate.AdminGroup == "" {
			a.Note = operator.NobodyElse(r, a)
		}
		return a
	}
	if _, err := give(core.Command{Kind: core.CmdMarksEnd}); err != nil {
		return refused(err)
	}
	a := admin.Answer{OK: true}
	if noted > 0 {
		a.Note = fmt.Sprintf("%d marks are in force; %d are noted, for nobody else has asked for the same: another user must give the same command", done, noted)
	}
	return a
}

func (g *Gate) markCommands(r admin.Request) (commands []core.Command, err error) {
	cfg := g.files()
	if r.Symbol != "" {
		m := core.Command{Kind: core.CmdMark}
		if m.Index, err = g.names().Number(config.InstrumentNumber, r.Symbol); err != nil {
			return nil, err
		}
		price, fault := fix.ParseDecimal([]byte(r.Price))
		if fault != fix.NumberOK {
			return nil, fmt.Errorf("price %q: want a number such as 12.5", r.Price)
		}
		m.Price = risk.Price(price)
		return []core.Command{m}, nil
	}
	date := g.tradeDate()
	marks, err := cfg.ReadMarks()
	switch {
	case err != nil:
		return nil, fmt.Errorf("no mark was taken: %w", err)
	case len(marks) == 0:
		return nil, fmt.Errorf("no mark was taken: %s names none; data.marks says where they are, gate mark SYMBOL PRICE sets a single one",
			cmp.Or(cfg.MarksFile, "the configuration"))
	}
	for _, x := range marks {
		if uint32(x.Date) != date {
			return nil, fmt.Errorf("no mark was taken: %s has one dated %d, not %d; bring those of the day", cfg.MarksFile, x.Date, date)
		}
		n, _ := g.numbers.Of(config.InstrumentNumber, cfg.Instruments[x.Instrument].Symbol)
		commands = append(commands, core.Command{Kind: core.CmdMark, Index: n, Price: risk.Price(x.Price)})
	}
	return commands, nil
}
