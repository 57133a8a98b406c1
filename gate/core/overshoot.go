package core

import "portcullis/risk"

// recordOvershoot adds up what the effects of an event will change and records each measure that is
// then above its limit, and further than before (exposure 8). Nothing is refused: it has happened.
// From then on the limit itself refuses what is not closing.
func (c *Core) recordOvershoot(d *Decision) {
	c.recordLeft(d)
	at, delta, grows := c.change(d)
	if !grows {
		return // what only releases moves nothing above a limit
	}
	of := everyScope
	if d.moved(at.Account) {
		of = belowFirm
	}
	c.recordAbove(d, &at, &delta, of)
}

// recordLeft does so for an account that an execution leaves for another one, and for whoever bears the one and not the other.
func (c *Core) recordLeft(d *Decision) {
	var from, to *Effect
	for i := range d.EffectLen {
		switch e := &d.Effects[i]; e.Kind {
		case Busted:
			from = e
		case Executed:
			to = e
		}
	}
	if from == nil || to == nil || !d.moved(to.Account) {
		return
	}
	of, accounts := belowFirm, c.set.Accounts
	if from.Account < uint32(len(accounts)) && to.Account < uint32(len(accounts)) && accounts[from.Account].Client == accounts[to.Account].Client {
		of = accountAlone
	}
	at := c.BookedAt(from)
	delta := risk.Delta{Side: from.Side}
	c.addTrade(&delta, from, -1)
	c.recordAbove(d, &at, &delta, of)
}

// borne says which scopes of a place a change is one for.
type borne uint8

const (
	everyScope   borne = iota
	belowFirm          // the firm bears it as before
	accountAlone       // and so does the client
)

func (b borne) has(o *risk.Overshoot) bool {
	switch b {
	case belowFirm:
		return !o.Firm()
	case accountAlone:
		return o.Of == risk.ScopeAccount || o.Of == 0 && o.Measure.Scope() == 0
	}
	return true
}

// recordAbove records the measures on the path of a place that a change takes above their limits, or further.
func (c *Core) recordAbove(d *Decision, at *risk.Place, delta *risk.Delta, of borne) {
	var after, before [risk.OvershootsMax]risk.Overshoot
	n := c.book.ExcessAfter(at, delta, after[:])
	if n == 0 {
		return
	}
	old := before[:min(c.book.Excess(at, before[:]), len(before))]
	for i := 0; i < min(n, len(after)) && d.EffectLen < EffectsMax-4; i++ {
		if of.has(&after[i]) && worse(&after[i], old) {
			d.overshot(&after[i], at.Instrument)
		}
	}
}

// moved reports whether an execution goes from another account to this one: the firm bears it as before.
func (d *Decision) moved(account uint32) bool {
	for i := range d.EffectLen {
		if e := &d.Effects[i]; e.Kind == Busted && e.Account != account {
			return true
		}
	}
	return false
}

func (d *Decision) overshot(o *risk.Overshoot, instrument uint32) {
	e := d.effect(Overshot)
	e.Account, e.Instrument, e.Order, e.Status = o.Scope, instrument, d.Order, byte(o.Of)
	e.Flags = Flags(o.In)
	e.Seq, e.Value = uint64(o.Measure), uint64(o.Amount())
}

// nowhere is no place at all.
var nowhere = risk.Place{Account: NoIndex, Instrument: NoIndex, Owner: NoIndex, Venue: NoIndex}

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

// change adds up what the effects do in one place.
func (c *Core) change(d *Decision) (at risk.Place, delta risk.Delta, grows bool) {
	at = nowhere
	for i := 0; i < d.EffectLen; i++ {
		e := &d.Effects[i]
		switch e.Kind {
		case Executed:
			if at.Account != e.Account {
				delta = risk.Delta{} // what was taken back is another account's: see moved
			}
			at, delta.Side, grows = c.BookedAt(e), e.Side, true
			c.addTrade(&delta, e, 1)
		case Busted:
			at, delta.Side, grows = c.BookedAt(e), e.Side, true
			c.addTrade(&delta, e, -1)
		case Positioned:
			at = nowhere
			at.Account, at.Instrument, delta.Side, grows = e.Account, e.Instrument, risk.Buy, true
			delta.Qty = e.Qty - c.book.Position(at.Account, at.Instrument).SOD
			delta.Start = delta.Qty
		case Located:
			at = nowhere
			at.Account, at.Instrument, grows = e.Account, e.Instrument, true
			delta.Located = e.Qty - c.book.Position(at.Account, at.Instrument).Located
		case Reopened:
			delta.Orders = 1
		case Rebooked, Confirmed:
			o := &c.orders[e.Order]
			at, delta.Side = o.Place(), o.Side
			if o.State == Live || delta.Orders > 0 {
				delta.Open, delta.Reserved = e.Open-o.Open, e.Reserved-o.Reserved
			}
			grows = grows || delta.Reserved > 0 || delta.Open > 0
		case Opened:
			at = risk.Place{Account: e.Account, Instrument: e.Instrument, Owner: e.Link, Venue: e.Venue, Author: e.Author}
			delta.Side, delta.Open, delta.Reserved, delta.Orders = e.Side, e.Open, e.Reserved, 1
		case Asked:
			if o := &c.orders[e.Order]; e.RequestKind == ReplaceRequest {
				at, delta.Side = o.Place(), o.Side
				delta.Open, delta.Reserved = e.Open-o.Open, e.Reserved-o.Reserved
			}
		case Ended:
			if o := &c.orders[e.Order]; o.State == Live {
				at, delta.Side = o.Place(), o.Side
				delta.Open, delta.Reserved, delta.Orders = -o.Open, -o.Reserved, -1
			}
		}
	}
	return at, delta, grows
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
