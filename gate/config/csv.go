package config

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"portcullis/fix/settings"
)

// table reads a CSV file: comma, optional quotes, '#' comments, blank lines, LF or CRLF, optional
// byte-order mark. The first row names the columns, in any order.
type table struct {
	l      *loader
	file   string
	column map[string]int
	cells  []string
	at     place
}

// readTable calls each for every row. It returns false after a defect that ends the reading.
func (l *loader) readTable(name scalar, required, optional []string, each func(*table)) bool {
	data, ok := l.file(name, tableBytesMax)
	if !ok {
		return false
	}
	reader := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(data, []byte("\ufeff"))))
	reader.Comment, reader.FieldsPerRecord, reader.ReuseRecord = '#', -1, true
	t := &table{l: l, file: name.text}
	for {
		cells, err := reader.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			l.add(csvPlace(name.text, err), "not valid CSV: "+csvCause(err), "check the quotes in this row")
			return false
		}
		line, _ := reader.FieldPos(0)
		t.at = place{name.text, line}
		if t.column == nil {
			if !t.header(cells, required, optional) {
				return false
			}
			continue
		}
		if t.row(cells) {
			each(t)
		}
	}
	if t.column == nil {
		l.add(place{name.text, 0}, "no header row", "the first row names the columns: "+strings.Join(required, ","))
		return false
	}
	return true
}

// header takes the first row.
func (t *table) header(cells, required, optional []string) bool {
	t.column = map[string]int{}
	known := slices.Concat(required, optional)
	if !slices.ContainsFunc(cells, func(cell string) bool { return slices.Contains(known, strings.TrimSpace(cell)) }) {
		t.l.add(t.at, "the first row names no known column", "write a header row: "+strings.Join(known, ","))
		return false
	}
	good := true
	for i, cell := range cells {
		name := strings.TrimSpace(cell)
		_, twice := t.column[name]
		switch {
		case twice:
			t.l.add(t.at, "column "+show(name)+" occurs twice", "keep one of the two")
			good = false
		case !slices.Contains(known, name):
			t.l.add(t.at, "unknown column "+show(name),
				settings.DidYouMean(name, known, "the columns are "+strings.Join(known, ",")))
			good = false
		}
		t.column[name] = i
	}
	for _, name := range required {
		if _, ok := t.column[name]; !ok {
			t.l.add(t.at, "column "+name+" is missing", "the columns are "+strings.Join(known, ","))
			good = false
		}
	}
	return good
}

// row takes a later row; false when it cannot be used.
func (t *table) row(cells []string) bool {
	if len(cells) != len(t.column) {
		t.l.add(t.at, fmt.Sprintf("row has %d cells, the header %d", len(cells), len(t.column)),
			"give each column one cell; a number has no thousands separator")
		return false
	}
	for i, cell := range cells {
		cells[i] = strings.TrimSpace(cell)
		if wrong := unprintable(cells[i]); wrong != "" {
			t.l.add(t.at, show(cells[i])+" "+wrong, "write printable ASCII")
			return false
		}
	}
	t.cells = cells
	return true
}

// text returns a cell, or otherwise when the column is absent or the cell empty.
func (t *table) text(column, otherwise string) scalar {
	if i, ok := t.column[column]; ok && t.cells[i] != "" {
		return scalar{t.cells[i], t.at}
	}
	return scalar{otherwise, t.at}
}

// need returns a cell that must not be empty.
func (t *table) need(column string) scalar {
	value := t.text(column, "")
	if value.text == "" {
		t.l.add(t.at, column+" is empty", "fill it in")
	}
	return value
}

// amount returns a cell as a number at 1e-8; with otherwise "" the cell must not be empty.
func (t *table) amount(column, otherwise string) int64 {
	value := t.text(column, otherwise)
	if value.text == "" {
		t.need(column)
		return 0
	}
	number, wrong := parseAmount(value.text, QtyDecimals)
	if wrong != "" {
		t.l.add(t.at, column+": "+show(value.text)+" "+wrong,
			fmt.Sprintf("write digits with at most %d decimals, no separators, no exponent", QtyDecimals))
	}
	return number
}

// positive is amount for what must be above zero.
func (t *table) positive(column, otherwise string) int64 {
	number := t.amount(column, otherwise)
	text := t.text(column, otherwise).text
	zero := text != "" && strings.Trim(text, "0.") == "" // and not 0 because it was refused already
	if zero || number < 0 {
		t.l.add(t.at, column+": "+show(text)+" is not above zero", "write a positive number")
	}
	return number
}

// flag returns Y or N; empty is N.
func (t *table) flag(column string) bool {
	value := t.text(column, "N")
	if value.text != "Y" && value.text != "N" {
		t.l.add(t.at, column+": "+show(value.text)+" is neither Y nor N", "write Y or N")
	}
	return value.text == "Y"
}

// csvPlace is the line where the row begins that the CSV reader stopped in.
func csvPlace(file string, err error) place {
	var parse *csv.ParseError
	if errors.As(err, &parse) {
		return place{file, parse.StartLine}
	}
	return place{file, 0}
}

// csvCause is the reader's reason without its own idea of the place.
func csvCause(err error) string {
	var parse *csv.ParseError
	if errors.As(err, &parse) {
		return parse.Err.Error()
	}
	return err.Error()
}
