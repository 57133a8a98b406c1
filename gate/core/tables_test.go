package core

import (
	"slices"

	"portcullis/risk"
)

// checkTables recomputes from the tables what the state keeps as counts, lists and sums.
func (w *world) checkTables() {
	w.t.Helper()
	c := w.core
	w.checkOrders()
	w.checkFinal()
	w.checkRequests()
	w.checkClOrdIDs()
	w.checkShares()
	w.checkMatches()
	w.checkCopies()
	active, missing := uint32(0), make([]uint32, len(c.missing))
	for i := range c.jobs {
		switch c.jobs[i].Kind {
		case noJob:
			continue
		case missedJob, unknownJob, codJob:
			missing[c.jobs[i].Venue]++
		}
		active++
	}
	ready := uint32(0)
	for at := range c.masses {
		if q := &c.masses[at]; q.ready {
			ready++
		} else if q.count > 0 && (massKind(at%massKinds) == massCancel || !c.links[at/massKinds].Blocked) {
			w.t.Fatalf("queue %d has mass requests that nobody works on", at)
		}
	}
	if ready != c.reg.massReady {
		w.t.Fatalf("%d queues of mass requests at work, counted %d", ready, c.reg.massReady)
	}
	owed, later := make([]uint32, len(c.owed)), make([]uint32, len(c.owed))
	for r := range c.reg.reqUsed {
		switch q := &c.requests[r]; q.State {
		case Owed:
			owed[c.orders[q.Order].Venue]++
		case Postponed:
			later[c.orders[q.Order].Venue]++
		}
	}
	if owed[0] != c.owed[0] || later[0] != c.postponed[0].count {
		w.t.Fatalf("%d cancels owed, %d later, counted %d and %d", c.owed[0], c.postponed[0].count, owed[0], later[0])
	}
	if active != c.reg.jobsActive || missing[0] != c.missing[0] {
		w.t.Fatalf("%d jobs, %d settling; counted %d and %d", c.reg.jobsActive, c.missing[0], active, missing[0])
	}
}

type sums struct {
	rb, rs     risk.Money
	ob, os, ol risk.Qty
	count      int64
}

// checkOrders: each order's reservation follows from its versions, and the book is their sum.
func (w *world) checkOrders() {
	w.t.Helper()
	c := w.core
	live, cancels := uint32(0), uint32(0)
	unknown, unknownOf := make([]uint32, len(c.unknown)), make([]uint32, len(c.unknownOf))
	var scopes [4 + moreAccounts]sums
	var places [4 + moreAccounts][2 + moreInstruments]sums
	c.EachLive(func(slot uint32, o *Order) bool {
		live++
		var vs [risk.VersionsMax + 1]risk.Version
		n := c.versions(o, vs[:], NoIndex)
		open, reserved := c.reservation(o, o.bound(vs[:n], o.Status, o.Cum), min(o.Executed, o.Cum), o.K)
		if open != o.Open || reserved != o.Reserved {
			w.t.Fatalf("order %d: open %d reserved %d, its versions say %d and %d", slot, o.Open, o.Reserved, open, reserved)
		}
		if n > risk.VersionsMax {
			w.t.Fatalf("order %d has %d versions", slot, n)
		}
		if o.Status == '2' && open == 0 && n == 1 || o.EndedBy(o.Status) && o.Executed == o.Cum {
			w.t.Fatalf("order %d is over and lives: %+v", slot, o)
		}
		looking := c.jobs[c.placeOf(unknownJob, o.Venue)].Kind != noJob
		if doubtful := w.doubtful(o); doubtful != (o.Flags&FlagUnknown != 0) && (!doubtful || !looking) {
			w.t.Fatalf("order %d: flags %b, a request in doubt: %v", slot, o.Flags, doubtful)
		}
		if o.Flags&FlagCancelPending != 0 {
			cancels++
		}
		if o.Flags&FlagUnknown != 0 {
			unknown[o.Account]++
			unknownOf[o.Owner]++
		}
		s, p := &scopes[o.Account], &places[o.Account][o.Instrument]
		s.count++
		switch {
		case o.Side == risk.Buy:
			s.rb += reserved
			p.ob += open
		default:
			s.rs += reserved
			p.os += open
			if o.Side == risk.Sell {
				p.ol += open
			}
		}
		return true
	})
	if live != c.reg.liveCount || cancels != c.reg.cancels {
		w.t.Fatalf("%d live orders, %d with a cancel; counted %d and %d", c.reg.liveCount, c.reg.cancels, live, cancels)
	}
	total := uint32(0)
	for _, n := range unknown {
		total += n
	}
	if total != c.reg.unknown {
		w.t.Fatalf("%d unknown orders, counted %d", total, c.reg.unknown)
	}
	if !slices.Equal(unknownOf, c.unknownOf) {
		w.t.Fatalf("unknown orders by link %v, counted %v", c.unknownOf, unknownOf)
	}
	for a := range scopes {
		s := c.book.Credit(risk.ScopeAccount, uint32(a))
		if s.RB != scopes[a].rb || s.RS != scopes[a].rs || s.OpenOrders != scopes[a].count || unknown[a] != c.unknown[a] {
			w.t.Fatalf("account %d: %+v unknown %d, its orders add up to %+v unknown %d", a, s, c.unknown[a], scopes[a], unknown[a])
		}
		for i := range places[a] {
			p, q := c.book.Position(uint32(a), uint32(i)), &places[a][i]
			if p.OB != q.ob || p.OS != q.os || p.OSLong != q.ol {
				w.t.Fatalf("account %d instrument %d: %+v, its orders add up to %+v", a, i, p, q)
			}
		}
	}
}

// checkFinal: the list of final orders holds each of them once.
func (w *world) checkFinal() {
	w.t.Helper()
	c := w.core
	final := 0
	for slot := range c.reg.ordersUsed {
		if c.orders[slot].State == Final {
			final++
		}
	}
	last := uint32(NoIndex)
	for n := c.reg.finalHead; n != NoIndex; n = c.orders[n].next {
		if final--; final < 0 || c.orders[n].State != Final {
			w.t.Fatal("the list of final orders holds another, or one twice")
		}
		last = n
	}
	if final != 0 || last != c.reg.finalTail {
		w.t.Fatalf("%d final orders are not in their list", final)
	}
}

// checkRequests: each request is free or in the chain of one order.
func (w *world) checkRequests() {
	w.t.Helper()
	c := w.core
	seen := make([]bool, c.reg.reqUsed)
	inUse := uint32(0)
	for slot := range c.reg.ordersUsed {
		o := &c.orders[slot]
		if o.State == NoOrder || o.First == NoIndex {
			continue
		}
		last, n := o.First, 0
		for r := o.First; r != NoIndex; r = c.requests[r].Next {
			if q := &c.requests[r]; seen[r] || q.State == FreeRequest || q.Order != slot {
				w.t.Fatalf("request %d in the chain of order %d: %+v", r, slot, q)
			}
			seen[r] = true
			inUse++
			last = r
			n++
		}
		if last != o.Last || n > chainMax || !seen[o.Current] {
			w.t.Fatalf("order %d: chain of %d ends with %d", slot, n, last)
		}
	}
	free := uint32(0)
	for r := c.reg.reqFree; r != NoIndex; r = c.requests[r].Next {
		if seen[r] || c.requests[r].State != FreeRequest {
			w.t.Fatalf("request %d is not free", r)
		}
		seen[r] = true
		free++
	}
	if inUse != c.reg.reqInUse || inUse+free != c.reg.reqUsed {
		w.t.Fatalf("%d requests in use, %d free, of %d", inUse, free, c.reg.reqUsed)
	}
}

// checkClOrdIDs: each row that is in use is in the index, and is carried as often as it says.
func (w *world) checkClOrdIDs() {
	w.t.Helper()
	c := w.core
	uses := map[uint32]uint32{}
	for r := range c.reg.reqUsed {
		if q := &c.requests[r]; q.State != FreeRequest && q.ID != NoIndex {
			uses[q.ID]++
		}
	}
	for l := range c.masses {
		for n := range c.masses[l].count {
			if id := c.massAt(uint32(l), n).id; id != NoIndex {
				uses[id]++
			}
		}
	}
	inUse := uint32(0)
	for slot := range c.reg.idUsed {
		e := &c.ids[slot]
		if e.uses != uses[slot] {
			w.t.Fatalf("ClOrdID %s is carried %d times, it says %d", e.text[:e.size], uses[slot], e.uses)
		}
		if e.size == 0 {
			continue
		}
		inUse++
		if c.lookupID(e.link, e.text[:e.size]) != slot {
			w.t.Fatalf("ClOrdID %s is not found", e.text[:e.size])
		}
		if r := e.request; r != NoIndex && (c.requests[r].State == FreeRequest || c.requests[r].ID != slot) {
			w.t.Fatalf("ClOrdID %s names a request that is not its", e.text[:e.size])
		}
	}
	if inUse != c.reg.idInUse {
		w.t.Fatalf("%d ClOrdIDs in use, counted %d", c.reg.idInUse, inUse)
	}
}

// checkShares: what each link holds of ids is counted right, and what is kept for cancels is there.
func (w *world) checkShares() {
	w.t.Helper()
	c := w.core
	used, live := make([]int32, len(c.shares)), make([]int32, len(c.shares))
	for slot := range c.reg.idUsed {
		if e := &c.ids[slot]; e.size > 0 {
			used[e.link]++
		}
	}
	c.EachLive(func(_ uint32, o *Order) bool { live[o.Owner]++; return true })
	common, total := int32(0), int32(0)
	for l := range c.shares {
		s := &c.shares[l]
		if s.used != used[l] || s.live != live[l] || s.kept < 0 || s.kept > s.live {
			w.t.Fatalf("link %d holds %+v of ids, counted %d used by %d live orders", l, *s, used[l], live[l])
		}
		common += s.beyond(c.idsOwn)
		total += s.used + s.kept
	}
	if common != c.reg.idCommon || common > c.idsCommon || total > int32(len(c.ids)) {
		w.t.Fatalf("%d ids held beyond the shares, counted %d of %d; %d of %d in all", c.reg.idCommon, common, c.idsCommon, total, len(c.ids))
	}
}

func (w *world) doubtful(o *Order) bool {
	for r := o.First; r != NoIndex; r = w.core.requests[r].Next {
		if w.core.inDoubt(&w.core.requests[r]) {
			return true
		}
	}
	return false
}

// checkMatches: of each self-match group, instrument and half the book knows an order that reaches as far as any does.
func (w *world) checkMatches() {
	w.t.Helper()
	c := w.core
	if !c.book.Matches() {
		return
	}
	for n := range len(clientNames) * len(symbolNames) * 2 {
		owner, ins, side := uint32(n%len(clientNames)), uint32(n/len(clientNames)%len(symbolNames)), []risk.Side{risk.Buy, risk.Sell}[n/len(clientNames)/len(symbolNames)]
		furthest, any := risk.Reach(0), false
		for slot := range c.reg.ordersUsed {
			o := &c.orders[slot]
			if o.Account == NoIndex || accountOwner[o.Account] != owner || o.Instrument != ins || o.Side.IsBuy() != side.IsBuy() {
				continue
			}
			if reach, rests := c.reach(o); rests && (!any || reach > furthest) {
				furthest, any = reach, true
			}
		}
		if slot, reach := c.book.BestResting(owner+1, ins, side); any != (slot != NoIndex) || reach != furthest {
			w.t.Fatalf("client %d symbol %d side %d: order %d reaches %d, all that are open %d", owner, ins, side, slot, reach, furthest)
		}
	}
}
