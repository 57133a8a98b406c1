package config

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"portcullis/fix/settings"
)

// The reader below walks the syntax tree instead of decoding into structs: each value keeps its
// line, every defect is found in one run, a key that nobody asks for is unknown by construction,
// and the digits of an amount reach parseAmount as written, never as a float.

// nestingMax bounds how deep a file may nest. The schema needs 4; quoted brackets count, so there is room.
const nestingMax = 200

// place is where something was written.
type place struct {
	file string
	line int
}

// scalar is one plain value and its place.
type scalar struct {
	text string
	at   place
}

// mapping is one YAML mapping that is read key by key.
type mapping struct {
	l      *loader
	name   string // "gate", "an entry of accounts"; for messages
	at     place
	fields map[string]field
	order  []string // keys in file order
	asked  []string // keys that the schema knows
	base   *mapping // where a missing key is looked up (account_defaults); nil = nowhere
}

// field is the value of one key.
type field struct {
	node ast.Node
	at   place
}

// parseYAML gives the mapping at the top of a file; an empty one after a syntax error.
func (l *loader) parseYAML(file string, data []byte) *mapping {
	top := &mapping{l: l, name: file, at: place{file, 1}, fields: map[string]field{}}
	tree, err := parseTree(bytes.TrimPrefix(data, []byte("\ufeff")))
	var syntax yaml.Error
	switch {
	case errors.As(err, &syntax) && syntax.GetToken() != nil:
		l.add(place{file, syntax.GetToken().Position.Line}, "not valid YAML: "+syntax.GetMessage(),
			"check indentation, quotes and brackets on this line and the one above")
	case err != nil:
		l.add(place{file, 0}, "not valid YAML: "+firstLine(err.Error()), "check indentation, quotes and brackets")
	case len(tree.Docs) > 1:
		l.add(place{file, 0}, "more than one YAML document", "remove the --- line between them")
	case len(tree.Docs) == 1 && tree.Docs[0].Body != nil:
		return l.mapping(field{tree.Docs[0].Body, top.at}, file)
	}
	return top
}

// parseTree guards the parser, which is foreign code: should odd input make it panic, a reload must
// not take the gate down.
func parseTree(data []byte) (tree *ast.File, err error) {
	defer func() {
		if crash := recover(); crash != nil {
			tree, err = nil, errors.New("the YAML parser failed on it")
		}
	}()
	if nestedTooDeep(data) {
		return nil, fmt.Errorf("nested more than %d deep", nestingMax)
	}
	return parser.ParseBytes(data, 0)
}

// nestedTooDeep looks for brackets in brackets, and for lists in lists on one line, before the
// parser recurses on them and takes quadratic time. Comments do not count.
func nestedTooDeep(data []byte) bool {
	depth := 0
	for line := range bytes.Lines(data) {
		if bytes.HasPrefix(bytes.TrimLeft(line, " "), []byte("#")) {
			continue
		}
		line, _, _ = bytes.Cut(line, []byte(" #"))
		lists := bytes.Count(line, []byte("- ")) + bytes.Count(line, []byte("? "))
		for _, c := range line {
			switch c {
			case '[', '{':
				depth++
			case ']', '}':
				depth = max(depth-1, 0)
			}
			if depth+lists > nestingMax {
				return true
			}
		}
	}
	return false
}

// mapping checks that a value is a mapping and takes it apart.
func (l *loader) mapping(f field, name string) *mapping {
	m := &mapping{l: l, name: name, at: f.at, fields: map[string]field{}}
	var values []*ast.MappingValueNode
	switch node := f.node.(type) {
	case *ast.MappingNode:
		values = node.Values
	case *ast.MappingValueNode:
		values = []*ast.MappingValueNode{node}
	case *ast.AnchorNode, *ast.AliasNode, *ast.TagNode:
		l.add(f.at, name+" uses a YAML anchor, alias or tag",
			"write it out; account_defaults and link_defaults hold what entries share")
	default:
		l.add(f.at, name+" is not a mapping", "write key: value pairs")
	}
	for _, value := range values {
		at := place{f.at.file, lineOf(value.Key, f.at.line)}
		key, ok := textOf(value.Key)
		switch _, twice := m.fields[key]; {
		case !ok:
			l.add(at, "a key of "+name+" is not a plain word", "anchors, merges and tags are not offered; write it out")
		case twice:
			l.add(at, key+" is set twice", "keep one of the two")
		default:
			m.fields[key] = field{value.Value, place{at.file, lineOf(value.Value, at.line)}}
			m.order = append(m.order, key)
		}
	}
	if len(m.order) > 0 {
		m.at.line = lineOf(values[0].Key, m.at.line)
	}
	return m
}

// take finds the value of a key, here or in the defaults, and notes that the schema knows it.
func (m *mapping) take(key string) (field, bool) {
	m.asked = append(m.asked, key)
	for ; m != nil; m = m.base {
		if found, ok := m.fields[key]; ok {
			return found, true
		}
	}
	return field{}, false
}

// has reports whether a key is set, without counting as reading it.
func (m *mapping) has(key string) bool {
	_, ok := m.fields[key]
	return ok
}

// placeOf is where a key is set, or the mapping itself.
func (m *mapping) placeOf(key string) place {
	if f, ok := m.fields[key]; ok {
		return f.at
	}
	return m.at
}

// close reports every key that nobody asked for.
func (m *mapping) close() {
	slices.Sort(m.asked)
	m.asked = slices.Compact(m.asked)
	for _, key := range m.order {
		if !slices.Contains(m.asked, key) {
			m.l.add(m.fields[key].at, "unknown key "+show(key),
				settings.DidYouMean(key, m.asked, "the keys here are "+strings.Join(m.asked, ", ")))
		}
	}
}

// textOf returns the text of a plain value as written, without quotes.
func textOf(node ast.Node) (string, bool) {
	switch node := node.(type) {
	case *ast.StringNode:
		return node.Value, true
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.InfinityNode, *ast.NanNode:
		return node.GetToken().Value, true
	}
	return "", false
}

// lineOf is the line of a node, or otherwise when the tree has none.
func lineOf(node ast.Node, otherwise int) int {
	if node == nil || node.GetToken() == nil || node.GetToken().Position == nil {
		return otherwise
	}
	return node.GetToken().Position.Line
}

// unprintable says what is wrong with text that will stand in FIX fields and in messages.
func unprintable(text string) string {
	for i := range len(text) {
		if text[i] < ' ' || text[i] > '~' {
			return "has a byte that is not printable ASCII"
		}
	}
	if strings.TrimSpace(text) != text {
		return "has blanks around it"
	}
	return ""
}

// show quotes foreign text for a message and keeps it short.
func show(text string) string {
	if len(text) > amountBytesMax {
		text = text[:amountBytesMax] + "..."
	}
	return strconv.Quote(text)
}

func firstLine(text string) string {
	first, _, _ := strings.Cut(text, "\n")
	return first
}
