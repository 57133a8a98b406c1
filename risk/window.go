package risk

// throttled lists the scopes of these kinds (a bit for each) whose throttles an order at a place counts in, sent by
// link lnk. What belongs to no known account still counts in the firm.
func (b *Book) throttled(at *Place, lnk uint32, kinds uint16, out *[PathMax]uint32) []uint32 {
	n := 0
	if kinds != 1<<ScopeLink {
		by := Place{Account: at.Account, Owner: NoIndex, Venue: NoIndex, Author: at.Author}
		n = len(b.path(&by, out))
	}
	if lnk < uint32(len(b.links)) {
		out[n] = b.base[ScopeLink] + lnk
		n++
	}
	return out[:n]
}

// Idle reports whether nobody has a throttle of a flow.
func (b *Book) Idle(what Flow) bool { return b.totals[0].armed[what] == 0 }

// Note counts an event of a flow that is not Daily, or adds an amount to its sums, in every scope of a place. nowNs is monotonic and
// must not start again after a restart: the caller carries the offset. A time before the last one noted counts as that.
func (b *Book) Note(what Flow, at *Place, lnk uint32, amount, nowNs int64) {
	kinds := b.totals[0].armed[what]
	if kinds == 0 {
		return
	}
	var path [PathMax]uint32
	for _, n := range b.throttled(at, lnk, kinds, &path) {
		for next := b.windowOf[n]; next != 0; {
			w := &b.windows[next-1]
			if next = w.next; w.flow == what {
				b.noteIn(w, at.Instrument, amount, nowNs)
			}
		}
	}
}

func (b *Book) noteIn(w *window, instrument uint32, amount, nowNs int64) {
	m, k := b.meterOf(w, instrument)
	if m == nil {
		return
	}
	if w.slots != 0 {
		if m.noted > 0 {
			last, _ := b.mark(w, k, m.noted-1)
			nowNs = max(nowNs, last)
		}
		b.setMark(w, k, m.noted, nowNs, m.total)
	}
	m.noted++
	m.total += amount
}

// meterOf is the meter that an order in an instrument counts in; nil where the instrument is not known.
func (b *Book) meterOf(w *window, instrument uint32) (*meter, uint32) {
	if !w.flow.bySymbol() {
		return &b.meters[w.meter], 0
	}
	if instrument >= uint32(len(b.instruments)) {
		return nil, 0
	}
	return &b.meters[w.meter+instrument], instrument
}

// checkThrottles judges the throttles of flows first to last in every scope of an order. All are looked at: the
// control that comes first in order answers, whichever scope it is of.
func (b *Book) checkThrottles(o *Order, j *Judgement, first, last Flow) Reason {
	kinds := uint16(0)
	for _, armed := range b.totals[0].armed[first : last+1] {
		kinds |= armed
	}
	if kinds == 0 {
		return Accepted
	}
	failed, by, disable := flows, Check{}, false
	var path [PathMax]uint32
	for _, n := range b.throttled(&o.Place, o.Link, kinds, &path) {
		for next := b.windowOf[n]; next != 0; {
			w := &b.windows[next-1]
			if next = w.next; w.flow < first || w.flow > last || w.max == Unlimited {
				continue
			}
			m, k := b.meterOf(w, o.Instrument)
			if m == nil {
				continue // refused as unknown
			}
			c := Check{Scope: b.indexOf(n), Of: b.scopes[n].kind, Control: throttleControls[w.flow]}
			fits, binds := false, true
			if w.flow.Daily() {
				fits, binds = w.fitsDay(m, o, j, &c)
			} else {
				fits = b.fits(w, m, k, o, j, &c)
			}
			if !binds {
				continue
			}
			if fits {
				j.add(&c)
			} else if w.flow < failed {
				failed, by, disable = w.flow, c, w.disable
			}
		}
	}
	if failed == flows {
		return Accepted
	}
	j.add(&by)
	j.Trips = disable
	return by.Control
}

// fits judges one window.
func (b *Book) fits(w *window, m *meter, k uint32, o *Order, j *Judgement, c *Check) bool {
	if w.flow.sums() {
		amount := int64(max(0, j.Open-o.OpenBooked))
		if w.flow == NotionalSum {
			amount = int64(max(0, j.Reserved-o.ReservedBooked))
		}
		if c.Value, c.Limit = b.within(w, m, k, o.NowNs), w.max; c.Value != Unlimited {
			c.Value += amount
		}
		return c.Value <= c.Limit
	}
	c.Value, c.Limit = Unlimited, w.windowNs
	switch {
	case w.max == 0:
		c.Value, c.Limit = 0, 0
		return false
	case m.noted-m.from < uint64(w.max):
		return true
	}
	// The Max-th most recent event must be older than the window. A stamp from the future counts as recent: a clock
	// that steps back opens nothing.
	atNs, _ := b.mark(w, k, m.noted-uint64(w.max))
	c.Value = o.NowNs - atNs
	return c.Value > c.Limit
}

// within is the sum of what was noted inside the window; Unlimited where the ring has forgotten some of it, as after
// a start with a shorter one.
func (b *Book) within(w *window, m *meter, k uint32, nowNs int64) int64 {
	if w.slots == 0 {
		return 0
	}
	kept := min(m.noted-m.from, uint64(w.slots))
	from, to := m.noted-kept, m.noted // the first inside lies between
	for from < to {
		middle := from + (to-from)/2
		if atNs, _ := b.mark(w, k, middle); nowNs-atNs > w.windowNs {
			from = middle + 1
		} else {
			to = middle
		}
	}
	switch {
	case from == m.noted:
		return 0
	case from == m.noted-kept && m.noted-m.from > kept:
		return Unlimited
	}
	_, before := b.mark(w, k, from)
	if sum := m.total - before; sum < forgottenSum {
		return sum
	}
	return Unlimited
}
