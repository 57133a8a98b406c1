package risk

// Worst is the worst price of terms that are not being judged: a restated order, an order that
// is reserved anew at the day roll. It is the risk price where the instrument has one. The Reason
// is Accepted, or why no worst price can be known; the caller then keeps the one it has.
func (b *Book) Worst(ins uint32, t *Terms, q *Quote, utcNs int64) (Price, Reference, Reason) {
	if ins >= uint32(len(b.instruments)) || b.instruments[ins].k == 0 {
		return 0, Reference{}, SymbolUnknown
	}
	in := &b.instruments[ins]
	ref, verdict := in.reference(q, t.Side, utcNs)
	if verdict != Accepted && in.needsReference(t) {
		return 0, ref, verdict
	}
	w, ok := in.worst(t, ref.Price)
	if !ok {
		return 0, ref, ArithmeticOverflow
	}
	return w, ref, Accepted
}

// Factor is the instrument's present k; 0 = not configured.
func (b *Book) Factor(ins uint32) Factor {
	if ins >= uint32(len(b.instruments)) {
		return 0
	}
	return b.instruments[ins].k
}

// ExecutionMoney is what an execution of LastQty(32) at LastPx(31) adds to EB or ES: n(31, 32) at
// the k pinned on the order, or at the instrument's where the order is unknown (k = 0). False = it
// overflows: book what MagnitudeMax holds and alert.
func (b *Book) ExecutionMoney(ins uint32, side Side, qty Qty, px Price, k Factor) (Money, bool) {
	if ins < uint32(len(b.instruments)) {
		in := &b.instruments[ins]
		if k == 0 {
			k = in.k
		}
		if p := in.riskPriceOf(side); p != 0 {
			px = p
		}
	}
	if k == 0 {
		k = factorOne // an unknown symbol: the plain product, in the venue's suspense account
	}
	m, ok := Notional(px, qty, k)
	if !ok || m > MagnitudeMax {
		return MagnitudeMax, false
	}
	return m, true
}

// riskPriceOf is the price that stands in for every other in money; 0 = there is none.
func (in *instrument) riskPriceOf(side Side) Price {
	if side.IsBuy() {
		return in.riskPrice[0]
	}
	return in.riskPrice[1]
}

func (in *instrument) worst(t *Terms, ref Price) (Price, bool) {
	if p := in.riskPriceOf(t.Side); p != 0 {
		return p, true
	}
	return WorstPrice(t, ref, in.bandBps)
}

// needsReference tells whether the worst price cannot be known without a reference price.
func (in *instrument) needsReference(t *Terms) bool {
	return in.riskPriceOf(t.Side) == 0 && (!t.HasPrice || !t.Side.IsBuy())
}
