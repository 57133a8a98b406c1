package risk

import "math/bits"

// Traffic is what throttles that count by trade dates count: what a participant asked a venue for, and what it executed.
// RTS 9 counts a new order as one, a cancel as one, and a replace as both; the gate's own cancels, of a kill or of a
// link that was lost, as none.
type Traffic struct {
	Messages int64 // that ask
	Orders   int64 // in them
	Qty      Qty   // of those: what a cancel takes away counts as what an order brings
	Opened   Qty   // that they open beyond what was open
	Trades   int64 // orders that executed for the first time
	Traded   Qty
}

// Add counts more of the same place.
func (t *Traffic) Add(more *Traffic) {
	t.Messages, t.Orders, t.Trades = t.Messages+more.Messages, t.Orders+more.Orders, t.Trades+more.Trades
	t.Qty, t.Opened, t.Traded = t.Qty.Plus(more.Qty), t.Opened.Plus(more.Opened), t.Traded.Plus(more.Traded)
}

// NewTraffic is that of an order of this quantity.
func NewTraffic(qty, opened Qty) Traffic {
	return Traffic{Messages: 1, Orders: 1, Qty: qty, Opened: opened}
}

// ReplaceTraffic is that of a replace, which takes away what is open and leaves an order of leaves.
func ReplaceTraffic(open, leaves, opened Qty) Traffic {
	return Traffic{Messages: 1, Orders: 2, Qty: open + max(0, leaves), Opened: max(0, opened)}
}

// CancelTraffic is that of a cancel of what is open.
func CancelTraffic(open Qty) Traffic { return Traffic{Messages: 1, Orders: 1, Qty: open} }

// traffic is that of an order which is judged.
func (o *Order) traffic(j *Judgement) Traffic {
	opened := max(0, j.Open-o.OpenBooked)
	if o.Replace {
		return ReplaceTraffic(o.OpenBooked, o.Terms.Qty-o.Cum, opened)
	}
	return NewTraffic(o.Terms.Qty, opened)
}

// Daily tells whether the window of a flow is the trade date: it begins at the day roll, and nothing leaves it before
// the next.
func (m Flow) Daily() bool { return m == DayQty || m == SymbolDayQty || m.Ratio() }

// Ratio tells whether what was asked for is held against what was executed.
func (m Flow) Ratio() bool { return m >= OrderTrades && m <= SymbolQtyTrades }

// RatioScale is one in a ratio.
const RatioScale = 100

// add counts traffic in the meter of a daily flow. What is told too much of is clamped.
func (m *meter) add(what Flow, t *Traffic) {
	asked, done := t.Orders, t.Trades
	switch what {
	case SymbolQtyTrades:
		asked, done = int64(t.Qty), int64(t.Traded)
	case DayQty, SymbolDayQty:
		asked, done = int64(t.Opened), 0
	}
	m.noted += uint64(t.Messages)
	m.total, _ = clamp(m.total, asked)
	m.done, _ = clamp(m.done, done)
	m.done = max(0, m.done)
}

// reading is what a daily flow measures: a quantity, or by RTS 9 3(1) how much was asked for beyond each part of it that
// was executed, in hundredths, rounded up; Unlimited where nothing was executed.
func (m *meter) reading(what Flow) int64 {
	switch {
	case !what.Ratio():
		return m.total
	case m.done == 0 && m.total > 0:
		return Unlimited
	case m.total <= m.done:
		return 0
	}
	hi, lo := bits.Mul64(uint64(m.total-m.done), RatioScale)
	done := uint64(m.done)
	if hi >= done {
		return MagnitudeMax
	}
	ratio, rest := bits.Div64(hi, lo, done)
	if rest != 0 {
		ratio++
	}
	return int64(min(ratio, MagnitudeMax))
}

// fitsDay judges the window of a daily flow with an order added. A ratio says nothing before there were enough messages.
func (w *window) fitsDay(m *meter, o *Order, j *Judgement, c *Check) (fits, binds bool) {
	after, t := *m, o.traffic(j)
	after.add(w.flow, &t)
	c.Value, c.Limit = after.reading(w.flow), w.max
	return c.Value <= c.Limit, after.noted >= uint64(w.least)
}

// dailyKinds are the kinds of scopes, a bit for each, that have a throttle of a daily flow.
func (b *Book) dailyKinds() (kinds uint16) {
	for m := OrderTrades; m <= SymbolQtyTrades; m++ {
		kinds |= b.totals[0].armed[m]
	}
	return kinds | b.totals[0].armed[DayQty] | b.totals[0].armed[SymbolDayQty]
}

// CountsDays reports whether anybody has a throttle that counts by trade dates.
func (b *Book) CountsDays() bool { return b.dailyKinds() != 0 }

// eachDay gives the daily windows in which what happens at a place counts, with their meters.
func (b *Book) eachDay(at *Place, lnk uint32, f func(n, k uint32, w *window, m *meter)) {
	kinds := b.dailyKinds()
	if kinds == 0 {
		return
	}
	var path [PathMax]uint32
	for _, n := range b.throttled(at, lnk, kinds, &path) {
		for next := b.windowOf[n]; next != 0; next = b.windows[next-1].next {
			w := &b.windows[next-1]
			if !w.flow.Daily() {
				continue
			}
			if m, k := b.meterOf(w, at.Instrument); m != nil {
				f(n, k, w, m)
			}
		}
	}
}

// NoteDay counts traffic in every scope of a place, in what it counts by trade dates.
func (b *Book) NoteDay(at *Place, lnk uint32, t *Traffic) {
	b.eachDay(at, lnk, func(_, _ uint32, w *window, m *meter) { m.add(w.flow, t) })
}

// DayWarnings lists which daily figures of a place come up to a level of warning by traffic, and which fall below one
// again, and returns how many there are. What does not fit into out is found again by the next.
func (b *Book) DayWarnings(at *Place, lnk uint32, t *Traffic, out []Warning) (count int) {
	b.eachDay(at, lnk, func(n, k uint32, w *window, m *meter) {
		after := *m
		if after.add(w.flow, t); after.noted < uint64(w.least) || w.max == Unlimited {
			return
		}
		v := after.reading(w.flow)
		level, up := w.levels.crossed(m.warned, v, w.max)
		if level == m.warned || count == len(out) {
			return
		}
		x := Warning{Value: v, Limit: w.max, Scope: b.indexOf(n), Of: b.scopes[n].kind, Measure: w.flow.Control(), Up: up}
		if level > 0 {
			x.Level = w.levels[level-1]
		}
		if w.flow.bySymbol() {
			x.In = OneInstrument
		}
		out[count] = x
		count++
	})
	return count
}

// dailyOf is the daily flow of a control.
func dailyOf(control Reason) (what Flow, daily bool) {
	for what = range flows {
		if throttleControls[what] == control && what.Daily() {
			return what, true
		}
	}
	return 0, false
}

// setDayWarned notes which level a daily figure of a scope has reached, by its percentage.
func (b *Book) setDayWarned(n uint32, instrument uint32, what Flow, percent uint8) {
	for next := b.windowOf[n]; next != 0; next = b.windows[next-1].next {
		w := &b.windows[next-1]
		if w.flow != what {
			continue
		}
		if m, _ := b.meterOf(w, instrument); m != nil {
			m.warned = w.levels.reached(percent)
		}
	}
}

// RollThrottles begins a day of the throttles that count by trade dates.
func (b *Book) RollThrottles() {
	for i := range b.totals[0].windows {
		if w := &b.windows[i]; w.flow.Daily() {
			clear(b.meters[w.meter : int(w.meter)+w.flow.meters(len(b.instruments))])
		}
	}
}

// DayView is what a daily throttle of a scope has counted since the day roll.
type DayView struct {
	Of          Flow
	Instrument  uint32 // NoIndex: all together
	Value       int64  // in the unit of the control
	Limit       int64
	Asked, Done int64 // of a ratio: orders and those that executed, or their quantities
	Messages    uint64
	Least       int64 // it binds from so many on
}

// EachDaily gives what a scope has done since the day roll of what its throttles count by trade dates: of all
// instruments together, or of each in which there was some.
func (b *Book) EachDaily(kind Scope, i uint32, f func(v DayView)) {
	n, ok := b.number(kind, i)
	if !ok || kind == ScopeVenue {
		return
	}
	for next := b.windowOf[n]; next != 0; next = b.windows[next-1].next {
		w := &b.windows[next-1]
		if !w.flow.Daily() {
			continue
		}
		for k := range uint32(w.flow.meters(len(b.instruments))) {
			m := &b.meters[w.meter+k]
			v := DayView{w.flow, k, m.reading(w.flow), w.max, m.total, m.done, m.noted, w.least}
			if !w.flow.bySymbol() {
				v.Instrument = NoIndex
			}
			if m.noted != 0 || !w.flow.bySymbol() {
				f(v)
			}
		}
	}
}
