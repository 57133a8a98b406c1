package dict

import (
	"math/bits"

	"portcullis/fix/dict/internal/spec"
)

// Type is the data type of a field; String gives the dictionaries' word for it (QTY, UTCTIMESTAMP). Its zero
// value is that of a tag without a field.
type Type = spec.Type

// Dict is one dictionary. It is immutable and safe for any number of readers.
//
// Fields are numbered by ascending tag. Header, trailer, message bodies and groups are all "scopes": each has
// one row of bits per table, words wide, indexed by field number. A message or group that is not there is scope
// none.
type Dict struct {
	name  string
	pairs [][2]int

	fieldOf []uint16 // tag -> 1 + field number; 0 = no such field
	fields  []field

	words    int      // 64-bit words in a row: (len(fields)+63)/64
	direct   []uint64 // listed in the scope itself
	reach    []uint64 // listed in the scope or in a group inside it, at any depth
	required []uint64 // listed in the scope itself and required there

	members []uint16   // field numbers of all scopes, one scope after the other, in the order of the file
	groups  []groupRef // groups inside all scopes, one scope after the other, at any depth
	scopes  []scope

	messages []message
	msgSlots []msgSlot // hash table, at most half full

	enums       []enum
	enumChars   [][2]uint64 // per field: the permitted values of one ASCII byte
	enumSlots   []uint32    // hash table, at most half full: 1 + index in enums; 0 = empty
	enumLenMax  int         // bytes of the longest permitted value
	msgShift    uint
	enumSlotMax uint64
}

// none is the scope of what does not exist; header is its number in the model, and no message or group has it.
const none = spec.Header

type field struct {
	tag    int32
	typ    Type
	format format
	listed bool // only the values in enums are permitted
	counts bool // the entries of a group, in some scope
	name   string
}

// scope says where the rows of members and groups of a scope lie, and what else is known of its members: places
// lists them by ascending tag, and row finds a field's place there by counting bits.
type scope struct {
	member, memberEnd uint32
	group, groupEnd   uint32

	row    []word
	places []place
	must   []uint64 // the required ones among places, 64 to a word
}

// word has the direct bits of 64 fields, and the place of the first of them.
type word struct {
	bits  uint64
	first int
}

// place is a member of a scope: its number in the order of the file, and the scope of the group it counts.
type place struct{ field, position, group uint16 }

// groupRef says that the scope it belongs to holds, directly or deeper, group scope, counted by field.
type groupRef struct{ field, scope uint16 }

type message struct {
	msgType string
	name    string
	scope   uint16
	admin   bool
}

// msgSlot holds a MsgType packed by pack; key 0 = empty.
type msgSlot struct {
	key     uint64
	message uint16
}

type enum struct {
	field uint16
	value string
}

// Name is FIX.4.2, FIX.4.4, FIXT.1.1 (session messages only) or FIXT.1.1/FIX.5.0SP2.
func (d *Dict) Name() string { return d.name }

// DataPairs lists {length tag, data tag} of this dictionary, ascending. The caller must not change it.
func (d *Dict) DataPairs() [][2]int { return d.pairs }

// HasField is true if the dictionary has a field of that tag at all.
func (d *Dict) HasField(tag int) bool { return d.field(tag) >= 0 }

// FieldName is the name of a tag, "" if the dictionary does not have it.
func (d *Dict) FieldName(tag int) string {
	if f := d.field(tag); f >= 0 {
		return d.fields[f].name
	}
	return ""
}

// FieldType is the data type of a tag.
func (d *Dict) FieldType(tag int) Type {
	if f := d.field(tag); f >= 0 {
		return d.fields[f].typ
	}
	return spec.Undefined
}

// HasMsg is true if the dictionary defines that MsgType(35); else the answer is 35=3 373=11.
func (d *Dict) HasMsg(msgType []byte) bool { return d.message(msgType) != nil }

// MsgName is the name of a MsgType(35), "" if the dictionary does not define it.
func (d *Dict) MsgName(msgType []byte) string {
	if m := d.message(msgType); m != nil {
		return m.name
	}
	return ""
}

// IsAdmin is true for messages of the session layer (Logon, Heartbeat, TestRequest ...).
func (d *Dict) IsAdmin(msgType []byte) bool {
	m := d.message(msgType)
	return m != nil && m.admin
}

// IsHeader is true for tags of the standard header, those inside its group NoHops(627) included.
func (d *Dict) IsHeader(tag int) bool { return d.has(d.reach, spec.Header, d.field(tag)) }

// IsTrailer is true for tags of the standard trailer.
func (d *Dict) IsTrailer(tag int) bool { return d.has(d.reach, spec.Trailer, d.field(tag)) }

// Defines is true if the body of that message may carry the tag, in itself or inside one of its groups. Header
// and trailer are asked with IsHeader and IsTrailer; a tag that no one of the three knows is 35=3 373=2.
func (d *Dict) Defines(msgType []byte, tag int) bool {
	m := d.message(msgType)
	return m != nil && d.has(d.reach, int(m.scope), d.field(tag))
}

// InBody is true if the body of that message lists the tag outside its groups: there it may occur once.
func (d *Dict) InBody(msgType []byte, tag int) bool {
	m := d.message(msgType)
	return m != nil && d.has(d.direct, int(m.scope), d.field(tag))
}

// Required is true if that message must carry the tag in its body. Tags required only inside a group, or only
// where an optional component is used, are not.
func (d *Dict) Required(msgType []byte, tag int) bool {
	m := d.message(msgType)
	return m != nil && d.has(d.required, int(m.scope), d.field(tag))
}

// RequiredHeader is true if every message must carry the header tag.
func (d *Dict) RequiredHeader(tag int) bool { return d.has(d.required, spec.Header, d.field(tag)) }

// GroupMember is true if, in that message, an entry of the repeating group that groupTag (a NumInGroup field)
// counts may hold the tag, in itself or in a group inside it. It is false for groupTag itself.
func (d *Dict) GroupMember(msgType []byte, groupTag, tag int) bool {
	f := d.field(tag)
	for _, g := range d.groupRefs(msgType, groupTag) {
		if d.has(d.reach, int(g.scope), f) {
			return true
		}
	}
	return false
}

// Delimiter is the tag that begins each entry of the repeating group that groupTag counts in that message; 0 if
// there is no such group. Where a message has the group in several places with different content it is that of the
// definition read first, components before messages.
func (d *Dict) Delimiter(msgType []byte, groupTag int) int {
	refs := d.groupRefs(msgType, groupTag)
	if len(refs) == 0 {
		return 0
	}
	s := d.scopes[refs[0].scope]
	return int(d.fields[d.members[s.member]].tag)
}

// HasEnums is true if only listed values are permitted for the tag.
func (d *Dict) HasEnums(tag int) bool {
	f := d.field(tag)
	return f >= 0 && d.fields[f].listed
}

// EnumDefined is true if the dictionary permits the value: it is in the tag's list, or the tag has none. Types
// that hold several values separated by blanks, as ExecInst(18), need every one in the list. An empty value is
// never permitted, nor is any value of an unknown tag.
func (d *Dict) EnumDefined(tag int, value []byte) bool {
	f := d.field(tag)
	if f < 0 || len(value) == 0 {
		return false
	}
	return !d.fields[f].listed || d.permits(f, value, d.fields[f].typ.ListsValues())
}

// permits looks a value up in the list of field f; where several separated by blanks may be given, each of them.
func (d *Dict) permits(f int, value []byte, several bool) bool {
	if len(value) == 1 && value[0] < 128 {
		return d.enumChars[f][value[0]>>6]>>(value[0]&63)&1 != 0
	}
	if d.enumListed(f, value) {
		return true
	}
	if !several {
		return false
	}
	for start := 0; start <= len(value); {
		end := start
		for end < len(value) && value[end] != ' ' {
			end++
		}
		if !d.enumListed(f, value[start:end]) {
			return false
		}
		start = end + 1
	}
	return true
}

// field returns the field number of a tag, -1 if there is none.
func (d *Dict) field(tag int) int {
	if uint(tag) >= uint(len(d.fieldOf)) {
		return -1
	}
	return int(d.fieldOf[tag]) - 1
}

// has looks at the bit of field f in the row of scope s.
func (d *Dict) has(table []uint64, s, f int) bool {
	return f >= 0 && table[s*d.words+f>>6]>>(f&63)&1 != 0
}

// place returns the place of field f, -1 if it is no member.
func (s *scope) place(f uint16) int {
	w, bit := &s.row[f>>6], uint64(1)<<(f&63)
	if w.bits&bit == 0 {
		return -1
	}
	return w.first + bits.OnesCount64(w.bits&(bit-1))
}

func (d *Dict) message(msgType []byte) *message {
	if n := d.messageNumber(msgType); n >= 0 {
		return &d.messages[n]
	}
	return nil
}

// messageNumber returns the place of a message in the dictionary, -1 if it has none of that type.
func (d *Dict) messageNumber(msgType []byte) int {
	key := pack(msgType)
	if key == 0 {
		return -1
	}
	mask := len(d.msgSlots) - 1
	for i := int(key * golden >> d.msgShift); ; i++ {
		switch slot := &d.msgSlots[i&mask]; slot.key {
		case key:
			return int(slot.message)
		case 0:
			return -1
		}
	}
}

// groupRefs returns the definitions that a message has for the group counted by groupTag: none or one, more
// only where a dictionary defines it differently in several places.
func (d *Dict) groupRefs(msgType []byte, groupTag int) []groupRef {
	m, f := d.message(msgType), d.field(groupTag)
	if m == nil || f < 0 {
		return nil
	}
	s := d.scopes[m.scope]
	refs := d.groups[s.group:s.groupEnd]
	lo, hi := 0, len(refs)
	for lo < hi {
		if mid := (lo + hi) / 2; int(refs[mid].field) < f {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	for hi < len(refs) && int(refs[hi].field) == f {
		hi++
	}
	return refs[lo:hi]
}

func (d *Dict) enumListed(f int, value []byte) bool {
	if len(value) > d.enumLenMax {
		return false
	}
	for i := hashEnum(f, value); ; i++ {
		slot := d.enumSlots[i&d.enumSlotMax]
		if slot == 0 {
			return false
		}
		if e := &d.enums[slot-1]; int(e.field) == f && e.value == string(value) {
			return true
		}
	}
}

// golden is 2^64 divided by the golden ratio: its product spreads keys over the high bits.
const golden = 0x9E3779B97F4A7C15

// pack makes a number of a MsgType, 0 if it is empty or too long to be one. The length is in front, so that a
// leading zero byte is not lost.
func pack(msgType []byte) uint64 {
	if len(msgType) == 0 || len(msgType) > spec.MsgTypeMax {
		return 0
	}
	key := uint64(len(msgType))
	for _, c := range msgType {
		key = key<<8 | uint64(c)
	}
	return key
}

func hashEnum[T []byte | string](f int, value T) uint64 {
	h := uint64(f) + 1
	for i := range len(value) {
		h = (h ^ uint64(value[i])) * golden
		h ^= h >> 32
	}
	return h
}
