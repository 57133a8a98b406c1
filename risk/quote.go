package risk

// Has says which prices of a Quote are present.
type Has uint8

const (
	HasBid Has = 1 << iota
	HasAsk
	HasLast
	HasClose
)

// Quote is the reference data of one instrument, read once when the order is judged and written
// into the record of the decision.
type Quote struct {
	Bid, Ask, Last, Close Price
	AtNs                  int64 // UTC ns of Bid and Ask
	LastAtNs              int64 // UTC ns of Last
	CloseAtNs             int64 // UTC ns of Close
	Has                   Has
}

// RefSource names the step of the waterfall that gave the reference price.
type RefSource uint8

const (
	RefNone  RefSource = iota
	RefMid             // middle of bid and ask, rounded up
	RefTouch           // near touch: the bid for a buy, the ask for a sell
	RefLast            // last trade
	RefClose           // previous close
)

// Reference is the outcome of the waterfall quote, last, close.
type Reference struct {
	Price  Price
	AgeNs  int64 // UTC of the order minus UTC of the price; negative = from the future
	Source RefSource
}

// reference walks the waterfall. A price that is too old gives way to the next source; when none
// is left the answer is Stale if any was there, else Missing. A stamp from the future counts by
// its distance, so a wrong stamp cannot make a price young for ever.
func (in *instrument) reference(q *Quote, side Side, utcNs int64) (Reference, Reason) {
	verdict := ReferencePriceMissing
	if p, source := in.quoted(q, side); source != RefNone {
		if fresh(utcNs, q.AtNs, in.refAgeMaxNs) {
			return Reference{p, utcNs - q.AtNs, source}, Accepted
		}
		verdict = ReferencePriceStale
	}
	if q.Has&HasLast != 0 && in.plausible(q.Last) {
		if fresh(utcNs, q.LastAtNs, in.refAgeMaxNs) {
			return Reference{q.Last, utcNs - q.LastAtNs, RefLast}, Accepted
		}
		verdict = ReferencePriceStale
	}
	if q.Has&HasClose != 0 && in.plausible(q.Close) {
		if fresh(utcNs, q.CloseAtNs, in.closeAgeMaxNs) {
			return Reference{q.Close, utcNs - q.CloseAtNs, RefClose}, Accepted
		}
		verdict = ReferencePriceStale
	}
	return Reference{}, verdict
}

// quoted is the first step: near touch or middle. A crossed quote is no evidence of a price.
func (in *instrument) quoted(q *Quote, side Side) (Price, RefSource) {
	if in.refTouch {
		if side.IsBuy() && q.Has&HasBid != 0 && in.plausible(q.Bid) {
			return q.Bid, RefTouch
		}
		if !side.IsBuy() && q.Has&HasAsk != 0 && in.plausible(q.Ask) {
			return q.Ask, RefTouch
		}
		return 0, RefNone
	}
	const both = HasBid | HasAsk
	if q.Has&both != both || q.Bid > q.Ask || !in.plausible(q.Bid) {
		return 0, RefNone
	}
	return q.Ask - Price(uint64(q.Ask-q.Bid)/2), RefMid
}

func (in *instrument) plausible(p Price) bool { return p > 0 || in.mayBeNegative }

func fresh(utcNs, atNs, ageMaxNs int64) bool {
	return magnitude(utcNs-atNs) <= uint64(ageMaxNs) && ageMaxNs > 0
}
