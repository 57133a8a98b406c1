package spec

import (
	"fmt"
	"slices"
	"strings"
)

// Bounds of a Model. They keep a hostile or mistaken dictionary from taking the process with it; the largest
// standard dictionary (FIX50SP2) has 1,610 fields and about 300 scopes.
const (
	TagMax     = 999_999 // largest tag number; user-defined tags seldom have more than five digits
	FieldsMax  = 60_000
	ScopesMax  = 60_000 // header, trailer, messages and distinct groups
	MsgTypeMax = 7      // bytes of a MsgType(35) value
	EntriesMax = 1 << 20
)

// Scope numbers that every Model has.
const (
	Header  = 0
	Trailer = 1
)

// Model is one dictionary, components folded in.
type Model struct {
	Name     string    // FIX.4.4, FIXT.1.1, FIX.5.0SP2
	Fields   []Field   // ascending by tag
	Scopes   []Scope   // header, trailer, then messages and groups
	Messages []Message // in the order of the file
}

// Field is one row of the field table.
type Field struct {
	Tag   int
	Name  string
	Type  Type
	Enums []string // permitted values in the order of the file; empty = any value
}

// Message names the scope that lists what a MsgType(35) carries between header and trailer.
type Message struct {
	MsgType string
	Name    string
	Admin   bool // msgcat="admin": a message of the session layer
	Scope   int
}

// Scope is a list of fields in the order of the file: header, trailer, message body or the entries of a
// repeating group. In a group the first entry is the delimiter.
type Scope []Entry

// Entry is a field in a scope.
type Entry struct {
	Tag      int
	Required bool // required here: every component on the way was required too
	Group    int  // scope of the repeating group that this tag counts; 0 = not a group
}

// Merge returns the dictionary of FIXT: transport gives header, trailer and session messages, app gives
// application messages. Where both know a field, the application's name and type hold and the permitted values
// are joined, because each file lists only the values (MsgType(35) above all) that concern it.
func Merge(transport, app *Model) (*Model, error) {
	if len(transport.Scopes[Header]) == 0 || len(transport.Scopes[Trailer]) == 0 {
		return nil, fmt.Errorf("transport dictionary %s has no header or no trailer: is it the application's?",
			transport.Name)
	}
	m := &Model{
		Name:   transport.Name + "/" + app.Name,
		Fields: mergeFields(transport.Fields, app.Fields),
		Scopes: slices.Clone(transport.Scopes),
	}
	base := len(m.Scopes)
	for i, s := range app.Scopes {
		if i <= Trailer {
			s = nil // the transport's hold; the place stays so that numbers only shift
		}
		s = slices.Clone(s)
		for i := range s {
			if s[i].Group != 0 {
				s[i].Group += base
			}
		}
		m.Scopes = append(m.Scopes, s)
	}
	for _, msg := range transport.Messages {
		if msg.Admin {
			m.Messages = append(m.Messages, msg)
		}
	}
	for _, msg := range app.Messages {
		if !msg.Admin {
			msg.Scope += base
			m.Messages = append(m.Messages, msg)
		}
	}
	return m, m.Check()
}

func mergeFields(a, b []Field) []Field {
	var out []Field
	for len(a) > 0 && len(b) > 0 {
		switch {
		case a[0].Tag < b[0].Tag:
			out, a = append(out, a[0]), a[1:]
		case a[0].Tag > b[0].Tag:
			out, b = append(out, b[0]), b[1:]
		default:
			f := b[0]
			f.Enums = mergeEnums(a[0].Enums, f.Enums)
			out, a, b = append(out, f), a[1:], b[1:]
		}
	}
	return append(append(out, a...), b...)
}

// mergeEnums joins two lists of permitted values; a list that permits everything stays so.
func mergeEnums(a, b []string) []string {
	if len(a) == 0 || len(b) == 0 {
		return nil
	}
	out := slices.Clone(b)
	for _, v := range a {
		if !slices.Contains(out, v) {
			out = append(out, v)
		}
	}
	return out
}

// DataPairs lists {length tag, data tag} of every DATA and XMLDATA field, ascending. The length field is the
// one that FIX names after the data field (RawData, RawDataLength; XmlData, XmlDataLen), else the LENGTH field
// that stands before it.
func (m *Model) DataPairs() ([][2]int, error) {
	byName := make(map[string]int, len(m.Fields))
	for _, f := range m.Fields {
		byName[f.Name] = f.Tag
	}
	before := m.lengthBefore()
	var pairs [][2]int
	for _, f := range m.Fields {
		if f.Type != Data && f.Type != XMLData {
			continue
		}
		length := byName[f.Name+"Len"]
		if length == 0 {
			length = byName[f.Name+"Length"]
		}
		if length == 0 {
			length = before[f.Tag]
		}
		if length == 0 {
			return nil, fmt.Errorf("data field %s(%d) has no length field: add %sLen of type LENGTH", f.Name, f.Tag, f.Name)
		}
		pairs = append(pairs, [2]int{length, f.Tag})
	}
	slices.SortFunc(pairs, func(a, b [2]int) int { return a[0] - b[0] })
	return pairs, nil
}

// lengthBefore maps a tag to the LENGTH field that stands directly before it in some scope.
func (m *Model) lengthBefore() map[int]int {
	isLength := make(map[int]bool)
	for _, f := range m.Fields {
		isLength[f.Tag] = f.Type == Length
	}
	before := make(map[int]int)
	for _, s := range m.Scopes {
		for i := 1; i < len(s); i++ {
			if isLength[s[i-1].Tag] {
				before[s[i].Tag] = s[i-1].Tag
			}
		}
	}
	return before
}

// Check holds a Model to the package's invariants.
func (m *Model) Check() error {
	if len(m.Fields) > FieldsMax || len(m.Scopes) > ScopesMax || len(m.Scopes) <= Trailer {
		return fmt.Errorf("%d fields and %d scopes: outside 0..%d and 2..%d",
			len(m.Fields), len(m.Scopes), FieldsMax, ScopesMax)
	}
	known := make(map[int]bool, len(m.Fields))
	last := 0
	for _, f := range m.Fields {
		if f.Tag <= last || f.Tag > TagMax {
			return fmt.Errorf("field tag %d after %d: tags ascend up to %d", f.Tag, last, TagMax)
		}
		last, known[f.Tag] = f.Tag, true
	}
	for i, s := range m.Scopes {
		if err := m.checkScope(i, s, known); err != nil {
			return err
		}
	}
	seen := make(map[string]bool, len(m.Messages))
	for _, msg := range m.Messages {
		n := len(msg.MsgType)
		if n == 0 || n > MsgTypeMax || seen[msg.MsgType] || msg.Scope <= Trailer || msg.Scope >= len(m.Scopes) {
			return fmt.Errorf("message %q %s: bad or repeated MsgType, or no scope", msg.MsgType, msg.Name)
		}
		seen[msg.MsgType] = true
	}
	return nil
}

// checkScope demands known tags, no repetition, and groups with a smaller number than their user: nesting
// cannot loop.
func (m *Model) checkScope(i int, s Scope, known map[int]bool) error {
	seen := make(map[int]bool, len(s))
	for _, e := range s {
		if !known[e.Tag] || seen[e.Tag] {
			return fmt.Errorf("scope %d: tag %d unknown or repeated", i, e.Tag)
		}
		seen[e.Tag] = true
		if e.Group == 0 {
			continue
		}
		inside := e.Group > Trailer && e.Group < len(m.Scopes) && (e.Group < i || i <= Trailer)
		if !inside || len(m.Scopes[e.Group]) == 0 {
			return fmt.Errorf("scope %d: group %d of tag %d is empty or does not come before it", i, e.Group, e.Tag)
		}
	}
	return nil
}

// Type is the data type of a field, as the dictionaries of all versions name it.
type Type uint8

// The types that code asks for by name; the rest are numbers with a name.
const (
	Undefined Type = iota // no such field
	Data
	XMLData
	Length
	MultipleCharValue
	MultipleStringValue
	MultipleValueString
)

// typeNames is indexed by Type. The order is part of the bytes in the binary: append only.
var typeNames = [...]string{"", "DATA", "XMLDATA", "LENGTH",
	"MULTIPLECHARVALUE", "MULTIPLESTRINGVALUE", "MULTIPLEVALUESTRING",
	"AMT", "BOOLEAN", "CHAR", "COUNTRY", "CURRENCY", "DATE", "DAYOFMONTH", "EXCHANGE", "FLOAT", "INT", "LANGUAGE",
	"LOCALMKTDATE", "LOCALMKTTIME", "MONTHYEAR", "NUMINGROUP", "PERCENTAGE", "PRICE", "PRICEOFFSET", "QTY", "QUANTITY",
	"RESERVED100PLUS", "SEQNUM", "STRING", "TAGNUM", "TENOR", "TIME", "TZTIMEONLY", "TZTIMESTAMP", "UTCDATE",
	"UTCDATEONLY", "UTCTIMEONLY", "UTCTIMESTAMP", "XID", "XIDREF",
}

// String is the type's name in the dictionaries, "" for Undefined.
func (t Type) String() string {
	if int(t) < len(typeNames) {
		return typeNames[t]
	}
	return ""
}

// ListsValues is true for types whose value is a list of values separated by blanks.
func (t Type) ListsValues() bool { return t >= MultipleCharValue && t <= MultipleValueString }

func parseType(name string) (Type, bool) {
	i := slices.Index(typeNames[:], strings.ToUpper(name))
	return Type(max(i, 0)), i > 0
}
