package fix

import (
	"encoding/binary"
	"math/bits"
)

// Decimals is the number of decimal places that a scaled integer holds: units of 1e-8.
const Decimals = 8

const uintDigitsMax = 18

// NumberFault says why a number was not read.
type NumberFault uint8

const (
	NumberOK         NumberFault = iota
	NumberMalformed              // empty, a plus sign, exponent, blank, letters, two points, no digit
	NumberTooPrecise             // more than eight decimal places that are not zero
	NumberOverflow               // does not fit 64 bits at 1e-8
)

var numberFaultNames = [...]string{"number", "not a canonical number", "more than 8 decimal places",
	"number out of range"}

// String names the fault for a Text(58).
func (f NumberFault) String() string { return numberFaultNames[f] }

// ParseDecimal reads a FIX float (Price, Qty, Amt) as an integer in units of 1e-8, exactly. It
// accepts digits with at most one point and a leading minus; no plus, exponent, blank or NaN.
func ParseDecimal(b []byte) (int64, NumberFault) {
	if v, ok := shortDecimal(b); ok {
		return v, NumberOK
	}
	negative := len(b) > 0 && b[0] == '-'
	i := 0
	if negative {
		i = 1
	}
	var v uint64
	digits, places := 0, -1 // places counts decimals once the point was seen
	for ; i < len(b); i++ {
		c := b[i]
		if c == '.' && places < 0 {
			places = 0
			continue
		}
		c -= '0'
		if c > 9 {
			return 0, NumberMalformed
		}
		digits++
		if places >= 0 {
			if places == Decimals {
				if c != 0 {
					return 0, precisionFault(b[i:])
				}
				continue
			}
			places++
		}
		if v > (1<<63-1)/10 {
			return 0, overflowFault(b[i:], places >= 0)
		}
		v = v*10 + uint64(c)
	}
	if digits == 0 {
		return 0, NumberMalformed
	}
	hi, v := bits.Mul64(v, powers[Decimals-max(places, 0)])
	if hi != 0 || v > 1<<63-1 {
		return 0, NumberOverflow
	}
	if negative {
		return -int64(v), NumberOK
	}
	return int64(v), NumberOK
}

// shortDecimal reads what nearly every number is: at most ten characters, no sign, and then nothing can overflow. False: it
// is another number, or none.
func shortDecimal(b []byte) (int64, bool) {
	const bytesMax = 10
	if len(b) > bytesMax {
		return 0, false
	}
	var v uint64
	point := -1
	for i, c := range b {
		if c -= '0'; c <= 9 {
			v = v*10 + uint64(c)
			continue
		}
		if b[i] != '.' || point >= 0 {
			return 0, false
		}
		point = i
	}
	digits, places := len(b), 0
	if point >= 0 {
		digits, places = len(b)-1, len(b)-1-point
	}
	if digits == 0 || places > Decimals {
		return 0, false
	}
	return int64(v * powers[Decimals-places]), true
}

// powers are the powers of ten that 64 bits hold.
var powers = func() (t [20]uint64) {
	for i, v := 0, uint64(1); i < len(t); i, v = i+1, v*10 {
		t[i] = v
	}
	return t
}()

// precisionFault and overflowFault look at the rest of a number that was given up, so that text
// which is no number at all is called malformed whatever its length.
func precisionFault(rest []byte) NumberFault {
	for _, c := range rest {
		if c < '0' || c > '9' {
			return NumberMalformed
		}
	}
	return NumberTooPrecise
}

func overflowFault(rest []byte, pointSeen bool) NumberFault {
	for _, c := range rest {
		if c == '.' && !pointSeen {
			pointSeen = true
		} else if c < '0' || c > '9' {
			return NumberMalformed
		}
	}
	return NumberOverflow
}

// ParseUint reads an unsigned integer of 1 to 18 digits: sequence numbers, lengths, counts.
func ParseUint(b []byte) (uint64, bool) {
	if len(b) == 0 || len(b) > uintDigitsMax {
		return 0, false
	}
	var v uint64
	for _, c := range b {
		c -= '0'
		if c > 9 {
			return 0, false
		}
		v = v*10 + uint64(c)
	}
	return v, true
}

// AppendUint appends v in decimal.
func AppendUint(dst []byte, v uint64) []byte { return appendDigits(dst, v, digitsOf(v)) }

// digitsOf is how many decimal digits v has.
func digitsOf(v uint64) int {
	n := (bits.Len64(v|1)*1233)>>12 + 1 // a bit is log10(2) digits: 1233/4096, never too many by more than one
	if v|1 < powers[n-1] {
		n--
	}
	return n
}

// appendDigits appends the last n digits of v, at most 20, zeros before it.
func appendDigits(dst []byte, v uint64, n int) []byte {
	const room = "00000000000000000000"
	at := len(dst)
	dst = append(dst, room[:n]...)
	putDigits(dst[at:], v)
	return dst
}

// putDigits writes the last digits of v over dst, as many as it has, zeros before v. They are written where they stay: a
// copy would have to wait until they are out of the processor's store buffer.
func putDigits(dst []byte, v uint64) {
	for ; len(dst) >= 2; dst = dst[:len(dst)-2] {
		binary.LittleEndian.PutUint16(dst[len(dst)-2:], pairs10[v%100])
		v /= 100
	}
	if len(dst) == 1 {
		dst[0] = byte('0' + v%10)
	}
}

// pairs10 holds all numbers of two decimal digits, the upper digit in the lower byte, as it is stored.
var pairs10 = func() (t [100]uint16) {
	for i := range t {
		t[i] = uint16('0'+i/10) | uint16('0'+i%10)<<8
	}
	return t
}()

// AppendDecimal appends v, in units of 1e-8, in the shortest form: no trailing zeros, no point
// without decimals, a leading zero before the point.
func AppendDecimal(dst []byte, v int64) []byte {
	u := uint64(v)
	if v < 0 {
		dst = append(dst, '-')
		u = -u
	}
	const scale = 100_000_000
	dst = AppendUint(dst, u/scale)
	frac := u % scale
	if frac == 0 {
		return dst
	}
	n := Decimals
	for ; frac%10 == 0; n-- {
		frac /= 10
	}
	return appendDigits(append(dst, '.'), frac, n)
}
