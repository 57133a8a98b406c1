package fix

import "math/bits"

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
	var blank [headRoom]byte
	w.buf = append(w.buf, blank[:]...)
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
	if tag < 1000 {
		t := &tagTexts[tag]
		w.buf = append(w.buf, t[:4]...)
		w.buf = w.buf[:len(w.buf)-4+int(t[4])]
		return
	}
	w.buf = append(AppendUint(w.buf, uint64(tag)), '=')
}

// tagTexts holds "1=" to "999=" padded to four bytes, and the length.
var tagTexts = func() (t [1000][5]byte) {
	for tag := range t {
		text := append(AppendUint(nil, uint64(tag)), '=')
		copy(t[tag][:4], text)
		t[tag][4] = byte(len(text))
	}
	return t
}()

// Value appends tag=value; value must not hold SOH unless the tag is a data field whose length
// field precedes it.
func (w *Writer) Value(tag int, value []byte) {
	w.Tag(tag)
	w.buf = append(append(w.buf, value...), SOH)
}

// String appends tag=value for a text constant.
func (w *Writer) String(tag int, value string) {
	w.Tag(tag)
	w.buf = append(append(w.buf, value...), SOH)
}

// Char appends a one-character value.
func (w *Writer) Char(tag int, c byte) {
	w.Tag(tag)
	w.buf = append(w.buf, c, SOH)
}

// Flag appends a Boolean, Y or N.
func (w *Writer) Flag(tag int, set bool) {
	c := byte('N')
	if set {
		c = 'Y'
	}
	w.Char(tag, c)
}

// Uint appends an unsigned integer.
func (w *Writer) Uint(tag int, v uint64) {
	w.Tag(tag)
	w.buf = append(AppendUint(w.buf, v), SOH)
}

// Decimal appends a scaled integer (1e-8) in its shortest form.
func (w *Writer) Decimal(tag int, v int64) {
	w.Tag(tag)
	w.buf = append(AppendDecimal(w.buf, v), SOH)
}

// Stamp appends a UTCTimestamp; ns is Unix time.
func (w *Writer) Stamp(tag int, ns int64, p Precision) {
	w.Tag(tag)
	w.buf = append(w.stamper.Append(w.buf, ns, p), SOH)
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

// PartUint36 appends v in base 36 (0-9, A-Z) with exactly width digits, at most 12; what does not
// fit is cut off above.
func (w *Writer) PartUint36(v uint64, width int) {
	const room = "000000000000"
	at := len(w.buf)
	w.buf = append(w.buf, room[:width]...)
	text := w.buf[at:] // written in place: from elsewhere it would be copied before it is out of the store buffer
	i := width
	for ; i >= 2; i -= 2 {
		pair := &pairs36[v%(36*36)]
		text[i-2], text[i-1] = pair[0], pair[1]
		v /= 36 * 36
	}
	if i == 1 {
		text[0] = base36[v%36]
	}
}

// pairs36 holds all numbers of two base-36 digits.
var pairs36 = func() (t [36 * 36][2]byte) {
	for i := range t {
		t[i] = [2]byte{base36[i/36], base36[i%36]}
	}
	return t
}()

// Close ends the value that Open started.
func (w *Writer) Close() { w.buf = append(w.buf, SOH) }

const base36 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"

// ParseUint36 reads base-36 digits as PartUint36 writes them.
func ParseUint36(b []byte) (v uint64, ok bool) {
	for _, c := range b {
		switch {
		case c >= '0' && c <= '9':
			c -= '0'
		case c >= 'A' && c <= 'Z':
			c -= 'A' - 10
		default:
			return 0, false
		}
		hi, lo := bits.Mul64(v, 36)
		if hi != 0 {
			return 0, false
		}
		v = lo + uint64(c)
	}
	return v, len(b) > 0
}

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
