package audit

import (
	"fmt"

	"portcullis/gate/core"
)

// copiedWords say what a drop copy tells of an execution.
func (j *Journal) copiedWords(ev *core.Event, e *core.Effect) string {
	if e.Value != 1 {
		return fmt.Sprintf("row %d: the drop copy of %s takes it back", e.ID, j.venue(e.Venue))
	}
	return fmt.Sprintf("row %d: the drop copy of %s tells of execution %s: %s %s %s @ %s, account %s, trade date %d", e.ID, j.venue(e.Venue),
		text(ev, e), sideWord(e.Side), decimal8(e.Qty), j.instrument(e.Instrument), decimal8(e.Price), j.toldAccount(e.Account), e.Seq)
}

// brokenWords say how an execution stands between the two sides.
func (j *Journal) brokenWords(e *core.Effect) string {
	switch {
	case e.Status != 0:
		return fmt.Sprintf("row %d of %s is a break: %s", e.ID, j.venue(e.Venue), core.Break(e.Status))
	case e.Value != 0:
		return fmt.Sprintf("row %d of %s: user %d has closed the break, %s", e.ID, j.venue(e.Venue), e.Seq, core.Break(e.Value))
	}
	return fmt.Sprintf("row %d of %s is no break any more", e.ID, j.venue(e.Venue))
}

// onWord says where an execution rests on the word of a drop copy alone.
func onWord(e *core.Effect) string {
	if e.Value != 1 {
		return ""
	}
	return fmt.Sprintf(" on the drop copy's word, row %d", e.ID)
}

// toldAccount is the account that a drop copy names.
func (j *Journal) toldAccount(n uint32) string {
	switch n {
	case core.Unnamed:
		return dash
	case core.NoIndex:
		return "unknown"
	}
	return j.account(n)
}
