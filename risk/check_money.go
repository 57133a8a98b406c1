package risk

import "math/bits"

// checkSize holds an order by itself against the tightest limits on its path: quantity, notional, share of the volume. A
// replace may not ask for less than is executed.
func (b *Book) checkSize(o *Order, j *Judgement) Reason {
	var t tightest
	b.tighten(o, &t)
	qty := int64(o.Terms.Qty)
	if j.noteOf(OrderQtyTooLarge, t.from[qtyMax], qty, t.limit[qtyMax]); qty > t.limit[qtyMax] {
		if r := j.refuse(OrderQtyTooLarge); r != Accepted {
			return r
		}
	}
	if least := -t.limit[qtyMin]; least != 0 {
		if j.noteOf(OrderQtyTooSmall, t.from[qtyMin], qty, least); qty < least {
			if r := j.refuse(OrderQtyTooSmall); r != Accepted {
				return r
			}
		}
	}
	limit := notionalMax
	if !o.Terms.HasPrice {
		limit = marketMax
	}
	if j.valued && t.limit[limit] != Unlimited {
		notional := int64(o.notional(j))
		if j.noteOf(NotionalTooLarge, t.from[limit], notional, t.limit[limit]); notional > t.limit[limit] {
			if r := j.refuse(NotionalTooLarge); r != Accepted {
				return r
			}
		}
	}
	if t.limit[advBpsMax] != Unlimited {
		if r := b.checkVolume(o, j, t.limit[advBpsMax], t.from[advBpsMax]); r != Accepted {
			return r
		}
	}
	if o.Replace {
		j.note(OrderQtyBelowCumQty, o.Account, qty, int64(o.Cum))
		if o.Terms.Qty < o.Cum {
			return OrderQtyBelowCumQty
		}
	}
	return Accepted
}

// checkVolume holds the whole quantity against a share of what the instrument trades in a day.
func (b *Book) checkVolume(o *Order, j *Judgement, bps int64, from origin) Reason {
	adv := b.instruments[o.Instrument].adv
	if adv == 0 {
		return j.fail(VolumeMissing, o.Instrument, 0, 0)
	}
	most := int64(Unlimited)
	if hi, lo := bits.Mul64(uint64(adv), uint64(bps)); hi < bpsOne {
		quo, _ := bits.Div64(hi, lo, bpsOne)
		most = int64(min(quo, Unlimited))
	}
	j.noteOf(VolumeShareExceeded, from, int64(o.Terms.Qty), most)
	if int64(o.Terms.Qty) > most {
		return j.refuse(VolumeShareExceeded)
	}
	return Accepted
}

// notional is that of the whole quantity, filled or not.
func (o *Order) notional(j *Judgement) Money {
	if !o.Replace {
		return j.Reserved
	}
	m, ok := Notional(j.Worst, o.Terms.Qty, j.K)
	if !ok {
		return beyond
	}
	return m
}

// checkOpenOrders counts the open orders of the account, the new one included.
func (b *Book) checkOpenOrders(o *Order, j *Judgement) Reason {
	a := &b.accounts[o.Account]
	count := int64(b.scopes[a.path[0]].openOrders)
	if !o.Replace {
		count++
	}
	return j.atMost(OpenOrderCountExceeded, o.Account, count, a.openOrdersMax)
}

// checkPosition is exposure 4 with the order added. Both limits are asked of both sides: a position
// over its limit stops everything that is not closing. A closing order passes them; the cover of a
// long sale is asked of every long sale.
func (b *Book) checkPosition(o *Order, j *Judgement) Reason {
	a := &b.accounts[o.Account]
	p := b.peek(a.path[0], o.Instrument)
	ob, os := p.ob, p.os // with the order added
	room := Qty(0)       // closing capacity, without the order
	if o.Terms.Side.IsBuy() {
		ob += j.Open - o.OpenBooked
		room = max(0, -p.p-(p.ob-o.OpenBooked))
	} else {
		os += j.Open - o.OpenBooked
		room = max(0, p.p-(p.os-o.OpenBooked))
	}
	j.Closing = j.Open <= room
	if r := b.checkReduceOnly(o, j, room); r != Accepted {
		return r
	}
	j.over = j.over || max(ob, os) > MagnitudeMax || magnitude(int64(p.p)) >= MagnitudeMax
	if !j.Closing {
		if r := j.atMost(LongPositionExceeded, o.Account, int64(p.p+ob), int64(a.longMax)); r != Accepted {
			return r
		}
		if r := j.atMost(ShortPositionExceeded, o.Account, int64(os-p.p), int64(a.shortMax)); r != Accepted {
			return r
		}
	}
	if a.sellLong && o.Terms.Side == Sell {
		sales := p.osLong + j.Open - o.OpenBooked
		return j.atMost(SellLongExceedsPosition, o.Account, int64(sales), int64(max(0, p.p)))
	}
	if a.short != 0 && o.Terms.Side.IsShort() {
		return b.checkShort(o, j, a, p)
	}
	return Accepted
}

// creditControls are the two controls of each kind of scope.
var creditControls = [scopeKinds]struct{ gross, net Reason }{
	ScopeAccount: {AccountGrossExceeded, AccountNetExceeded},
	ScopeClient:  {ClientGrossExceeded, ClientNetExceeded},
	ScopeGroup:   {GroupGrossExceeded, GroupNetExceeded},
	ScopeFirm:    {FirmGrossExceeded, FirmNetExceeded},
	ScopeDesk:    {DeskGrossExceeded, DeskNetExceeded},
	ScopeTrader:  {TraderGrossExceeded, TraderNetExceeded},
	ScopeAlgo:    {AlgoGrossExceeded, AlgoNetExceeded},
	ScopeLink:    {LinkGrossExceeded, LinkNetExceeded},
	ScopeVenue:   {VenueGrossExceeded, VenueNetExceeded},
}

// CreditControls are those of the gross and the net of a kind of scope.
func CreditControls(kind Scope) (gross, net Reason) {
	c := &creditControls[kind]
	return c.gross, c.net
}

// Scope is the kind of scope whose credit a control limits; 0 for the other controls.
func (r Reason) Scope() Scope {
	for kind, c := range creditControls {
		if r != Unjudged && (r == c.gross || r == c.net) {
			return Scope(kind)
		}
	}
	return 0
}

// checkCredit is exposure 5 and 6 in every scope on the path, with the order added. Nothing here
// can wrap: see MagnitudeMax. What every limit lets pass and no table can hold is an overflow.
func (b *Book) checkCredit(o *Order, j *Judgement) Reason {
	delta := j.Reserved - o.ReservedBooked
	var dBuy, dSell Money
	if o.Terms.Side.IsBuy() {
		dBuy = delta
	} else {
		dSell = delta
	}
	var rows [SlicesMax]uint32
	scopes, armed := b.debited(&o.Place, &rows), uint8(0)
	most := Money(0)
	for _, n := range scopes {
		s := &b.scopes[n]
		if s.kind == ScopeSlice {
			break // they come last; see checkMeasures
		}
		index := n - b.base[s.kind] // indexOf
		armed |= s.armed
		c := &creditControls[s.kind]
		limit := s.gross
		if j.Closing {
			limit = s.grossClosing
		}
		if r := j.atMost(c.gross, index, int64(s.sum()+delta), int64(limit)); r != Accepted {
			return r
		}
		if !j.Closing {
			net := max(s.netLong()+dBuy, s.netShort()+dSell)
			if r := j.atMost(c.net, index, int64(net), int64(s.net)); r != Accepted {
				return r
			}
		}
		most = max(most, s.rb+dBuy, s.rs+dSell, s.eb+1, s.es+1)
	}
	j.over = j.over || most > MagnitudeMax
	if armed&(armedMeasures|sliced) != 0 {
		if r := b.checkMeasures(o, j, scopes); r != Accepted {
			return r
		}
	}
	if j.over {
		return j.fail(ArithmeticOverflow, o.Account, int64(j.Reserved), MagnitudeMax)
	}
	return Accepted
}
