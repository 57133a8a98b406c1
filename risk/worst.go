package risk

import (
	"math"
	"math/bits"
)

const bpsOne = 10_000

// WorstPrice is the price at which an order is reserved (exposure 2), fixed when its terms are
// accepted. ref is needed unless the order is a buy with a limit or cap. False = overflow.
//
//	                              buy                      sell, short
//	limit, stop-limit, capped peg  limit + discretion       max(limit, ref)
//	market, on close, bare peg     ref × (1 + band)         ref
//	stop                           max(stop, ref) × (1+band) ref
//
// A bare peg that stands above what it is pegged to, by its offset, costs that much more.
// A sell at 49 with the market at 50 trades near 50: its limit would understate it.
func WorstPrice(t *Terms, ref Price, bandBps int64) (Price, bool) {
	switch {
	case !t.Side.IsBuy():
		if t.HasPrice {
			return max(ref, t.Price), true
		}
		return above(ref, t.PegOffset)
	case t.HasPrice:
		return above(t.Price, t.Discretion)
	case t.HasStop:
		return banded(max(t.StopPx, ref), bandBps)
	}
	w, ok := banded(ref, bandBps)
	if !ok {
		return 0, false
	}
	return above(w, t.PegOffset)
}

// above is p and an offset, of which one below zero does not count. False = overflow.
func above(p, offset Price) (Price, bool) {
	w := p + max(0, offset)
	return w, w >= p
}

// furthest is the price that the collar judges beside the stop: the limit with its discretion, up for a buy and down
// for a sell, or where a bare peg stands. priced tells whether there is one; ok = it does not overflow.
func (t *Terms) furthest(ref Price) (p Price, priced, ok bool) {
	switch {
	case !t.HasPrice:
		p = ref + t.PegOffset
		return p, t.PegOffset != 0, (p >= ref) == (t.PegOffset >= 0)
	case t.Side.IsBuy():
		p, ok = above(t.Price, t.Discretion)
		return p, true, ok
	}
	p = t.Price - max(0, t.Discretion)
	return p, true, p <= t.Price
}

// banded is p plus a band of |p|, rounded up: further from zero is never cheaper for a buyer.
func banded(p Price, bandBps int64) (Price, bool) {
	hi, lo := bits.Mul64(magnitude(int64(p)), uint64(bandBps))
	if bandBps < 0 || hi >= bpsOne {
		return 0, false
	}
	quo, rem := lo/bpsOne, lo%bpsOne
	if hi != 0 {
		quo, rem = bits.Div64(hi, lo, bpsOne)
	}
	if quo >= math.MaxInt64 { // before it is rounded: the greatest one would become 0
		return 0, false
	}
	if rem != 0 {
		quo++
	}
	w := p + Price(quo)
	return w, w >= p
}

// withinCollar tells whether p lies within bps of ref, both bounds included: the distance and the
// width are compared as 128-bit products, so nothing is rounded.
func withinCollar(p, ref Price, collarBps int64) bool {
	dHi, dLo := bits.Mul64(distance(p, ref), bpsOne)
	wHi, wLo := bits.Mul64(magnitude(int64(ref)), uint64(collarBps))
	return dHi < wHi || dHi == wHi && dLo <= wLo
}
