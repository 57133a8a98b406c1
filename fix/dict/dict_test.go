package dict

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/quickfixgo/quickfix/datadictionary"
)

var specDir = sync.OnceValue(func() string {
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/quickfixgo/quickfix").Output()
	if err != nil {
		panic(fmt.Sprintf("looking for the quickfix module: %v", err))
	}
	return filepath.Join(strings.TrimSpace(string(out)), "spec")
})

// versions gives each standard dictionary and the file or, for FIXT, the two files that it must equal.
var versions = []struct{ begin, appl, transport, app string }{
	{"FIX.4.0", "", "FIX40", "FIX40"},
	{"FIX.4.1", "", "FIX41", "FIX41"},
	{"FIX.4.2", "", "FIX42", "FIX42"},
	{"FIX.4.3", "", "FIX43", "FIX43"},
	{"FIX.4.4", "", "FIX44", "FIX44"},
	{"FIXT.1.1", "", "FIXT11", "FIXT11"},
	{"FIXT.1.1", "4", "FIXT11", "FIX42"},
	{"FIXT.1.1", "6", "FIXT11", "FIX44"},
	{"FIXT.1.1", "7", "FIXT11", "FIX50"},
	{"FIXT.1.1", "8", "FIXT11", "FIX50SP1"},
	{"FIXT.1.1", "9", "FIXT11", "FIX50SP2"},
}

// twin is quickfixgo's reading of the same files.
type twin struct {
	transport, app *datadictionary.DataDictionary
}

var parsed = map[string]*datadictionary.DataDictionary{}

func readTwin(t *testing.T, transport, app string) twin {
	t.Helper()
	parse := func(name string) *datadictionary.DataDictionary {
		if dd := parsed[name]; dd != nil {
			return dd
		}
		dd, err := datadictionary.Parse(filepath.Join(specDir(), name+".xml"))
		if err != nil {
			t.Fatal(err)
		}
		parsed[name] = dd
		return dd
	}
	tw := twin{app: parse(app)}
	tw.transport = tw.app
	if transport != app {
		tw.transport = parse(transport)
	}
	return tw
}

// admin lists the session messages of FIXT 1.1.
var admin = []string{"0", "1", "2", "3", "4", "5", "A"}

func (tw twin) messages() map[string]*datadictionary.MessageDef {
	all := maps.Clone(tw.app.Messages)
	for _, typ := range admin {
		if tw.transport != tw.app {
			delete(all, typ)
		}
		if m := tw.transport.Messages[typ]; m != nil {
			all[typ] = m
		}
	}
	return all
}

func TestVersionsEqualQuickfix(t *testing.T) {
	for _, v := range versions {
		t.Run(v.begin+"/"+v.appl, func(t *testing.T) {
			tw := readTwin(t, v.transport, v.app)
			d, err := For(v.begin, v.appl)
			if err != nil {
				t.Fatal(err)
			}
			compareFields(t, d, tw)
			messages := tw.messages()
			if len(d.messages) != len(messages) {
				t.Errorf("%d messages, quickfix has %d", len(d.messages), len(messages))
			}
			for typ, def := range messages {
				compareMessage(t, d, typ, def)
			}
			for tag := range tagsUpTo(d) {
				if got, want := d.IsHeader(tag), tw.transport.Header.Tags; got != in(want, tag) {
					t.Errorf("IsHeader(%d) = %t", tag, got)
				}
				if got, want := d.IsTrailer(tag), tw.transport.Trailer.Tags; got != in(want, tag) {
					t.Errorf("IsTrailer(%d) = %t", tag, got)
				}
				if got, want := d.RequiredHeader(tag), tw.transport.Header.RequiredTags; got != in(want, tag) {
					t.Errorf("RequiredHeader(%d) = %t", tag, got)
				}
			}
		})
	}
}

func in(set datadictionary.TagSet, tag int) bool { _, ok := set[tag]; return ok }

// tagsUpTo goes beyond the largest tag and below the smallest.
func tagsUpTo(d *Dict) func(func(int) bool) {
	return func(yield func(int) bool) {
		for tag := -1; tag < len(d.fieldOf)+2 && yield(tag); tag++ {
		}
	}
}

func compareFields(t *testing.T, d *Dict, tw twin) {
	for tag := range tagsUpTo(d) {
		f, app := tw.app.FieldTypeByTag[tag], true
		if f == nil {
			f, app = tw.transport.FieldTypeByTag[tag], false
		}
		if f == nil {
			if d.HasField(tag) || d.FieldName(tag) != "" || d.FieldType(tag) != 0 || d.EnumDefined(tag, []byte("1")) {
				t.Errorf("tag %d exists", tag)
			}
			continue
		}
		if d.FieldName(tag) != f.Name() || d.FieldType(tag).String() != f.Type {
			t.Errorf("tag %d is %s %s, quickfix has %s %s", tag, d.FieldName(tag), d.FieldType(tag), f.Name(), f.Type)
		}
		enums := maps.Clone(f.Enums)
		if other := tw.transport.FieldTypeByTag[tag]; app && other != nil && len(enums) > 0 {
			if len(other.Enums) == 0 {
				enums = nil
			}
			maps.Copy(enums, other.Enums)
		}
		if d.HasEnums(tag) != (len(enums) > 0) {
			t.Errorf("HasEnums(%d) = %t, quickfix has %d values", tag, d.HasEnums(tag), len(enums))
		}
		for v := range enums {
			if !d.EnumDefined(tag, []byte(v)) || d.EnumDefined(tag, []byte(v+"~")) {
				t.Errorf("EnumDefined(%d, %q) or with ~ behind is wrong", tag, v)
			}
		}
		if n := countEnums(d, tag); n != len(enums) {
			t.Errorf("tag %d has %d values, quickfix has %d", tag, n, len(enums))
		}
	}
	if d.HasField(1 << 40) {
		t.Error("a tag beyond all tables exists")
	}
}

func countEnums(d *Dict, tag int) (n int) {
	for _, e := range d.enums {
		if int(e.field) == d.field(tag) {
			n++
		}
	}
	return n
}

func compareMessage(t *testing.T, d *Dict, typ string, def *datadictionary.MessageDef) {
	mt := []byte(typ)
	if !d.HasMsg(mt) || d.MsgName(mt) != def.Name || d.IsAdmin(mt) != slices.Contains(admin, typ) {
		t.Fatalf("message %s: name %q admin %t, quickfix has %q", typ, d.MsgName(mt), d.IsAdmin(mt), def.Name)
	}
	for tag := range tagsUpTo(d) {
		if d.Defines(mt, tag) != in(def.Tags, tag) {
			t.Errorf("message %s: Defines(%d) = %t", typ, tag, d.Defines(mt, tag))
		}
		if d.Required(mt, tag) != in(def.RequiredTags, tag) {
			t.Errorf("message %s: Required(%d) = %t", typ, tag, d.Required(mt, tag))
		}
		f, direct := def.Fields[tag]
		if d.InBody(mt, tag) != direct {
			t.Errorf("message %s: InBody(%d) = %t", typ, tag, !direct)
		}
		if direct && f.IsGroup() {
			compareGroup(t, d, typ, def.Tags, f)
		} else if direct && d.Delimiter(mt, tag) != 0 {
			t.Errorf("message %s: %d is no group", typ, tag)
		}
	}
}

// compareGroup compares one group of a message and those inside it; tags are all that the message knows.
func compareGroup(t *testing.T, d *Dict, typ string, tags datadictionary.TagSet, def *datadictionary.FieldDef) {
	mt := []byte(typ)
	if got, want := d.Delimiter(mt, def.Tag()), def.Fields[0].Tag(); got != want {
		t.Errorf("message %s group %d: delimiter %d, quickfix has %d", typ, def.Tag(), got, want)
	}
	reach := datadictionary.TagSet{}
	addAll(reach, def)
	for tag := range tags {
		if got := d.GroupMember(mt, def.Tag(), tag); got != in(reach, tag) {
			t.Errorf("message %s group %d: GroupMember(%d) = %t", typ, def.Tag(), tag, got)
		}
	}
	refs := d.groupRefs(mt, def.Tag())
	if len(refs) != 1 {
		t.Fatalf("message %s group %d: %d definitions", typ, def.Tag(), len(refs))
	}
	s := d.scopes[refs[0].scope]
	var got, want []string
	for _, f := range d.members[s.member:s.memberEnd] {
		got = append(got, fmt.Sprint(d.fields[f].tag, d.has(d.required, int(refs[0].scope), int(f))))
	}
	for _, f := range def.Fields {
		// Required inside an optional component means: required where the component is used.
		want = append(want, fmt.Sprint(f.Tag(), slices.Contains(def.RequiredFields(), f)))
		if f.IsGroup() {
			compareGroup(t, d, typ, tags, f)
		}
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("message %s group %d: members %v, quickfix has %v", typ, def.Tag(), got, want)
	}
}

func addAll(set datadictionary.TagSet, def *datadictionary.FieldDef) {
	for _, f := range def.Fields {
		set.Add(f.Tag())
		addAll(set, f)
	}
}

func TestDataPairs(t *testing.T) {
	var want [][2]int
	for _, v := range versions {
		dd := readTwin(t, v.transport, v.app).app
		for _, f := range dd.FieldTypeByTag {
			if f.Type != "DATA" && f.Type != "XMLDATA" {
				continue
			}
			length := dd.FieldTypeByName[f.Name()+"Len"]
			if length == nil {
				length = dd.FieldTypeByName[f.Name()+"Length"]
			}
			if p := [2]int{length.Tag(), f.Tag()}; !slices.Contains(want, p) {
				want = append(want, p)
			}
		}
	}
	slices.SortFunc(want, func(a, b [2]int) int { return a[0] - b[0] })
	if got := DataPairs(); !reflect.DeepEqual(got, want) {
		t.Errorf("DataPairs\n got %v\nwant %v", got, want)
	}
	for _, p := range [][2]int{{95, 96}, {90, 91}, {93, 89}, {212, 213}, {348, 349}, {618, 619}, {1401, 1402}} {
		if !slices.Contains(want, p) {
			t.Errorf("no pair %v", p)
		}
	}
}

func mustFor(t testing.TB, begin, appl string) *Dict {
	t.Helper()
	d, err := For(begin, appl)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestEnumDefined(t *testing.T) {
	d := mustFor(t, "FIX.4.4", "")
	for _, c := range []struct {
		tag   int
		value string
		want  bool
		why   string
	}{
		{54, "1", true, "Side Buy"},
		{54, "Z", false, "no such Side"},
		{54, "11", false, "two bytes of a one-byte list"},
		{54, "", false, "empty"},
		{11, "anything", true, "ClOrdID has no list"},
		{18, "G", true, "one ExecInst"},
		{18, "G 6", true, "two ExecInst"},
		{18, "G ~", false, "second not in the list"},
		{18, "G  6", false, "two blanks: an empty value"},
		{18, "G ", false, "blank at the end"},
		{18, " G", false, "blank at the start"},
		{54, "1 2", false, "Side is not a list"},
		{5001, "1", false, "unknown tag"},
		{-1, "1", false, "no tag"},
		{167, strings.Repeat("x", 1<<16), false, "much longer than any value"},
	} {
		if got := d.EnumDefined(c.tag, []byte(c.value)); got != c.want {
			t.Errorf("EnumDefined(%d, %.20q) = %t: %s", c.tag, c.value, got, c.why)
		}
	}
}

// Every listed value is asked for every field with a list: the hash table must not mix fields up.
func TestEnumsOfOneFieldAreNotAnothers(t *testing.T) {
	d := mustFor(t, "FIX.4.4", "")
	permitted := map[enum]bool{}
	for _, e := range d.enums {
		permitted[e] = true
	}
	for f, def := range d.fields {
		if !def.listed || def.typ.ListsValues() {
			continue
		}
		for _, e := range d.enums {
			want := permitted[enum{uint16(f), e.value}]
			if got := d.EnumDefined(int(def.tag), []byte(e.value)); got != want {
				t.Fatalf("EnumDefined(%d, %q) = %t", def.tag, e.value, got)
			}
		}
	}
}

func TestUnknownIsNeverPermitted(t *testing.T) {
	d := mustFor(t, "FIX.4.4", "")
	for _, typ := range []string{"", "ZZ", "D ", "\x00D", "DDDDDDDD", strings.Repeat("D", 300)} {
		mt := []byte(typ)
		if d.HasMsg(mt) || d.MsgName(mt) != "" || d.Defines(mt, 11) || d.Required(mt, 11) || d.InBody(mt, 11) ||
			d.GroupMember(mt, 453, 448) || d.Delimiter(mt, 453) != 0 || d.IsAdmin(mt) {
			t.Errorf("message %q exists", typ)
		}
	}
	order, cancel := []byte("D"), []byte("F")
	if d.GroupMember(order, 453, 453) || d.GroupMember(order, 11, 448) || d.GroupMember(cancel, 78, 79) {
		t.Error("a group that is not there has members")
	}
}

func TestForRefuses(t *testing.T) {
	for _, c := range []struct{ begin, appl, want string }{
		{"FIX.5.0SP2", "", "FIXT.1.1 with an ApplVerID"},
		{"", "", "FIX.4.0 to FIX.4.4"},
		{"FIX.4.4", "9", "only FIXT.1.1"},
		{"FIXT.1.1", "1", "use 2 (FIX.4.0) to 9"},
	} {
		if _, err := For(c.begin, c.appl); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("For(%q, %q): %v", c.begin, c.appl, err)
		}
	}
	a, b := mustFor(t, "FIXT.1.1", "9"), mustFor(t, "FIXT.1.1", "9")
	if a != b {
		t.Error("a second call builds again")
	}
	if c := mustFor(t, "FIXT.1.1", "FIX.5.0SP2"); !reflect.DeepEqual(a, c) {
		t.Error("the name of an ApplVerID gives another dictionary than its number")
	}
}

// Load of a file must equal the embedded tables, for one file and for two.
func TestLoadEqualsEmbedded(t *testing.T) {
	read := func(name string) *bytes.Reader {
		text, err := os.ReadFile(filepath.Join(specDir(), name+".xml"))
		if err != nil {
			t.Fatal(err)
		}
		return bytes.NewReader(text)
	}
	one, err := Load(read("FIX44"))
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(one, mustFor(t, "FIX.4.4", "")) {
		t.Error("FIX44.xml gives other tables than the embedded bytes")
	}
	two, err := LoadFIXT(read("FIXT11"), read("FIX50SP2"))
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(two, mustFor(t, "FIXT.1.1", "9")) {
		t.Error("FIXT11.xml and FIX50SP2.xml give other tables than the embedded bytes")
	}
	_, err = LoadFIXT(read("FIX50SP2"), read("FIXT11"))
	if err == nil || !strings.Contains(err.Error(), "no header") {
		t.Errorf("swapped files: %v", err)
	}
}

func TestLookupsDoNotAllocate(t *testing.T) {
	d := mustFor(t, "FIXT.1.1", "9")
	msgType, value, list := []byte("D"), []byte("1"), []byte("G 6")
	sum := 0
	count := func(ok bool) {
		if ok {
			sum++
		}
	}
	if n := testing.AllocsPerRun(100, func() {
		count(d.Defines(msgType, 11))
		count(d.Required(msgType, 11))
		count(d.InBody(msgType, 11))
		count(d.IsHeader(49))
		count(d.IsTrailer(10))
		count(d.GroupMember(msgType, 453, 448))
		count(d.EnumDefined(54, value))
		count(d.EnumDefined(18, list))
		sum += len(d.FieldName(11)) + len(d.MsgName(msgType)) + d.Delimiter(msgType, 453)
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
