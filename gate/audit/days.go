package audit

import (
	"io"

	"portcullis/gate/core"
	"portcullis/risk"
)

// days prints what a scope has done since the day roll, of that which its throttles count by trade dates.
func (s *State) days(w io.Writer, sc Scope) {
	t := newTable("since the day roll", "in", ">value", ">limit", ">headroom")
	s.core.Book().EachDaily(sc.kind, sc.number, func(what risk.Flow, instrument uint32, value, limit int64) {
		symbol, row := dash, what.Control().Row()
		if instrument != core.NoIndex {
			symbol = s.journal.instrument(instrument)
		}
		t.add(row.Code, symbol, inUnit(row.Value, what.Control(), value), inUnit(row.Limit, what.Control(), limit),
			inUnit(row.Limit, what.Control(), limit-value))
	})
	if len(t.rows) > 0 {
		t.write(w, "  ")
	}
}
