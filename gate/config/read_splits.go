package config

import (
	"fmt"
	"strconv"
	"strings"

	"portcullis/risk"
)

// Split is one row of the splits file: so many new units for so many old ones from the ex-date on.
type Split struct {
	Instrument int
	Ratio      risk.Ratio
	Date       int // yyyymmdd
}

// readSplits reads splits. The last row is "TOTAL,<sum of new>:<sum of old>,<rows>": a file that was cut short or edited by
// hand does not load.
func (l *loader) readSplits(name scalar) {
	if l.config.SplitsFile = name.text; name.text == "" {
		return
	}
	s := &splitReader{l: l, seen: map[[2]int]int{}}
	if l.readTable(name, []string{"symbol", "ratio", "ex_date"}, nil, s.row) && !s.ended {
		l.add(place{file: name.text}, "no TOTAL row at the end", "end the file with TOTAL,<sum of new>:<sum of old>,<rows>")
	}
}

// splitReader is the state between two rows.
type splitReader struct {
	l        *loader
	seen     map[[2]int]int // line of symbol and ex-date
	rows     int
	new, old int64
	ended    bool
}

func (s *splitReader) row(t *table) {
	symbol, ratio, date := t.need("symbol"), t.need("ratio"), t.need("ex_date")
	if s.ended {
		s.l.add(t.at, "row after the TOTAL row", "TOTAL is the last row")
		return
	}
	if symbol.text == "TOTAL" {
		s.closing(t, ratio.text, date.text)
		return
	}
	s.rows++
	split := Split{Instrument: s.l.instruments.find(s.l, symbol), Date: s.l.date(date)}
	var ok bool
	if split.Ratio, ok = parseRatio(ratio.text); !ok && ratio.text != "" {
		s.l.add(t.at, "ratio: "+show(ratio.text)+" is no ratio of new to old units", fmt.Sprintf(
			"write two whole numbers from 1 to %d with a colon between them: 4:1 makes four of one, 1:10 one of ten", risk.RatioMax))
	}
	s.new, s.old = s.new+int64(split.Ratio.New), s.old+int64(split.Ratio.Old)
	if split.Instrument == None {
		return
	}
	key := [2]int{split.Instrument, split.Date}
	if first, twice := s.seen[key]; twice {
		s.l.add(t.at, fmt.Sprintf("symbol already has a split of that ex-date on line %d", first), "keep one row")
	}
	s.seen[key] = t.at.line
	s.l.config.Splits = append(s.l.config.Splits, split)
}

// closing compares the TOTAL row with what was read.
func (s *splitReader) closing(t *table, sums, rows string) {
	s.ended = true
	if rows != strconv.Itoa(s.rows) {
		s.l.add(t.at, fmt.Sprintf("TOTAL says %s rows, the file has %d", show(rows), s.rows), "ask for the file again")
	}
	if want := fmt.Sprintf("%d:%d", s.new, s.old); sums != want {
		s.l.add(t.at, fmt.Sprintf("TOTAL says ratios of %s, the rows add up to %s", show(sums), want), "ask for the file again")
	}
}

// parseRatio reads two whole numbers in their shortest form.
func parseRatio(text string) (r risk.Ratio, ok bool) {
	from, to, colon := strings.Cut(text, ":")
	n, err := strconv.ParseUint(from, 10, 32)
	m, err2 := strconv.ParseUint(to, 10, 32)
	r = risk.Ratio{New: uint32(n), Old: uint32(m)}
	if !colon || err != nil || err2 != nil || !r.Valid() || text != fmt.Sprintf("%d:%d", n, m) {
		return risk.Ratio{}, false
	}
	return r, true
}

// ReadSplits reads the splits file as it is now.
func (c *Config) ReadSplits() ([]Split, error) {
	l := c.reader()
	l.readSplits(fileNamed(c.SplitsFile))
	return l.config.Splits, l.problems.Err()
}
