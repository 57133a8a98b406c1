package peer

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/quickfixgo/quickfix"
)

// Field is one tag with its value.
type Field struct {
	Tag   int
	Value string
}

// Message is a FIX message: its fields in the order in which they stand.
type Message []Field

// Parse reads a message written with '|' between the fields: "35=D|11=A1|38=100". A part that is no
// tag=value is an error.
func Parse(text string) (Message, error) { return parse(text, "|") }

// ParseRaw reads a message as it is on the wire, with SOH between the fields.
func ParseRaw(raw []byte) (Message, error) { return parse(string(raw), "\x01") }

func parse(text, separator string) (Message, error) {
	var m Message
	for part := range strings.SplitSeq(strings.TrimSuffix(text, separator), separator) {
		tag, value, found := strings.Cut(part, "=")
		n, err := strconv.Atoi(strings.TrimSpace(tag))
		if !found || err != nil || n <= 0 {
			return m, fmt.Errorf("%q is no tag=value", part)
		}
		m = append(m, Field{n, value})
	}
	return m, nil
}

// Type is MsgType(35).
func (m Message) Type() string { return m.Get(35) }

// Get is the value of a tag, "" where it is absent.
func (m Message) Get(tag int) string {
	for _, f := range m {
		if f.Tag == tag {
			return f.Value
		}
	}
	return ""
}

// Has reports whether a tag is there.
func (m Message) Has(tag int) bool {
	for _, f := range m {
		if f.Tag == tag {
			return true
		}
	}
	return false
}

// String writes the message with '|' between the fields.
func (m Message) String() string {
	parts := make([]string, len(m))
	for i, f := range m {
		parts[i] = fmt.Sprintf("%d=%s", f.Tag, f.Value)
	}
	return strings.Join(parts, "|")
}

// differs says in which field m is not what pattern asks for, "" where it fits. A field of the
// pattern that ends in '*' asks for a beginning.
func (m Message) differs(pattern Message) string {
	for _, want := range pattern {
		got := m.Get(want.Tag)
		if prefix, open := strings.CutSuffix(want.Value, "*"); open && strings.HasPrefix(got, prefix) {
			continue
		}
		if got != want.Value {
			return fmt.Sprintf("%d=%s instead of %d=%s", want.Tag, got, want.Tag, want.Value)
		}
	}
	return ""
}

// Tags of the header that a message may set by itself; all others belong to the session.
var headerTags = map[int]bool{35: true, 43: true, 50: true, 57: true, 97: true, 115: true, 116: true, 122: true,
	128: true, 129: true}

// entries is a repeating group of a message: its entries keep their order.
type entries struct {
	*quickfix.RepeatingGroup
	tags []quickfix.Tag // an entry begins with the first
	open bool           // what follows belongs to it
}

func newEntries(count quickfix.Tag, tags ...quickfix.Tag) entries {
	var template quickfix.GroupTemplate
	for _, tag := range tags {
		template = append(template, quickfix.GroupElement(tag))
	}
	return entries{quickfix.NewRepeatingGroup(count, template), tags, false}
}

// take takes a field that is one of the group.
func (e *entries) take(tag quickfix.Tag, value string) bool {
	switch {
	case tag == e.Tag():
		e.open = true
	case !e.open || !slices.Contains(e.tags, tag):
		return false
	case tag == e.tags[0]:
		e.Add().SetString(tag, value)
	case e.Len() == 0:
		return false
	default:
		e.Get(e.Len()-1).SetString(tag, value)
	}
	return true
}

// quickfixMessage is m for quickfixgo, which sorts the body by tag and adds the header. The groups that it may have are
// NoPartyIDs(453), and NoSides(552) of a trade.
func (m Message) quickfixMessage() *quickfix.Message {
	out := quickfix.NewMessage()
	parties, sides := newEntries(453, 448, 447, 452, 2376), newEntries(552, 54, 37, 11, 1)
	parties.open = true
	for _, f := range m {
		switch tag := quickfix.Tag(f.Tag); {
		case headerTags[f.Tag]:
			out.Header.SetString(tag, f.Value)
		case parties.take(tag, f.Value), sides.take(tag, f.Value):
		default:
			out.Body.SetString(tag, f.Value)
		}
	}
	for _, group := range []entries{parties, sides} {
		if group.Len() > 0 {
			out.Body.SetGroup(group.RepeatingGroup)
		}
	}
	return out
}
