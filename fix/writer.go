package fix

import (
	"encoding/binary"
	"slices"
)

// Writer appends FIX messages to one buffer, one after the other. Begin leaves room for the
// header whose BodyLength is not known yet; End writes it right-justified before the body, so no
// byte is moved twice and BodyLength has no leading zeros.
//
//	         |<------ headRoom ------>|35=D|34=2|...|10=128|
//	unused   |   8=FIX.4.4|9=176|     ^ body
//	             ^ start: the message is buf[start:end]
//
// A Writer made by NewWriter does not allocate while messages fit its capacity. The zero value
// works and grows as needed.
type Writer struct {
	buf     []byte
	begin   string
	room    int // where the headroom of the open message begins
	body    int // where the body of the open message begins
	stamper Stamper
}

// headRoom holds "8=" BeginString "|9=" and seven digits of BodyLength.
const headRoom = len("8=|9=|") + 8 + bodyLengthDigitsMax

// NewWriter returns a Writer with room for capacity bytes.
func NewWriter(capacity int) *Writer { return &Writer{buf: make([]byte, 0, capacity)} }

// Reset forgets all messages; the memory is kept.
func (w *Writer) Reset() { w.buf = w.buf[:0] }

// Len returns the bytes used since Reset, headroom included.
func (w *Writer) Len() int { return len(w.buf) }

// Begin opens a message. beginString is at most 8 bytes, as all of FIX's are.
func (w *Writer) Begin(beginString, msgType string) {
	w.begin = beginString
	w.room = len(w.buf)
	w.extend(headRoom)
	w.body = len(w.buf)
	w.String(TagMsgType, msgType)
}

// Drop forgets the message that Begin opened.
func (w *Writer) Drop() { w.buf = w.buf[:w.room] }

// End closes the message and returns where it lies: Bytes(off, size). A body that BodyLength
// cannot express does not arise: frames are bounded far below.
func (w *Writer) End() (off, size int) {
	length := len(w.buf) - w.body
	at := w.body - 1
	w.buf[at] = SOH
	for first := true; first || length > 0; first = false {
		at--
		w.buf[at] = byte('0' + length%10)
		length /= 10
	}
	at -= len("9=")
	w.buf[at], w.buf[at+1] = '9', '='
	at--
	w.buf[at] = SOH
	at -= copy(w.buf[at-len(w.begin):], w.begin)
	at -= len("8=")
	w.buf[at], w.buf[at+1] = '8', '='
	sum := CheckSum(w.buf[at:])
	w.buf = append(w.buf, '1', '0', '=', '0'+sum/100, '0'+sum/10%10, '0'+sum%10, SOH)
	return at, len(w.buf) - at
}

// Bytes returns size bytes of the buffer from off, valid until the next Reset.
func (w *Writer) Bytes(off, size int) []byte { return w.buf[off : off+size : off+size] }

// Tag appends "tag=".
func (w *Writer) Tag(tag int) {
	if uint(tag) < uint(len(tagTexts)) {
		t := tagTexts[tag]
		at := len(w.buf)
		w.buf = binary.LittleEndian.AppendUint32(w.buf, uint32(t))[:at+int(t>>32)]
		return
	}
	w.buf = append(AppendUint(w.buf, uint64(tag)), '=')
}

// tagTextBytes is how long a text in tagTexts is at most.
const tagTextBytes = 4

// tagTexts holds "1=" to "999=": the text in the lower four bytes, its length above.
var tagTexts = func() (t [1000]uint64) {
	for tag := range t {
		text := append(AppendUint(nil, uint64(tag)), '=')
		size := len(text)
		t[tag] = uint64(size)<<32 | uint64(binary.LittleEndian.Uint32(append(text, 0, 0)))
	}
	return t
}()

// Field appends tag= and SOH, and between them room for the size bytes of a value, which the caller fills: a value that
// is made elsewhere and copied would be read before it is out of the processor's store buffer.
func (w *Writer) Field(tag, size int) []byte {
	at := len(w.buf)
	if uint(tag) >= uint(len(tagTexts)) || cap(w.buf)-at <= tagTextBytes+size {
		w.Tag(tag)
		text := w.extend(size + 1)
		text[size] = SOH
		return text[:size]
	}
	t := tagTexts[tag] // all of the above at once
	text := w.buf[at : at+tagTextBytes+size+1]
	binary.LittleEndian.PutUint32(text, uint32(t))
	text = text[t>>32:]
	text[size] = SOH
	w.buf = w.buf[:at+int(t>>32)+size+1]
	return text[:size]
}

// extend appends size bytes of any content, to be filled.
func (w *Writer) extend(size int) []byte {
	at := len(w.buf)
	if size > cap(w.buf)-at {
		w.grow(size)
	}
	w.buf = w.buf[:at+size]
	return w.buf[at:]
}

func (w *Writer) grow(size int) { w.buf = slices.Grow(w.buf, size) }

// Value appends tag=value; value must not hold SOH unless the tag is a data field whose length
// field precedes it.
func (w *Writer) Value(tag int, value []byte) { copy(w.Field(tag, len(value)), value) }

// String appends tag=value for a text constant.
func (w *Writer) String(tag int, value string) { copy(w.Field(tag, len(value)), value) }

// Char appends a one-character value.
func (w *Writer) Char(tag int, c byte) { w.Field(tag, 1)[0] = c }

// Flag appends a Boolean, Y or N.
func (w *Writer) Flag(tag int, set bool) {
	c := byte('N')
	if set {
		c = 'Y'
	}
	w.Char(tag, c)
}

// Uint appends an unsigned integer.
func (w *Writer) Uint(tag int, v uint64) { putDigits(w.Field(tag, digitsOf(v)), v) }

// Decimal appends a scaled integer (1e-8) in its shortest form.
func (w *Writer) Decimal(tag int, v int64) {
	w.Tag(tag)
	w.buf = append(AppendDecimal(w.buf, v), SOH)
}

// Stamp appends a UTCTimestamp; ns is Unix time.
func (w *Writer) Stamp(tag int, ns int64, p Precision) {
	w.stamper.put(w.Field(tag, p.size()), ns, p)
}

// Open starts a value that is appended in pieces by Part and closed by Close.
func (w *Writer) Open(tag int) { w.Tag(tag) }

// Part appends bytes to the value that Open started.
func (w *Writer) Part(b []byte) { w.buf = append(w.buf, b...) }

// PartString appends a text constant to the value that Open started.
func (w *Writer) PartString(s string) { w.buf = append(w.buf, s...) }

// PartUint appends an unsigned integer to the value that Open started.
func (w *Writer) PartUint(v uint64) { w.buf = AppendUint(w.buf, v) }

// PartScaled appends v, in units of 1/scale, without trailing zeros; scale is a power of ten.
func (w *Writer) PartScaled(v, scale uint64) {
	w.PartUint(v / scale)
	v %= scale
	if v > 0 {
		w.buf = append(w.buf, '.')
	}
	for scale /= 10; v > 0; scale /= 10 {
		w.buf = append(w.buf, byte('0'+v/scale))
		v %= scale
	}
}

// PartUint36 appends v in base 36 with exactly width digits, see PutUint36.
func (w *Writer) PartUint36(v uint64, width int) { PutUint36(w.extend(width), v) }

// PutUint36 writes v over dst in base 36 (0-9, A-Z), with as many digits as dst has bytes; what does not fit is cut off above.
func PutUint36(dst []byte, v uint64) {
	for ; len(dst) >= 2; dst = dst[:len(dst)-2] {
		binary.LittleEndian.PutUint16(dst[len(dst)-2:], pairs36[v%(36*36)])
		v /= 36 * 36
	}
	if len(dst) == 1 {
		dst[0] = base36[v%36]
	}
}

// pairs36 holds all numbers of two base-36 digits, the upper digit in the lower byte, as it is stored.
var pairs36 = func() (t [36 * 36]uint16) {
	for i := range t {
		t[i] = uint16(base36[i/36]) | uint16(base36[i%36])<<8
	}
	return t
}()

// Close ends the value that Open started.
func (w *Writer) Close() { w.buf = append(w.buf, SOH) }

const base36 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"

// uint36DigitsMax is how many base-36 digits surely fit 64 bits.
const uint36DigitsMax = 12

// ParseUint36 reads 1 to 12 base-36 digits as PutUint36 writes them.
func ParseUint36(b []byte) (v uint64, ok bool) {
	if len(b) == 0 || len(b) > uint36DigitsMax {
		return 0, false
	}
	bad := uint8(0)
	for _, c := range b {
		digit := values36[c]
		bad |= digit
		v = v*36 + uint64(digit)
	}
	if bad >= noDigit36 {
		return 0, false
	}
	return v, true
}

// values36 is the value of each base-36 digit. No value has the bit of noDigit36.
var values36 = func() (t [256]uint8) {
	for c := range t {
		t[c] = noDigit36
	}
	for v, c := range []byte(base36) {
		t[c] = uint8(v)
	}
	return t
}()

const noDigit36 = 64

// Fields appends fields from up to, not including, to of m as they are, byte for byte.
func (w *Writer) Fields(m *Message, from, to int) {
	if from >= to {
		return
	}
	start := 0
	if from > 0 {
		start = int(m.fields[from-1].End) + 1
	}
	end := int(m.fields[to-1].End) + 1
	w.buf = append(w.buf, m.Raw[start:min(end, len(m.Raw))]...)
}

// Restore replaces the buffer's content by finished messages.
func (w *Writer) Restore(sent []byte) { w.buf = append(w.buf[:0], sent...) }
