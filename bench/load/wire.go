package load

import (
	"encoding/binary"
	"strconv"
)

const (
	soh = 0x01

	// messageMax bounds one message of the instrument; a writer asks for this much room first.
	messageMax = 1024

	// opening is what every message begins with. The three digits of BodyLength(9) are patched when the
	// length is known; a shorter body moves one place to the left.
	opening    = "8=FIX.4.4\x019=000\x01"
	openingLen = len(opening)
)

// outbound numbers and frames the messages of one direction. It is half of a FIX session.
type outbound struct {
	ids       []byte // "SOH 49=.. SOH 56=.. SOH 34="
	nextSeq   uint64
	lastNs    int64 // when something was last sent, for heartbeats
	clock     *clock
	beginning int // where the message being written begins in its buffer
}

func (o *outbound) identify(sender, target string) {
	o.ids = []byte("\x0149=" + sender + "\x0156=" + target + "\x0134=")
	o.nextSeq = 1
}

// begin writes the header of the next message: 8, 9, 35, 49, 56, 34, 52.
func (o *outbound) begin(b []byte, msgType byte) []byte {
	o.beginning = len(b)
	o.lastNs = o.clock.nowNs
	b = append(b, opening...)
	b = append(b, '3', '5', '=', msgType)
	b = append(b, o.ids...)
	b = strconv.AppendUint(b, o.nextSeq, 10)
	o.nextSeq++
	b = append(b, "\x0152="...)
	return append(b, o.clock.stamp()...)
}

// end closes the message: BodyLength(9) and CheckSum(10).
func (o *outbound) end(b []byte) []byte {
	b = append(b, soh)
	msg := b[o.beginning:]
	n := len(msg) - openingLen
	if n < 100 {
		copy(msg[openingLen-2:], msg[openingLen-1:]) // "9=00|" keeps two digits
		msg, b = msg[:len(msg)-1], b[:len(b)-1]
		msg[12], msg[13] = '0'+byte(n/10), '0'+byte(n%10)
	} else {
		msg[12], msg[13], msg[14] = '0'+byte(n/100), '0'+byte(n/10%10), '0'+byte(n%10)
	}
	sum := checksum(msg)
	return append(b, '1', '0', '=', '0'+sum/100, '0'+sum/10%10, '0'+sum%10, soh)
}

// checksum adds all bytes modulo 256, eight at a time: four lanes of 16 bits, twice. A lane holds 128
// additions of two bytes, so this is right up to messageMax bytes.
func checksum(b []byte) byte {
	const lanes = 0x00ff00ff00ff00ff
	var sum uint64
	for ; len(b) >= 8; b = b[8:] {
		x := binary.LittleEndian.Uint64(b)
		sum += x&lanes + x>>8&lanes
	}
	sum = sum&0xffff + sum>>16&0xffff + sum>>32&0xffff + sum>>48
	for _, c := range b {
		sum += uint64(c)
	}
	return byte(sum)
}

func appendField(b []byte, tag string, value []byte) []byte {
	b = append(b, soh)
	b = append(b, tag...)
	return append(b, value...)
}

func appendInt(b []byte, tag string, value int64) []byte {
	b = append(b, soh)
	b = append(b, tag...)
	return strconv.AppendInt(b, value, 10)
}

// appendPrice writes a price at PriceScale with two decimals, or four where it has more than two.
func appendPrice(b []byte, tag string, price int64) []byte {
	b = appendInt(b, tag, price/PriceScale)
	fraction := price % PriceScale
	b = append(b, '.', '0'+byte(fraction/1000), '0'+byte(fraction/100%10))
	if fraction%100 != 0 {
		b = append(b, '0'+byte(fraction/10%10), '0'+byte(fraction%10))
	}
	return b
}

func appendChar(b []byte, tag string, value byte) []byte {
	b = append(b, soh)
	b = append(b, tag...)
	return append(b, value)
}

// admin writes a session message that has at most one field of its own.
func (o *outbound) admin(b []byte, msgType byte, tag string, value []byte) []byte {
	b = o.begin(b, msgType)
	if tag != "" {
		b = appendField(b, tag, value)
	}
	return o.end(b)
}

// logon writes Logon(35=A), with credentials where there are some. reset asks for, or confirms, fresh
// sequence numbers.
func (o *outbound) logon(b []byte, id Identity, reset bool) []byte {
	b = o.begin(b, 'A')
	b = append(b, "\x0198=0\x01108="...)
	b = strconv.AppendInt(b, heartBtNs/1e9, 10)
	if reset {
		b = append(b, "\x01141=Y"...)
	}
	if id.Username != "" {
		b = appendField(b, "553=", []byte(id.Username))
		b = appendField(b, "554=", []byte(id.Password))
	}
	return o.end(b)
}

// gapFill answers a ResendRequest: everything from seq on is over, because a bench keeps no messages.
func (o *outbound) gapFill(b []byte, from uint64) []byte {
	next := o.nextSeq
	o.nextSeq = from
	b = o.begin(b, '4')
	o.nextSeq = next
	b = append(b, "\x0143=Y\x01122="...)
	b = append(b, o.clock.stamp()...)
	b = append(b, "\x01123=Y"...)
	b = appendInt(b, "36=", int64(next))
	return o.end(b)
}
