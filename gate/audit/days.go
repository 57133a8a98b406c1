package audit

import (
	"fmt"
	"io"

	"portcullis/gate/core"
	"portcullis/risk"
)

// days prints what a scope has done since the day roll, of that which its throttles count by trade dates.
func (s *State) days(w io.Writer, sc Scope) {
	t := newTable("since the day roll", "in", ">value", ">limit", "of")
	s.core.Book().EachDaily(sc.kind, sc.number, func(v risk.DayView) {
		symbol, control := dash, v.Of.Control()
		if v.Instrument != core.NoIndex {
			symbol = s.journal.instrument(v.Instrument)
		}
		unit := control.Row().Value
		t.add(control.String(), symbol, inUnit(unit, control, v.Value), inUnit(unit, control, v.Limit), dayWords(&v))
	})
	if len(t.rows) > 0 {
		t.write(w, "  ")
	}
}

// dayWords say of what a ratio is one.
func dayWords(v *risk.DayView) string {
	if !v.Of.Ratio() {
		return dash
	}
	asked, done := fmt.Sprint(v.Asked), fmt.Sprint(v.Done)
	if v.Of == risk.SymbolQtyTrades {
		asked, done = decimal8(v.Asked), decimal8(v.Done)
	}
	words := fmt.Sprintf("%s ordered, %s executed", asked, done)
	if v.Messages < uint64(v.Least) {
		words += fmt.Sprintf("; binds from %d messages on, there were %d", v.Least, v.Messages)
	}
	return words
}

// counted tells whether anything of a scope is counted.
func (s *State) counted(sc Scope) (is bool) {
	is = s.core.Book().BearsCredit(sc.kind, sc.number)
	s.core.Book().EachDaily(sc.kind, sc.number, func(risk.DayView) { is = true })
	return is
}
