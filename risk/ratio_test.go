package risk

import (
	"math/big"
	"math/rand/v2"
	"testing"
)

// TestRatioBoundaries: what a split makes of quantities and prices, where it stops being exact and where it stops being computed.
func TestRatioBoundaries(t *testing.T) {
	const one = Qty(PriceScale)
	for _, c := range []struct {
		ratio       Ratio
		q, unit     Qty
		whole, left Qty // left rounded away from zero
		ok          bool
	}{
		{Ratio{4, 1}, 100 * one, one, 400 * one, 0, true},
		{Ratio{1, 10}, 100 * one, one, 10 * one, 0, true},
		{Ratio{1, 10}, 99 * one, one, 9 * one, 90_000_000, true},
		{Ratio{1, 10}, 101 * one, one, 10 * one, 10_000_000, true},
		{Ratio{1, 10}, -101 * one, one, -10 * one, -10_000_000, true},
		{Ratio{1, 10}, 9 * one, one, 0, 90_000_000, true},
		{Ratio{3, 2}, 101 * one, one, 151 * one, 50_000_000, true},
		{Ratio{2, 3}, 100 * one, one, 66 * one, 66_666_667, true},
		{Ratio{1, 3}, 1, one, 0, 1, true}, // a third of the least quantity is no nothing
		{Ratio{1, 3}, 1, 1, 0, 1, true},
		{Ratio{1, 2}, one / 2, 1, one / 4, 0, true}, // a lot of less than one is the unit
		{Ratio{1, 1}, 7 * one, one, 7 * one, 0, true},
		{Ratio{1, 1}, MagnitudeMax, 1, MagnitudeMax, 0, true},
		{Ratio{2, 1}, MagnitudeMax / 2, 1, MagnitudeMax, 0, true},
		{Ratio{2, 1}, MagnitudeMax/2 + 1, 1, MagnitudeMax, 0, false},
		{Ratio{2, 1}, -MagnitudeMax/2 - 1, 1, -MagnitudeMax, 0, false},
		{Ratio{RatioMax, 1}, MagnitudeMax, 1, MagnitudeMax, 0, false},
		{Ratio{RatioMax, RatioMax}, MagnitudeMax, 1, MagnitudeMax, 0, true},
		{Ratio{1, RatioMax}, 1, 1, 0, 1, true},
		{Ratio{RatioMax, RatioMax - 1}, 0, one, 0, 0, true},
	} {
		whole, left, ok := c.ratio.Whole(c.q, c.unit)
		if whole != c.whole || left.Up() != c.left || ok != c.ok {
			t.Errorf("%v of %d in %d: %d, left %d, %t", c.ratio, c.q, c.unit, whole, left.Up(), ok)
		}
	}
	for _, c := range []struct {
		ratio Ratio
		p     Price
		want  Price
		ok    bool
	}{
		{Ratio{4, 1}, 50 * PriceScale, 12_5000_0000, true},
		{Ratio{1, 10}, 5 * PriceScale, 50 * PriceScale, true},
		{Ratio{3, 1}, 100 * PriceScale, 33_3333_3334, true},
		{Ratio{3, 1}, -100 * PriceScale, -33_3333_3334, true},
		{Ratio{1, 2}, 1<<62 - 1, 1<<63 - 2, true},
		{Ratio{1, 2}, 1 << 62, 0, false},
		{Ratio{1, RatioMax}, 1 << 62, 0, false},
	} {
		if p, ok := c.ratio.Price(c.p); p != c.want || ok != c.ok {
			t.Errorf("%v of price %d: %d, %t", c.ratio, c.p, p, ok)
		}
	}
	for _, c := range []struct {
		ratio Ratio
		valid bool
	}{{Ratio{1, 1}, true}, {Ratio{0, 1}, false}, {Ratio{1, 0}, false}, {Ratio{RatioMax, 1}, true}, {Ratio{RatioMax + 1, 1}, false},
		{Ratio{1, RatioMax}, true}, {Ratio{1, RatioMax + 1}, false}} {
		if c.ratio.Valid() != c.valid {
			t.Errorf("%v is valid: %t", c.ratio, !c.valid)
		}
	}
	if _, ok := (Ratio{1, 3}).Qty(1); ok {
		t.Error("a third of the least quantity is no quantity")
	}
	if q, ok := (Ratio{1, 3}).QtyUp(-1); q != -1 || !ok {
		t.Errorf("at most that is %d, %t", q, ok)
	}
	if q, ok := (Ratio{2, 1}).QtyUp(-MagnitudeMax); q != -MagnitudeMax || ok {
		t.Errorf("what is too much is clamped, to %d, %t", q, ok)
	}
}

// TestRatioIsExact: whole units and the fraction add up to the product, whatever it is.
func TestRatioIsExact(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 1))
	for range 200_000 {
		ratio := Ratio{1 + r.Uint32N(RatioMax), 1 + r.Uint32N(RatioMax)}
		q, unit := Qty(r.Int64N(1<<r.IntN(61))-r.Int64N(1<<40)), Qty(1+r.Int64N(PriceScale))
		whole, left, ok := ratio.Whole(q, unit)
		product := new(big.Int).Mul(big.NewInt(int64(q)), big.NewInt(int64(ratio.New)))
		if !ok {
			if most := new(big.Int).Mul(big.NewInt(MagnitudeMax), big.NewInt(int64(ratio.Old))); product.CmpAbs(most) <= 0 {
				t.Fatalf("%v of %d can be computed", ratio, q)
			}
			continue
		}
		sum := new(big.Int).Mul(big.NewInt(int64(whole)), big.NewInt(int64(ratio.Old)))
		if sum.Add(sum, big.NewInt(left.Num)); sum.Cmp(product) != 0 || whole%unit != 0 || magnitude(int64(left.Up())) > uint64(unit) ||
			q > 0 && left.Num < 0 || q < 0 && left.Num > 0 {
			t.Fatalf("%v of %d in %d: %d and %d / %d", ratio, q, unit, whole, left.Num, left.Old)
		}
	}
}
