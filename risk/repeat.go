package risk

// repeat remembers one accepted order until a newer one takes its place in the ring. Entries of
// one bucket are chained from newest to oldest by sequence; an entry is alive while its sequence
// is above repeatHead - capacity, so a chain needs no unlinking and the ring no sweep.
type repeat struct {
	price, stopPx Price
	qty           Qty
	atNs          int64  // monotonic
	untilNs       int64  // end of its account's window: no entry is overwritten before
	previous      uint64 // sequence of the next older entry of the bucket; 0 = none
	account       uint32
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

func (e *repeat) equals(o *Order) bool {
	return e.qty == o.Terms.Qty && e.price == o.Terms.Price && e.stopPx == o.Terms.StopPx &&
		e.account == o.Account && e.instrument == o.Instrument && e.side == o.Terms.Side
}

func (b *Book) bucket(o *Order) uint64 {
	t := &o.Terms
	h := mix(pair(o.Account, o.Instrument)) ^ uint64(t.Side)
	h = mix(h^h>>32) ^ uint64(t.Qty)
	h = mix(h^h>>32) ^ uint64(t.Price)
	h = mix(h^h>>32) ^ uint64(t.StopPx)
	h = mix(h ^ h>>32)
	return h >> 32 & uint64(len(b.repeatHeads)-1)
}

// repeatRoom tells whether one more order can be remembered without forgetting one that is still
// inside its window.
func (b *Book) repeatRoom(nowNs int64) bool {
	head := b.totals[0].repeatHead
	if head <= b.repeatMask {
		return b.capacity.RepeatEntries > 0
	}
	return b.repeats[head&b.repeatMask].untilNs < nowNs
}

// checkRepeats counts equal orders accepted inside the account's window, this one included.
func (b *Book) checkRepeats(o *Order, j *Judgement) Reason {
	a := &b.accounts[o.Account]
	if a.repeatCountMax == Unlimited {
		return Accepted
	}
	head := b.totals[0].repeatHead
	count := int64(1)
	newest := b.repeatHeads[b.bucket(o)]
	if o.NowNs-newest.atNs > a.repeatWindowNs {
		newest.seq = 0
	}
	for seq := newest.seq; seq != 0 && seq+b.repeatMask >= head && count <= a.repeatCountMax; {
		e := &b.repeats[(seq-1)&b.repeatMask]
		if o.NowNs-e.atNs > a.repeatWindowNs {
			break // older entries of the chain are older still
		}
		if e.equals(o) {
			count++
		}
		seq = e.previous
	}
	reason := j.atMost(RepeatedOrder, o.Account, count, a.repeatCountMax)
	if reason != Accepted && a.repeatDisables {
		j.Trips = true
		j.Checks[j.Count-1].Of = ScopeAccount
	}
	return reason
}

// NoteRepeat remembers an accepted order; of o it reads Account, Instrument, NowNs and Terms.
// Accounts without the control leave no trace. NowNs must not run backwards, see NoteOrder.
func (b *Book) NoteRepeat(o *Order) {
	if o.Account >= uint32(len(b.accounts)) || b.capacity.RepeatEntries <= 0 {
		return
	}
	a := &b.accounts[o.Account]
	if a.repeatCountMax == Unlimited {
		return
	}
	head := &b.totals[0].repeatHead
	newest := &b.repeatHeads[b.bucket(o)]
	b.repeats[*head&b.repeatMask] = repeat{
		price: o.Terms.Price, stopPx: o.Terms.StopPx, qty: o.Terms.Qty,
		atNs: o.NowNs, untilNs: o.NowNs + a.repeatWindowNs, previous: newest.seq,
		account: o.Account, instrument: o.Instrument, side: o.Terms.Side,
	}
	*head++
	*newest = repeatHead{*head, o.NowNs}
}
