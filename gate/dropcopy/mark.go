package dropcopy

import "cmp"

// mark is a place in a journal: so many copies of one record are done, and of all before it. Records are
// named by epoch and number: where a machine's death took the end of a journal, numbers are used again, but
// under a later epoch.
type mark struct {
	Born  int64  `json:"born"` // UTC of the journal's first record: which journal it is
	Epoch uint32 `json:"epoch"`
	Seq   uint64 `json:"seq"`
	Done  int    `json:"done"`
}

// before reports whether m comes before o in the same journal.
func (m mark) before(o mark) bool {
	return m.Born == o.Born &&
		cmp.Or(cmp.Compare(m.Epoch, o.Epoch), cmp.Compare(m.Seq, o.Seq), cmp.Compare(m.Done, o.Done)) < 0
}

// in is the mark as seen in a journal: another journal has not been copied at all.
func (m mark) in(born int64) mark {
	if m.Born != born {
		return mark{Born: born}
	}
	return m
}

// later is the later of two marks; of two journals, that of b.
func later(a, b mark) mark {
	if b.Born == 0 || b.before(a) {
		return a
	}
	return b
}
