package gate

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"portcullis/fix/link"
	"portcullis/gate/admin"
	"portcullis/gate/config"
	"portcullis/gate/core"
	"portcullis/risk"
)

// decided has the core of a gate that does not run carry a command out.
func decided(g *Gate, m core.Command) core.Reply {
	now := g.boot.Clock.Now()
	ev, d := &core.Event{Kind: core.CommandGiven, Link: core.NoIndex, Now: link.Now{UTCNs: now.UTCNs, MonoNs: now.MonoNs}, Data: m.Append(nil)}, new(core.Decision)
	g.core.Decide(ev, d)
	g.core.Apply(ev, d)
	return d.Reply
}

// TestSplits: the splits of the file are taken on the word of two people, before their ex-date or on it, and once. Whoever
// rolls is the first of the two for what is due and was not said before.
func TestSplits(t *testing.T) {
	dir := t.TempDir()
	write := func(rows string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, "splits.csv"), []byte("symbol,ratio,ex_date\n"+rows), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("TOTAL,0:0,0\n")
	g := openSample(t, dir, config.SampleMain, "trade_date: auto", "trade_date: 2026-11-22", config.SampleMain, "# splits: splits.csv ", "splits: splits.csv ")
	defer func() {
		if err := g.close(); err != nil {
			t.Error(err)
		}
	}()
	account, _ := g.numbers.Of(config.AccountNumber, "ACME-1")
	aapl, _ := g.numbers.Of(config.InstrumentNumber, "AAPL")
	if err := g.boot.Command(core.Command{Kind: core.CmdSOD, Index: account, Target: uint64(aapl), Qty: 105 * risk.PriceScale}); err != nil {
		t.Fatal(err)
	}
	by := func(uid uint32) giver {
		return func(m core.Command) (core.Reply, error) {
			m.UID, m.ID = uid, 1
			return decided(g, m), nil
		}
	}
	say := func(uid uint32, ok bool, words string) {
		t.Helper()
		a := g.splits(admin.Request{Verb: admin.Splits, Reason: "corporate action"}, by(uid))
		if a.OK != ok || !strings.Contains(a.Note+a.Error, words) {
			t.Errorf("want %q: %+v", words, a)
		}
	}
	holds := func(qty int64, left risk.Qty) {
		t.Helper()
		f, _ := g.core.Book().Unsettled(account, aapl)
		if got := g.core.Book().Position(account, aapl).P; got != risk.Qty(qty)*risk.PriceScale || f.Up() != left {
			t.Errorf("holds %d and %d, want %d and %d", got, f.Up(), qty, left)
		}
	}
	say(7, false, "names none")
	write("AAPL,1:10,2026-11-23\nTOTAL,1:10,2\n")
	say(7, false, `splits.csv:3: TOTAL says "2" rows, the file has 1; ask for the file again`)
	write("AAPL,1:10,2026-11-23\nTOTAL,1:10,1\n")
	say(7, false, "1 splits are noted")
	say(7, false, "1 splits are noted")
	say(8, true, "1 splits taken, 0 known before")
	say(8, true, "0 splits taken, 1 known before")
	holds(105, 0)
	roll := func(date uint64) {
		t.Helper()
		if r := decided(g, core.Command{ID: 1, Kind: core.CmdRoll, Target: date}); r.Code != core.Done {
			t.Fatal(r)
		}
		g.cfg.Gate.TradeDate = int(date)
	}
	roll(20261123)
	if a := g.beginSplits(20261123, by(7)); !a.OK {
		t.Error(a)
	}
	holds(10, risk.PriceScale/2)
	settle, err := g.names().Command(admin.Request{Verb: admin.Settle, Account: "ACME-1", Symbol: "AAPL", Reason: "cash in lieu"})
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range []struct {
		uid  uint32
		code core.ReplyCode
	}{{7, core.SecondPerson}, {8, core.Done}, {8, core.NoFraction}} {
		if r, _ := by(x.uid)(settle); r.Code != x.code {
			t.Errorf("user %d: %d, want %d", x.uid, r.Code, x.code)
		}
	}
	holds(10, 0)
	write("AAPL,1:5,2026-11-23\nTOTAL,1:5,1\n")
	say(7, false, "AAPL 1:5 on 20261123: a split of that ex-date, or a later one, has been applied")
	write("AAPL,2:1,2026-11-24\nTOTAL,2:1,1\n")
	roll(20261124)
	if a := g.beginSplits(20261124, by(7)); a.OK || !strings.Contains(a.Error, "splits are due and NOT APPLIED") {
		t.Error(a)
	}
	holds(10, 0)
	say(8, true, "1 splits taken")
	holds(20, 0)
	// the ex-date is a day on which nobody trades
	write("AAPL,3:1,2026-11-26\nTOTAL,3:1,1\n")
	roll(20261127)
	if a := g.beginSplits(20261127, by(7)); a.OK || !strings.Contains(a.Error, "splits are due and NOT APPLIED") {
		t.Error(a)
	}
	holds(20, 0)
	say(8, true, "1 splits taken")
	holds(60, 0)
	// nobody has said it: each roll does, also when it is too late
	write("AAPL,7:1,2020-01-02\nAAPL,2:1,2026-11-28\nTOTAL,9:2,2\n")
	for _, date := range []uint64{20261128, 20261129, 20261130} {
		roll(date)
		if a := g.beginSplits(uint32(date), by(7)); a.OK || !strings.Contains(a.Error, "splits are due and NOT APPLIED") {
			t.Error(a)
		}
	}
	say(8, false, "AAPL 2:1 on 20261128: its ex-date is of a trade date before this one")
	write("AAPL,7:1,2020-01-02\nAAPL,2:1,2026-12-01\nTOTAL,9:2,2\n")
	if a := g.beginSplits(20261130, by(7)); !a.OK {
		t.Error(a)
	}
}

// TestSplitsDue: a start on which splits of the file are due that nobody has said does not go unheard; each does so, until they are, however late.
func TestSplitsDue(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "splits.csv"), []byte("symbol,ratio,ex_date\nAAPL,4:1,2026-11-21\nAAPL,4:1,2026-11-23\nAAPL,2:1,2026-11-26\nTOTAL,10:3,3\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	before := 0
	for _, start := range []struct {
		day string
		due bool
	}{{"2026-11-22", false}, {"2026-11-24", true}, {"2026-11-24", true}, {"2026-11-25", true}, {"2026-12-24", true}} {
		cfg := loadSample(t, dir, config.SampleMain, "trade_date: auto", "trade_date: "+start.day, config.SampleMain, "# splits: splits.csv ", "splits: splits.csv ")
		must(t, openOn(t, "", cfg).close())
		if says := alertsIn(t, cfg.Gate.JournalDir, before); slices.Contains(says, core.SplitsDue) != start.due {
			t.Errorf("%s: says %v", start.day, says)
		}
		before = recordsIn(t, cfg.Gate.JournalDir)
	}
}
