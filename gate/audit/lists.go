package audit

import (
	"fmt"
	"io"

	"portcullis/gate/config"
	"portcullis/gate/core"
	"portcullis/risk"
)

// restrictedWords say what an operator restricts, or no longer.
func (j *Journal) restrictedWords(e *core.Effect) string {
	what := j.instrument(e.Instrument) + " for " + j.scopeName(risk.Scope(e.Status), e.Account)
	if e.Value == 0 {
		return what + " is restricted by hand no more"
	}
	return what + " is restricted" + untilWords(int64(e.Seq))
}

func untilWords(untilNs int64) string {
	if untilNs == risk.Forever {
		return ""
	}
	return " until " + utc(untilNs)
}

// restrictions list what operators have restricted.
func (s *State) restrictions(w io.Writer) {
	t := newTable("restricted by hand", "for", "until")
	s.core.Book().EachRestriction(func(instrument uint32, kind risk.Scope, i uint32, untilNs int64) {
		until := "lifted"
		if untilNs != risk.Forever {
			until = utc(untilNs)
		}
		t.add(s.journal.instrument(instrument), s.journal.scopeName(kind, i), until)
	})
	if len(t.rows) > 0 {
		fmt.Fprintln(w)
		t.write(w, "")
	}
}

// listName names the list by which a check has refused, by the configuration that judged.
func listName(cfg *config.Config, value int64) string {
	switch {
	case value == 0:
		return dash
	case cfg == nil || value > int64(len(cfg.Lists)):
		return fmt.Sprintf("list %d", value)
	}
	return "list " + cfg.Lists[value-1].Name
}
