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

// noPartyIDs counts the only group that a message may have: its entries keep their order.
const noPartyIDs = 453

var partyTags = []quickfix.Tag{448, 447, 452, 2376}

// quickfixMessage is m for quickfixgo, which sorts the body by tag and adds the header.
func (m Message) quickfixMessage() *quickfix.Message {
	out := quickfix.NewMessage()
	var template quickfix.GroupTemplate
	for _, tag := range partyTags {
		template = append(template, quickfix.GroupElement(tag))
	}
	parties := quickfix.NewRepeatingGroup(noPartyIDs, template)
	for _, f := range m {
		switch tag := quickfix.Tag(f.Tag); {
		case headerTags[f.Tag]:
			out.Header.SetString(tag, f.Value)
		case tag == noPartyIDs:
		case tag == partyTags[0]:
			parties.Add().SetString(tag, f.Value)
		case slices.Contains(partyTags, tag) && parties.Len() > 0:
			parties.Get(parties.Len()-1).SetString(tag, f.Value)
		default:
			out.Body.SetString(tag, f.Value)
		}
	}
	if parties.Len() > 0 {
		out.Body.SetGroup(parties)
	}
	return out
}
