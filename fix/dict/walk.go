package dict

import (
	"math/bits"

	"portcullis/fix"
)

// phase says when a rule is looked at. A message that breaks several is rejected for the earliest one.
type phase uint8

const (
	required phase = iota
	order
	values
	structure
	phases
)

// walk is one pass over a message. Every field is seen once; a fault is kept if its phase is before the one known.
type walk struct {
	m        *fix.Message
	plan     *plan
	switches *Switches
	phase    phase // of fault, or the first one that is not looked at
	fault    fix.Fault
	at       partOf // where the pass is
	parts    [3]part
}

// part is what is known of one scope while its fields go by: header, body, trailer, or one entry of a group.
type part struct {
	dict  *Dict
	scope *scope
	last  uint16 // highest position seen
	seen  [placesMax / 64]uint64
}

func (w *walk) note(p phase, code fix.FaultCode, tag uint32) {
	if p < w.phase {
		w.phase, w.fault = p, fix.Fault{Code: code, Tag: tag}
	}
}

// message goes over the fields that stand in no group, and leaves the others to group.
func (w *walk) message() {
	for i := w.plainFields(0); i < w.m.Len(); i = w.plainFields(i) {
		f := w.m.Field(i)
		r := w.plan.rule(f.Tag)
		w.field(r, f, i)
		i++
		if r.traits&defined == 0 {
			continue
		}
		p := &w.parts[r.part]
		k := p.scope.place(r.field)
		if k < 0 {
			if !w.tolerates(f.Tag) {
				w.note(structure, fix.NotDefined, f.Tag)
			}
			continue
		}
		if !p.take(k) {
			w.note(structure, fix.RepeatedTag, f.Tag)
		}
		if r.traits&counts != 0 && p.scope.places[k].group != none {
			i = w.group(p.dict, p.scope.places[k].group, r.part, i)
		}
	}
	for i := range w.parts {
		w.complete(&w.parts[i], required)
	}
}

// group goes over the entries that follow the counter, the field before next, and returns the first field behind
// them: the one that the entries cannot hold. A tag that the dictionary does not have is nobody's and ends nothing.
func (w *walk) group(d *Dict, scope uint16, in partOf, next int) int {
	counter := w.m.Field(next - 1)
	e := part{dict: d, scope: &d.scopes[scope]}
	entries := 0
	for next < w.m.Len() {
		f := w.m.Field(next)
		r := w.plan.rule(f.Tag)
		if r.traits&defined == 0 {
			w.field(r, f, next)
			next++
			continue
		}
		k := -1
		if r.part == in {
			k = e.scope.place(r.field)
		}
		if k < 0 {
			break
		}
		w.field(r, f, next)
		next++
		here := e.scope.places[k]
		if here.position == 0 { // the delimiter
			if entries > 0 {
				w.complete(&e, structure)
			}
			entries++
			e.last, e.seen = 0, [placesMax / 64]uint64{}
		}
		w.member(&e, k, here.position, f.Tag, entries)
		if here.group != none {
			next = w.group(d, here.group, in, next)
		}
	}
	if entries > 0 {
		w.complete(&e, structure)
	}
	if n, ok := fix.ParseUint(w.m.Raw[counter.Off:counter.End]); ok && n != uint64(entries) {
		w.note(structure, fix.GroupCount, counter.Tag)
	}
	return next
}

// member takes a field of a group entry, which must begin with the delimiter and go on in the dictionary's order.
func (w *walk) member(e *part, k int, position uint16, tag uint32, entries int) {
	switch {
	case !e.take(k):
		w.note(structure, fix.RepeatedTag, tag)
	case entries == 0, position < e.last && w.switches.ValidateUnorderedGroupFields:
		w.note(structure, fix.GroupOrder, tag)
	}
	e.last = max(e.last, position)
}

// field holds one field to the order of the parts and to what its value must be.
func (w *walk) field(r *rule, f fix.Field, i int) {
	if r.part > w.at {
		w.at = r.part
	} else if r.part < w.at && w.switches.ValidateFieldsOutOfOrder {
		w.note(order, fix.FieldOrder, f.Tag)
	}
	value := w.m.Raw[f.Off:f.End]
	switch {
	case f.Tag == 0:
		w.note(values, fix.InvalidTag, 0)
	case len(value) == 0:
		if w.switches.ValidateFieldsHaveValues {
			w.note(values, fix.EmptyValue, f.Tag)
		}
	case r.traits&defined == 0:
		if !w.tolerates(f.Tag) {
			w.note(values, fix.InvalidTag, f.Tag)
		}
	case r.traits&listed != 0:
		if !w.parts[r.part].dict.permits(int(r.field), value, r.traits&several != 0) {
			w.note(values, fix.IncorrectValue, f.Tag)
		}
	case !r.format.accepts(value):
		w.note(values, fix.IncorrectFormat, f.Tag)
	}
	if r.traits&paired != 0 {
		w.pair(i, f.Tag)
	}
}

// pair holds length and data field to each other: one behind the other, and the length that of the data.
func (w *walk) pair(i int, tag uint32) {
	if data := fix.DataOf(tag); data != 0 {
		if i+1 == w.m.Len() || w.m.Field(i+1).Tag != data {
			w.note(structure, fix.RequiredMissing, data)
		}
		return
	}
	length := lengthOf(tag)
	if i == 0 || w.m.Field(i-1).Tag != length {
		w.note(structure, fix.RequiredMissing, length)
		return
	}
	if n, ok := fix.ParseUint(w.m.FieldValue(i - 1)); !ok || n != uint64(len(w.m.FieldValue(i))) {
		w.note(values, fix.IncorrectFormat, tag)
	}
}

// lengthOf returns the length field of a data field.
func lengthOf(data uint32) uint32 {
	for _, pair := range fix.DataPairs() {
		if pair[1] == int(data) {
			return uint32(pair[0])
		}
	}
	return 0
}

// tolerates is true for a tag that may stand where the dictionary does not have it.
func (w *walk) tolerates(tag uint32) bool {
	if tag >= fix.UserDefinedMin {
		return !w.switches.ValidateUserDefinedFields
	}
	return w.switches.AllowUnknownMsgFields
}

// take notes that the member at place k was seen, and is false if it was before.
func (p *part) take(k int) bool {
	word, bit := &p.seen[uint(k)/64%(placesMax/64)], uint64(1)<<(k&63)
	first := *word&bit == 0
	*word |= bit
	return first
}

// complete looks for members that must be there and were not seen.
func (w *walk) complete(p *part, in phase) {
	for n, word := range p.scope.must {
		if missing := word &^ p.seen[n%len(p.seen)]; missing != 0 {
			k := n*64 + bits.TrailingZeros64(missing)
			w.note(in, fix.RequiredMissing, uint32(p.dict.fields[p.scope.places[k].field].tag))
			return
		}
	}
}
