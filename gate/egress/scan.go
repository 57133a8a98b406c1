package egress

import (
	"encoding/binary"
	"math/bits"
)

// slot numbers the fields that are compared or that frame the message. The last two mark the
// length and the bytes of data fields, in which SOH may occur.
type slot uint8

const (
	other slot = iota
	slotBeginString
	slotBodyLength
	slotMsgType
	slotCheckSum
	slotAccount
	slotClOrdID
	slotOrderQty
	slotOrdType
	slotPossDup
	slotPrice
	slotSide
	slotSymbol
	slotPossResend
	slotStopPx
	slotTimeInForce
	slotExecInst
	slotMinQty
	slotMaxFloor
	slotMaxShow
	slotDisplayQty
	slotDiscretion
	slotPegOffset
	slotExpireDate
	slotCount
	dataLength
	dataBytes
)

const (
	soh           = 0x01
	checkSumBytes = len("10=nnn|")
	messageMax    = 1 << 24 // bytes, so that offsets and lengths fit
	tagMax        = 1 << 28 // tags have at most nine digits
)

// lengthTags are the fields that give the length of the data field behind them; the data tag is
// the next number, except that 93 announces 89.
var lengthTags = [...]int{90, 93, 95, 212, 348, 350, 352, 354, 356, 358, 360, 362, 364, 445, 618,
	621, 1184, 1277, 1280, 1282, 1359, 1397, 1401, 1403, 1468, 1618, 1620}

func dataOf(lengthTag int) int {
	if lengthTag == 93 {
		return 89
	}
	return lengthTag + 1
}

var slots = assignSlots()

func assignSlots() (s [1622]slot) {
	s[8], s[9], s[35], s[10] = slotBeginString, slotBodyLength, slotMsgType, slotCheckSum
	s[1], s[11], s[38], s[40] = slotAccount, slotClOrdID, slotOrderQty, slotOrdType
	s[43], s[44], s[54], s[55] = slotPossDup, slotPrice, slotSide, slotSymbol
	s[97], s[99] = slotPossResend, slotStopPx
	s[59], s[18] = slotTimeInForce, slotExecInst
	for i := range numberFields {
		s[numberFields[i].tag] = numberFields[i].slot
	}
	for _, tag := range lengthTags {
		s[tag], s[dataOf(tag)] = dataLength, dataBytes
	}
	return s
}

// fields says where the values of one message lie. It holds offsets only.
type fields struct {
	spans [slotCount]struct{ from, to uint32 }
	n     int // fields seen
}

// value gives the bytes of a field, nil where it is absent. A field present is never empty.
func (f *fields) value(msg []byte, s slot) []byte {
	p := f.spans[s]
	if p.to == 0 {
		return nil
	}
	return msg[p.from:p.to]
}

// claims tells whether a Boolean field says anything but N.
func (f *fields) claims(msg []byte, s slot) bool {
	v := f.value(msg, s)
	return v != nil && !isChar(v, 'N')
}

// scan finds the fields of one message and nothing but one message:
//
//	8=FIX.4.4|9=176|35=D| ... |10=128|
//	                ^ from here  ^ to here are BodyLength(9) bytes, and then exactly the trailer
//
// A data field is read by the length directly before it; a data field without one could be read
// in two ways. The checksum is not verified: a wrong one makes a venue drop the message.
func (f *fields) scan(msg []byte) Difference {
	if len(msg) > messageMax {
		return Malformed
	}
	announced, length := 0, 0 // the data tag that may come next, and its bytes
	for i := 0; i < len(msg); f.n++ {
		tag, from := scanTag(msg, i)
		if from == 0 {
			return Malformed
		}
		s := other
		if tag < len(slots) {
			s = slots[tag]
		}
		to := 0
		if s != dataBytes {
			to = scanEnd(msg, from)
		} else if tag == announced {
			to = from + length
		}
		if to <= from || to >= len(msg) || msg[to] != soh {
			return Malformed
		}
		i, announced = to+1, 0
		if s == dataLength {
			announced, length = dataOf(tag), count(msg[from:to])
		} else if s != other && s != dataBytes {
			if d := f.keep(s, from, to); d != Equal {
				return d
			}
		}
	}
	return f.framing(msg)
}

// scanTag reads the digits before '='. from is where the value starts, 0 where there is no tag.
func scanTag(msg []byte, i int) (tag, from int) {
	if msg[i] == '0' {
		return 0, 0
	}
	for ; i < len(msg) && tag < tagMax; i++ {
		d := msg[i] - '0'
		if d > 9 {
			if msg[i] != '=' || tag == 0 {
				return 0, 0
			}
			return tag, i + 1
		}
		tag = tag*10 + int(d)
	}
	return 0, 0
}

// scanEnd gives the index of the SOH at or after i, or len(msg), eight bytes at a time: the lowest
// byte of x that is zero, where x is zero for SOH, is the lowest that borrows.
func scanEnd(msg []byte, i int) int {
	const each = 0x0101010101010101
	for ; i+8 <= len(msg); i += 8 {
		x := binary.LittleEndian.Uint64(msg[i:]) ^ each*soh
		if zero := (x - each) &^ x & (each << 7); zero != 0 {
			return i + bits.TrailingZeros64(zero)/8
		}
	}
	for i < len(msg) && msg[i] != soh {
		i++
	}
	return i
}

// keep notes a field. The framing fields have their places: 8, 9 and 35 come first.
func (f *fields) keep(s slot, from, to int) Difference {
	p := &f.spans[s]
	if p.to != 0 {
		return RepeatedField
	}
	p.from, p.to = uint32(from), uint32(to)
	if s <= slotMsgType && f.n != int(s-slotBeginString) {
		return Malformed
	}
	return Equal
}

// framing checks that BodyLength(9) ends at CheckSum(10) and that nothing follows.
func (f *fields) framing(msg []byte) Difference {
	length := f.value(msg, slotBodyLength)
	sum := f.spans[slotCheckSum]
	if f.spans[slotMsgType].to == 0 || length == nil || f.spans[slotBeginString].to == 0 ||
		int(sum.to) != len(msg)-1 || int(sum.to-sum.from) != checkSumBytes-len("10=|") {
		return Malformed
	}
	body := int(f.spans[slotBodyLength].to) + 1
	if count(length) != len(msg)-checkSumBytes-body {
		return Malformed
	}
	return Equal
}

// count reads a length in bytes; what is none gives -1, which no length equals.
func count(b []byte) int {
	n := 0
	for _, ch := range b {
		d := ch - '0'
		if d > 9 || n > messageMax {
			return -1
		}
		n = n*10 + int(d)
	}
	return n
}
