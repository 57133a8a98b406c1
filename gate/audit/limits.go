package audit

import (
	"fmt"
	"io"
)

// Limits prints the limits that are set for a time in place of those of the files.
func (s *State) Limits(w io.Writer) {
	list := s.config.Offered().Overlay()
	switch {
	case len(list) == 0 && len(s.config.Held()) > 0:
		fmt.Fprintln(w, "no limit is set for a time, but settings of the files are not in force yet, and those of before hold: gate changes --pending")
		return
	case len(list) == 0:
		fmt.Fprintln(w, "no limit is set for a time: those of the files hold")
		return
	}
	t := newTable("limit", ">value", "until", "set by", "why", "")
	for i := range list {
		o := &list[i]
		waits := ""
		if !s.config.Holds(o) {
			waits = "waits for approval"
		}
		t.add(o.String(), o.Value, o.Ends(), o.By, o.Why, waits)
	}
	t.write(w, "")
}
