package core

import (
	"encoding/xml"
	"os"
	"os/exec"
	"path/filepath"
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
	Inner   []node `xml:",any"`
}

// TestInstrumentIsItsSymbol: whatever a dictionary lets an order say about its instrument beside the
// symbol is refused, unless it is held against the instrument or only describes it.
func TestInstrumentIsItsSymbol(t *testing.T) {
	module, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/quickfixgo/quickfix").Output()
	must(t, err)
	p := RequestPolicy(func(int) bool { return true }, PolicyOptions{})
	for _, version := range []string{"FIX43", "FIX44", "FIX50", "FIX50SP1", "FIX50SP2"} {
		text, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(module)), "spec", version+".xml"))
		must(t, err)
		var top node
		must(t, xml.Unmarshal(text, &top))
		numbers, components := map[string]int{}, map[string]*node{}
		for _, section := range top.Inner {
			for i := range section.Inner {
				switch e := &section.Inner[i]; section.XMLName.Local {
				case "fields":
					numbers[e.Name] = e.Number
				case "components":
					components[e.Name] = e
				}
			}
		}
		seen := 0
		var walk func(e *node)
		walk = func(e *node) {
			for i := range e.Inner {
				switch in := &e.Inner[i]; in.XMLName.Local {
				case "component":
					walk(components[in.Name])
				case "group", "field":
					seen++
					checkInstrumentTag(t, &p, version, in.Name, numbers[in.Name])
					walk(in)
				}
			}
		}
		for _, name := range []string{"Instrument", "UnderlyingInstrument", "FinancingDetails", "SpreadOrBenchmarkCurveData",
			"YieldData", "Stipulations", "OrderQtyData"} {
			if c := components[name]; c != nil {
				walk(c)
			}
		}
		if seen < 80 {
			t.Errorf("%s: only %d tags", version, seen)
		}
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
