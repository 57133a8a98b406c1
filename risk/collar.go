package risk

import "math/bits"

// Collars bound the distance of a price, in either direction, beside the share of the reference that every
// instrument has: all that are set must hold. Zero = it is not asked for.
type Collars struct {
	Amount  Price // from the reference
	Ticks   int64 // from the reference, in ticks at its price
	NearBps int64 // from the best price of the order's own side, as a share of that
	FarBps  int64 // from the best price of the other side
}

func (c *Collars) valid() bool {
	return min(int64(c.Amount), c.Ticks, c.NearBps, c.FarBps) >= 0 && max(c.NearBps, c.FarBps) <= bpsMax
}

// heldPrice is a price of an order that collars hold; false: it is beyond computing.
type heldPrice struct {
	p  Price
	ok bool
}

// heldPrices are the limit with its discretion or the offset of a bare peg, and the stop.
func (t *Terms) heldPrices(ref Price, out *[2]heldPrice) []heldPrice {
	n := 0
	if p, priced, ok := t.furthest(ref); priced {
		out[n] = heldPrice{p, ok}
		n++
	}
	if t.HasStop {
		out[n] = heldPrice{t.StopPx, true}
		n++
	}
	return out[:n]
}

// checkCollar holds the prices of an order against the reference and the quote. A market order has no price to
// hold, but needs a reference all the same.
func (b *Book) checkCollar(o *Order, j *Judgement) Reason {
	in, t := &b.instruments[o.Instrument], &o.Terms
	referenced := in.collarBps != Unlimited || in.collared || in.needsReference(t)
	if !referenced && !in.touched {
		return Accepted
	}
	if referenced && j.refVerdict != Accepted {
		return j.fail(j.refVerdict, o.Instrument, j.RefAgeNs, j.refAgeMaxNs)
	}
	var prices [2]heldPrice
	held := t.heldPrices(j.Ref, &prices)
	if in.collarBps != Unlimited {
		for _, h := range held {
			j.note(PriceOutsideCollar, o.Instrument, int64(h.p), in.collarBps)
			if !h.ok || !withinCollar(h.p, j.Ref, in.collarBps) {
				if r := j.refuse(PriceOutsideCollar); r != Accepted {
					return r
				}
			}
		}
	}
	if in.collared {
		if r := in.checkDistance(o, j, held); r != Accepted {
			return r
		}
	}
	if in.touched && len(held) > 0 {
		return in.checkTouches(o, j, held)
	}
	return Accepted
}

// checkDistance holds prices against an amount and a number of ticks on either side of the reference.
func (in *instrument) checkDistance(o *Order, j *Judgement, held []heldPrice) Reason {
	if most := in.collars.Amount; most != 0 {
		for _, h := range held {
			j.note(CollarAmountExceeded, o.Instrument, int64(h.p), int64(most))
			if !h.ok || distance(h.p, j.Ref) > uint64(most) {
				if r := j.refuse(CollarAmountExceeded); r != Accepted {
					return r
				}
			}
		}
	}
	if most := in.collars.Ticks; most != 0 {
		tick, _ := in.onTick(j.Ref)
		hi, width := bits.Mul64(uint64(most), uint64(tick))
		for _, h := range held {
			j.note(CollarTicksExceeded, o.Instrument, int64(h.p), most)
			if !h.ok || hi == 0 && distance(h.p, j.Ref) > width {
				if r := j.refuse(CollarTicksExceeded); r != Accepted {
					return r
				}
			}
		}
	}
	return Accepted
}

// checkTouches holds prices against the best ones of the market, which must be there and young enough. A crossed
// quote is no evidence of either.
func (in *instrument) checkTouches(o *Order, j *Judgement, held []heldPrice) Reason {
	own, other := o.Terms.Side, Buy
	if own.IsBuy() {
		other = Sell
	}
	q, age := &o.Quote, o.UTCNs-o.Quote.AtNs
	for _, touch := range [...]struct {
		side    Side
		bps     int64
		control Reason
	}{{own, in.collars.NearBps, NearTouchExceeded}, {other, in.collars.FarBps, FarTouchExceeded}} {
		if touch.bps == 0 {
			continue
		}
		best, there := in.touch(q, touch.side)
		switch crossed := q.Has&(HasBid|HasAsk) == HasBid|HasAsk && q.Bid > q.Ask; {
		case !there || crossed:
			return j.fail(TouchMissing, o.Instrument, 0, in.ageMaxNs[RefTouch])
		case !fresh(age, in.ageMaxNs[RefTouch]):
			return j.fail(TouchMissing, o.Instrument, age, in.ageMaxNs[RefTouch])
		}
		for _, h := range held {
			j.note(touch.control, o.Instrument, int64(h.p), touch.bps)
			if !h.ok || !withinCollar(h.p, best, touch.bps) {
				if r := j.refuse(touch.control); r != Accepted {
					return r
				}
			}
		}
	}
	return Accepted
}

func distance(p, q Price) uint64 {
	if p < q {
		return uint64(q) - uint64(p)
	}
	return uint64(p) - uint64(q)
}
