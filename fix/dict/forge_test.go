package dict

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"portcullis/fix"
	"portcullis/fix/dict/internal/spec"
)

// pairOf is a tag and its value, both as text: a damaged message may have a tag that is none.
type pairOf struct{ tag, value string }

// forge takes a message of the table messages.txt, or makes one that the dictionary allows, and damages it up to three
// times.
func (r *rival) forge(rng *rand.Rand) string {
	d := r.app
	if rng.IntN(5) == 0 {
		d = r.session
	}
	m := d.messages[rng.IntN(len(d.messages))]
	fields := []pairOf{{"35", m.msgType}, {"34", "2"}, {"49", "ACME"}, {"52", "20261126-10:00:00"}, {"56", "GATE"}}
	fields = append(fields, d.sample(rng, int(m.scope), false)...)
	if rng.IntN(3) == 0 {
		fields = nil
		for _, field := range strings.Split(r.real[rng.IntN(len(r.real))], "|") {
			tag, value, _ := strings.Cut(field, "=")
			fields = append(fields, pairOf{tag, value})
		}
	}
	for range rng.IntN(4) {
		fields = r.damage(rng, fields)
	}
	var b strings.Builder
	for _, f := range fields {
		b.WriteString(f.tag + "=" + f.value + "|")
	}
	return b.String()
}

// realMessages are those of the table that a version has.
func realMessages(t testing.TB, version string) (list []string) {
	t.Helper()
	text, err := os.ReadFile(tableDir + "/messages.txt")
	if err != nil {
		t.Fatal(err)
	}
	ours := false
	for line := range strings.Lines(string(text)) {
		word, rest, _ := strings.Cut(strings.TrimSuffix(line, "|\n"), " ")
		switch word {
		case "for":
			ours = slices.Contains(strings.Fields(rest), version)
		case "I>":
			if ours {
				list = append(list, rest)
			}
		}
	}
	return list
}

// sample gives required members of a scope, some others, and entries for groups.
func (d *Dict) sample(rng *rand.Rand, s int, group bool) (fields []pairOf) {
	at := d.scopes[s]
	for i, n := range d.members[at.member:at.memberEnd] {
		f := &d.fields[n]
		needed := d.has(d.required, s, int(n)) || group && i == 0
		if !needed && rng.IntN(10) > 0 || f.typ == spec.Data || f.typ == spec.XMLData {
			continue
		}
		tag := fmt.Sprint(f.tag)
		inner := at.places[at.place(n)].group
		switch data := fix.DataOf(uint32(f.tag)); {
		case inner != none:
			entries := rng.IntN(3)
			fields = append(fields, pairOf{tag, fmt.Sprint(entries)})
			for range entries {
				fields = append(fields, d.sample(rng, int(inner), true)...)
			}
		case data != 0:
			fields = append(fields, pairOf{tag, "3"}, pairOf{fmt.Sprint(data), []string{"abc", "a=b", "a|b"}[rng.IntN(3)]})
		default:
			fields = append(fields, pairOf{tag, d.value(rng, int(n))})
		}
	}
	return fields
}

// samples has values of each syntax.
var samples = map[format][]string{
	anyText: {"x", "any text"}, integer: {"7", "-7"}, unsigned: {"0", "7"}, decimal: {"187.50", "-0.5", "100"},
	oneByte: {"A"}, yesNo: {"Y", "N"}, bytesList: {"A", "A B"}, wordsList: {"A", "A BC"}, oneWord: {"XNAS"},
	twoLetters: {"US"}, threeLetters: {"USD"}, utcTimestamp: {"20261126-10:00:00", "20261126-10:00:00.123456"},
	clockTime: {"10:00:00"}, calendarDate: {"20261126"}, monthYear: {"202611", "202611w1"}, dayOfMonth: {"26"},
	tzTime: {"10:00+01"}, tzTimestamp: {"20261126-10:00:00Z"}, tenor: {"M3"},
}

func (d *Dict) value(rng *rand.Rand, field int) string {
	if d.fields[field].listed {
		var listed []string
		for _, e := range d.enums {
			if int(e.field) == field {
				listed = append(listed, e.value)
			}
		}
		v := listed[rng.IntN(len(listed))]
		if d.fields[field].typ.ListsValues() && rng.IntN(2) == 0 {
			v += " " + listed[rng.IntN(len(listed))]
		}
		return v
	}
	values := samples[formatOf(d.fields[field].typ, d.name)]
	return values[rng.IntN(len(values))]
}

var oddValues = []string{"", "x", "1", "0", "-1", "+1", "1.5", "Y", "y", "99999", "A B", " ", "US", "USD", "D5", "20261126",
	"20261126-10:00:00", "20261126-23:59:60", "20261126-10:00:00.1", "20261131-10:00:00", "10:00:00", "202611", "031", "|", "a=b"}

var oddTags = []string{"0", "-1", "8", "9", "10", "34", "43", "49", "52", "56", "58", "89", "91", "93", "95", "96", "115", "122",
	"212", "213", "347", "354", "355", "369", "627", "628", "1128", "1156", "5000", "9999", "20000", "123456", "012", "x"}

// damage changes one thing.
func (r *rival) damage(rng *rand.Rand, fields []pairOf) []pairOf {
	i, j := 1+rng.IntN(len(fields)-1), 1+rng.IntN(len(fields)-1)
	insert := func(at int, f pairOf) []pairOf {
		return append(fields[:at:at], append([]pairOf{f}, fields[at:]...)...)
	}
	switch rng.IntN(9) {
	case 0: // drop
		return append(fields[:i:i], fields[i+1:]...)
	case 1: // repeat
		return insert(j, fields[i])
	case 2: // swap
		fields[i], fields[j] = fields[j], fields[i]
	case 3: // swap neighbours
		if i+1 < len(fields) {
			fields[i], fields[i+1] = fields[i+1], fields[i]
		}
	case 4:
		fields[i].value = oddValues[rng.IntN(len(oddValues))]
	case 5:
		fields[i].tag = oddTags[rng.IntN(len(oddTags))]
	case 6:
		return insert(i, pairOf{oddTags[rng.IntN(len(oddTags))], oddValues[rng.IntN(len(oddValues))]})
	case 7: // a field of the dictionary, with a good value
		n := rng.IntN(len(r.app.fields))
		return insert(i, pairOf{fmt.Sprint(r.app.fields[n].tag), r.app.value(rng, n)})
	case 8:
		if rng.IntN(8) == 0 {
			fields[0], fields[i] = fields[i], fields[0]
			break
		}
		fields[0].value = []string{"*", "D", "8", "AE", "0", "A", "n", ""}[rng.IntN(8)]
	}
	return fields
}
