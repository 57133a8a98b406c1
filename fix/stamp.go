package fix

import (
	"encoding/binary"
	"slices"
)

// Precision is the number of fractional digits of a UTCTimestamp.
type Precision uint8

const (
	Seconds Precision = 0
	Millis  Precision = 3
	Micros  Precision = 6
	Nanos   Precision = 9
)

const (
	secondsPerDay = 86_400
	nsPerSecond   = 1_000_000_000
	stampSeconds  = len("20060102-15:04:05")
)

// Stamper appends UTCTimestamps. It keeps the text of the last second it wrote, because most
// messages share a second with the one before. The zero value is ready; it belongs to one thread.
type Stamper struct {
	second int64
	text   [stampSeconds]byte
	valid  bool
}

// Append appends ns, nanoseconds of Unix time in UTC (0 to year 9999), as YYYYMMDD-HH:MM:SS and a
// fraction of p digits, cut off, not rounded: a timestamp never lies in the future of its event.
func (s *Stamper) Append(dst []byte, ns int64, p Precision) []byte {
	at := len(dst)
	dst = slices.Grow(dst, p.size())[:at+p.size()]
	s.put(dst[at:], ns, p)
	return dst
}

// size is how long a timestamp is.
func (p Precision) size() int {
	if p == Seconds {
		return stampSeconds
	}
	return stampSeconds + len(".") + int(p)
}

// put writes a timestamp over dst, which has its size.
func (s *Stamper) put(dst []byte, ns int64, p Precision) {
	second := ns / nsPerSecond
	if second != s.second || !s.valid {
		s.set(second)
	}
	*(*[stampSeconds]byte)(dst) = s.text
	if fraction := dst[stampSeconds:]; len(fraction) > 0 {
		fraction[0] = '.'
		putDigits(fraction[1:], uint64(ns-second*nsPerSecond)/powers[Nanos-p])
	}
}

func (s *Stamper) set(second int64) {
	year, month, day := civil(second / secondsPerDay)
	t := second % secondsPerDay
	two := func(at int, v int64) { s.text[at], s.text[at+1] = byte('0'+v/10%10), byte('0'+v%10) }
	two(0, year/100)
	two(2, year%100)
	two(4, month)
	two(6, day)
	s.text[8], s.text[11], s.text[14] = '-', ':', ':'
	two(9, t/3600)
	two(12, t/60%60)
	two(15, t%60)
	s.second, s.valid = second, true
}

// civil converts days since 1970-01-01 to a date of the Gregorian calendar. Years are counted
// from March, so that the leap day comes last.
func civil(days int64) (year, month, day int64) {
	days += 719_468 // to 0000-03-01
	era := days / 146_097
	dayOfEra := days - era*146_097
	yearOfEra := (dayOfEra - dayOfEra/1_460 + dayOfEra/36_524 - dayOfEra/146_096) / 365
	dayOfYear := dayOfEra - (365*yearOfEra + yearOfEra/4 - yearOfEra/100)
	shifted := (5*dayOfYear + 2) / 153
	day = dayOfYear - (153*shifted+2)/5 + 1
	month = shifted + 3
	if month > 12 {
		month -= 12
	}
	year = yearOfEra + era*400
	if month <= 2 {
		year++
	}
	return year, month, day
}

// daysOf is the inverse of civil.
func daysOf(year, month, day int64) int64 {
	if month <= 2 {
		year--
		month += 12
	}
	era := year / 400
	yearOfEra := year - era*400
	dayOfYear := (153*(month-3)+2)/5 + day - 1
	dayOfEra := yearOfEra*365 + yearOfEra/4 - yearOfEra/100 + dayOfYear
	return era*146_097 + dayOfEra - 719_468
}

// TradeDate returns the UTC date of ns as a number YYYYMMDD.
func TradeDate(ns int64) uint32 {
	year, month, day := civil(ns / nsPerSecond / secondsPerDay)
	return uint32(year*10_000 + month*100 + day)
}

// ParseDate reads a LocalMktDate, YYYYMMDD, as that number. ok is false for any other form and for dates that do not exist.
func ParseDate(b []byte) (date uint32, ok bool) {
	if len(b) != dateBytes {
		return 0, false
	}
	year, month, day, ok := ReadDate(b)
	if !ok {
		return 0, false
	}
	return uint32(year*10_000 + month*100 + day), true
}

// ParseTimestamp reads a UTCTimestamp of 0 to 9 fractional digits into nanoseconds of Unix time.
// A leap second (:60) counts as the first instant of the next minute. ok is false for any other
// form and for dates that do not exist.
func ParseTimestamp(b []byte) (ns int64, ok bool) {
	if len(b) < stampSeconds || b[dateBytes] != '-' {
		return 0, false
	}
	year, month, day, ok1 := ReadDate(b)
	hour, minute, second, ok2 := ReadClock(b[dateBytes+1:])
	frac, ok3 := fraction(b[stampSeconds:])
	if !ok1 || !ok2 || !ok3 || year < 1970 || year > 2261 {
		return 0, false
	}
	seconds := daysOf(year, month, day)*secondsPerDay + hour*3600 + minute*60 + second
	return seconds*nsPerSecond + frac, true
}

func fraction(b []byte) (ns int64, ok bool) {
	if len(b) == 0 {
		return 0, true
	}
	if b[0] != '.' || len(b) < 2 || len(b) > 10 {
		return 0, false
	}
	ns, ok = digits(b[1:])
	for n := len(b); n < 10; n++ {
		ns *= 10
	}
	return ns, ok
}

func digits(b []byte) (v int64, ok bool) {
	for _, c := range b {
		if c -= '0'; c > 9 {
			return 0, false
		} else {
			v = v*10 + int64(c)
		}
	}
	return v, true
}

const (
	dateBytes  = len("YYYYMMDD")
	clockBytes = len("HH:MM:SS")
)

// ReadDate reads the YYYYMMDD that b begins with; ok is false for another form and for days that the calendar has not.
func ReadDate(b []byte) (year, month, day int64, ok bool) {
	if len(b) < dateBytes {
		return 0, 0, 0, false
	}
	digits := binary.LittleEndian.Uint64(b) ^ 0x3030303030303030
	twos := digits*10 + digits>>8
	year, month, day = int64(twos&0xFF)*100+int64(twos>>16&0xFF), int64(twos>>32&0xFF), int64(twos>>48&0xFF)
	return year, month, day, AreDigits(digits) && 1 <= month && month <= 12 && 1 <= day && day <= monthDays(year, month)
}

// ReadClock reads the HH:MM:SS that b begins with, 00:00:00 to 23:59:60; ok is false for anything else.
func ReadClock(b []byte) (hour, minute, second int64, ok bool) {
	if len(b) < clockBytes {
		return 0, 0, 0, false
	}
	const colons = 0x0000FF0000FF0000
	digits := binary.LittleEndian.Uint64(b) ^ 0x30303A30303A3030
	twos := digits*10 + digits>>8
	hour, minute, second = int64(twos&0xFF), int64(twos>>24&0xFF), int64(twos>>48&0xFF)
	return hour, minute, second, AreDigits(digits) && digits&colons == 0 && hour <= 23 && minute <= 59 && second <= 60
}

// AreDigits reports whether each of a word's eight bytes is 0 to 9. Ten times such bytes, and their neighbours added, stay bytes: every
// two digits are read as a number at once, in the byte of the first.
func AreDigits(bytes uint64) bool {
	return ((bytes+0x7676767676767676)|bytes)&0x8080808080808080 == 0
}

func monthDays(year, month int64) int64 {
	switch month {
	case 4, 6, 9, 11:
		return 30
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	}
	return 31
}
