package fixecho

import (
	"slices"

	"portcullis/fix"
	"portcullis/fix/dict"
)

// body puts the body of a message into ascending order. What belongs together stays together: a group
// behind its count, a data field behind its length.
type body struct {
	units []unit
}

// unit is a run of fields that are moved as one.
type unit struct {
	tag      uint32
	from, to int
}

// ascending appends the body of m to w.
func (b *body) ascending(d *dict.Dict, m *fix.Message, w *fix.Writer) {
	b.units = b.units[:0]
	for i := 0; i < m.Len(); {
		tag := m.Field(i).Tag
		if d.IsHeader(int(tag)) || d.IsTrailer(int(tag)) {
			i++
			continue
		}
		end := unitEnd(d, m, i)
		b.units = append(b.units, unit{tag, i, end})
		i = end
	}
	slices.SortStableFunc(b.units, func(x, y unit) int { return int(x.tag) - int(y.tag) })
	for _, u := range b.units {
		w.Fields(m, u.from, u.to)
	}
}

// unitEnd is where the unit that begins at field i ends.
func unitEnd(d *dict.Dict, m *fix.Message, i int) int {
	tag := m.Field(i).Tag
	end := i + 1
	if data := fix.DataOf(tag); data != 0 && end < m.Len() && m.Field(end).Tag == data {
		return end + 1
	}
	for end < m.Len() && d.GroupMember(m.Type(), int(tag), int(m.Field(end).Tag)) {
		end++
	}
	return end
}
