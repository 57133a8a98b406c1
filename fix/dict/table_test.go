package dict

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"portcullis/fix"
)

// tableDir has the tables of messages and verdicts; its README.md explains the lines.
const tableDir = "../../testdata/dict"

// links names the versions as the tables do, and what a link of each is configured with.
var links = []struct{ name, begin, appl string }{
	{"FIX.4.0", "FIX.4.0", ""},
	{"FIX.4.1", "FIX.4.1", ""},
	{"FIX.4.2", "FIX.4.2", ""},
	{"FIX.4.3", "FIX.4.3", ""},
	{"FIX.4.4", "FIX.4.4", ""},
	{"FIX.5.0", "FIXT.1.1", "7"},
	{"FIX.5.0SP1", "FIXT.1.1", "8"},
	{"FIX.5.0SP2", "FIXT.1.1", "9"},
}

// written replaces the words of the tables by the fields they stand for in a version.
func written(text, version string) string {
	time := "60=20261126-10:00:00|"
	if version < "FIX.4.2" {
		time = ""
	}
	text = strings.ReplaceAll(text, "<header>", "34=2|49=ACME|52=20261126-10:00:00|56=GATE")
	text = strings.ReplaceAll(text, "<order>", "11=A1|21=1|55=AAPL|54=1|<time>38=100|40=2|44=187.50")
	return strings.ReplaceAll(text, "<time>", time)
}

func TestTables(t *testing.T) {
	files, err := filepath.Glob(tableDir + "/*.txt")
	if err != nil || len(files) < 10 {
		t.Fatalf("%d tables, %v", len(files), err)
	}
	for _, file := range files {
		if filepath.Base(file) == "formats.txt" {
			continue
		}
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			table := table{t: t}
			for n, line := range strings.Split(string(text), "\n") {
				table.line(n+1, line)
			}
		})
	}
}

// table is a file while it is read.
type table struct {
	t        *testing.T
	title    string
	versions []string
	switches Switches
	message  string
}

func (tb *table) line(number int, line string) {
	word, rest, _ := strings.Cut(line, " ")
	switch word {
	case "", "#":
	case "case":
		tb.title, tb.versions, tb.switches = rest, nil, DefaultSwitches()
	case "for":
		tb.versions = strings.Fields(rest)
	case "with":
		name, value, _ := strings.Cut(rest, "=")
		reflect.ValueOf(&tb.switches).Elem().FieldByName(name).SetBool(value == "Y")
	case "I>":
		tb.message = rest
	case "=":
		tb.verdict(number, rest)
	case "~":
		tb.rival(number, rest)
	default:
		tb.t.Fatalf("line %d: %q has no mark", number, line)
	}
}

func (tb *table) verdict(number int, want string) {
	for _, l := range links {
		if tb.versions != nil && !slices.Contains(tb.versions, l.name) {
			continue
		}
		v := mustValidator(tb.t, l.begin, l.appl, tb.switches)
		var m fix.Message
		m.Index(whole(l.begin, written(tb.message, l.name)))
		if got := verdict(mustFor(tb.t, l.begin, l.appl), &m, v.Judge(&m)); got != want {
			tb.t.Errorf("line %d, %s: %s, want %s", number, l.name, got, want)
		}
	}
}

// rival holds quickfixgo to the verdict, and the case's title to be the reason for the difference.
func (tb *table) rival(number int, want string) {
	for n, l := range links {
		if !slices.Contains(tb.versions, l.name) {
			continue
		}
		c := newRival(tb.t, n, tb.switches).compare(whole(l.begin, written(tb.message, l.name)))
		got := verdict(mustFor(tb.t, l.begin, l.appl), &c.m, c.quick)
		if c.quick.Code == unread {
			got = "ignored"
		}
		reason := c.reason()
		if any, ok := strings.CutPrefix(want, "373=1 371=any of "); ok && slices.Contains(strings.Fields(any), fmt.Sprint(c.quick.Tag)) {
			got, reason = want, tb.title // which one changes from run to run; it may be ours
		}
		if got != want || reason != tb.title {
			tb.t.Errorf("line %d, %s: %s for %q, want %s for %q", number, l.name, got, reason, want, tb.title)
		}
	}
}

// verdict says in the words of the tables what a Reject would carry.
func verdict(d *Dict, m *fix.Message, f fix.Fault) string {
	switch {
	case f.Code == fix.NoFault:
		return "accepted"
	case f.Code == fix.Garbled:
		return "garbled"
	case f.Code == fix.InvalidTag && f.Tag == 0:
		return fmt.Sprintf("373=%d 371=%s", f.Code, m.BadTag())
	case f.Tag == 0:
		return fmt.Sprintf("373=%d", f.Code)
	case f.Code == fix.InvalidTag || d.FieldName(int(f.Tag)) == "":
		return fmt.Sprintf("373=%d 371=%d", f.Code, f.Tag)
	}
	return fmt.Sprintf("373=%d 371=%d (%s)", f.Code, f.Tag, d.FieldName(int(f.Tag)))
}

func TestFormats(t *testing.T) {
	text, err := os.ReadFile(tableDir + "/formats.txt")
	if err != nil {
		t.Fatal(err)
	}
	tried := map[string]int{}
	for n, line := range strings.Split(string(text), "\n") {
		if line == "" || line[0] == '#' {
			continue
		}
		head, quoted, _ := strings.Cut(line, "'")
		columns := strings.Fields(head)
		f, known := formats[columns[0]]
		if !known {
			t.Fatalf("line %d: no type %s", n+1, columns[0])
		}
		tried[columns[0]]++
		for _, value := range strings.Split(strings.TrimSuffix(quoted, "'"), "' '") {
			if f.accepts([]byte(value)) != (columns[1] == "takes") {
				t.Errorf("line %d: %s must be one that %s %q", n+1, columns[0], columns[1], value)
			}
		}
	}
	for name := range formats {
		if tried[name] == 0 {
			t.Errorf("%s is not tried", name)
		}
	}
}
