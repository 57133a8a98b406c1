package config

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

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

// text returns a plain value, or otherwise when the key is absent or "".
func (m *mapping) text(key, otherwise string) scalar {
	f, ok := m.take(key)
	if !ok {
		return scalar{otherwise, m.at}
	}
	text, plain := textOf(f.node)
	if !plain {
		m.l.add(f.at, key+" has no plain value", "write one value, or remove the key")
	}
	if text == "" {
		return scalar{otherwise, f.at}
	}
	if wrong := unprintable(text); wrong != "" {
		m.l.add(f.at, key+" "+wrong, "write printable ASCII")
		return scalar{otherwise, f.at}
	}
	return scalar{text, f.at}
}

// need returns a plain value that must be there; "" after the error.
func (m *mapping) need(key string) scalar {
	f, ok := m.take(key)
	if !ok {
		m.l.add(m.at, key+" is missing in "+m.name, "add it")
		return scalar{"", m.at}
	}
	if text, plain := textOf(f.node); plain && text == "" {
		m.l.add(f.at, key+" is empty", "fill it in")
	}
	return m.text(key, "")
}

// word returns one of the words offered. With otherwise "" the key is required.
func (m *mapping) word(key, otherwise string, offered ...string) string {
	value := m.text(key, otherwise)
	if otherwise == "" && value.text == "" {
		m.need(key)
		return ""
	}
	if value.text != otherwise && !slices.Contains(offered, value.text) {
		m.l.add(value.at, key+": "+show(value.text)+" is not known", "write "+strings.Join(offered, " or "))
		return otherwise
	}
	return value.text
}

// flag returns true or false.
func (m *mapping) flag(key string, otherwise bool) bool {
	return m.word(key, strconv.FormatBool(otherwise), "true", "false") == "true"
}

// count returns a whole number from lowest to highest.
func (m *mapping) count(key string, otherwise, lowest, highest int) int {
	value := m.text(key, "")
	if value.text == "" {
		return otherwise
	}
	number, err := strconv.Atoi(stripUnderscores(value.text))
	if err != nil || number < lowest || number > highest {
		m.l.add(value.at, key+": "+show(value.text)+" is not a whole number in range",
			fmt.Sprintf("write %d to %d", lowest, highest))
		return otherwise
	}
	return number
}

// millis returns a time span that is written in milliseconds, in nanoseconds; at most one day.
func (m *mapping) millis(key string, otherwise, lowest int) int64 {
	return int64(m.count(key, otherwise, lowest, 86_400_000)) * int64(time.Millisecond)
}

// amount returns a limit: 0 when absent, Unlimited for that word, else a number of at most that
// many decimals, not negative.
func (m *mapping) amount(key string, decimals int) int64 {
	value := m.text(key, "")
	switch value.text {
	case "":
		return 0
	case "unlimited":
		return Unlimited
	}
	number, wrong := parseAmount(stripUnderscores(value.text), decimals)
	if wrong == "" && number < 0 {
		wrong = "is negative"
	}
	if wrong != "" {
		m.l.add(value.at, key+": "+show(value.text)+" "+wrong,
			fmt.Sprintf("write digits with at most %d decimals, or unlimited", decimals))
		return 0
	}
	return number
}

// throttle returns {count: N, window_ms: T}, or Unlimited for that word; absent = nothing passes.
func (m *mapping) throttle(key string, countMax int) Throttle {
	f, ok := m.take(key)
	if !ok {
		return Throttle{}
	}
	if text, _ := textOf(f.node); text == "unlimited" {
		return Throttle{CountMax: Unlimited}
	}
	sub := m.l.mapping(f, key)
	throttle := Throttle{
		CountMax: int64(sub.count("count", 0, 0, countMax)),
		WindowNs: sub.millis("window_ms", 1000, 1),
	}
	sub.close()
	return throttle
}

// sub returns a nested mapping; an empty one when the key is absent.
func (m *mapping) sub(key string) *mapping {
	f, ok := m.take(key)
	if !ok {
		return &mapping{l: m.l, name: key, at: m.at, fields: map[string]field{}}
	}
	return m.l.mapping(f, key)
}

// list returns the plain values of a sequence; a single value counts as a list of one.
func (m *mapping) list(key string) []scalar {
	f, ok := m.take(key)
	if !ok {
		return nil
	}
	nodes := []ast.Node{f.node}
	if sequence, isList := f.node.(*ast.SequenceNode); isList {
		nodes = sequence.Values
	}
	var values []scalar
	for _, node := range nodes {
		at := place{f.at.file, lineOf(node, f.at.line)}
		text, plain := textOf(node)
		if !plain || text == "" || unprintable(text) != "" {
			m.l.add(at, key+" has an entry that is not a plain value", "write [one, two]")
			continue
		}
		values = append(values, scalar{text, at})
	}
	return values
}

// entries returns the mappings of a sequence.
func (m *mapping) entries(key string) []*mapping {
	f, ok := m.take(key)
	if !ok {
		return nil
	}
	sequence, isList := f.node.(*ast.SequenceNode)
	if !isList {
		m.l.add(f.at, key+" is not a list", "write one \"- {...}\" entry per line")
		return nil
	}
	entries := make([]*mapping, 0, len(sequence.Values))
	for _, node := range sequence.Values {
		entries = append(entries, m.l.mapping(field{node, place{f.at.file, lineOf(node, f.at.line)}}, "an entry of "+key))
	}
	return entries
}

// pairs returns a mapping whose keys are free, as key and value in file order.
func (m *mapping) pairs(key string) [][2]scalar {
	sub := m.sub(key)
	var pairs [][2]scalar
	for _, name := range sub.order {
		value := sub.text(name, "")
		if wrong := unprintable(name); wrong != "" {
			m.l.add(value.at, "a key of "+key+" "+wrong, "write printable ASCII")
		} else if value.text != "" {
			pairs = append(pairs, [2]scalar{{name, value.at}, value})
		}
	}
	return pairs
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
