package risk

// repeat remembers one accepted order, for one scope that counts equal ones, until a newer one takes its place in the ring. Entries of
// one bucket are chained from newest to oldest by sequence; an entry is alive while its sequence
// is above repeatHead - capacity, so a chain needs no unlinking and the ring no sweep.
type repeat struct {
	price, stopPx Price
	qty           Qty
	atNs          int64  // monotonic
	untilNs       int64  // end of its scope's window: no entry is overwritten before
	previous      uint64 // sequence of the next older entry of the bucket; 0 = none
	scope         uint32 // by its place in the table of scopes
	instrument    uint32
	side          Side
	_             [7]byte
}

// repeatHead names the newest entry of a bucket. Its time is here too, so that a bucket whose entries are all older
// than a window, as most are, costs no look at them.
type repeatHead struct {
	seq  uint64 // 0: there is none
	atNs int64  // monotonic
}

// repeatsPerBucket is how many entries a bucket has when all are inside their windows: few buckets stay in
// the processor's cache, and a ring is hardly ever full.
const repeatsPerBucket = 16

// repeatRule is what a scope says of equal orders: an account by its own row, any other by a throttle of EqualOrders.
type repeatRule struct {
	scope    uint32 // by its place in the table of scopes
	countMax int64
	windowNs int64
	from     uint64 // entries up to this sequence count no more
	disables bool
}

// repeatRules lists those of every scope of a place, and of what link lnk sends for it.
func (b *Book) repeatRules(at *Place, lnk uint32, out *[PathMax + 1]repeatRule) []repeatRule {
	n := 0
	if a := &b.accounts[at.Account]; a.repeatCountMax != Unlimited {
		r := &out[0]
		r.scope, r.countMax, r.windowNs = b.accountScope(at.Account), a.repeatCountMax, a.repeatWindowNs
		r.from, r.disables = a.repeatFrom, a.repeatDisables
		n++
	}
	kinds := b.totals[0].armed[EqualOrders]
	if kinds == 0 {
		return out[:n]
	}
	var path [PathMax]uint32
	for _, scope := range b.throttled(at, lnk, kinds, &path) {
		for next := b.windowOf[scope]; next != 0; next = b.windows[next-1].next {
			if w := &b.windows[next-1]; w.flow == EqualOrders && w.max != Unlimited {
				out[n] = repeatRule{scope, w.max, w.windowNs, b.meters[w.meter].from, w.disable}
				n++
			}
		}
	}
	return out[:n]
}

func (e *repeat) equals(o *Order, scope uint32) bool {
	return e.qty == o.Terms.Qty && e.price == o.Terms.Price && e.stopPx == o.Terms.StopPx &&
		e.scope == scope && e.instrument == o.Instrument && e.side == o.Terms.Side
}

func (b *Book) bucket(o *Order, scope uint32) uint64 {
	t := &o.Terms
	h := mix(pair(scope, o.Instrument)) ^ uint64(t.Side)
	h = mix(h^h>>32) ^ uint64(t.Qty)
	h = mix(h^h>>32) ^ uint64(t.Price)
	h = mix(h^h>>32) ^ uint64(t.StopPx)
	h = mix(h ^ h>>32)
	return h >> 32 & uint64(len(b.repeatHeads)-1)
}

// repeatRoom tells whether an order can be remembered, in as many scopes as there may be, without forgetting one that is
// still inside its window.
func (b *Book) repeatRoom(o *Order) bool {
	need := uint64(0)
	if b.accounts[o.Account].repeatCountMax != Unlimited {
		need++
	}
	if !b.Idle(EqualOrders) {
		need += PathMax
	}
	if need > uint64(b.capacity.RepeatEntries) {
		return false
	}
	head := b.totals[0].repeatHead
	for seq := head; seq < head+need; seq++ {
		if seq > b.repeatMask && b.repeats[seq&b.repeatMask].untilNs >= o.NowNs {
			return false
		}
	}
	return true
}

// checkRepeats counts equal orders accepted inside the window of each scope that does, this one included.
func (b *Book) checkRepeats(o *Order, j *Judgement) Reason {
	var of [PathMax + 1]repeatRule
	for i := range b.repeatRules(&o.Place, o.Link, &of) {
		rule := &of[i]
		count, from := b.equalOrders(o, rule), origin{index: b.indexOf(rule.scope)}
		if kind := b.scopes[rule.scope].kind; kind != ScopeAccount || count > rule.countMax && rule.disables {
			from.of = kind
		}
		if j.noteOf(RepeatedOrder, from, count, rule.countMax); count > rule.countMax {
			j.Trips = rule.disables
			return RepeatedOrder
		}
	}
	return Accepted
}

// equalOrders is how many there are with this one, counted up to one more than the rule allows.
func (b *Book) equalOrders(o *Order, rule *repeatRule) int64 {
	head := b.totals[0].repeatHead
	count := int64(1)
	newest := b.repeatHeads[b.bucket(o, rule.scope)]
	if o.NowNs-newest.atNs > rule.windowNs {
		return count
	}
	for seq := newest.seq; seq > rule.from && seq+b.repeatMask >= head && count <= rule.countMax; {
		e := &b.repeats[(seq-1)&b.repeatMask]
		if o.NowNs-e.atNs > rule.windowNs {
			break // older entries of the chain are older still
		}
		if e.equals(o, rule.scope) {
			count++
		}
		seq = e.previous
	}
	return count
}

// NoteRepeat remembers an accepted order, once for each scope that counts equal ones; of o it reads Place, Link, NowNs and
// Terms. Where nobody does it leaves no trace. NowNs must not run backwards, see Note.
func (b *Book) NoteRepeat(o *Order) {
	if o.Account >= uint32(len(b.accounts)) || b.capacity.RepeatEntries <= 0 {
		return
	}
	head := &b.totals[0].repeatHead
	var of [PathMax + 1]repeatRule
	for i := range b.repeatRules(&o.Place, o.Link, &of) {
		rule := &of[i]
		newest := &b.repeatHeads[b.bucket(o, rule.scope)]
		e := &b.repeats[*head&b.repeatMask]
		e.price, e.stopPx, e.qty = o.Terms.Price, o.Terms.StopPx, o.Terms.Qty
		e.atNs, e.untilNs, e.previous = o.NowNs, o.NowNs+rule.windowNs, newest.seq
		e.scope, e.instrument, e.side = rule.scope, o.Instrument, o.Terms.Side
		*head++
		*newest = repeatHead{*head, o.NowNs}
	}
}
