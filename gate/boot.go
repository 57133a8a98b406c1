package gate

import (
	"fmt"

	"portcullis/gate/bind"
	"portcullis/gate/core"
	"portcullis/gate/recovery"
)

// startBoot prepares what takes events before the engine runs.
func (g *Gate) startBoot() {
	g.boot = &bind.Boot{Core: g.core, Journal: g.journal, Clock: g.clock, Numbering: g.state.Numbering}
}

// begin writes what a start has to say before the first connection: that a tail was lost, and numbers
// above those that it may have used, that no connection outlived the last process, what was killed hard, a new trade date, start-of-day
// positions.
func (g *Gate) begin(date uint32, passed []recovery.Passed) error {
	if err := g.sayLost(); err != nil {
		return err
	}
	if err := g.boot.CloseLinks(); err != nil {
		return err
	}
	if err := g.sayDamaged(passed); err != nil {
		return err
	}
	if err := g.sayBegun(); err != nil {
		return err
	}
	if err := g.takeHardKills(); err != nil {
		return err
	}
	if g.core.TradeDate() != date {
		if err := g.boot.Command(core.Command{Kind: core.CmdRoll, Target: uint64(date), Reason: "trade date at start"}); err != nil {
			return err
		}
	}
	if err := g.sayAhead(); err != nil {
		return err
	}
	if err := g.saySplits(); err != nil {
		return err
	}
	if err := g.beginPositions(date); err != nil {
		return err
	}
	if err := g.loadBorrow(date); err != nil {
		return err
	}
	if err := g.loadMarks(date); err != nil {
		return err
	}
	g.sayFilesDiffer()
	return g.raiseMarks(marksWithin)
}

// sayAhead alerts of a trade date that is not due yet, as a slip in gate.trade_date leaves it.
func (g *Gate) sayAhead() error {
	date := g.core.TradeDate()
	today, clocks := g.cfg.CalendarAt(g.now())
	if date <= today {
		return nil
	}
	return g.notice(core.TradeDateAhead, "why", fmt.Sprintf("trade date %d, calendar %d (%s)", date, today, clocks))
}

// sayLost says that the last tail was lost, before anything else, and which venues a human has to accept
// since this or an earlier loss.
func (g *Gate) sayLost() error {
	if g.journal.Recovery().TailLost {
		if err := g.boot.SayLost(g.journal.Mark); err != nil {
			return err
		}
	}
	for n := range g.core.Setup().Venues {
		if v := &g.core.Setup().Venues[n]; v.Link != core.NoIndex && g.core.Venue(uint32(n)).RecordsLost {
			g.log.Error().Str("venue", v.Name).Msg("the journal's last records were lost: the " +
				"venue may have orders of which the gate knows nothing, so it takes no new order and no replace; settle " +
				"its open orders with its desk, then say gate accept VENUE --reason WHY")
		}
	}
	return nil
}
