package audit

import (
	"fmt"
	"io"

	"portcullis/gate/config"
	"portcullis/gate/core"
	"portcullis/risk"
)

func ratioWord(r risk.Ratio) string { return fmt.Sprintf("%d:%d", r.New, r.Old) }

// splitWords say what was established about splits.
func (j *Journal) splitWords(e *core.Effect) string {
	of, ratio := j.instrument(e.Instrument), ratioWord(core.RatioOf(e.Value))
	switch e.Kind {
	case core.SplitAsked:
		return fmt.Sprintf("user %d asks to split %s %s on %d: a second one is needed", int64(e.Money), of, ratio, e.Seq)
	case core.SplitSettled:
		return fmt.Sprintf("what a split has left of %s in %s is settled", of, j.account(e.Account))
	}
	if core.RatioOf(e.Value).Same() {
		return fmt.Sprintf("%s is not split on %d", of, e.Seq)
	}
	return fmt.Sprintf("%s is split %s on %d, in parts of %s", of, ratio, e.Seq, decimal8(e.Qty))
}

// splits prints which splits await their ex-date, and what those that were applied have left open.
func (s *State) splits(w io.Writer) {
	book := s.core.Book()
	t := newTable("split", "ratio", "ex-date", "")
	for n := range uint32(s.journal.numbers.Count(config.InstrumentNumber)) {
		if next := book.NextSplit(n); next.Ex != 0 {
			t.add(s.journal.instrument(n), ratioWord(next.Ratio), fmt.Sprint(next.Ex), "awaits the day roll of its ex-date")
		}
	}
	if len(t.rows) > 0 {
		t.write(w, "")
	}
	if book.UnsettledCount() == 0 {
		return
	}
	t = newTable("account", "symbol", ">left by a split", "")
	for slot := range book.PositionSlots() {
		account, instrument, left, why := book.UnsettledAt(slot)
		if why != risk.Accepted {
			t.add(s.journal.account(account), s.journal.instrument(instrument), leftWord(left, why), "does not trade it: gate adjust --fraction")
		}
	}
	t.write(w, "")
}

// leftWord is what a split has left of a position: exactly, a whole 1e-8 or a part of one.
func leftWord(left risk.Fraction, why risk.Reason) string {
	if why == risk.SplitOverflow {
		return "more than can be computed"
	}
	if left.Num%int64(left.Old) == 0 {
		return decimal8(left.Up())
	}
	return fmt.Sprintf("%s / %d", decimal8(risk.Qty(left.Num)), left.Old)
}

// split adds to a position what was split last, what will be, and what is open.
func (s *State) split(t *table, sc Scope) {
	book := s.core.Book()
	if last := book.LastSplit(sc.instrument); last.Ex != 0 {
		t.add(fmt.Sprintf("split %s on %d", ratioWord(last.Ratio), last.Ex), "applied")
	}
	if next := book.NextSplit(sc.instrument); next.Ex != 0 {
		t.add(fmt.Sprintf("split %s on %d", ratioWord(next.Ratio), next.Ex), "awaited")
	}
	if left, why := book.Unsettled(sc.number, sc.instrument); why != risk.Accepted {
		t.add("left by a split", leftWord(left, why))
	}
}
