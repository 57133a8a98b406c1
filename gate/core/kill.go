package core

import "portcullis/risk"

// What a JobMoved effect adds to a kill's counts: one byte each, in the order of Reply.
const (
	countInScope   = 1
	countWithdrawn = 1 << 8
	countCancel    = 1 << 16
	countOwed      = 1 << 24
	countExcluded  = 1 << 32
	countWaiting   = 1 << 40
	countHeld      = 1 << 48
)

// Marks of a kill, in the Side of its effects.
const (
	keepGTC risk.Side = 1 << iota // GTC and GTD orders are left alone
	widened                       // it found no row, so the firm is killed
)

// decideKill blocks a scope from the next event on (K1), has unsent orders withdrawn (K2) and
// starts the cancels; the reply follows when the last one is on its way (K3). A kill is never
// refused for want of a job: then the block stands, and the reply says with its id that cancels must
// be asked for again. One that finds no row is a kill of the firm, which has rows of its own; without
// an id several of those stand already.
func (c *Core) decideKill(ev *Event, d *Decision, m *Command) {
	of, code := c.killTarget(m)
	if code != Done {
		d.Reply = Reply{ID: m.ID, Code: code}
		return
	}
	mode := m.Mode.OrCancel()
	if code := killMode(mode, &of); code != Done {
		d.Reply = Reply{ID: m.ID, Code: code}
		return
	}
	var marks risk.Side
	if m.Flag {
		marks = keepGTC
	}
	if !c.book.KillRoom(of.Scope(), mode) {
		of = risk.WholeFirm
		marks |= widened
	}
	if !c.book.KillRoom(of.Scope(), mode) {
		d.Reply = Reply{ID: m.ID, Code: TableFullCode}
		return
	}
	id := c.reg.killNo + 1
	e := d.effect(KillSet)
	e.Status, e.Value, e.Side, e.Mode, e.Seq = byte(of.Scope()), id, marks, mode, m.Target
	e.setTarget(&of)
	d.Withdraw = true
	j := c.startJob(d, killJob, NoIndex)
	if j == nil {
		d.Reply = Reply{ID: m.ID, Code: TableFullCode, KillID: id}
		return
	}
	j.Flags = Flags(of.Scope())
	j.Value, j.Seq, j.Side, j.Mode = id, m.ID, marks, mode
	j.setTarget(&of)
}

// killMode refuses a mode that there is not, or that does not fit a target: a link that also sends what is not in
// scope is not logged out.
func killMode(mode risk.KillMode, of *risk.Target) ReplyCode {
	switch mode {
	case risk.KillBlock, risk.KillBlockAndCancel, risk.KillReduceOnly:
		return Done
	case risk.KillDisconnect:
		links := *of
		if links.Group, links.Client, links.Link = NoIndex, NoIndex, NoIndex; links != risk.WholeFirm {
			return NotLinks
		}
		return Done
	}
	return Malformed
}

// killTarget is what a command is to stop, or why it can stop nothing. A venue's line is no link that could be stopped: the
// venue is.
func (c *Core) killTarget(m *Command) (risk.Target, ReplyCode) {
	of, ok := m.Of, true
	if m.Scope != risk.ScopeSeveral {
		of, ok = risk.Only(m.Scope, m.Index)
	}
	ok = ok && c.book.Exists(&of)
	of.EachPart(func(kind risk.Scope, i uint32) { ok = ok && c.scopeExists(kind, i) })
	switch {
	case !ok, of == risk.WholeFirm && m.Scope != risk.ScopeFirm:
		return of, UnknownTarget
	case c.contradicts(&of):
		return of, Contradiction
	}
	return of, Done
}

// contradicts reports whether no order can be in all parts of a target whose parts exist: whoever gives such a kill must not
// believe that something is stopped.
func (c *Core) contradicts(of *risk.Target) bool {
	full := *of
	if full.Link != NoIndex && full.Account == NoIndex && full.Client == NoIndex {
		full.Client = c.set.Links[full.Link].Client
	}
	client := c.book.Widened(full).Client // none: of an account that the configuration has lost
	return c.book.Contradicts(&full) || full.Link != NoIndex && client != NoIndex && client != c.set.Links[full.Link].Client
}

// scopeExists reports whether a part of a target has ever been configured.
func (c *Core) scopeExists(s risk.Scope, index uint32) bool {
	switch s {
	case risk.ScopeClient:
		for i := range c.set.Accounts {
			if c.set.Accounts[i].Client == index {
				return true
			}
		}
		return false
	case risk.ScopeAccount:
		return index < uint32(len(c.set.Accounts))
	case risk.ScopeLink:
		return index < uint32(len(c.set.Links)) && c.set.Links[index].Venue == NoIndex
	case risk.ScopeVenue:
		return index < uint32(len(c.set.Venues))
	case risk.ScopeInstrument:
		return index < uint32(len(c.set.Instruments))
	}
	return true
}

// setTarget writes a target into a KillSet or JobStarted: its only part's number into Account, or
// each part into a field of its own.
func (e *Effect) setTarget(t *risk.Target) {
	switch scope := t.Scope(); scope {
	case risk.ScopeFirm:
		e.Account = 0
	case risk.ScopeSeveral:
		e.Account, e.Link, e.Venue, e.Instrument = t.Account, t.Link, t.Venue, t.Instrument
		e.Qty, e.Open, e.Price = risk.Qty(t.Client), risk.Qty(t.Group), risk.Price(t.Desk) // Order and its like are of orders only
		e.Author = risk.Author{Trader: uint16(t.Trader + 1), Algo: uint16(t.Algo + 1)}
	default:
		e.Account = *t.Part(scope)
	}
}

// Target reads what setTarget wrote.
func (e *Effect) Target(scope risk.Scope) risk.Target {
	if scope != risk.ScopeSeveral {
		t, _ := risk.Only(scope, e.Account)
		return t
	}
	return risk.Target{Group: uint32(e.Open), Client: uint32(e.Qty), Account: e.Account, Desk: uint32(e.Price), Trader: uint32(e.Author.Trader) - 1,
		Algo: uint32(e.Author.Algo) - 1, Link: e.Link, Venue: e.Venue, Instrument: e.Instrument}
}

// decideRevive lifts a kill.
func (c *Core) decideRevive(ev *Event, d *Decision, m *Command) ReplyCode {
	for i := range c.book.Kills() {
		if k := &c.book.Kills()[i]; k.ID == m.Target {
			return c.lift(ev, d, k, m.UID)
		}
	}
	return UnknownTarget
}

// lift ends a kill on a user's word. One of the firm takes the word of two (K8), and so does another's: what a party has stopped
// it reinstates alone. The first word is noted, and only another user's lifts the kill.
func (c *Core) lift(ev *Event, d *Decision, k *risk.Kill, user uint32) ReplyCode {
	others := k.By != 0 && user != partyUser(uint32(k.By-1))
	switch {
	case k.Asked && k.Asker != user, !k.Firm() && !others:
		d.effect(KillLifted).Value = k.ID
		if others {
			c.tellReinstated(ev, d, k)
		}
		return Done
	case !k.Asked:
		e := d.effect(LiftAsked)
		e.Value, e.Seq = k.ID, uint64(user)
	}
	return SecondPerson
}

// stepKill cancels the next order in the scope of a kill; after the last one the command that
// asked for it is answered (behaviour 9, K3).
func (c *Core) stepKill(ev *Event, d *Decision, slot uint32, j *job) {
	n, end := j.cursor, min(c.reg.ordersUsed, j.cursor+scanMax)
	for ; n < end; n++ {
		o := &c.orders[n]
		if !o.mayTrade() || !c.covers(&j.of, o, o.Owner) {
			continue
		}
		count := uint64(countInScope)
		if j.keeps(o) {
			count += countExcluded
		} else {
			count += c.killOrder(ev, d, n, j)
		}
		d.jobMoved(slot, n+1, count)
		return
	}
	if n < c.reg.ordersUsed {
		d.jobMoved(slot, n, 0)
		return
	}
	if j.mode == risk.KillDisconnect && c.disconnect(ev, d, slot, j) {
		return
	}
	d.effect(JobEnded).Execution = slot
	d.Reply = Reply{ID: j.command, KillID: j.killID, InScope: j.counts[0], Withdrawn: j.counts[1],
		Cancels: j.counts[2], Owed: j.counts[3], Excluded: j.counts[4], Waiting: j.counts[5], Link: j.counts[6]}
	if j.marks&widened != 0 {
		d.Reply.Code = KilledFirm
	}
	if j.party.by != 0 {
		c.tellStopped(ev, d, j)
	}
}

// Values of a GateSet of GateStopping.
const (
	stopKeeps   = 1 // open orders are kept
	stopCancels = 2 // they are cancelled, and those that the venue confirms later (C7)
)

// decideStopCancel refuses new orders from now on and cancels what is open, as a kill of the firm does; the reply follows
// when the last cancel is on its way. It blocks no longer than until the next start.
func (c *Core) decideStopCancel(d *Decision, m *Command) {
	c.gateSet(d, GateStopping, stopCancels)
	j := c.startJob(d, killJob, NoIndex)
	if j == nil {
		d.Reply = Reply{ID: m.ID, Code: TableFullCode}
		return
	}
	j.Flags, j.Seq, j.Mode = Flags(risk.ScopeFirm), m.ID, risk.KillBlockAndCancel
	j.setTarget(&risk.WholeFirm)
}

// keeps reports whether a kill leaves an order open.
func (j *job) keeps(o *Order) bool {
	return !j.mode.Cancels() || o.isGoodTill() && j.marks&keepGTC != 0
}

// disconnect logs the next link out that is in the scope of a kill, and holds it down as an operator would: nothing but
// an operator's word lets it up again. False: there is none any more.
func (c *Core) disconnect(ev *Event, d *Decision, slot uint32, j *job) bool {
	for n := j.linksDone; n < uint32(len(c.set.Links)); n++ {
		if set := &c.set.Links[n]; set.Venue != NoIndex || c.links[n].Held || !c.book.Sends(&j.of, n, set.Client) {
			continue
		}
		c.holdLink(ev, d, n).Seq = j.killID
		d.jobMoved(slot, j.cursor, countHeld)
		d.Effects[d.EffectLen-1].Link = n + 1
		return true
	}
	return false
}

// killOrder has an order cancelled unless a cancel is on its way already, and says as what it counts. j is the
// kill at work, nil where an order comes to be in the scope of one that stands.
func (c *Core) killOrder(ev *Event, d *Decision, slot uint32, j *job) uint64 {
	o := &c.orders[slot]
	if j != nil && c.massNow(ev, j, o) {
		c.massKill(ev, d, slot, j)
		return countCancel
	}
	c.flag(d, slot, FlagKillCancel, 1)
	switch {
	case !c.cancelling(ev, o):
		return c.gateCancel(ev, d, slot, NoIndex)
	case o.Flags&FlagCancelOwed != 0:
		return countOwed
	}
	return countWaiting
}

// covers reports whether a target holds an order, or what link l has sent for it.
func (c *Core) covers(of *risk.Target, o *Order, l uint32) bool {
	return c.book.Stops(of, &o.Place, l)
}

// wanted reports whether a kill that stands, the loss of its owner's link, a control or the gate's stop wants an order cancelled.
func (c *Core) wanted(ev *Event, o *Order) bool {
	if o.Flags&FlagOrphan != 0 || c.reg.stopCancels || c.barred(o, ev.Now.UTCNs) != risk.Accepted {
		return true
	}
	for i := range c.book.Kills() {
		if c.cancels(&c.book.Kills()[i], o) {
			return true
		}
	}
	return false
}

// gateCancel sends a cancel of the gate's own for an order, at once and on the newest id, also
// while the order is not confirmed; void is a request refused by this event.
func (c *Core) gateCancel(ev *Event, d *Decision, slot, void uint32) uint64 {
	return c.gateCancelOf(ev, d, c.latest(&c.orders[slot], void), void, NoIndex)
}

// gateCancelOf names another request than the newest; mass is the ClOrdID of the mass request that it
// serves. It says as what the cancel counts: sent, owed where the venue's line or the venue cannot take it, or 0 where no
// request was free.
func (c *Core) gateCancelOf(ev *Event, d *Decision, original, void, mass uint32) uint64 {
	slot := c.requests[original].Order
	request := c.nextRequest(d)
	late := c.giveUp(ev, d, &c.orders[slot], void)
	if void == NoIndex || c.requests[void].Kind != CancelRequest {
		void = late
	}
	if request == NoIndex {
		request = void // it makes room
	}
	if request == NoIndex {
		d.alert(CancelUnsent).Order = slot
		return 0
	}
	d.Request = request
	e := c.asked(ev, d, CancelRequest, slot)
	e.Execution = mass
	if state := c.cancelGoes(ev, &c.orders[slot]); state != Pending {
		e.owe(state)
		return countOwed
	}
	c.writeCancel(ev, d, original, request, c.nextGen(request), c.reg.epoch, nil)
	return countCancel
}

// killAgain repeats a kill's cancel when an order is confirmed (K4): by New, Replaced or what ends a doubt
// about it; and for an order that a bust has opened again.
func (c *Core) killAgain(ev *Event, d *Decision, confirmed bool) {
	o := &c.orders[d.Order]
	switch {
	case (d.has(Reopened) || o.closed() && !o.EndedBy(d.shown(d.Order, o))) && c.wanted(ev, o):
		c.killOrder(ev, d, d.Order, nil)
	case o.Flags&wantedBy == 0 || o.Flags&FlagCancelPending != 0 || !confirmed: // a venue that is late has more to say
	case o.mayTrade() && !d.has(Ended) && c.wanted(ev, o):
		c.gateCancel(ev, d, d.Order, NoIndex)
	}
}

// killUnanswered repeats a cancel of the gate's own after a refusal that says nothing about the order itself: the
// refused cancel was its owner's, or it named what the venue had not confirmed and has answered since;
// or a replace was refused and no cancel is on its way. Any other refusal is for a human.
func (c *Core) killUnanswered(ev *Event, d *Decision, refused uint32) {
	q := &c.requests[refused]
	o := &c.orders[q.Order]
	killed := o.Flags&wantedBy != 0 && c.wanted(ev, o)
	if !o.mayTrade() || d.has(Ended) || !killed && q.Marks&ForMatch == 0 {
		return
	}
	again := o.Flags&FlagCancelPending == 0
	if q.Kind == CancelRequest {
		again = q.ID != NoIndex || q.Marks&Early != 0 && c.requests[c.latest(o, NoIndex)].State != Pending
	}
	switch {
	case again && q.Marks&ForMatch != 0:
		c.matchCancel(ev, d, q.Order, refused)
	case again:
		c.gateCancel(ev, d, q.Order, refused)
	}
}
