package risk

// link is the row of one FIX session: its sliding window and its kills.
type link struct {
	orderCountMax int64
	orderWindowNs int64
	orders        uint64 // orders ever noted; the ring keeps the last of them
	ring          uint64 // where in orderTimes its ring begins
	ringSlots     uint64 // a power of two; 0: not counted yet
	kills         uint32 // active kills of this link
	credit        bool   // it is a scope with limits
	_             [3]byte
}

// SetLink sets the window of link i. Orders already noted stay noted.
func (b *Book) SetLink(i uint32, l LinkLimits) error {
	if i >= uint32(len(b.links)) {
		return errIndex
	}
	if err := l.Check(); err != nil {
		return err
	}
	row := &b.links[i]
	if l.OrderCountMax != Unlimited && uint64(l.OrderCountMax) > row.ringSlots && !b.growRing(row, l.OrderCountMax) {
		return errThrottle
	}
	row.orderCountMax, row.orderWindowNs = int64(l.OrderCountMax), l.OrderWindowNs
	return nil
}

// growRing gives a link a longer ring from the common store and takes its stamps along.
func (b *Book) growRing(l *link, count int) bool {
	slots := uint64(powerOfTwo(count))
	t := &b.totals[0]
	if t.stamps+slots > uint64(len(b.orderTimes)) {
		return false
	}
	to := b.orderTimes[t.stamps : t.stamps+slots]
	for n := uint64(1); n <= min(l.ringSlots, l.orders); n++ {
		seq := l.orders - n
		to[seq&(slots-1)] = b.orderTimes[l.ring+seq&(l.ringSlots-1)]
	}
	l.ring, l.ringSlots = t.stamps, slots
	t.stamps += slots
	return true
}

// NoteOrder counts one D or G of the link, whatever its verdict. nowNs is monotonic and must not
// start again after a restart: the caller carries the offset.
func (b *Book) NoteOrder(lnk uint32, nowNs int64) {
	if lnk >= uint32(len(b.links)) {
		return
	}
	l := &b.links[lnk]
	if l.ringSlots != 0 {
		b.orderTimes[l.ring+l.orders&(l.ringSlots-1)] = nowNs
	}
	l.orders++
}

// checkRate: the CountMax-th most recent order must be older than the window. A stamp from the
// future counts as recent: a clock that steps back opens nothing.
func (b *Book) checkRate(o *Order, j *Judgement) Reason {
	if o.Link >= uint32(len(b.links)) {
		return j.fail(OrderRateExceeded, o.Link, 0, 0)
	}
	l := &b.links[o.Link]
	if l.orderCountMax == Unlimited {
		return Accepted
	}
	if l.orderCountMax == 0 {
		return j.fail(OrderRateExceeded, o.Link, 1, 0)
	}
	if l.orders < uint64(l.orderCountMax) {
		j.note(OrderRateExceeded, o.Link, Unlimited, l.orderWindowNs)
		return Accepted
	}
	at := b.orderTimes[l.ring+(l.orders-uint64(l.orderCountMax))&(l.ringSlots-1)]
	age := o.NowNs - at
	j.note(OrderRateExceeded, o.Link, age, l.orderWindowNs)
	if age <= l.orderWindowNs {
		return OrderRateExceeded
	}
	return Accepted
}
