package gate

import (
	"context"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"portcullis/gate/config"
	"portcullis/gate/core"
	"portcullis/gate/shadow"
	"portcullis/risk"
)

// TestDailyLoss: the shadow sees in the journal that the firm has lost too much, and its word stops it, over a restart too,
// until two people revive it.
func TestDailyLoss(t *testing.T) {
	dir := t.TempDir()
	edits := []string{config.SampleMain, "limits: {gross: 10_000_000, net: 5_000_000}", "limits: {gross: 10_000_000, net: 5_000_000, daily_loss: 249}",
		config.SampleMain, "trade_date: auto", "trade_date: 2026-11-22"}
	g := openSample(t, dir, edits...)
	lost := make(chan shadow.Lost, 1)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		ended <- shadow.Run(ctx, g.cfg, shadow.Options{Log: zerolog.Nop(), Loss: func(l shadow.Lost) error {
			select {
			case lost <- l:
			default: // it is told again
			}
			return nil
		}})
	}()
	account, _ := g.numbers.Of(config.AccountNumber, "ACME-1")
	symbol, _ := g.numbers.Of(config.InstrumentNumber, "AAPL")
	for uid := range uint32(2) { // bought at 190 what is worth 187.50
		must(t, g.boot.Command(core.Command{Kind: core.CmdAdjust, Index: account, Target: uint64(symbol), Side: risk.Buy, Qty: 100 * risk.PriceScale,
			Price: 190 * risk.PriceScale, UID: uid}))
	}
	booked := time.Now()
	select {
	case l := <-lost:
		t.Logf("told %v after the booking", time.Since(booked))
		if l.Of != risk.ScopeFirm || l.Value != 250*risk.MoneyScale || l.Limit != 249*risk.MoneyScale {
			t.Errorf("told %+v", l)
		}
		must(t, g.boot.Command(core.Command{Kind: core.CmdLoss, Scope: l.Of, Qty: risk.Qty(l.Value)}))
	case <-time.After(patience):
		t.Fatal("nobody was told")
	}
	stop()
	must(t, <-ended)
	for range 2 {
		kills := g.core.Book().Kills()
		if len(kills) != 1 || kills[0].Mode != risk.KillReduceOnly || kills[0].Cause != risk.DailyLossExceeded || !kills[0].Firm() {
			t.Fatalf("kills %+v", kills)
		}
		must(t, g.close())
		g = openSample(t, dir, edits...)
	}
	must(t, g.close())
}
