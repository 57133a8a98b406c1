package egress

import "math/bits"

const (
	decimals    = 8
	kOne        = 100_000_000       // K of 1
	toMoney     = 1_000_000_000_000 // a price × quantity at 1e-16 to 1e-4
	moneyMax    = 1 << 62           // sums of one minute stay far from wrapping
	beforeDigit = 1 << 60           // above it no further digit fits
)

var powersOfTen = [decimals + 1]uint64{1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8}

// decimal reads digits with at most one point and a leading minus as units of 1e-8. False: no such
// number, more than 8 decimals that are not zero, or too large.
func decimal(b []byte) (int64, bool) {
	negative := len(b) > 0 && b[0] == '-'
	if negative {
		b = b[1:]
	}
	var v uint64
	point, digit, missing := false, false, decimals
	for _, ch := range b {
		d := ch - '0'
		switch {
		case ch == '.' && !point:
			point = true
			continue
		case d > 9 || missing == 0 && d != 0:
			return 0, false
		case missing == 0:
			continue
		case v > beforeDigit:
			return 0, false
		}
		v, digit = v*10+uint64(d), true
		if point {
			missing--
		}
	}
	over, v := bits.Mul64(v, powersOfTen[missing])
	if !digit || over != 0 || v > 1<<63-1 {
		return 0, false
	}
	if negative {
		return -int64(v), true
	}
	return int64(v), true
}

// isNumber tells whether a field is present as demanded and has that value.
func isNumber(b []byte, present bool, want int64) bool {
	if !present {
		return b == nil
	}
	v, ok := decimal(b)
	return ok && v == want
}

func isChar(b []byte, want byte) bool { return len(b) == 1 && b[0] == want }

func magnitude(v int64) uint64 {
	if v < 0 {
		return -uint64(v)
	}
	return uint64(v)
}

// notional is price × qty × k in units of 1e-4, truncated twice. It grows with the price, and both
// sides of every comparison come from here, so truncation never makes a difference. False: the
// amount does not fit, or qty or k is negative.
func notional(price uint64, qty, k int64) (uint64, bool) {
	if qty < 0 || k < 0 {
		return 0, false
	}
	hi, lo := bits.Mul64(price, uint64(qty))
	hi, lo = divide(hi, lo, toMoney)
	if k != kOne {
		over, low := bits.Mul64(hi, uint64(k))
		carry, rest := bits.Mul64(lo, uint64(k))
		var c uint64
		hi, c = bits.Add64(low, carry, 0)
		if over != 0 || c != 0 {
			return 0, false
		}
		hi, lo = divide(hi, rest, kOne)
	}
	return lo, hi == 0 && lo <= moneyMax
}

// divide is the quotient of a 128-bit number.
func divide(hi, lo, by uint64) (uint64, uint64) {
	if hi == 0 {
		return 0, lo / by
	}
	q, r := hi/by, hi%by
	lo, _ = bits.Div64(r, lo, by)
	return q, lo
}
