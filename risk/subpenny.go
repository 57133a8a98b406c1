package risk

// Smallest increments of prices by US Rule 612 (17 CFR 242.612): a cent from one dollar up, a hundredth of one below.
const (
	cent        = PriceScale / 100
	centPart    = PriceScale / 10_000
	subPennyEnd = PriceScale
)

// checkSubPenny holds the limit and the stop to Rule 612, whatever the instrument's tick.
func (in *instrument) checkSubPenny(o *Order, j *Judgement) Reason {
	t := &o.Terms
	for _, price := range [...]struct {
		p     Price
		given bool
	}{{t.Price, t.HasPrice}, {t.StopPx, t.HasStop}} {
		if !price.given {
			continue
		}
		step := Price(centPart)
		if magnitude(int64(price.p)) >= subPennyEnd {
			step = cent
		}
		j.note(SubPennyPrice, o.Instrument, int64(price.p), int64(step))
		if price.p%step != 0 {
			return SubPennyPrice
		}
	}
	return Accepted
}
