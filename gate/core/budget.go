package core

import (
	"portcullis/fix/link"
	"portcullis/risk"
)

// Budget is what a venue allows on its line: CountMax messages in any window of WindowNs, of which
// a fifth is kept for cancels and one client may use half (behaviour 11). CountMax 0: no budget.
type Budget struct {
	CountMax int
	WindowNs int64
}

func (b Budget) orders() uint64    { return uint64(b.CountMax - b.CountMax/5) }
func (b Budget) perClient() uint64 { return uint64((b.CountMax + 1) / 2) }

// budgetEntry is one message sent to a venue.
type budgetEntry struct {
	atNs   int64 // monotonic
	client uint32
	_      uint32
}

// budgetRing is where a venue's entries lie in the common table.
type budgetRing struct {
	start, slots uint64 // slots is a power of two; 0: no budget
	sent         uint64 // messages ever noted
}

// budgetSpare is what the budget of a venue that is added while the gate runs may count.
const budgetSpare = 1024

// layBudgets gives each venue with a budget, or that may yet be added, a ring of its own.
func (c *Core) layBudgets() {
	c.rings = table[budgetRing](c, c.venueRows())
	total := 0
	for i := range c.rings {
		n := budgetSpare
		if i < len(c.set.Venues) {
			n = c.set.Venues[i].Budget.CountMax
		}
		if n > 0 {
			c.rings[i] = budgetRing{start: uint64(total), slots: uint64(powerOfTwo(n))}
			total += powerOfTwo(n)
		}
	}
	c.budget = table[budgetEntry](c, total)
}

// budgetsFit reports whether the rings, as they were laid out, remember as many messages as the budgets of a setup count.
func (c *Core) budgetsFit(next *Setup) bool {
	for i := range next.Venues {
		if uint64(next.Venues[i].Budget.CountMax) > c.rings[i].slots {
			return false
		}
	}
	return true
}

// budgetReason refuses an order that the venue's budget has no room for: never queued, the client
// may try again when older messages have left the window.
func (c *Core) budgetReason(venue, account uint32, nowNs int64) risk.Reason {
	b, r := c.set.Venues[venue].Budget, &c.rings[venue]
	if b.CountMax == 0 || r.slots == 0 {
		return risk.Accepted
	}
	if n := b.orders(); r.sent >= n && nowNs-c.budgetAt(r, n).atNs <= b.WindowNs {
		return risk.VenueRateExceeded
	}
	own, client := uint64(0), c.set.Accounts[account].Client
	for n := uint64(1); n <= min(r.sent, uint64(b.CountMax)); n++ {
		e := c.budgetAt(r, n)
		if nowNs-e.atNs > b.WindowNs {
			break
		}
		if e.client == client {
			own++
		}
	}
	if own >= b.perClient() {
		return risk.VenueRateExceeded
	}
	return risk.Accepted
}

// owedClient counts the cancels that have waited for a venue's hours: as any client they may use half of its budget, so that
// others trade meanwhile.
const owedClient = NoIndex - 1

// owedRoomNs is the monotonic time at which such a cancel may go to a venue.
func (c *Core) owedRoomNs(venue uint32, nowNs int64) int64 {
	b, r := c.set.Venues[venue].Budget, &c.rings[venue]
	if b.CountMax == 0 || r.slots == 0 {
		return nowNs
	}
	own := uint64(0)
	for n := uint64(1); n <= r.sent; n++ {
		e := c.budgetAt(r, n)
		if nowNs-e.atNs > b.WindowNs {
			break
		}
		if e.client == owedClient {
			own++
		}
		if n == uint64(b.CountMax) || own == b.perClient() {
			return e.atNs + b.WindowNs + 1
		}
	}
	return nowNs
}

// budgetAt is the n-th most recent message, 1 ≤ n ≤ sent.
func (c *Core) budgetAt(r *budgetRing, n uint64) *budgetEntry {
	return &c.budget[r.start+(r.sent-n)&(r.slots-1)]
}

// noteBudget counts what a decision sends to venues: orders for their client, cancels that were owed together, all else for
// nobody.
func (c *Core) noteBudget(ev *Event, d *Decision) {
	for i := range d.Out.Count {
		out := &d.Out.Outs[i]
		venue := c.lineOf(out.Link)
		if venue == NoIndex || c.rings[venue].slots == 0 {
			continue
		}
		client := uint32(NoIndex)
		switch {
		case d.has(OwedSent):
			client = owedClient
		case out.Kind == link.OrderMessage:
			client = c.set.Accounts[c.orders[c.requests[out.Request].Order].Account].Client
		}
		r := &c.rings[venue]
		c.budget[r.start+r.sent&(r.slots-1)] = budgetEntry{atNs: ev.Now.MonoNs, client: client}
		r.sent++
	}
}
