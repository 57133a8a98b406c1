package config

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"
)

// What a mapping has under its keys: the schema asks for each by what it is to be.

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

// number returns the text of a number; "" when the key is absent. "" written there is no number: it would undo what a wider rule says,
// or choose between two keys and then mean whatever stands for their absence.
func (m *mapping) number(key, cure string) scalar {
	if f, ok := m.take(key); ok {
		if text, plain := textOf(f.node); plain && text == "" {
			m.l.add(f.at, key+" is empty", cure+", or remove the key")
		}
	}
	return m.text(key, "")
}

// count returns a whole number from lowest to highest.
func (m *mapping) count(key string, otherwise, lowest, highest int) int {
	cure := fmt.Sprintf("write %d to %d", lowest, highest)
	value := m.number(key, cure)
	if value.text == "" {
		return otherwise
	}
	number, err := strconv.Atoi(stripUnderscores(value.text))
	if err != nil || number < lowest || number > highest {
		m.l.add(value.at, key+": "+show(value.text)+" is not a whole number in range", cure)
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
	cure := fmt.Sprintf("write digits with at most %d decimals, or unlimited", decimals)
	value := m.number(key, cure)
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
		m.l.add(value.at, key+": "+show(value.text)+" "+wrong, cure)
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
