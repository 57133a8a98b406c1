package audit

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// table prints rows in aligned columns, two blanks apart. A column whose title starts with '>' is
// aligned to the right.
type table struct {
	titles []string
	rows   [][]string
}

func newTable(titles ...string) *table { return &table{titles: titles} }

func (t *table) add(cells ...string) { t.rows = append(t.rows, cells) }

// write prints the table, each line after indent. A table without rows prints nothing.
func (t *table) write(w io.Writer, indent string) {
	if len(t.rows) == 0 {
		return
	}
	titles := make([]string, len(t.titles))
	width := make([]int, len(t.titles))
	for i, title := range t.titles {
		titles[i] = strings.TrimPrefix(title, ">")
		width[i] = utf8.RuneCountInString(titles[i])
		for _, row := range t.rows {
			width[i] = max(width[i], utf8.RuneCountInString(row[i]))
		}
	}
	for _, row := range append([][]string{titles}, t.rows...) {
		line := indent
		for i, cell := range row {
			fill := strings.Repeat(" ", width[i]-utf8.RuneCountInString(cell))
			if strings.HasPrefix(t.titles[i], ">") {
				line += fill + cell + "  "
			} else {
				line += cell + fill + "  "
			}
		}
		fmt.Fprintln(w, strings.TrimRight(line, " "))
	}
}
