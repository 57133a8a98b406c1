package risk

import (
	"math"
	"math/bits"
)

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
