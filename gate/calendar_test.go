package gate

import (
	"slices"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"portcullis/clocksync"
	"portcullis/gate/admin"
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

// TestCalendarHeld: a clock that is set on by a lot begins no trade date, which would empty the figures of the day: that waits until
// as much time has passed, the clock is right again, or a person says so. Corrections hold nothing up.
func TestCalendarHeld(t *testing.T) {
	cfg := loadSample(t, t.TempDir(), config.SampleMain, "trade_date: auto", `roll: {at: "17:00", zone: UTC, begins: day}`+"\n  trade_date: auto")
	clock := clocksync.NewManual(time.Date(2026, 11, 24, 17, 0, 0, 0, time.UTC).UnixNano()) // a Tuesday
	g, err := Open(cfg, Options{Log: zerolog.Nop(), Alloc: assemble.Heap, Clock: clock})
	must(t, err)
	give := func(m core.Command) (core.Reply, error) {
		if m.Kind == core.CmdRoll && m.Target <= uint64(g.core.TradeDate()) {
			return core.Reply{Code: core.SameDate}, nil
		}
		return core.Reply{Code: core.Done}, g.boot.Command(m)
	}
	at := func(when string, date uint32) {
		t.Helper()
		for range 2 {
			g.beginDue(t.Context(), give)
		}
		if got := g.core.TradeDate(); got != date {
			t.Fatalf("%s: trade date %d, want %d", when, got, date)
		}
	}
	at("at the start", 20261124)
	clock.StepUTC(25 * time.Hour)
	at("set on by more than a day", 20261124)
	clock.Advance(time.Hour)
	at("an hour later", 20261124)
	clock.StepUTC(-25 * time.Hour)
	at("set right", 20261124)
	clock.Advance(22*time.Hour + 55*time.Minute)
	at("five minutes before it is due", 20261124)
	clock.StepUTC(6 * time.Minute)
	at("a correction", 20261125)
	clock.StepUTC(24 * time.Hour)
	at("set on by a day", 20261125)
	clock.Advance(23*time.Hour + 57*time.Minute)
	at("before as much has passed", 20261125)
	clock.Advance(2 * time.Minute)
	at("when as much has passed, by the clock as it is", 20261127)
	clock.StepUTC(3 * 24 * time.Hour)
	at("set on over the weekend", 20261127)
	if a := g.command(t.Context(), admin.Peer{User: "anna"}, admin.Request{Verb: admin.Roll, Reason: "it is right"}, give); !a.OK {
		t.Fatal(a)
	}
	at("by gate roll", 20261130)
	clock.StepUTC(-6 * 24 * time.Hour)
	at("set back", 20261130)
	clock.Advance(7 * 24 * time.Hour)
	at("the next one", 20261201)
	must(t, g.close())
}
