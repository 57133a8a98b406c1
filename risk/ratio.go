package risk

import (
	"math"
	"math/bits"
)

// Ratio is a split: so many new units for so many old ones, 4:1 or 1:10. Quantities go by it, prices by its inverse.
type Ratio struct{ New, Old uint32 }

// RatioMax bounds both of its numbers.
const RatioMax = 1_000_000

// Valid tells whether both are within their bounds.
func (r Ratio) Valid() bool { return r.New-1 < RatioMax && r.Old-1 < RatioMax }

// Same reports whether nothing changes by it.
func (r Ratio) Same() bool { return r.New == r.Old }

// Qty is what a quantity comes to. False: not to a whole 1e-8, or to more than ±MagnitudeMax.
func (r Ratio) Qty(q Qty) (Qty, bool) {
	v, rest, ok := scale(int64(q), int64(r.New), int64(r.Old))
	return Qty(v), ok && rest == 0 && magnitude(v) <= MagnitudeMax
}

// QtyUp is what a quantity comes to at most: away from zero at 1e-8. What is more than ±MagnitudeMax is clamped; false.
func (r Ratio) QtyUp(q Qty) (Qty, bool) {
	v, ok := ScaleUp(int64(q), int64(r.New), int64(r.Old))
	return bounded(q, Qty(v), ok)
}

// Price is what a price comes to at most: away from zero at 1e-8, as money is rounded. False: beyond computing.
func (r Ratio) Price(p Price) (Price, bool) {
	v, ok := ScaleUp(int64(p), int64(r.Old), int64(r.New))
	return Price(v), ok
}

// Fraction is what a split leaves of a position beside whole units: Num / Old at 1e-8, exactly, with the position's sign.
type Fraction struct {
	Num int64
	Old uint32
}

// Up is the fraction rounded away from zero at 1e-8.
func (f Fraction) Up() Qty {
	v, _ := ScaleUp(f.Num, 1, max(1, int64(f.Old)))
	return Qty(v)
}

// Whole is what a position comes to in whole units, and the fraction of one that is left. False: it is more than ±MagnitudeMax, and
// clamped.
func (r Ratio) Whole(q, unit Qty) (whole Qty, left Fraction, ok bool) {
	v, rest, ok := scale(int64(q), int64(r.New), int64(r.Old))
	part := v % int64(unit)
	whole, ok = bounded(q, Qty(v-part), ok)
	if !ok {
		return whole, Fraction{Old: r.Old}, false
	}
	return whole, Fraction{Num: part*int64(r.Old) + rest, Old: r.Old}, true
}

// bounded is v, of the sign of q, within ±MagnitudeMax. False: it was not, or could not be computed.
func bounded(q, v Qty, computed bool) (Qty, bool) {
	switch {
	case computed && magnitude(int64(v)) <= MagnitudeMax:
		return v, true
	case q < 0:
		return -MagnitudeMax, false
	}
	return MagnitudeMax, false
}

// ScaleUp is v × num / den, rounded away from zero. False: num or den is not above zero, or the product leaves 63 bits.
func ScaleUp(v, num, den int64) (int64, bool) {
	whole, rest, ok := scale(v, num, den)
	switch {
	case !ok:
		return 0, false
	case rest == 0:
		return whole, true
	case v < 0:
		return whole - 1, true
	}
	return whole + 1, true
}

// ScaleDown is the same, rounded towards zero.
func ScaleDown(v, num, den int64) (int64, bool) {
	whole, _, ok := scale(v, num, den)
	return whole, ok
}

// scale is v × num / den without its fraction, which is rest / den; both have the sign of v. Exact in 128 bits.
func scale(v, num, den int64) (whole, rest int64, ok bool) {
	if num <= 0 || den <= 0 {
		return 0, 0, false
	}
	hi, lo := bits.Mul64(magnitude(v), uint64(num))
	if hi >= uint64(den) {
		return 0, 0, false
	}
	quo, rem := bits.Div64(hi, lo, uint64(den))
	if quo >= math.MaxInt64 { // one less than fits: it may be rounded up
		return 0, 0, false
	}
	whole, rest = int64(quo), int64(rem)
	if v < 0 {
		whole, rest = -whole, -rest
	}
	return whole, rest, true
}
