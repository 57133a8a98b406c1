package dict

import (
	"bytes"

	"portcullis/fix"
	"portcullis/fix/dict/internal/spec"
)

// format is the syntax that a value must have. Several FIX data types share one.
type format uint8

const (
	anyText      format = iota // String, Data: every byte is permitted
	integer                    // digits, a minus sign before them
	unsigned                   // digits
	decimal                    // digits with at most one point, a minus sign before them
	oneByte                    // Char
	yesNo                      // Boolean
	bytesList                  // single characters separated by blanks
	wordsList                  // words separated by blanks
	oneWord                    // no blanks, printable
	twoLetters                 // Country, Language
	threeLetters               // Currency
	utcTimestamp               // YYYYMMDD-HH:MM:SS and up to twelve decimals
	clockTime                  // HH:MM:SS and up to twelve decimals
	calendarDate               // YYYYMMDD
	monthYear                  // YYYYMM, YYYYMMDD, YYYYMMw1 to w5
	dayOfMonth                 // 1 to 31
	tzTime                     // HH:MM, seconds, decimals, and Z or an offset
	tzTimestamp                // YYYYMMDD-HH:MM:SS, decimals, and Z or an offset
	tenor                      // D, W, M or Y and digits
)

var formats = map[string]format{
	"INT": integer, "RESERVED100PLUS": integer,
	"LENGTH": unsigned, "SEQNUM": unsigned, "NUMINGROUP": unsigned, "TAGNUM": unsigned,
	"FLOAT": decimal, "QTY": decimal, "QUANTITY": decimal, "PRICE": decimal, "PRICEOFFSET": decimal, "AMT": decimal,
	"PERCENTAGE": decimal,
	"CHAR":       oneByte, "BOOLEAN": yesNo,
	"MULTIPLECHARVALUE": bytesList, "MULTIPLESTRINGVALUE": wordsList, "MULTIPLEVALUESTRING": wordsList,
	"CURRENCY": threeLetters, "COUNTRY": twoLetters, "LANGUAGE": twoLetters, "EXCHANGE": oneWord,
	"UTCTIMESTAMP": utcTimestamp, "TIME": utcTimestamp, "UTCTIMEONLY": clockTime, "LOCALMKTTIME": clockTime,
	"UTCDATE": calendarDate, "UTCDATEONLY": calendarDate, "LOCALMKTDATE": calendarDate, "DATE": calendarDate,
	"MONTHYEAR": monthYear, "DAYOFMONTH": dayOfMonth, "TENOR": tenor,
	"TZTIMEONLY": tzTime, "TZTIMESTAMP": tzTimestamp,
	"STRING": anyText, "DATA": anyText, "XMLDATA": anyText, "XID": anyText, "XIDREF": anyText,
}

// formatOf gives the syntax of a data type. FIX.4.0 and FIX.4.1 call texts of any length CHAR.
func formatOf(t spec.Type, version string) format {
	if t.String() == "CHAR" && (version == "FIX.4.0" || version == "FIX.4.1") {
		return anyText
	}
	return formats[t.String()]
}

// accepts is true if v, which is not empty, has the syntax.
func (f format) accepts(v []byte) bool {
	switch f {
	case anyText:
		return true
	case integer:
		return digits(unsign(v))
	case unsigned:
		_, ok := fix.ParseUint(v)
		return ok
	case decimal:
		return number(unsign(v))
	case oneByte:
		return len(v) == 1
	case yesNo:
		return len(v) == 1 && (v[0] == 'Y' || v[0] == 'N')
	case bytesList, wordsList:
		return list(v, f == bytesList)
	case oneWord:
		return between(v, '!', '~')
	case twoLetters:
		return len(v) == 2 && letters(v)
	case threeLetters:
		return len(v) == 3 && letters(v)
	case tenor:
		return len(v) > 1 && bytes.IndexByte([]byte("DWMY"), v[0]) >= 0 && digits(v[1:])
	}
	return f.acceptsTime(v)
}

func (f format) acceptsTime(v []byte) bool {
	switch f {
	case utcTimestamp:
		return len(v) > 8 && date(v[:8]) && v[8] == '-' && clock(v[9:])
	case clockTime:
		return clock(v)
	case calendarDate:
		return date(v)
	case monthYear:
		switch {
		case len(v) == 6:
			return digits(v) && month(v[4:])
		case len(v) == 8 && v[6] == 'w':
			return digits(v[:6]) && month(v[4:]) && v[7] >= '1' && v[7] <= '5'
		}
		return date(v)
	case dayOfMonth:
		return len(v) == 1 && v[0] >= '1' && v[0] <= '9' || len(v) == 2 && two(v)-1 < 31
	case tzTime:
		v = v[:len(v)-zone(v)]
		return len(v) == 5 && minutes(v) || clock(v)
	case tzTimestamp:
		return len(v) > 8 && date(v[:8]) && v[8] == '-' && clock(v[9:len(v)-zone(v[9:])])
	}
	return false
}

func unsign(v []byte) []byte {
	if len(v) > 0 && v[0] == '-' {
		return v[1:]
	}
	return v
}

func digits(v []byte) bool { return between(v, '0', '9') }

// between is true for at least one byte, all of them from low to high.
func between(v []byte, low, high byte) bool {
	for _, c := range v {
		if c < low || c > high {
			return false
		}
	}
	return len(v) > 0
}

func letters(v []byte) bool {
	for _, c := range v {
		if c |= 'a' - 'A'; c < 'a' || c > 'z' {
			return false
		}
	}
	return true
}

// list is true for words with one blank between each two.
func list(v []byte, single bool) bool {
	start := 0
	for i := 0; i <= len(v); i++ {
		if i < len(v) && v[i] != ' ' {
			continue
		}
		if i == start || single && i != start+1 {
			return false
		}
		start = i + 1
	}
	return true
}

// number is true for digits with at most one point before, between or behind them.
func number(v []byte) bool {
	points := 0
	for _, c := range v {
		if c == '.' {
			points++
		} else if c-'0' > 9 {
			return false
		}
	}
	return points <= 1 && len(v) > points
}

// two returns the number that the first two bytes give, 255 if they are not digits.
func two(v []byte) byte {
	tens, ones := v[0]-'0', v[1]-'0'
	if tens > 9 || ones > 9 {
		return 255
	}
	return tens*10 + ones
}

// month is true for 01 to 12.
func month(v []byte) bool { return two(v)-1 < 12 }

// date is true for a YYYYMMDD that the calendar has.
func date(v []byte) bool {
	_, _, _, ok := fix.ReadDate(v)
	return ok && len(v) == len("YYYYMMDD")
}

// minutes is true for HH:MM.
func minutes(v []byte) bool {
	return two(v) <= 23 && v[2] == ':' && two(v[3:]) <= 59
}

// clock is true for HH:MM:SS and up to twelve decimals (picoseconds); second 60 is a leap second.
func clock(v []byte) bool {
	const whole, decimalsMax = len("HH:MM:SS"), 12
	if _, _, _, ok := fix.ReadClock(v); !ok {
		return false
	}
	return len(v) == whole || v[whole] == '.' && len(v) <= whole+1+decimalsMax && digits(v[whole+1:])
}

// zone returns the length of the time zone that ends v: Z, +hh, -hh, +hh:mm, -hh:mm or nothing.
func zone(v []byte) int {
	n := len(v)
	offset := func(size int) bool {
		if n < size {
			return false
		}
		z := v[n-size:]
		return (z[0] == '+' || z[0] == '-') && two(z[1:]) <= 14 && (size == 3 || z[3] == ':' && two(z[4:]) <= 59)
	}
	switch {
	case n > 0 && v[n-1] == 'Z':
		return 1
	case offset(3):
		return 3
	case offset(6):
		return 6
	}
	return 0
}
