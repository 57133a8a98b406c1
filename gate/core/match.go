package core

import "portcullis/risk"

// restOrders tells the book how far each order that a decision is about reaches now: later ones of its owner are held
// against that.
func (c *Core) restOrders(d *Decision) {
	for i := range d.EffectLen {
		if slot := d.Effects[i].Order; slot != NoIndex {
			o := &c.orders[slot]
			at := o.Place()
			reach, rests := c.reach(o)
			c.book.Rest(slot, &at, o.Side, reach, rests)
		}
	}
}

// reach is the furthest of an order's live versions, as far as anything of them is open.
func (c *Core) reach(o *Order) (reach risk.Reach, rests bool) {
	if o.State != Live {
		return 0, false
	}
	counted := min(o.Executed, o.Cum)
	further := func(qty risk.Qty, typ risk.OrdType, price risk.Price, given PricesGiven) {
		r, trades := risk.ReachOf(o.Side, typ, price, given&PriceGiven != 0)
		if trades && qty > counted && (!rests || r > reach) {
			reach, rests = r, true
		}
	}
	further(o.Qty, o.OrdType, o.Price, o.Prices)
	for r := c.requests[o.First].Next; r != NoIndex; r = c.requests[r].Next {
		if q := &c.requests[r]; q.State == Pending && q.Kind == ReplaceRequest {
			further(q.Qty, q.OrdType, q.Price, q.Prices)
		}
	}
	return reach, rests
}
