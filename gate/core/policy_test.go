package core

import (
	"encoding/xml"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"portcullis/fix"
)

// node is an element of a QuickFIX dictionary: a component with its fields, groups and components.
type node struct {
	XMLName xml.Name
	Name    string `xml:"name,attr"`
	Number  int    `xml:"number,attr"`
	MsgType string `xml:"msgtype,attr"`
	Inner   []node `xml:",any"`
}

// dictionary is what a QuickFIX dictionary says: tags by name, and what components and messages hold.
type dictionary struct {
	version    string
	numbers    map[string]int
	components map[string]*node
	messages   map[string]*node // by MsgType(35)
}

var versions = []string{"FIX40", "FIX41", "FIX42", "FIX43", "FIX44", "FIX50", "FIX50SP1", "FIX50SP2"}

func readDictionary(t *testing.T, version string) *dictionary {
	t.Helper()
	module, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/quickfixgo/quickfix").Output()
	must(t, err)
	text, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(module)), "spec", version+".xml"))
	must(t, err)
	var top node
	must(t, xml.Unmarshal(text, &top))
	d := &dictionary{version: version, numbers: map[string]int{}, components: map[string]*node{}, messages: map[string]*node{}}
	for _, section := range top.Inner {
		for i := range section.Inner {
			switch e := &section.Inner[i]; section.XMLName.Local {
			case "fields":
				d.numbers[e.Name] = e.Number
			case "components":
				d.components[e.Name] = e
			case "messages":
				d.messages[e.MsgType] = e
			}
		}
	}
	return d
}

// walk visits the fields of a component or message, those of its groups and components included; path
// names what they lie in.
func (d *dictionary) walk(e *node, path string, visit func(path, name string, tag int)) {
	for i := range e.Inner {
		in := &e.Inner[i]
		switch in.XMLName.Local {
		case "component":
			d.walk(d.components[in.Name], path+"/"+in.Name, visit)
		case "group", "field":
			visit(path, in.Name, d.numbers[in.Name])
			d.walk(in, path+"/"+in.Name, visit)
		}
	}
}

// TestInstrumentIsItsSymbol: whatever a dictionary lets an order say about its instrument beside the
// symbol is refused, unless it is held against the instrument or only describes it.
func TestInstrumentIsItsSymbol(t *testing.T) {
	p := RequestPolicy(func(int) bool { return true }, PolicyOptions{})
	for _, version := range versions[3:] { // where there are components
		d, seen := readDictionary(t, version), 0
		for _, name := range []string{"Instrument", "UnderlyingInstrument", "FinancingDetails", "SpreadOrBenchmarkCurveData",
			"YieldData", "Stipulations", "OrderQtyData"} {
			if c := d.components[name]; c != nil {
				d.walk(c, "", func(_, name string, tag int) {
					seen++
					checkInstrumentTag(t, &p, version, name, tag)
				})
			}
		}
		if seen < 80 {
			t.Errorf("%s: only %d tags", version, seen)
		}
	}
}

// namesSomebody tells fields by which an order may name an account, a firm or a person.
var namesSomebody = regexp.MustCompile("Alloc|Part(y|ies)|Acc(oun)?t|Client|Firm|Broker|Owner|Trader|Investor|RegistID|Designation")

// namesNobody are those that the pattern takes for such: it says in which capacity, not for whom.
var namesNobody = map[string]bool{"CustomerOrFirm": true}

// TestAccountIsItsTag1: whatever a dictionary lets an order say about accounts, firms and persons beside
// Account(1) is refused or left out, and the group of allocations is refused.
func TestAccountIsItsTag1(t *testing.T) {
	p := RequestPolicy(func(int) bool { return true }, PolicyOptions{})
	cancel := CancelPolicy(func(int) bool { return true }, PolicyOptions{})
	for _, version := range versions {
		d, allocations := readDictionary(t, version), 0
		for _, msgType := range []string{"D", "G"} {
			d.walk(d.messages[msgType], "", func(path, name string, tag int) {
				got := p.Action(uint32(tag))
				switch {
				case strings.Contains(path+"/"+name, "/NoAllocs"):
					allocations++
					if got != NotUnderstoodTag || cancel.Action(uint32(tag)) != DropTag {
						t.Errorf("%s: %s%s(%d) has action %d", version, path, name, tag, got)
					}
				case tag == fix.TagAccount && got == OwnTag, !namesSomebody.MatchString(name), namesNobody[name]:
				case got != DropTag && got != NotUnderstoodTag:
					t.Errorf("%s: %s%s(%d) has action %d", version, path, name, tag, got)
				}
			})
		}
		if allocations == 0 && version > "FIX41" {
			t.Errorf("%s: no group of allocations", version)
		}
	}
	if p := RequestPolicy(func(int) bool { return true }, PolicyOptions{Drop: []TagRange{{78, 80}}}); p.Action(79) != DropTag {
		t.Error("a profile cannot leave the group out")
	}
}

func checkInstrumentTag(t *testing.T, p *Policy, version, name string, tag int) {
	want := NotUnderstoodTag
	switch {
	case slices.Contains(instrumentTags, tag):
		want = InstrumentTag
	case slices.Contains([]int{fix.TagSymbol, fix.TagOrderQty, 106, 107}, tag):
		want = PassTag
	case tag == 348 || tag == 350:
		want = LengthTag
	case tag == 349 || tag == 351:
		want = DataTag
	}
	if got := p.Action(uint32(tag)); got != want {
		t.Errorf("%s: %s(%d) has action %d, want %d", version, name, tag, got, want)
	}
}
