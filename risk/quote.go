package risk

// Has says which prices of a Quote are present.
type Has uint64 // wide, so that a Quote has no padding, which would be journaled with whatever is in it

const (
	HasBid Has = 1 << iota
	HasAsk
	HasLast
	HasClose

	// HasAll are all of them.
	HasAll = HasBid | HasAsk | HasLast | HasClose
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

// RefSource names the step of the waterfall that gave the reference price. The numbers are journaled.
type RefSource uint8

const (
	RefNone   RefSource = iota
	RefMid              // middle of bid and ask, rounded up
	RefTouch            // near touch: the bid for a buy, the ask for a sell
	RefLast             // last trade
	RefClose            // previous close
	RefStatic           // a price that somebody wrote into the configuration, with its day

	refSources
)

// SourcesMax is how many steps a waterfall can have: each source once.
const SourcesMax = int(refSources) - 1

// Sources are the steps of a waterfall, the first first; RefNone is no step.
type Sources [SourcesMax]RefSource

func (s *Sources) valid() bool {
	var seen [refSources]bool
	for _, source := range s {
		if source >= refSources || source != RefNone && seen[source] {
			return false
		}
		seen[source] = true
	}
	return true
}

// UsualSources are those of an instrument that names none.
var UsualSources = Sources{RefMid, RefLast, RefClose}

// Static is the reference price that stands in the configuration.
type Static struct {
	Price Price
	AtNs  int64 // UTC ns; 0 = there is none
}

// SourceAges are the age limits of the sources of reference prices. Zero makes every price of the source stale.
type SourceAges struct{ QuoteNs, LastNs, CloseNs, StaticNs int64 }

func (a *SourceAges) valid() bool { return min(a.QuoteNs, a.LastNs, a.CloseNs, a.StaticNs) >= 0 }

func (a *SourceAges) bySource() [refSources]int64 {
	return [refSources]int64{RefMid: a.QuoteNs, RefTouch: a.QuoteNs, RefLast: a.LastNs, RefClose: a.CloseNs, RefStatic: a.StaticNs}
}

// Reference is the outcome of the waterfall.
type Reference struct {
	Price    Price
	AgeNs    int64 // UTC of the order minus UTC of the price; negative = from the future
	AgeMaxNs int64
	Source   RefSource
}

// reference walks the waterfall. A price that is too old gives way to the next source; when none is left
// the answer is Stale, with the age of the first that was there, or Missing. A stamp from the future
// counts by its distance, so a wrong stamp cannot make a price young for ever.
func (in *instrument) reference(q *Quote, side Side, utcNs int64) (Reference, Reason) {
	var stale Reference
	verdict := ReferencePriceMissing
	for _, source := range in.sources {
		p, atNs, there := in.priceOf(source, q, side)
		if !there {
			continue
		}
		age, ageMax := utcNs-atNs, in.ageMaxNs[source]
		if fresh(age, ageMax) {
			return Reference{p, age, ageMax, source}, Accepted
		}
		if verdict == ReferencePriceMissing {
			stale, verdict = Reference{AgeNs: age, AgeMaxNs: ageMax}, ReferencePriceStale
		}
	}
	return stale, verdict
}

// priceOf is the price of one source; false: it has none.
func (in *instrument) priceOf(source RefSource, q *Quote, side Side) (p Price, atNs int64, there bool) {
	switch source {
	case RefMid: // a crossed quote is no evidence of a price
		const both = HasBid | HasAsk
		if q.Has&both == both && q.Bid <= q.Ask && in.plausible(q.Bid) {
			return q.Ask - Price(uint64(q.Ask-q.Bid)/2), q.AtNs, true
		}
	case RefTouch:
		p, there = in.touch(q, side)
		return p, q.AtNs, there
	case RefLast:
		return q.Last, q.LastAtNs, q.Has&HasLast != 0 && in.plausible(q.Last)
	case RefClose:
		return q.Close, q.CloseAtNs, q.Has&HasClose != 0 && in.plausible(q.Close)
	case RefStatic:
		p, there = in.static.Price, in.static.AtNs != 0
		if there && in.wasSplit {
			there = in.units.scale(&p, in.static.AtNs, in.units.dayNs)
		}
		return p, in.static.AtNs, there
	}
	return 0, 0, false
}

// touch is the best price on a side of the market.
func (in *instrument) touch(q *Quote, side Side) (Price, bool) {
	if side.IsBuy() {
		return q.Bid, q.Has&HasBid != 0 && in.plausible(q.Bid)
	}
	return q.Ask, q.Has&HasAsk != 0 && in.plausible(q.Ask)
}

func (in *instrument) plausible(p Price) bool { return p > 0 || in.mayBeNegative }

func fresh(ageNs, ageMaxNs int64) bool {
	return magnitude(ageNs) <= uint64(ageMaxNs) && ageMaxNs > 0
}
