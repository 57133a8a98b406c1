package spec

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
)

// The bytes, every number an unsigned varint, every text a length and its bytes:
//
//	magic | names: count, text... | lists of values: count, (count, text...)...
//	| data pairs: count, (length, data)...
//	| models: count, (name, byte count, body)...
//	body = fields: count, (tag step, name number, type, 0 or 1+list number)...
//	     | scopes: count, (count, entry...)...  | messages: count, (type, name number, admin, scope)...
//
// Names and value lists are shared by all models: the versions of FIX repeat each other.
const magic = "fixdict1"

// Encode writes models so that Open can give them back one by one. Equal input gives equal bytes.
func Encode(models []*Model) ([]byte, error) {
	w := writer{name: map[string]int{}, list: map[string]int{}}
	var bodies []byte
	var pairs [][2]int
	for _, m := range models {
		p, err := m.DataPairs()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", m.Name, err)
		}
		pairs = append(pairs, p...)
		body := w.body(m)
		bodies = appendText(bodies, m.Name)
		bodies = appendText(bodies, string(body))
	}
	slices.SortFunc(pairs, func(a, b [2]int) int { return cmp.Or(a[0]-b[0], a[1]-b[1]) })
	pairs = slices.Compact(pairs)

	out := []byte(magic)
	out = append(binary.AppendUvarint(out, uint64(len(w.name))), w.names...)
	out = append(binary.AppendUvarint(out, uint64(len(w.list))), w.lists...)
	out = binary.AppendUvarint(out, uint64(len(pairs)))
	for _, p := range pairs {
		out = binary.AppendUvarint(binary.AppendUvarint(out, uint64(p[0])), uint64(p[1]))
	}
	return append(binary.AppendUvarint(out, uint64(len(models))), bodies...), nil
}

func appendText(dst []byte, s string) []byte {
	return append(binary.AppendUvarint(dst, uint64(len(s))), s...)
}

// writer numbers names and value lists at their first use.
type writer struct {
	name, list   map[string]int
	names, lists []byte
}

func (w *writer) nameNumber(s string) uint64 {
	n, ok := w.name[s]
	if !ok {
		n = len(w.name)
		w.name[s] = n
		w.names = appendText(w.names, s)
	}
	return uint64(n)
}

// listNumber is 0 for no list, else 1 + the list's number.
func (w *writer) listNumber(values []string) uint64 {
	if len(values) == 0 {
		return 0
	}
	b := binary.AppendUvarint(nil, uint64(len(values)))
	for _, v := range values {
		b = appendText(b, v)
	}
	n, ok := w.list[string(b)]
	if !ok {
		n = len(w.list)
		w.list[string(b)] = n
		w.lists = append(w.lists, b...)
	}
	return uint64(n) + 1
}

func (w *writer) body(m *Model) []byte {
	b := binary.AppendUvarint(nil, uint64(len(m.Fields)))
	last := 0
	for _, f := range m.Fields {
		b = binary.AppendUvarint(b, uint64(f.Tag-last))
		b = binary.AppendUvarint(b, w.nameNumber(f.Name))
		b = binary.AppendUvarint(b, uint64(f.Type))
		b = binary.AppendUvarint(b, w.listNumber(f.Enums))
		last = f.Tag
	}
	b = binary.AppendUvarint(b, uint64(len(m.Scopes)))
	for _, s := range m.Scopes {
		b = binary.AppendUvarint(b, uint64(len(s)))
		for _, e := range s {
			b = appendEntry(b, e)
		}
	}
	b = binary.AppendUvarint(b, uint64(len(m.Messages)))
	for _, msg := range m.Messages {
		b = appendText(b, msg.MsgType)
		b = binary.AppendUvarint(b, w.nameNumber(msg.Name))
		admin := uint64(0)
		if msg.Admin {
			admin = 1
		}
		b = binary.AppendUvarint(binary.AppendUvarint(b, admin), uint64(msg.Scope))
	}
	return b
}

// Archive is the decoded outside of the bytes; models inside are decoded when asked for.
type Archive struct {
	Pairs  [][2]int // {length tag, data tag} over all models, ascending
	Names  []string // models, in the order of Encode
	names  []string
	lists  [][]string
	bodies []string
}

// Open reads everything but the models' bodies. Texts of the result share the memory of blob.
func Open(blob string) (*Archive, error) {
	rest, ok := strings.CutPrefix(blob, magic)
	if !ok {
		return nil, fmt.Errorf("dictionary bytes do not begin with %q", magic)
	}
	r := reader{rest: rest}
	a := &Archive{}
	for range r.count() {
		a.names = append(a.names, r.text())
	}
	for range r.count() {
		var values []string
		for range r.count() {
			values = append(values, r.text())
		}
		a.lists = append(a.lists, values)
	}
	for range r.count() {
		a.Pairs = append(a.Pairs, [2]int{r.number(TagMax), r.number(TagMax)})
	}
	for range r.count() {
		a.Names = append(a.Names, r.text())
		a.bodies = append(a.bodies, r.text())
	}
	return a, r.end()
}

// Model decodes one dictionary.
func (a *Archive) Model(name string) (*Model, error) {
	i := slices.Index(a.Names, name)
	if i < 0 {
		return nil, fmt.Errorf("no dictionary %q: there are %s", name, strings.Join(a.Names, ", "))
	}
	r := reader{rest: a.bodies[i]}
	m := &Model{Name: name}
	tag := 0
	for range r.count() {
		tag += r.number(TagMax)
		f := Field{Tag: tag, Name: pick(&r, a.names, r.number(len(a.names)-1)), Type: Type(r.number(len(typeNames) - 1))}
		if list := r.number(len(a.lists)); list > 0 {
			f.Enums = pick(&r, a.lists, list-1)
		}
		m.Fields = append(m.Fields, f)
	}
	for range r.count() {
		var s Scope
		for range r.count() {
			s = append(s, r.entry())
		}
		m.Scopes = append(m.Scopes, s)
	}
	for range r.count() {
		m.Messages = append(m.Messages, Message{
			MsgType: r.text(),
			Name:    pick(&r, a.names, r.number(len(a.names)-1)),
			Admin:   r.number(1) == 1,
			Scope:   r.number(ScopesMax),
		})
	}
	if err := r.end(); err != nil {
		return nil, fmt.Errorf("dictionary %s: %w", name, err)
	}
	return m, m.Check()
}

// reader takes numbers and texts off the front; after the first fault it returns zeros and end tells.
type reader struct {
	rest   string
	broken bool
}

func pick[T any](r *reader, list []T, i int) (v T) {
	if i < 0 || i >= len(list) {
		r.broken = true
		return v
	}
	return list[i]
}

// number reads a number of at most limit.
func (r *reader) number(limit int) int {
	var v uint64
	for i := 0; i < len(r.rest) && i < 4; i++ {
		c := r.rest[i]
		v |= uint64(c&0x7f) << (7 * i)
		if c < 0x80 {
			r.rest = r.rest[i+1:]
			if r.broken || limit < 0 || v > uint64(limit) {
				break
			}
			return int(v)
		}
	}
	r.broken = true
	r.rest = ""
	return 0
}

// count reads how many items follow; each takes at least one byte.
func (r *reader) count() int { return r.number(len(r.rest)) }

func (r *reader) text() string {
	n := r.number(len(r.rest))
	if n > len(r.rest) {
		r.broken = true
		return ""
	}
	s := r.rest[:n]
	r.rest = r.rest[n:]
	return s
}

func (r *reader) entry() Entry {
	v := r.number(TagMax<<2 | 3)
	e := Entry{Tag: v >> 2, Required: v&2 != 0}
	if v&1 != 0 {
		e.Group = r.number(ScopesMax)
	}
	return e
}

func (r *reader) end() error {
	if r.broken || r.rest != "" {
		return fmt.Errorf("dictionary bytes are damaged: run go generate ./fix/dict")
	}
	return nil
}
