package risk_test

import (
	"math"
	"math/big"
	"testing"

	"portcullis/risk"
)

// FuzzNotional holds n(p, q) against big numbers: ceil(|p|·q·k / 10^20), false beyond 63 bits.
func FuzzNotional(f *testing.F) {
	f.Add(int64(50_10000000), int64(1000*risk.PriceScale), int64(risk.PriceScale))
	f.Add(int64(250*risk.PriceScale), int64(1000*risk.PriceScale), int64(1250000))
	f.Add(int64(math.MinInt64), int64(math.MaxInt64), int64(math.MaxInt64))
	f.Add(int64(1), int64(1), int64(1))
	f.Add(int64(math.MaxInt64), int64(10000*risk.PriceScale), int64(risk.PriceScale))
	f.Add(int64(math.MaxInt64), int64(10000*risk.PriceScale), int64(risk.PriceScale+1))
	f.Add(int64(95_367_431_640_625), int64(1<<20), int64(1))
	f.Add(int64(4_611_686_018_427_268), int64(4_000_000_000_000_104), int64(risk.PriceScale)) // 2^64 - 1, and a rest
	f.Add(int64(4_611_686_018_427_268), int64(4_000_000_000_000_104_00), int64(risk.PriceScale/100))
	f.Fuzz(func(t *testing.T, p, q, k int64) {
		got, ok := risk.Notional(risk.Price(p), risk.Qty(q), risk.Factor(k))
		x := new(big.Int).Abs(big.NewInt(p))
		x.Mul(x, big.NewInt(q)).Mul(x, big.NewInt(k))
		scale, up := new(big.Int).Exp(big.NewInt(10), big.NewInt(20), nil), new(big.Int)
		want, rest := new(big.Int).DivMod(x, scale, up)
		if rest.Sign() != 0 {
			want.Add(want, big.NewInt(1))
		}
		fits := q >= 0 && k >= 0 && want.IsInt64()
		if ok != fits || ok && int64(got) != want.Int64() {
			t.Fatalf("n(%d, %d, %d) = %d %v, want %s %v", p, q, k, got, ok, want, fits)
		}
	})
}

// FuzzWorstAndCollar holds the band and the collar against big numbers, for a market buy and a
// limit order at p.
func FuzzWorstAndCollar(f *testing.F) {
	f.Add(int64(50*risk.PriceScale), int64(55*risk.PriceScale), int64(1000))
	f.Add(int64(-1), int64(1), int64(1))
	f.Add(int64(184_472_421_492_475_813), int64(1), int64(999_973)) // the band is 2^64 - 1, and a rest
	f.Add(int64(math.MaxInt64), int64(math.MinInt64), int64(1_000_000))
	f.Fuzz(func(t *testing.T, ref, p, bps int64) {
		market := risk.Terms{Side: risk.Buy, OrdType: risk.Market}
		w, ok := risk.WorstPrice(&market, risk.Price(ref), bps)
		width := new(big.Int).Abs(big.NewInt(ref)) // × 10,000
		width.Mul(width, big.NewInt(bps))
		band, rest := new(big.Int).DivMod(width, big.NewInt(10_000), new(big.Int))
		if rest.Sign() != 0 {
			band.Add(band, big.NewInt(1))
		}
		want := band.Add(band, big.NewInt(ref))
		fits := bps >= 0 && want.IsInt64()
		if ok && !fits || ok && int64(w) != want.Int64() || fits && !ok && want.BitLen() < 62 {
			t.Fatalf("worst(ref %d, %d bps) = %d %v, want %s", ref, bps, w, ok, want)
		}
		if ref <= 0 || p <= 0 || bps < 0 || bps > 1_000_000 {
			return
		}
		s := open()
		s.instrument.CollarBps, s.quote.Last = bps, risk.Price(ref)
		d := newDesk(t, s)
		limit := risk.Terms{Side: risk.Buy, OrdType: risk.Limit, TimeInForce: risk.Day, Qty: 1,
			Price: risk.Price(p), HasPrice: true}
		distance := new(big.Int).Sub(big.NewInt(p), big.NewInt(ref))
		distance.Abs(distance).Mul(distance, big.NewInt(10_000))
		inside := distance.Cmp(width) <= 0
		if got := d.submit("O", place{}, limit).Reason; inside != (got == risk.Accepted) ||
			!inside && got != risk.PriceOutsideCollar {
			t.Fatalf("price %d, reference %d, collar %d bps: %s", p, ref, bps, got)
		}
	})
}

// FuzzCheck: whatever the numbers, an answer comes back, an acceptance fits the tables, and what
// was accepted can be booked exactly.
func FuzzCheck(f *testing.F) {
	const most, least = int64(math.MaxInt64), int64(math.MinInt64)
	f.Add(int64(1), int64(50), int64(50), int64(0), byte(1), byte(2), true, false)
	f.Add(most, most, most, most, byte(2), byte(4), true, true)
	f.Add(least, least, least, least, byte(5), byte(200), false, true)
	f.Fuzz(func(t *testing.T, qty, price, stop, discretion int64, side, typ byte, hasPrice, hasStop bool) {
		s := open()
		s.account.SellLongChecked = qty&1 == 0
		d := newDesk(t, s)
		terms := risk.Terms{Qty: risk.Qty(qty), Price: risk.Price(price), StopPx: risk.Price(stop),
			Discretion: risk.Price(discretion), Side: risk.Side(side), OrdType: risk.OrdType(typ),
			TimeInForce: risk.Day, HasPrice: hasPrice, HasStop: hasStop}
		for _, id := range []string{"O", "P", "O"} { // twice new, then a replace
			j := d.submit(id, place{}, terms)
			if j.Reason == risk.Unjudged || j.Reason.String() == risk.Unjudged.String() {
				t.Fatalf("no verdict: %+v", j)
			}
			if j.Reason == risk.Accepted && (j.Reserved > risk.MagnitudeMax || j.Open > risk.MagnitudeMax || qty <= 0) {
				t.Fatalf("accepted: %+v", j)
			}
		}
		if err := d.same(); err != nil {
			t.Fatal(err)
		}
	})
}
