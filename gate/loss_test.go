package gate

import (
	"context"
	"encoding/json"
	"slices"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"portcullis/gate/admin"
	"portcullis/gate/config"
	"portcullis/gate/core"
	"portcullis/gate/prices"
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

// TestLossAtLivePrices: a price moves and nobody trades, and who holds what it is of has lost too much: at the bid what is long, at
// the ask what is short. Exactly the limit is not too much. What has no price counts at its mark, which is said.
func TestLossAtLivePrices(t *testing.T) {
	dir := t.TempDir()
	g := openSample(t, dir, config.SampleMain, "limits: {gross: 10_000_000, net: 5_000_000}", "limits: {gross: 10_000_000, net: 5_000_000, daily_loss: 300}",
		config.SampleMain, "trade_date: auto", "trade_date: 2026-11-22")
	account, _ := g.numbers.Of(config.AccountNumber, "ACME-1")
	number := func(symbol string) uint32 {
		n, _ := g.numbers.Of(config.InstrumentNumber, symbol)
		return n
	}
	aapl, msft := number("AAPL"), number("MSFT")
	for uid := range uint32(2) { // at their closes
		must(t, g.boot.Command(core.Command{Kind: core.CmdAdjust, Index: account, Target: uint64(aapl), Side: risk.Buy, Qty: 100 * risk.PriceScale,
			Price: 187_5000_0000, UID: uid}))
	}
	for uid := range uint32(2) {
		must(t, g.boot.Command(core.Command{Kind: core.CmdAdjust, Index: account, Target: uint64(msft), Side: risk.SellShort, Qty: 50 * risk.PriceScale,
			Price: 412_3000_0000, UID: uid}))
	}
	lost, atMarks := make(chan shadow.Lost, 1), make(chan string, 1)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		ended <- shadow.Run(ctx, g.cfg, shadow.Options{Log: zerolog.Nop(),
			Loss: func(l shadow.Lost) error {
				select {
				case lost <- l:
				default: // it is told again
				}
				return nil
			},
			AtMarks: func(symbols string) error { atMarks <- symbols; return nil },
			Now:     time.Now,
			Quotes: func(stores uint64) ([]prices.Live, uint64, error) { // as the gate answers
				a := g.answer(ctx, admin.Peer{}, admin.Request{Verb: admin.Quotes, ID: stores})
				var p prices.Page
				err := json.Unmarshal(a.Detail, &p)
				return p.Rows, p.Stores, err
			}})
	}()
	select {
	case symbols := <-atMarks:
		if symbols != "2 symbols: AAPL MSFT" {
			t.Errorf("at marks: %s", symbols)
		}
	case <-time.After(patience):
		t.Fatal("nobody was told that positions count at marks")
	}
	quote := func(n uint32, bid, ask int64) time.Time {
		at := time.Now()
		g.prices.Set(n, prices.Update{Bid: bid, Ask: ask, AtNs: at.UnixNano(), Has: prices.HasBid | prices.HasAsk})
		return at
	}
	msftAt := quote(msft, 412_3000_0000, 414_3000_0000) // 50 × 2 lost
	quote(aapl, 185_5000_0000, 187_5000_0000)           // 100 × 2: together the limit
	aaplAt := quote(aapl, 185_4900_0000, 187_5000_0000)
	select {
	case l := <-lost:
		t.Logf("told %v after the price", time.Since(aaplAt))
		want := []string{"AAPL bid 185.49 " + aaplAt.UTC().Format(time.RFC3339Nano), "MSFT ask 414.3 " + msftAt.UTC().Format(time.RFC3339Nano)}
		if l.Of != risk.ScopeFirm || l.Value != 301*risk.MoneyScale || !slices.Equal(l.Prices, want) {
			t.Errorf("told %+v, want prices %q", l, want)
		}
		for range 2 { // it is stopped once, however much more is lost
			must(t, g.boot.Command(core.Command{Kind: core.CmdLoss, Scope: l.Of, Qty: risk.Qty(l.Value)}))
			l.Value++
		}
	case <-time.After(patience):
		t.Fatal("nobody was told")
	}
	stop()
	must(t, <-ended)
	if kills := g.core.Book().Kills(); len(kills) != 1 || kills[0].Mode != risk.KillReduceOnly || kills[0].Cause != risk.DailyLossExceeded {
		t.Fatalf("kills %+v", kills)
	}
	must(t, g.close())
}
