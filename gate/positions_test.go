package gate

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rs/zerolog"

	"portcullis/gate/admin"
	"portcullis/gate/assemble"
	"portcullis/gate/config"
	"portcullis/gate/core"
	"portcullis/risk"
)

// loadSample writes the sample configuration to dir, in which texts of files were replaced: file, old, new and so on.
func loadSample(t testing.TB, dir string, edits ...string) *config.Config {
	t.Helper()
	files := config.Alone(config.SampleFiles(20261122))
	edits = append([]string{
		config.SampleMain, `tail: ""`, "tail: tail",
		config.SampleMain, "message_bytes_max: 65536", "message_bytes_max: 4096\n  segment_bytes: 1_048_576\n  tail_segments: 4",
		config.SampleMain, "open_orders: 65536", "open_orders: 64\n    executions: 1024\n    accounts: 64\n    instruments: 16",
		config.SampleMain, "clordids: 1_048_576", "clordids: 1024",
	}, edits...)
	for ; len(edits) > 0; edits = edits[3:] {
		before := string(files[edits[0]])
		files[edits[0]] = []byte(strings.Replace(before, edits[1], edits[2], 1))
		if before == string(files[edits[0]]) {
			t.Fatalf("%s has no %q", edits[0], edits[1])
		}
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cfg, err := config.Load(filepath.Join(dir, config.SampleMain))
	if err != nil {
		t.Fatal(err)
	}
	return cfg
}

// openSample opens a gate on it.
func openSample(t testing.TB, dir string, edits ...string) *Gate {
	t.Helper()
	return openOn(t, "", loadSample(t, dir, edits...))
}

// openOn opens a gate of which a file says something apart from its journal.
func openOn(t testing.TB, standing string, cfg *config.Config) *Gate {
	t.Helper()
	g, err := Open(cfg, Options{Log: zerolog.Nop(), Alloc: assemble.Heap, Standing: standing})
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// TestStartOfDay: an account with sod: file takes exactly what the file of the day says, keeps what it
// has executed, and may trade from then to the roll.
func TestStartOfDay(t *testing.T) {
	dir := t.TempDir()
	open := func(day, rows string) *Gate {
		return openSample(t, dir, config.SampleMain, "trade_date: auto", "trade_date: "+day,
			config.SampleMain, "{name: ACME-1, client: ACME}", "{name: ACME-1, client: ACME, sod: file}",
			"positions.csv", "TOTAL,0,0,2026-11-22", rows)
	}
	expect := func(g *Gate, what string, isOpen bool, want map[string]int64) {
		t.Helper()
		account, _ := g.numbers.Of(config.AccountNumber, "ACME-1")
		if g.core.Book().DayOpen(account) != isOpen {
			t.Errorf("%s: open is not %t", what, isOpen)
		}
		for symbol, qty := range want {
			instrument, _ := g.numbers.Of(config.InstrumentNumber, symbol)
			if got := g.core.Book().Position(account, instrument).P; got != risk.Qty(qty)*risk.PriceScale {
				t.Errorf("%s: %s is %d", what, symbol, got)
			}
		}
	}
	closed := func(g *Gate) {
		t.Helper()
		if err := g.close(); err != nil {
			t.Error(err)
		}
	}
	first := "ACME-1,AAPL,500,2026-11-22\nACME-1,MSFT,-100,2026-11-22\nTOTAL,2,400,2026-11-22"
	g := open("2026-11-22", first)
	expect(g, "the file", true, map[string]int64{"AAPL": 500, "MSFT": -100, "SPY": 0})

	// Loaded again in the day: the difference, and today's execution stays.
	account, _ := g.numbers.Of(config.AccountNumber, "ACME-1")
	aapl, _ := g.numbers.Of(config.InstrumentNumber, "AAPL")
	g.core.Book().Execute(&risk.Place{Account: account, Instrument: aapl}, risk.Buy, 10*risk.PriceScale, 1)
	g.cfg.Positions = g.cfg.Positions[:1]
	g.cfg.Positions[0].Qty = 400 * int64(risk.PriceScale)
	if err := g.loadPositions(20261122); err != nil {
		t.Fatal(err)
	}
	expect(g, "another file in the day", true, map[string]int64{"AAPL": 410, "MSFT": 0})
	closed(g)

	g = open("2026-11-23", first)
	expect(g, "the file of yesterday", false, map[string]int64{"AAPL": 400, "MSFT": 0})
	closed(g)
	g = open("2026-11-23", "ACME-1,SPY,7,2026-11-23\nTOTAL,1,7,2026-11-23")
	expect(g, "the file of today", true, map[string]int64{"AAPL": 0, "MSFT": 0, "SPY": 7})
	closed(g)
	g = open("2026-11-23", first)
	expect(g, "loaded before, a file of yesterday", true, map[string]int64{"AAPL": 0, "MSFT": 0, "SPY": 7})
	if err := g.boot.Command(core.Command{Kind: core.CmdRoll, Target: 20261124, Reason: "test"}); err != nil {
		t.Fatal(err)
	}
	expect(g, "a roll", false, map[string]int64{"SPY": 7})

	// What gate roll and gate sod do: the file is read again, and the account opens with it.
	g.cfg.Gate.TradeDate = 20261124
	begin := func(rows string) admin.Answer {
		if err := os.WriteFile(filepath.Join(dir, "positions.csv"), []byte("account,symbol,qty,as_of\n"+rows+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		return g.beginDay(func(m core.Command) (core.Reply, error) { return core.Reply{}, g.boot.Command(m) })
	}
	if a := begin("TOTAL,1,7,2026-11-24"); a.OK || !strings.Contains(a.Error, `TOTAL says "1" rows`) {
		t.Error(a)
	}
	if a := begin("TOTAL,0,0,2026-11-23"); a.OK || !strings.Contains(a.Error, "dated 20261123, not 20261124") {
		t.Error(a)
	}
	expect(g, "no file of the day", false, map[string]int64{"SPY": 7})
	if a := begin("ACME-1,AAPL,9,2026-11-24\nTOTAL,1,9,2026-11-24"); !a.OK {
		t.Error(a)
	}
	expect(g, "the file of the day", true, map[string]int64{"AAPL": 9, "SPY": 0})
	g.core.Book().Execute(&risk.Place{Account: account, Instrument: aapl}, risk.Buy, 10*risk.PriceScale, 1)
	if a := begin("ACME-1,SPY,1,2026-11-24\nTOTAL,1,1,2026-11-24"); !a.OK {
		t.Error(a)
	}
	expect(g, "another one: what was executed stays", true, map[string]int64{"AAPL": 10, "SPY": 1})
	closed(g)
}
