package risk

// Daily tells whether the window of a flow is the trade date: it begins at the day roll, and nothing leaves it before
// the next.
func (m Flow) Daily() bool { return m >= DayQty }

// rollThrottles begins a day of the throttles that count by trade dates.
func (b *Book) rollThrottles() {
	for i := range b.totals[0].windows {
		if w := &b.windows[i]; w.flow.Daily() {
			clear(b.meters[w.meter : int(w.meter)+w.flow.meters(len(b.instruments))])
		}
	}
}

// EachDaily gives what a scope has done since the day roll of what a throttle of its counts by trade dates: of all
// instruments together (NoIndex), or of each in which there was some.
func (b *Book) EachDaily(kind Scope, i uint32, f func(what Flow, instrument uint32, value, limit int64)) {
	n, ok := b.number(kind, i)
	if !ok || kind == ScopeVenue {
		return
	}
	for next := b.windowOf[n]; next != 0; next = b.windows[next-1].next {
		w := &b.windows[next-1]
		switch {
		case !w.flow.Daily() || w.max == Unlimited:
		case !w.flow.bySymbol():
			f(w.flow, NoIndex, b.meters[w.meter].total, w.max)
		default:
			for k := range uint32(len(b.instruments)) {
				if m := &b.meters[w.meter+k]; m.noted != 0 {
					f(w.flow, k, m.total, w.max)
				}
			}
		}
	}
}
