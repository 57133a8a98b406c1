package dict

import (
	"encoding/binary"
	"math/bits"

	"portcullis/fix"
)

// glance says how the values of a tag are seen to be permitted without a call, where they are short and plain. What it does
// not see at once is not refused, but looked at properly.
type glance uint8

const (
	never     glance = iota // no value of the tag is plain
	text                    // all are
	character               // one character, in the tag's list
	digital                 // up to eight digits
	amount                  // up to eight digits, with at most one point among them
	instant                 // a UTCTimestamp with up to seven decimals, of a day up to the 28th
)

// glanceOf is the glance for a tag of the dictionary.
func (r *rule) glanceOf() glance {
	switch {
	case r.traits&(paired|counts|several) != 0:
		return never
	case r.traits&listed != 0:
		return character
	}
	switch r.format {
	case anyText:
		return text
	case integer, unsigned:
		return digital
	case decimal:
		return amount
	case utcTimestamp:
		return instant
	}
	return never
}

// plainFields goes over fields that stand in their part of the message, in no group, not twice, with a plain value, from i on,
// as long as there are such, and returns the first other one. It notes nothing, since no rule finds fault with them.
func (w *walk) plainFields(i int) int {
	fields, rules := w.m.Fields(), w.plan.rules
	at := w.at
	p := &w.parts[at]
	for ; i < len(fields); i++ {
		f := &fields[i]
		if int(f.Tag) >= len(rules) {
			break
		}
		r := &rules[f.Tag]
		if r.part != at {
			if r.part < at {
				break
			}
			at = r.part
			p = &w.parts[at]
		}
		if f.Off >= f.End || r.glance != text && !p.plain(r, w.m.Raw, f) {
			break
		}
		row, bit := &p.scope.row[r.field>>6], uint64(1)<<(r.field&63)
		if row.bits&bit == 0 || !p.take(row.first+bits.OnesCount64(row.bits&(bit-1))) {
			break
		}
	}
	w.at = at
	return i
}

// plain is true for a value, not empty, that is seen to be permitted at a glance.
func (p *part) plain(r *rule, raw []byte, f *fix.Field) bool {
	size := f.End - f.Off
	if r.glance == character {
		if size != 1 {
			return false
		}
		c := raw[f.Off]
		return c < 128 && p.dict.enumChars[r.field][c>>6]>>(c&63)&1 != 0
	}
	value := raw[f.Off:]
	switch r.glance {
	case digital:
		return size <= wordBytes && len(value) >= wordBytes && fix.AreDigits(digitsOf(value, size))
	case amount:
		return size <= wordBytes && len(value) >= wordBytes && plainAmount(value, size)
	case instant:
		return size >= wholeBytes && len(value) >= int(wholeBytes)+wordBytes && plainInstant(value, size)
	}
	return false
}

const (
	wordBytes  = 8
	wholeBytes = uint32(len("YYYYMMDD-HH:MM:SS"))
)

// digitsOf gives the first size bytes of b, which has a word of them, as digits: each 0 to 9 if it is one; 0 beyond.
func digitsOf(b []byte, size uint32) uint64 {
	return (binary.LittleEndian.Uint64(b) ^ 0x3030303030303030) & (^uint64(0) >> ((64 - 8*size) & 63))
}

// plainAmount is true for 1 to 8 bytes of digits, and one point at most.
func plainAmount(b []byte, size uint32) bool {
	const points, low = 0x1E1E1E1E1E1E1E1E, 0x7F7F7F7F7F7F7F7F // '.' as digitsOf gives it
	d := digitsOf(b, size)
	other := d ^ points
	point := ^(other&low + low | other | low) // the upper bit of each byte that is one
	if point&(point-1) != 0 || point != 0 && size == 1 {
		return false
	}
	return fix.AreDigits(d &^ (point >> 7 * 0xFF))
}

// plainInstant looks at size bytes of b, which has wholeBytes and a word behind them.
func plainInstant(b []byte, size uint32) bool {
	const point = '.' ^ '0'
	date, clock := binary.LittleEndian.Uint64(b)^0x3030303030303030, binary.LittleEndian.Uint64(b[9:])^0x30303A30303A3030
	days, times := date*10+date>>8, clock*10+clock>>8
	if !fix.AreDigits(date) || days>>32&0xFF-1 >= 12 || days>>48&0xFF-1 >= 28 || b[8] != '-' ||
		!fix.AreDigits(clock) || clock&0x0000FF0000FF0000 != 0 || times&0xFF > 23 || times>>24&0xFF > 59 || times>>48&0xFF > 59 {
		return false
	}
	if size == wholeBytes {
		return true
	}
	decimals := digitsOf(b[wholeBytes:], size-wholeBytes)
	return size > wholeBytes+1 && size <= wholeBytes+wordBytes && decimals&0xFF == point && fix.AreDigits(decimals>>8)
}
