package prices

import (
	"strconv"
	"strings"
	"testing"
)

func TestParseLine(t *testing.T) {
	for line, want := range map[string]Update{
		"AAPL 189.98 190.02 190 1767623400000000000": {Bid: 189_98000000, Ask: 190_02000000, Last: 190_00000000,
			AtNs: 1767623400000000000, Has: hasQuote | HasLast},
		"A - - 0.00000001 1":          {Last: 1, AtNs: 1, Has: HasLast},
		"A 5 - - 1":                   {Bid: 5_00000000, AtNs: 1, Has: HasBid},
		"A -37.63 -37 - 1":            {Bid: -37_63000000, Ask: -37_00000000, AtNs: 1, Has: hasQuote},
		"A - 7 - 9223372036854775807": {Ask: 7_00000000, AtNs: 1<<63 - 1, Has: HasAsk},
	} {
		symbol, got, err := ParseLine([]byte(line))
		if err != nil || got != want || string(symbol) != strings.Fields(line)[0] {
			t.Errorf("%q: %q %+v %v, want %+v", line, symbol, got, err, want)
		}
	}
}

func TestBadLines(t *testing.T) {
	for line, want := range map[string]string{
		"":                                       "a line is",
		"AAPL":                                   "a line is",
		"AAPL 1 2 3":                             "a line is",
		"AAPL 1 2 3 4 5":                         "a line is",
		"AAPL 1 2 3 4 ":                          "a line is",
		" AAPL 1 2 3 4":                          "a line is",
		"AAPL  1 2 3 4":                          "a line is",
		"AAPL\t1\t2\t3\t4":                       "a line is",
		"AAPL 1e2 2 3 4":                         `bid "1e2": not a canonical number`,
		"AAPL 1 NaN 3 4":                         `ask "NaN": not a canonical number`,
		"AAPL 1 2 +3 4":                          `last "+3": not a canonical number`,
		"AAPL 1 2 3,5 4":                         `last "3,5"`,
		"AAPL 0.123456789 2 3 4":                 "more than 8 decimal places",
		"AAPL 99999999999999 - - 4":              "number out of range",
		"AAPL -- 2 3 4":                          "bid",
		"AAPL - - - 4":                           "no price",
		"AAPL 1 2 3 -":                           `time "-"`,
		"AAPL 1 2 3 0":                           "time",
		"AAPL 1 2 3 -4":                          "time",
		"AAPL 1 2 3 +4":                          "time",
		"AAPL 1 2 3 4.5":                         "time",
		"AAPL 1 2 3 4\r":                         "time",
		"AAPL 1 2 3 9223372036854775808":         "time",
		"AAPL 1 2 3 " + strings.Repeat("0", 300): "longer than 255 bytes",
	} {
		if _, u, err := ParseLine([]byte(line)); err == nil || !strings.Contains(err.Error(), want) || u != (Update{}) {
			t.Errorf("%q: %+v, %v; want %q", line, u, err, want)
		}
	}
}

// FuzzParseLine: nothing panics, and a line that was read says the same when it is written again.
func FuzzParseLine(f *testing.F) {
	f.Add([]byte("AAPL 189.98 190.02 190 1767623400000000000"))
	f.Add([]byte("A - - 1 1"))
	f.Add([]byte("A -1 - -0.5 9"))
	f.Add([]byte(" - - - -"))
	f.Fuzz(func(t *testing.T, line []byte) {
		symbol, u, err := ParseLine(line)
		if err != nil {
			if u != (Update{}) || symbol != nil {
				t.Fatalf("%q: refused, yet %q %+v", line, symbol, u)
			}
			return
		}
		text := string(symbol)
		for _, p := range []struct {
			v   int64
			has Has
		}{{u.Bid, HasBid}, {u.Ask, HasAsk}, {u.Last, HasLast}} {
			text += " " + written(p.v, u.Has&p.has != 0)
		}
		text += " " + strconv.FormatInt(u.AtNs, 10)
		again, second, err := ParseLine([]byte(text))
		if err != nil || second != u || string(again) != string(symbol) {
			t.Fatalf("%q written as %q: %q %+v %v, was %+v", line, text, again, second, err, u)
		}
	})
}

// written gives a price with all its eight decimals.
func written(v int64, present bool) string {
	if !present {
		return "-"
	}
	digits, sign := strconv.FormatInt(v, 10), ""
	if v < 0 {
		digits, sign = digits[1:], "-"
	}
	digits = strings.Repeat("0", max(0, 9-len(digits))) + digits
	return sign + digits[:len(digits)-8] + "." + digits[len(digits)-8:]
}
