package dict

import (
	"cmp"
	"fmt"
	"math/bits"
	"slices"

	"portcullis/fix/dict/internal/spec"
)

// Bounds of the tables, far above any real dictionary: few lines of XML can ask for very much memory.
const (
	wordsMax     = 1 << 20 // of one table of bits; FIX 5.0 SP2 with FIXT.1.1 has 7,540
	groupRefsMax = 1 << 20 // FIX 5.0 SP2 with FIXT.1.1 has 2,107
)

// build makes the tables of a model that passed its Check.
func build(m *spec.Model) (*Dict, error) {
	pairs, err := m.DataPairs()
	if err != nil {
		return nil, err
	}
	d := &Dict{name: m.Name, pairs: pairs}
	d.buildFields(m.Fields)
	if err := d.buildScopes(m.Scopes); err != nil {
		return nil, err
	}
	d.buildMessages(m.Messages)
	return d, nil
}

// slotsFor returns a power of two of at least twice n, so that a hash table of n keys is at most half full.
func slotsFor(n int) int { return 1 << bits.Len(uint(2*n)) }

func (d *Dict) buildFields(fields []spec.Field) {
	d.words = (len(fields) + 63) / 64
	last := 0
	if len(fields) > 0 {
		last = fields[len(fields)-1].Tag
	}
	d.fieldOf = make([]uint16, last+1)
	d.enumChars = make([][2]uint64, len(fields))
	for i, f := range fields {
		d.fieldOf[f.Tag] = uint16(i + 1)
		d.fields = append(d.fields, field{tag: int32(f.Tag), typ: f.Type, format: formatOf(f.Type, d.name), listed: len(f.Enums) > 0, name: f.Name})
		for _, v := range f.Enums {
			d.enums = append(d.enums, enum{field: uint16(i), value: v})
			d.enumLenMax = max(d.enumLenMax, len(v))
			if len(v) == 1 && v[0] < 128 {
				d.enumChars[i][v[0]>>6] |= 1 << (v[0] & 63)
			}
		}
	}
	d.enumSlots = make([]uint32, slotsFor(len(d.enums)))
	d.enumSlotMax = uint64(len(d.enumSlots) - 1)
	for n, e := range d.enums {
		i := hashEnum(int(e.field), e.value)
		for d.enumSlots[i&d.enumSlotMax] != 0 {
			i++
		}
		d.enumSlots[i&d.enumSlotMax] = uint32(n + 1)
	}
}

// buildScopes fills the rows of bits. A group has a smaller number than its user, so going up the numbers finds
// every group complete before it is used; header and trailer, which come first, are done last.
func (d *Dict) buildScopes(scopes []spec.Scope) error {
	size := len(scopes) * d.words
	if size > wordsMax {
		return &Error{Problem: fmt.Sprintf("%d fields in %d messages and groups: the tables would be too large",
			len(d.fields), len(scopes))}
	}
	d.direct, d.reach, d.required = make([]uint64, size), make([]uint64, size), make([]uint64, size)
	d.scopes = make([]scope, len(scopes))
	for n := spec.Trailer + 1; n < len(scopes); n++ {
		d.buildScope(n, scopes[n])
		if len(d.groups) > groupRefsMax {
			return &Error{Problem: fmt.Sprintf("more than %d groups in all messages together", groupRefsMax)}
		}
	}
	d.buildScope(spec.Header, scopes[spec.Header])
	d.buildScope(spec.Trailer, scopes[spec.Trailer])
	return nil
}

func (d *Dict) buildScope(n int, entries spec.Scope) {
	s := scope{member: uint32(len(d.members)), group: uint32(len(d.groups))}
	row := n * d.words
	var refs []groupRef
	for _, e := range entries {
		f := d.field(e.Tag)
		word, bit := row+f>>6, uint64(1)<<(f&63)
		d.direct[word] |= bit
		d.reach[word] |= bit
		if e.Required {
			d.required[word] |= bit
		}
		s.places = append(s.places, place{uint16(f), uint16(len(s.places)), uint16(e.Group)})
		d.members = append(d.members, uint16(f))
		if e.Group == none {
			continue
		}
		d.fields[f].counts = true
		for w := range d.words {
			d.reach[row+w] |= d.reach[e.Group*d.words+w]
		}
		inner := d.scopes[e.Group]
		refs = append(refs, groupRef{uint16(f), uint16(e.Group)})
		refs = append(refs, d.groups[inner.group:inner.groupEnd]...)
	}
	slices.SortFunc(refs, func(a, b groupRef) int {
		return cmp.Or(cmp.Compare(a.field, b.field), cmp.Compare(a.scope, b.scope))
	})
	d.groups = append(d.groups, slices.Compact(refs)...)
	s.memberEnd, s.groupEnd = uint32(len(d.members)), uint32(len(d.groups))
	s.buildPlaces(d.direct[row:row+d.words], d.required[row:row+d.words])
	d.scopes[n] = s
}

// buildPlaces numbers the members by ascending tag: the place of a member is the count of direct bits before its own.
func (s *scope) buildPlaces(direct, required []uint64) {
	count := 0
	for _, w := range direct {
		s.row = append(s.row, word{w, count})
		count += bits.OnesCount64(w)
	}
	slices.SortFunc(s.places, func(a, b place) int { return cmp.Compare(a.field, b.field) })
	s.must = make([]uint64, (len(s.places)+63)/64)
	for k, p := range s.places {
		s.must[k>>6] |= required[p.field>>6] >> (p.field & 63) & 1 << (k & 63)
	}
}

func (d *Dict) buildMessages(messages []spec.Message) {
	d.msgSlots = make([]msgSlot, slotsFor(len(messages)))
	d.msgShift = uint(64 - bits.Len(uint(len(d.msgSlots)-1)))
	for n, m := range messages {
		d.messages = append(d.messages, message{msgType: m.MsgType, name: m.Name, scope: uint16(m.Scope), admin: m.Admin})
		key := pack([]byte(m.MsgType))
		i := int(key * golden >> d.msgShift)
		for d.msgSlots[i&(len(d.msgSlots)-1)].key != 0 {
			i++
		}
		d.msgSlots[i&(len(d.msgSlots)-1)] = msgSlot{key: key, message: uint16(n)}
	}
}
