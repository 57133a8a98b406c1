package risk

// Pricer is the price now of what is held long, or short; false: there is none of its time, and the mark counts.
type Pricer func(ins uint32, long bool) (Price, bool)

// Live is what positions are worth at live prices beside their marks, in every scope whose loss is limited. It is a follower's: the
// engine counts at marks, and is told what follows from a price.
type Live struct {
	moved []Money // by row of worths: held at live prices, less held at marks
}

// Value goes over all positions, at the factors that were pinned with their marks.
func (v *Live) Value(b *Book, price Pricer) {
	if len(v.moved) != len(b.worths) {
		v.moved = make([]Money, len(b.worths))
	}
	clear(v.moved)
	b.eachHeld(func(to, n, ins uint32) {
		row := b.measuredOf[to]
		p, now := b.peek(n, ins).p, b.marks[ins].now
		if b.worths[row].lossMax == 0 || p == 0 || now.k == 0 {
			return
		}
		px, known := price(ins, p > 0)
		if !known {
			return
		}
		atMark, exact := now.held(p)
		atLive, fits := valuation{price: px, k: now.k}.held(p)
		if exact && fits {
			add(&v.moved[row], atLive-atMark)
		}
	})
}

// EachLoss is that of the book, at live prices.
func (v *Live) EachLoss(b *Book, f func(Loss)) {
	b.EachLoss(func(l Loss) {
		if n, ok := b.number(l.Of, l.Index); ok {
			l.Value -= v.moved[b.measuredOf[n]]
		}
		f(l)
	})
}

// EachHeld gives what a scope holds, row by row.
func (b *Book) EachHeld(of Scope, i uint32, f func(ins uint32, p Qty)) {
	scope, ok := b.number(of, i)
	if !ok {
		return
	}
	b.eachHeld(func(to, n, ins uint32) {
		if p := b.peek(n, ins).p; to == scope && p != 0 {
			f(ins, p)
		}
	})
}
