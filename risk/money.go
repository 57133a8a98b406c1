package risk

import (
	"math"
	"math/bits"
)

// MagnitudeMax bounds every quantity and amount the book holds: 2^60, about 115 trillion units of
// the limit currency or 11.5 billion shares. A finite limit may not be larger. Sums of four such
// values and a change of at most `beyond` stay inside 63 bits, so no check can wrap.
const MagnitudeMax = 1 << 60

// beyond stands for "more than can be computed": above every finite limit, still safe to add.
const beyond = 1 << 61

const (
	pow5to20  = 95_367_431_640_625 // 10^20 = 2^20 × 5^20 takes a 1e-24 product to 1e-4
	pow10to12 = PriceScale * PriceScale / MoneyScale
	factorOne = Factor(PriceScale)
)

// Notional is n(p, q) = |p|·q·k, exact in 192 bits and rounded up once to 1e-4 (exposure 1).
// False = the amount leaves 63 bits, or q or k is negative: refuse what cannot be computed.
func Notional(p Price, q Qty, k Factor) (Money, bool) {
	if q < 0 || k < 0 {
		return 0, false
	}
	hi, lo := bits.Mul64(magnitude(int64(p)), uint64(q))
	if k != factorOne {
		return notionalFactor(hi, lo, uint64(k))
	}
	var quo, rem uint64
	switch {
	case hi == 0:
		quo, rem = lo/pow10to12, lo%pow10to12
	case hi < pow10to12:
		quo, rem = bits.Div64(hi, lo, pow10to12)
	default:
		return 0, false
	}
	return roundUp(quo, rem != 0)
}

// notionalFactor scales a 128-bit p·q by k. Shifting by 20 leaves one division by 5^20, whose
// quotient fits exactly when the high word is below the divisor.
func notionalFactor(hi, lo, k uint64) (Money, bool) {
	top, mid := bits.Mul64(hi, k)
	carry, low := bits.Mul64(lo, k)
	mid, c := bits.Add64(mid, carry, 0)
	top += c
	if top>>20 != 0 {
		return 0, false
	}
	high := top<<44 | mid>>20
	if high >= pow5to20 {
		return 0, false
	}
	quo, rem := bits.Div64(high, mid<<44|low>>20, pow5to20)
	return roundUp(quo, rem != 0 || low<<44 != 0)
}

// roundUp judges the quotient before it rounds: the greatest one would become 0.
func roundUp(quo uint64, inexact bool) (Money, bool) {
	if quo > math.MaxInt64 {
		return 0, false
	}
	if inexact {
		quo++
	}
	return Money(quo), quo <= math.MaxInt64
}

func magnitude(v int64) uint64 {
	if v < 0 {
		return -uint64(v)
	}
	return uint64(v)
}

// Version is one set of terms that the venue may be working: quantity and worst price, both fixed
// when the version was accepted.
type Version struct {
	Qty   Qty
	Worst Price
}

// Reservation is exposure 3: open = the largest leaves, reserved = the largest product (not the
// product of the largest) over the live versions. No versions = nothing open. False = a product
// overflows: reserved is then not to be used, open is right.
func Reservation(vs []Version, cum Qty, k Factor) (open Qty, reserved Money, ok bool) {
	ok = true
	for i := range vs {
		leaves := vs[i].Qty - cum
		if leaves <= 0 {
			continue
		}
		m, fits := Notional(vs[i].Worst, leaves, k)
		open, reserved, ok = max(open, leaves), max(reserved, m), ok && fits
	}
	return open, reserved, ok
}

// Plus adds quantities of executions without leaving ±MagnitudeMax, whatever a venue says was executed.
func (q Qty) Plus(change Qty) Qty {
	sum, _ := clamp(int64(q), int64(change))
	return Qty(sum)
}

// clamp adds without leaving ±MagnitudeMax; false = it had to clamp, and a human must look.
func clamp(held, change int64) (int64, bool) {
	sum := held + change
	switch {
	case change > 0 && (sum > MagnitudeMax || sum < held):
		return MagnitudeMax, false
	case change < 0 && (sum < -MagnitudeMax || sum > held):
		return -MagnitudeMax, false
	}
	return sum, true
}
