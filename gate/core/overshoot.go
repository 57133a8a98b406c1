package core

import "portcullis/risk"

// recordOvershoot adds up what the effects of an event will change and records each measure that is
// then above its limit, and further than before (exposure 8). Nothing is refused: it has happened.
// From then on the limit itself refuses what is not closing.
func (c *Core) recordOvershoot(d *Decision) {
	var will changes
	if c.change(d, &will); !will.grows {
		return // what only releases moves nothing above a limit
	}
	var after, before [risk.OvershootsMax]risk.Overshoot
	n := c.book.ExcessAfter(will.all(), after[:])
	if n == 0 {
		return
	}
	was := will
	for i := range was.all() {
		was.list[i].Delta = risk.Delta{}
	}
	old := before[:min(c.book.ExcessAfter(was.all(), before[:]), len(before))]
	for i := 0; i < min(n, len(after)) && d.EffectLen < EffectsMax-4; i++ {
		if worse(&after[i], old) {
			d.overshot(&after[i], will.last().Instrument)
		}
	}
}

func (d *Decision) overshot(o *risk.Overshoot, instrument uint32) {
	e := d.effect(Overshot)
	e.Account, e.Instrument, e.Order, e.Status = o.Scope, instrument, d.Order, byte(o.Of)
	e.Flags = Flags(o.In)
	e.Seq, e.Value = uint64(o.Measure), uint64(o.Amount())
}

// addTrade adds what an Executed moves, or with a sign of -1 what a Busted does.
func (c *Core) addTrade(delta *risk.Delta, e *Effect, sign int64) {
	qty := e.Qty * risk.Qty(sign)
	delta.Qty += qty
	delta.ShortSold += c.soldShort(e)
	switch {
	case e.Status != Earlier:
		delta.Money += e.Money * risk.Money(sign)
	case e.Side.IsBuy():
		delta.Start += qty
	default:
		delta.Start -= qty
	}
}

// changes are what an event is about to change: of each order, and in each place and side where it is of none, one.
type changes struct {
	list   [risk.ChangesMax]risk.Change
	order  [risk.ChangesMax]uint32
	count  int
	grows  bool        // not all of it is a release
	beside risk.Change // one for which there is no room: only releases are that many
}

func (x *changes) all() []risk.Change { return x.list[:x.count] }

// last is the last of them; they are not none.
func (x *changes) last() *risk.Change { return &x.list[x.count-1] }

// of is that of an order, or NoIndex, in a place on a side.
func (x *changes) of(order uint32, at *risk.Place, side risk.Side) *risk.Change {
	for i := range x.all() {
		if is := &x.list[i]; x.order[i] == order && is.Place == *at && is.Side == side {
			return is
		}
	}
	if x.count == len(x.list) {
		return &x.beside
	}
	is := &x.list[x.count]
	*is = risk.Change{}
	is.Place.Set(at)
	is.Side, x.order[x.count] = side, order
	x.count++
	return is
}

// change adds up what the effects do.
func (c *Core) change(d *Decision, x *changes) {
	for i := 0; i < d.EffectLen; i++ {
		e := &d.Effects[i]
		switch e.Kind {
		case Executed:
			at := c.BookedAt(e)
			c.addTrade(&x.of(e.Order, &at, e.Side).Delta, e, 1)
			x.grows = true
		case Busted:
			at := c.BookedAt(e)
			c.addTrade(&x.of(e.Order, &at, e.Side).Delta, e, -1)
			x.grows = true
		case Positioned, Located:
			is := x.of(NoIndex, &risk.Place{Account: e.Account, Instrument: e.Instrument, Owner: NoIndex, Venue: NoIndex}, risk.Buy)
			if held := c.book.Position(e.Account, e.Instrument); e.Kind == Located {
				is.Located = e.Qty - held.Located
			} else {
				is.Qty, is.Start = e.Qty-held.SOD, e.Qty-held.SOD
			}
			x.grows = true
		case Opened:
			is := x.of(e.Order, &risk.Place{Account: e.Account, Instrument: e.Instrument, Owner: e.Link, Venue: e.Venue, Author: e.Author}, e.Side)
			is.Open, is.Reserved, is.Orders = e.Open, e.Reserved, 1
		case Asked, Rebooked, Confirmed, Reopened, Ended:
			c.changeOrder(x, e, &c.orders[e.Order])
		}
	}
}

// changeOrder is what an effect does to what an order reserves.
func (c *Core) changeOrder(x *changes, e *Effect, o *Order) {
	if e.Kind == Asked && e.RequestKind != ReplaceRequest || e.Kind == Ended && o.State != Live {
		return
	}
	switch is := x.of(e.Order, &o.Place, o.Side); e.Kind {
	case Reopened:
		is.Orders = 1
	case Ended:
		is.Open, is.Reserved, is.Orders = -o.Open, -o.Reserved, -1
	case Asked:
		is.Open, is.Reserved = e.Open-o.Open, e.Reserved-o.Reserved
	default:
		if o.State == Live || is.Orders > 0 {
			is.Open, is.Reserved = e.Open-o.Open, e.Reserved-o.Reserved
		}
		x.grows = x.grows || is.Reserved > 0 || is.Open > 0
	}
}

// worse reports whether a measure is further above its limit than it was.
func worse(x *risk.Overshoot, before []risk.Overshoot) bool {
	for i := range before {
		if before[i].Same(x) {
			return x.Amount() > before[i].Amount()
		}
	}
	return true
}
