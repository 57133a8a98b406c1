package core

import "portcullis/risk"

// warn records which measures come up to a level of warning by what a decision establishes, and which fall below one
// again. Each crossing is told once, until the measure was well below; the day roll begins anew.
func (c *Core) warn(d *Decision) {
	established := d.EffectLen
	var found [EffectsMax]risk.Warning
	var will changes
	if c.change(d, &will); will.count > 0 {
		d.warned(found[:c.book.Warnings(will.all(), found[:d.warnRoom()])], &will.last().Place)
	}
	c.warnDay(d, d.Effects[:established])
}

// warnDay does so of what counts by trade dates. What is of one place counts together: a correction takes an execution back
// and brings another, and only what both come to may be near a limit.
func (c *Core) warnDay(d *Decision, established []Effect) {
	var sum risk.Traffic
	var at risk.Place
	var l uint32
	for i := range established {
		e := &established[i]
		where, by, t, ok := c.traffic(e, c.executed(e)+executedBy(established[:i], e.Order))
		if !ok {
			continue
		}
		if where != at || by != l {
			c.tellDay(d, &at, l, &sum)
			sum, at, l = risk.Traffic{}, where, by
		}
		sum.Add(&t)
	}
	c.tellDay(d, &at, l, &sum)
}

func (c *Core) tellDay(d *Decision, at *risk.Place, l uint32, t *risk.Traffic) {
	if *t == (risk.Traffic{}) {
		return
	}
	var found [EffectsMax]risk.Warning
	d.warned(found[:c.book.DayWarnings(at, l, t, found[:d.warnRoom()])], at)
}

// executedBy is what effects execute of an order beyond what is executed.
func executedBy(effects []Effect, order uint32) (more risk.Qty) {
	for i := range effects {
		switch e := &effects[i]; {
		case e.Order != order:
		case e.Kind == Executed:
			more += e.Qty
		case e.Kind == Busted:
			more -= e.Qty
		}
	}
	return more
}

// warnRoom is how many effects a decision may have beside those that are there.
func (d *Decision) warnRoom() int { return max(0, EffectsMax-1-d.EffectLen) }

func (d *Decision) warned(found []risk.Warning, at *risk.Place) {
	for i := range found {
		w := &found[i]
		var e *Effect
		if w.Up {
			e = d.alert(LimitNear)
		} else {
			e = d.effect(Calmed)
		}
		e.Account, e.Status, e.Flags, e.Instrument = w.Scope, byte(w.Of), Flags(w.In), at.Instrument
		e.Seq, e.Value, e.Qty, e.Money = uint64(w.Measure), uint64(w.Level), risk.Qty(w.Value), risk.Money(w.Limit)
	}
}

// applyWarned notes a level that was told, or left.
func (c *Core) applyWarned(e *Effect) {
	c.book.SetWarned(risk.Scope(e.Status), e.Account, risk.Part{Class: risk.Class(e.Flags), Instrument: e.Instrument}, risk.Reason(e.Seq), uint8(e.Value))
}
