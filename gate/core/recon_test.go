package core

import (
	"slices"
	"strings"
)

// copyIs checks how an execution stands between the venue's line and the drop copy: "copy E1 foreign", "copy E1 missing-here on-word".
func (s *script) copyIs(w []string) {
	s.t.Helper()
	var found []string
	s.w.core.EachCopy(func(v *CopyView) {
		if v.ExecID == w[0] {
			found = append(found, copyWords(v))
		}
	})
	slices.Sort(found)
	if got, want := strings.Join(found, "; "), strings.Join(w[1:], " "); got != want {
		s.fatal("%s is %q", w[0], got)
	}
}

func copyWords(v *CopyView) string {
	var words []string
	add := func(is bool, word string) {
		if is {
			words = append(words, word)
		}
	}
	add(v.Break != NoBreak, strings.ReplaceAll(v.Break.String(), " ", "-"))
	add(v.Settled != NoBreak, "closed")
	add(v.Waits, "waits")
	add(v.Foreign, "foreign")
	add(v.OnWord, "on-word")
	add(v.HereBusted && v.ThereBusted, "busted")
	add(len(words) == 0, "agrees")
	return strings.Join(words, " ")
}

// checkCopies: the rows that await a side are in a list, the longest waiting first, and an execution is booked once.
func (w *world) checkCopies() {
	w.t.Helper()
	c := w.core
	prev, due, waiting := uint32(NoIndex), int64(0), 0
	for slot := c.reg.copyHead; slot != NoIndex; slot = c.copies[slot].next {
		x := &c.copies[slot]
		if x.prev != prev || !x.waits || x.dueNs < due || x.missing() == NoBreak {
			w.t.Fatalf("row %d of a drop copy is in the wrong place of the list: %+v", slot, x)
		}
		prev, due, waiting = slot, x.dueNs, waiting+1
	}
	if prev != c.reg.copyTail {
		w.t.Fatalf("the list of those that await a side ends with row %d, not %d", prev, c.reg.copyTail)
	}
	for slot := range c.reg.copyUsed {
		x := &c.copies[slot]
		if x.waits {
			waiting--
		}
		if x.size > 0 && x.execution != NoIndex && x.onWord != (x.here == sideSilent) {
			w.t.Fatalf("row %d is booked on whose word? %+v", slot, x)
		}
	}
	if waiting != 0 {
		w.t.Fatalf("%d more rows in the list than wait", waiting)
	}
	booked := map[uint64]int{} // by ExecID, and where both sides of a trade have it by side
	for slot := range c.reg.execUsed {
		x := &c.executions[slot]
		if name := string(x.text[:x.size]); x.size > 0 && !x.busted && x.date == c.reg.tradeDate {
			hash := execHash(x.venue, x.text[:x.size])
			if of := apart(hash, x.side); c.findCopied(of, x.venue, x.text[:x.size], true) != NoIndex {
				hash = of
			}
			if booked[hash]++; booked[hash] > 1 && len(c.copies) > 0 {
				w.t.Fatalf("%s is booked twice", name)
			}
		}
	}
}
