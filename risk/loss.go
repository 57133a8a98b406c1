package risk

// Loss is what a scope has lost since the day roll, realised and not: what it paid beside what it was paid, and what is
// held beside what was held at the start of the day, each at its mark.
type Loss struct {
	Of           Scope
	Index        uint32
	Value, Limit Money
	Stopped      Money // at which value it was stopped last on this trade date; 0 = it was not
}

// Hit reports whether it is too much: above the limit, and above what somebody has let it trade on with.
func (l *Loss) Hit() bool { return l.Value > max(l.Limit, l.Stopped) }

// EachLoss gives those of all scopes that have a limit of it. One with something of no known worth is passed over: no
// order of it passes that does not close, see lossUnknown.
func (b *Book) EachLoss(f func(Loss)) {
	for i := range b.worths[:b.totals[0].measured] {
		if w := &b.worths[i]; w.lossMax != 0 && w.unclosed|w.unmarked == 0 {
			f(b.lossOf(w))
		}
	}
}

func (b *Book) lossOf(w *worth) Loss {
	s, from := &b.scopes[w.scope], b.bearer(w.scope)
	return Loss{Of: from.of, Index: from.index, Value: s.eb - s.es + w.carry - w.held, Limit: w.lossMax, Stopped: w.stopped}
}

// LossOf is that of one scope; false: it has no limit.
func (b *Book) LossOf(of Scope, i uint32) (Loss, bool) {
	n, ok := b.number(of, i)
	if !ok || !b.keepsWorth(n) || b.worths[b.measuredOf[n]].lossMax == 0 {
		return Loss{}, false
	}
	return b.lossOf(&b.worths[b.measuredOf[n]]), true
}

// SetStopped notes at which loss a scope was stopped; one without a limit is none of ours any more.
func (b *Book) SetStopped(of Scope, i uint32, loss Money) {
	if n, ok := b.number(of, i); ok && b.keepsWorth(n) {
		b.worths[b.measuredOf[n]].stopped = loss
	}
}

// lossUnknown: the loss of a scope is limited, and with the order it could not be told for want of a mark.
func (b *Book) lossUnknown(n uint32, v *reading) bool {
	return (v[MeasureCarry] == Unmarked || v[MeasureInventory] == Unmarked) && b.worths[b.measuredOf[n]].lossMax != 0
}
