package gate

import (
	"slices"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"portcullis/clocksync"
	"portcullis/gate/assemble"
	"portcullis/gate/config"
	"portcullis/gate/core"
	"portcullis/gate/engine"
	"portcullis/risk"
)

// TestCalendarRolls: a trade date begins when its time has come and not before, by the gate itself and once; money of the day
// before is over, and a start on the evening goes on with the date that has begun.
func TestCalendarRolls(t *testing.T) {
	cfg := loadSample(t, t.TempDir(), config.SampleMain, "trade_date: auto",
		`roll: {at: "17:00", zone: America/New_York, begins: next_day}`+"\n  trade_date: auto")
	clock := clocksync.NewManual(time.Date(2026, 11, 27, 21, 59, 59, 0, time.UTC).UnixNano()) // a Friday
	open := func() *Gate {
		g, err := Open(cfg, Options{Log: zerolog.Nop(), Alloc: assemble.Heap, Clock: clock})
		if err != nil {
			t.Fatal(err)
		}
		return g
	}
	g := open()
	given := 0
	answers := true
	due := func() {
		g.beginDue(t.Context(), func(m core.Command) (core.Reply, error) {
			given++
			if m.Kind == core.CmdRoll && m.Target <= uint64(g.core.TradeDate()) {
				return core.Reply{Code: core.SameDate}, nil
			}
			must(t, g.boot.Command(m))
			if !answers {
				return core.Reply{}, engine.ErrUnanswered
			}
			return core.Reply{Code: core.Done}, nil
		})
	}
	account, _ := g.numbers.Of(config.AccountNumber, "ACME-1")
	aapl, _ := g.numbers.Of(config.InstrumentNumber, "AAPL")
	g.core.Book().Execute(&risk.Place{Account: account, Instrument: aapl}, risk.Buy, 10*risk.PriceScale, 1)
	stands := func(when string, date uint32, rolls int, bought bool) {
		t.Helper()
		if got := g.core.TradeDate(); got != date || given != rolls {
			t.Errorf("%s: trade date %d after %d rolls, want %d after %d", when, got, given, date, rolls)
		}
		if got := g.core.Book().Credit(risk.ScopeAccount, account).EB != 0; got != bought {
			t.Errorf("%s: money bought in the day is there: %t", when, got)
		}
	}
	due()
	stands("a second before five", 20261127, 0, true)
	clock.Advance(time.Second)
	due()
	stands("at five", 20261130, 1, false)
	clock.Advance(48 * time.Hour)
	due()
	stands("on Sunday evening", 20261130, 1, false)
	must(t, g.close())
	clock.Advance(time.Hour)
	g = open()
	stands("a start in the night to Monday", 20261130, 1, false)
	clock.Advance(24 * time.Hour)
	due()
	stands("on Monday evening", 20261201, 2, false)

	// The gate carries a roll out, and its answer is lost: the next look finds that, and is the last one.
	answers = false
	clock.Advance(24 * time.Hour)
	due()
	answers = true
	if begun := g.date.Load(); begun != 20261201 {
		t.Errorf("without an answer the files of %d count as taken", begun)
	}
	due()
	due()
	stands("on Tuesday evening", 20261202, 4, false)
	if begun := g.date.Load(); begun != 20261202 {
		t.Errorf("the files of the trade date count as those of %d", begun)
	}
	must(t, g.close())
	if slices.Contains(alertsIn(t, cfg.Gate.JournalDir, 0), core.TradeDateAhead) {
		t.Error("the date that the calendar is at is told to be ahead of it")
	}
}
