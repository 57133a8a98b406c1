package fix

import "bytes"

// SOH ends each field.
const SOH = 0x01

// Framing says what Frame found at the head of a buffer. The zero value asks for more bytes.
type Framing uint8

const (
	Partial       Framing = iota // the message is not whole yet; read more
	Whole                        // a message with the right length and checksum
	NoBeginString                // the bytes do not start with 8=FIX
	BadBodyLength                // BodyLength(9) is missing, malformed, or does not end at CheckSum(10)
	BadCheckSum                  // CheckSum(10) differs from the bytes
	TooLong                      // BodyLength(9) announces more than the configured maximum
)

var framingNames = [...]string{"partial", "whole", "no BeginString(8)", "wrong BodyLength(9): none, more than 7 digits, or not up to CheckSum(10)",
	"wrong CheckSum(10)", "message too long"}

// String names the framing in the words of the log.
func (f Framing) String() string {
	if int(f) < len(framingNames) {
		return framingNames[f]
	}
	return "unknown framing"
}

// Garbled reports whether the bytes are to be skipped and forgotten, as FIX asks of garbled
// messages: the sequence number does not move and the peer is not answered.
func (f Framing) Garbled() bool { return f >= NoBeginString && f <= BadCheckSum }

const (
	beginStringBytesMax = 16 // "8=FIXT.1.1|" is 11
	bodyLengthDigitsMax = 7
	trailerBytes        = 7 // "10=nnn|"
)

var (
	beginPrefix = []byte("8=FIX")
	checkSumTag = []byte("\x0110=")
)

// Frame looks at the head of buf and says how many of its bytes belong to the first message, or
// to the garbage before it.
//
//	8=FIX.4.4|9=176|35=D|34=2|49=ACME|...|38=100|10=128|
//	^         ^     ^                            ^      ^
//	0         length body starts                 trailer size
//	                <--- BodyLength(9) bytes --->
//
// Whole: buf[:size] is one message. Garbled: buf[:size] is to be skipped. Partial: size is 0.
// TooLong: size is what the message claims; a peer that sends it is cut off. sizeMax bounds a
// message in bytes, so that Partial never asks for more than sizeMax bytes.
//
// A BodyLength that does not end at a CheckSum is believed as far as one can: the garbage ends with
// the first CheckSum behind what it announces, so one that is too long swallows what follows.
func Frame(buf []byte, sizeMax int) (size int, f Framing) {
	if !hasBegin(buf) {
		return skip(buf, 0), NoBeginString
	}
	body, length, f := frameHead(buf)
	if f != Whole {
		if f == Partial {
			return 0, Partial
		}
		return skip(buf, 1), f
	}
	trailer := body + length
	size = trailer + trailerBytes
	if size > sizeMax {
		return size, TooLong
	}
	if len(buf) < size {
		return 0, Partial
	}
	t := buf[trailer:size]
	if buf[trailer-1] != SOH || t[0] != '1' || t[1] != '0' || t[2] != '=' || t[6] != SOH {
		return swallow(buf, trailer-1, sizeMax)
	}
	sum := CheckSum(buf[:trailer])
	if t[3] != '0'+sum/100 || t[4] != '0'+sum/10%10 || t[5] != '0'+sum%10 {
		return size, BadCheckSum
	}
	return size, Whole
}

// hasBegin reports whether buf starts with 8=FIX, or may do so once more bytes arrive.
func hasBegin(buf []byte) bool {
	n := min(len(buf), len(beginPrefix))
	return bytes.Equal(buf[:n], beginPrefix[:n])
}

// frameHead reads BeginString and BodyLength and returns where the body starts.
func frameHead(buf []byte) (body, length int, f Framing) {
	i := 2
	for i < len(buf) && buf[i] != SOH {
		if i++; i > beginStringBytesMax {
			return 0, 0, BadBodyLength
		}
	}
	if i++; i+2 > len(buf) {
		if i < len(buf) && buf[i] != '9' {
			return 0, 0, BadBodyLength
		}
		return 0, 0, Partial
	}
	if buf[i] != '9' || buf[i+1] != '=' {
		return 0, 0, BadBodyLength
	}
	i += 2
	for start := i; i < len(buf); i++ {
		switch c := buf[i]; {
		case c >= '0' && c <= '9' && i-start < bodyLengthDigitsMax:
			length = length*10 + int(c-'0')
		case c == SOH && i > start && length > 0:
			return i + 1, length, Whole
		default:
			return 0, 0, BadBodyLength
		}
	}
	return 0, 0, Partial
}

// swallow finds the end of a message whose BodyLength is wrong: the end of the first CheckSum at or
// after from.
func swallow(buf []byte, from, sizeMax int) (size int, f Framing) {
	if i := bytes.Index(buf[from:], checkSumTag); i >= 0 {
		value := from + i + len(checkSumTag)
		if n := bytes.IndexByte(buf[value:], SOH); n >= 0 {
			return value + n + 1, BadBodyLength
		}
	}
	if len(buf) < sizeMax {
		return 0, Partial
	}
	return skip(buf, 1), BadBodyLength
}

// skip returns how many bytes to drop from the head of buf, at least from, so that what remains
// starts with 8=FIX or may be the beginning of it.
func skip(buf []byte, from int) int {
	if from > len(buf) {
		return len(buf)
	}
	if i := bytes.Index(buf[from:], beginPrefix); i >= 0 {
		return from + i
	}
	for n := min(len(beginPrefix)-1, len(buf)-from); n > 0; n-- {
		if bytes.Equal(buf[len(buf)-n:], beginPrefix[:n]) {
			return len(buf) - n
		}
	}
	return len(buf)
}
