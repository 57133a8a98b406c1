package dict

import "portcullis/fix"

// Permits is true if a field of that tag may have the value: it has the syntax of the field's type, and is in its
// list if it has one.
func (d *Dict) Permits(tag int, value []byte) bool {
	f := d.field(tag)
	return f >= 0 && len(value) > 0 && d.fields[f].format.accepts(value) && d.EnumDefined(tag, value)
}

// Carried tells which tags of a message of one version stand at the same place in that message of another, so that
// a field can be taken over as it is where its value is permitted there. A group is carried with what both versions
// have in its entries, if these begin with the same field, whatever its value, and keep their order.
func Carried(from, to *Dict, msgType []byte) func(tag int) bool {
	if from == to {
		return func(tag int) bool { return from.Defines(msgType, tag) }
	}
	c := carrier{from: from, to: to, kept: map[int]bool{}, lost: map[int]bool{}}
	a, b := from.message(msgType), to.message(msgType)
	if a != nil && b != nil {
		c.scope(&from.scopes[a.scope], &to.scopes[b.scope])
	}
	for _, pair := range fix.DataPairs() { // half of a pair can be read in two ways
		if !c.carried(pair[0]) || !c.carried(pair[1]) {
			c.lost[pair[0]], c.lost[pair[1]] = true, true
		}
	}
	return c.carried
}

// carrier compares two messages. A tag that occurs in several places is carried if it is in all of them.
type carrier struct {
	from, to   *Dict
	kept, lost map[int]bool
}

func (c *carrier) carried(tag int) bool { return c.kept[tag] && !c.lost[tag] }

// scope compares the fields that stand side by side.
func (c *carrier) scope(a, b *scope) {
	for _, p := range a.places {
		tag := int(c.from.fields[p.field].tag)
		k := b.find(c.to, tag)
		switch {
		case k < 0:
			c.lose(tag, p.group)
		case p.group == none && b.places[k].group == none:
			c.kept[tag] = true
		case p.group != none && b.places[k].group != none && c.fits(&c.from.scopes[p.group], &c.to.scopes[b.places[k].group]):
			c.kept[tag] = true
			c.scope(&c.from.scopes[p.group], &c.to.scopes[b.places[k].group])
		default:
			c.lose(tag, p.group)
		}
	}
}

// find returns the place of a tag, -1 if it is no member.
func (s *scope) find(d *Dict, tag int) int {
	if f := d.field(tag); f >= 0 {
		return s.place(uint16(f))
	}
	return -1
}

// lose gives up a tag, and all that stands in the group that it counts.
func (c *carrier) lose(tag int, group uint16) {
	c.lost[tag] = true
	if group == none {
		return
	}
	for _, p := range c.from.scopes[group].places {
		c.lose(int(c.from.fields[p.field].tag), p.group)
	}
}

// fits is true if entries of group a are entries of group b once what b lacks is left out of them: the same field
// begins them, what b requires is there with any value, and the order is the same.
func (c *carrier) fits(a, b *scope) bool {
	position := -1
	for n, f := range c.from.members[a.member:a.memberEnd] {
		tag := int(c.from.fields[f].tag)
		k := b.find(c.to, tag)
		if k < 0 {
			if n == 0 {
				return false
			}
			continue
		}
		at := int(b.places[k].position)
		if at < position || n == 0 && (at != 0 || !c.permitted(tag)) {
			return false
		}
		position = at
	}
	for k, p := range b.places {
		tag := int(c.to.fields[p.field].tag)
		if b.must[k>>6]>>(k&63)&1 != 0 && (a.find(c.from, tag) < 0 || !c.permitted(tag)) {
			return false
		}
	}
	return true
}

// permitted is true if the other version permits every value that a tag may have.
func (c *carrier) permitted(tag int) bool {
	if !c.to.HasEnums(tag) {
		return true
	}
	for _, e := range c.from.enums {
		if int(e.field) == c.from.field(tag) && !c.to.EnumDefined(tag, []byte(e.value)) {
			return false
		}
	}
	return c.from.HasEnums(tag)
}
