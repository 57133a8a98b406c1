package dict

import (
	"testing"

	"portcullis/fix"
)

func TestPermits(t *testing.T) {
	for _, row := range []struct {
		begin, appl string
		tag         int
		value       string
		want        bool
	}{
		{"FIX.4.0", "", 38, "100", true}, {"FIX.4.0", "", 38, "100.5", false}, {"FIX.4.2", "", 38, "100.5", true},
		{"FIX.4.0", "", 17, "X-1", false}, {"FIX.4.1", "", 17, "X-1", true},
		{"FIX.4.2", "", 150, "F", false}, {"FIX.4.3", "", 150, "F", true}, {"FIX.4.0", "", 150, "0", false},
		{"FIX.4.4", "", 39, "5", false}, {"FIXT.1.1", "7", 39, "5", true},
		{"FIX.4.4", "", 18, "G 6", true}, {"FIX.4.4", "", 18, "G ?", false},
		{"FIX.4.4", "", 58, "", false}, {"FIX.4.4", "", 58, "any", true}, {"FIX.4.4", "", 5001, "x", false}, {"FIX.4.4", "", -1, "x", false},
	} {
		if got := mustFor(t, row.begin, row.appl).Permits(row.tag, []byte(row.value)); got != row.want {
			t.Errorf("%s%s: %d=%s: %v", row.begin, row.appl, row.tag, row.value, got)
		}
	}
}

func TestCarried(t *testing.T) {
	at := func(n int) *Dict { return mustFor(t, links[n].begin, links[n].appl) }
	const v40, v42, v43, v44, v50, v50SP2 = 0, 2, 3, 4, 5, 7
	for _, row := range []struct {
		from, to int
		msgType  string
		yes, no  []int
	}{
		{v44, v42, "D", []int{1, 11, 21, 38, 44, 55, 60, 77, 126, 432, 354, 355}, []int{453, 448, 526, 528, 9999, 34}},
		{v42, v40, "D", []int{11, 38, 44, 55, 58}, []int{60, 354, 355, 432}},
		{v44, v42, "8", []int{17, 37, 382, 375, 337, 437, 438}, []int{453, 448, 447, 452, 802, 523, 136, 790}},
		{v44, v43, "8", []int{453, 448, 447, 452, 382, 375}, []int{802, 803, 790}},
		{v42, v44, "8", []int{17, 37, 54, 150, 382, 375}, []int{20, 47, 76}},
		{v44, v50, "D", []int{453, 448, 452, 802, 523, 386, 336}, nil},
		{v50, v50SP2, "D", []int{453, 448, 802}, []int{386, 336}}, // 336 is limited to a list since FIX.5.0SP1
		{v44, v44, "D", []int{453, 386, 336, 55}, []int{35, 150}},
		{v44, v42, "s", nil, []int{11, 55}}, // there is no such message
	} {
		carried := Carried(at(row.from), at(row.to), []byte(row.msgType))
		for _, tag := range row.yes {
			if !carried(tag) {
				t.Errorf("%s to %s, 35=%s: %d is lost", links[row.from].name, links[row.to].name, row.msgType, tag)
			}
		}
		for _, tag := range row.no {
			if carried(tag) {
				t.Errorf("%s to %s, 35=%s: %d is carried", links[row.from].name, links[row.to].name, row.msgType, tag)
			}
		}
	}
	for from := range links { // half of a pair can be read in two ways
		for to := range links {
			carried := Carried(at(from), at(to), []byte("8"))
			for _, pair := range fix.DataPairs() {
				if carried(pair[0]) != carried(pair[1]) {
					t.Errorf("%s to %s: one of %v is carried", links[from].name, links[to].name, pair)
				}
			}
		}
	}
}
