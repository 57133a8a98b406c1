package fix

import "math/bits"

// FieldsMax bounds the fields of one message, group members included.
const FieldsMax = 2048

// Field is one tag=value of an indexed message; Off and End delimit the value in Message.Raw. Tag is 0
// where an integer that is no tag stands in its place.
type Field struct {
	Tag      uint32
	Off, End uint32
}

// FaultCode says what is wrong with a message, as Index or the dictionary found it; the values match
// SessionRejectReason(373) where FIX has one, so that a Reject(35=3) can be built from a Fault.
type FaultCode int16

const (
	NoFault            FaultCode = -1
	Garbled            FaultCode = -9 // cannot be cut into tag=value: to be ignored, as if it had not come
	InvalidTag         FaultCode = 0  // 373=0: zero, negative, longer than nine digits, or in no dictionary
	RequiredMissing    FaultCode = 1  // 373=1
	NotDefined         FaultCode = 2  // 373=2: tag not defined for this message type
	EmptyValue         FaultCode = 4  // 373=4: tag specified without a value
	IncorrectValue     FaultCode = 5  // 373=5
	IncorrectFormat    FaultCode = 6  // 373=6: also a data field that does not fit its length field
	InvalidMsgType     FaultCode = 11 // 373=11
	RepeatedTag        FaultCode = 13 // 373=13
	FieldOrder         FaultCode = 14 // 373=14: header, body, trailer; 8, 9, 35 are not the first three fields
	GroupOrder         FaultCode = 15 // 373=15: repeating group fields out of order
	GroupCount         FaultCode = 16 // 373=16: NumInGroup differs from the entries that follow
	UnsupportedVersion FaultCode = 18 // 373=18: application version, FIXT.1.1
	TooManyFields      FaultCode = 99 // 373=99: more than FieldsMax fields
)

// Fault is what is wrong with a message, and the tag concerned: RefTagID(371). Tag 0 means that there is
// none, or, with InvalidTag, that the tag is none: Message.BadTag has its text.
type Fault struct {
	Code FaultCode
	Tag  uint32
}

// Message is an index over one framed message: where each field lies. It holds no copies; all
// views end when the bytes under Raw change. The zero value is ready for Index, and one Message
// serves any number of messages in turn.
type Message struct {
	Raw      []byte
	Fault    Fault
	repeated uint32 // first known tag seen twice; 0 if none
	count    int
	position [knownCountMax]uint16 // known tag's class → its field's index + 1
	fields   [FieldsMax]Field
}

// Index notes where each field of raw lies. raw is a whole message as Frame returns it. Faults do
// not end the pass, so that MsgSeqNum and MsgType can be read from a faulty message; the first one
// is kept in m.Fault, but Garbled goes before all, and FieldOrder before the others.
func (m *Message) Index(raw []byte) {
	m.Raw = raw
	m.Fault = Fault{Code: NoFault}
	m.repeated = 0
	clear(m.position[:])
	m.count = 0
	ends := endsFrom(raw, 0)
	for base, i := 0, 0; ; {
		ends, i = m.plainFields(ends, base, i)
		switch {
		case i >= len(raw):
			m.position[0] = 0
			m.checkOrder()
			return
		case ends == 0:
			base += blockBytes
			ends = endsFrom(raw, base)
		case m.count == FieldsMax:
			m.position[0] = 0
			m.fault(TooManyFields, 0)
			return
		default:
			i = m.otherField(i, base+bits.TrailingZeros64(ends))
			base = i &^ (blockBytes - 1)
			ends = endsFrom(raw, min(base, len(raw))) & (^uint64(0) << (i - base)) // data may hold SOHs
		}
	}
}

// plainFields notes fields that are a short tag and its value, from i on, as long as there are such; ends has a bit for each
// end of a field that was not come to among the bytes from base. It returns what is left of both. It calls nothing that is
// not laid into it, so that all it works with stays in registers.
func (m *Message) plainFields(ends uint64, base, i int) (uint64, int) {
	count, raw := m.count, m.Raw
	for ; ends != 0 && uint(count) < FieldsMax && i < len(raw)-4; ends &= ends - 1 {
		tag, size := shortTag(uint32(raw[i]) | uint32(raw[i+1])<<8 | uint32(raw[i+2])<<16 | uint32(raw[i+3])<<24)
		end := base + bits.TrailingZeros64(ends)
		class := classes[tag]
		if size == 0 || i+size == end || class.dataTag() != 0 {
			break
		}
		m.fields[count] = Field{Tag: tag, Off: uint32(i + size), End: uint32(end)}
		count++
		i = end + 1
		m.place(class.dense(), tag, count)
	}
	m.count = count
	return ends, i
}

// otherField notes a field that may be anything. It returns where the next one begins.
func (m *Message) otherField(i, end int) int {
	tag, off := scanTag(m.Raw, i)
	if off == 0 {
		m.noTag(i, end)
		return end + 1
	}
	if end == off {
		m.fault(EmptyValue, tag)
	}
	m.fields[m.count] = Field{Tag: tag, Off: uint32(off), End: uint32(end)}
	m.count++
	if tag >= tagTableSize {
		return end + 1
	}
	class := classes[tag]
	m.place(class.dense(), tag, m.count)
	if class.dataTag() == 0 {
		return end + 1
	}
	return m.data(tag, class.dataTag(), end+1)
}

// noTag takes what lies from i to end and has no valid tag. Where an integer stands in the tag's place the
// field is kept under tag 0 and can be rejected; anything else cannot be told from line noise.
func (m *Message) noTag(i, end int) {
	text := m.Raw[i:end]
	digits := 0
	if len(text) > 0 && text[0] == '-' {
		digits = 1
	}
	equals := digits
	for equals < len(text) && text[equals]-'0' <= 9 {
		equals++
	}
	if equals == len(text) || text[equals] != '=' || equals == digits {
		m.Fault = Fault{Code: Garbled}
		return
	}
	m.fault(InvalidTag, 0)
	m.fields[m.count] = Field{Off: uint32(i + equals + 1), End: uint32(end)}
	m.count++
}

// place notes where a known tag lies, by the count of fields up to its own; class 0 is the place of all others, and Index
// clears it at the end.
func (m *Message) place(dense uint8, tag uint32, count int) {
	at := &m.position[dense&(knownCountMax-1)]
	if *at == 0 {
		*at = uint16(count)
	} else if dense != 0 && m.repeated == 0 {
		m.repeated = tag
	}
}

// data takes a data field by the length that the field before it gave; its value may hold SOH.
func (m *Message) data(lengthTag, dataTag uint32, next int) int {
	length := &m.fields[m.count-1]
	n, ok := ParseUint(m.Raw[length.Off:length.End])
	if !ok || n > uint64(len(m.Raw)) {
		m.fault(IncorrectFormat, lengthTag)
		return next
	}
	tag, off := scanTag(m.Raw, next)
	if off == 0 || tag != dataTag || m.count == FieldsMax {
		return next // the data field is not there; the dictionary will miss it
	}
	end := off + int(n)
	if end >= len(m.Raw) || m.Raw[end] != SOH {
		m.fault(IncorrectFormat, dataTag)
		return next
	}
	if n == 0 {
		m.fault(EmptyValue, dataTag)
	}
	m.fields[m.count] = Field{Tag: dataTag, Off: uint32(off), End: uint32(end)}
	m.count++
	m.place(classes[dataTag].dense(), dataTag, m.count)
	return end + 1
}

func (m *Message) fault(code FaultCode, tag uint32) {
	if m.Fault.Code == NoFault {
		m.Fault = Fault{Code: code, Tag: tag}
	}
}

func (m *Message) checkOrder() {
	if m.count < 4 || m.fields[0].Tag != TagBeginString || m.fields[1].Tag != TagBodyLength ||
		m.fields[2].Tag != TagMsgType || m.fields[m.count-1].Tag != TagCheckSum {
		if m.Fault.Code != Garbled {
			m.Fault = Fault{Code: FieldOrder, Tag: TagMsgType}
		}
	}
}

// shortTag is scanTag for what nearly every tag of an order is, one to three digits; size is of the tag and its '=', 0
// where word does not begin with such a tag.
func shortTag(word uint32) (tag uint32, size int) {
	const equals = '=' ^ '0'
	word ^= 0x30303030 // a digit is its value now
	first, second := word&0xFF, word>>8&0xFF
	if first-1 < 9 {
		if third := word >> 16 & 0xFF; second <= 9 {
			if third == equals {
				return first*10 + second, 3
			}
			if third <= 9 && word>>24 == equals {
				return first*100 + second*10 + third, 4
			}
		}
		if second == equals {
			return first, 2
		}
	}
	return 0, 0
}

// scanTag reads the digits before '=' and returns the tag and where its value starts; off is 0
// where there is no valid tag.
func scanTag(b []byte, i int) (tag uint32, off int) {
	start := i
	for ; i < len(b); i++ {
		c := b[i] - '0'
		if c > 9 {
			break
		}
		tag = tag*10 + uint32(c)
	}
	if i >= len(b) || b[i] != '=' || i == start || i-start > tagDigitsMax || b[start] == '0' {
		return 0, 0
	}
	return tag, i + 1
}

const tagDigitsMax = 9

// Len returns the number of fields indexed.
func (m *Message) Len() int { return m.count }

// Field returns the i-th field, 0 ≤ i < Len.
func (m *Message) Field(i int) Field { return m.fields[i] }

// Fields returns all of them.
func (m *Message) Fields() []Field { return m.fields[:m.count] }

// FieldValue returns the value of the i-th field.
func (m *Message) FieldValue(i int) []byte {
	f := m.fields[i]
	return m.Raw[f.Off:f.End:f.End]
}

// At returns the value of a field that was found before; empty for the zero Field.
func (m *Message) At(f Field) []byte { return m.Raw[f.Off:f.End:f.End] }

// Value returns the value of the first field with a known tag, or nil where it is absent. For a
// tag that is not known it returns nil: use Search.
func (m *Message) Value(tag int) []byte {
	if i := m.at(tag); i != 0 {
		f := &m.fields[(i-1)&(FieldsMax-1)]
		return m.Raw[f.Off:f.End:f.End]
	}
	return nil
}

// at is where a known tag lies, one more than its field's index; 0 where it is absent.
func (m *Message) at(tag int) uint16 { return m.position[classes[tag].dense()&(knownCountMax-1)] }

// Find returns where the first field with a known tag lies.
func (m *Message) Find(tag int) (f Field, ok bool) {
	if i := m.at(tag); i != 0 {
		return m.fields[i-1], true
	}
	return Field{}, false
}

// Has reports whether a known tag is present.
func (m *Message) Has(tag int) bool { return m.at(tag) != 0 }

// Search returns the value of the first field with any tag, known or not, by looking at each.
func (m *Message) Search(tag int) []byte {
	for i := 0; i < m.count; i++ {
		if m.fields[i].Tag == uint32(tag) {
			return m.FieldValue(i)
		}
	}
	return nil
}

// BadTag returns the first tag that is zero, negative or too long, as it is written; nil if there is none.
func (m *Message) BadTag() []byte {
	for i := 0; i < m.count; i++ {
		if m.fields[i].Tag == 0 {
			start := 0
			if i > 0 {
				start = int(m.fields[i-1].End) + 1
			}
			return m.Raw[start : m.fields[i].Off-1]
		}
	}
	return nil
}

// Repeated returns the first known tag that occurs twice, 0 if none. Such a message says two
// things at once and is refused: what the gate judged might not be what the venue reads.
func (m *Message) Repeated() int { return int(m.repeated) }

// Type returns MsgType(35), empty if the message has none.
func (m *Message) Type() []byte { return m.Value(TagMsgType) }

// Flag returns the value of a Boolean field; ok is false where it is present but not Y or N.
func (m *Message) Flag(tag int) (set, ok bool) {
	v := m.Value(tag)
	if v == nil {
		return false, true
	}
	if len(v) != 1 {
		return false, false
	}
	return v[0] == 'Y', v[0] == 'Y' || v[0] == 'N'
}

// Uint returns the value of a known numeric field; ok is false where it is absent or malformed.
func (m *Message) Uint(tag int) (n uint64, ok bool) {
	return ParseUint(m.Value(tag))
}
