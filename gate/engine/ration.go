package engine

import "portcullis/gate/core"

// ration bounds what the records of refused messages may take of the journal's reserve, which is kept for cancels,
// reports and fills. Without it, a participant that goes on sending orders, each refused and recorded, would fill the
// journal for everybody. A participant whose refusals take more is cut, and comes back when the journal has room.
type ration struct {
	bytes int   // for all refusals until the journal has ample room again; 0: no bound
	own   int   // of these, set aside for each link; beyond it a link takes of what all share
	left  int   // of what all share
	used  []int // by link
}

// The reserve would do for as many open orders as there may be. Half of it is for refusals, and half of that for those
// of one participant: thousands of orders, for its cancels come behind what it sent before it knew. A quarter of what
// is for refusals is set aside in equal parts, so that a link with few refusals is not cut for what others took.
const (
	refusalsShare = 2
	linkShare     = 2
	ownShare      = 4
)

func newRation(reserveBytes, links int) ration {
	r := ration{bytes: reserveBytes / refusalsShare, used: make([]int, links)}
	r.own = r.bytes / ownShare / max(1, links)
	r.refill()
	return r
}

// refill begins anew: the journal has ample room.
func (r *ration) refill() {
	r.left = r.bytes - r.own*len(r.used)
	clear(r.used)
}

// take counts a record. False: it was more than there is for the link.
func (r *ration) take(link uint32, bytes int) bool {
	if r.bytes == 0 {
		return true
	}
	before := r.ofAll(link)
	r.used[link] += bytes
	more := r.ofAll(link) - before
	r.left -= more
	return (more == 0 || r.left >= 0) && !r.spent(link)
}

// ofAll is what a link has taken beyond its own part.
func (r *ration) ofAll(link uint32) int { return max(0, r.used[link]-r.own) }

// spent reports whether a link has used up its share.
func (r *ration) spent(link uint32) bool { return r.bytes > 0 && r.used[link] > r.bytes/linkShare }

// rationRefusal counts the record of a refused message while the journal is short of room.
func (e *Engine) rationRefusal(c *conn) {
	if c != nil && !c.venue && !e.ration.take(c.link, e.recordBytes) {
		e.ration.used[c.link] = e.ration.bytes // all of its share is gone: turnAway refuses it until there is room
		e.finish(c, core.ReserveUsed, true)
	}
}

// turnAway ends a connection that the core has not heard of.
func (e *Engine) turnAway(c *conn) {
	e.counters.now[Closures]++
	e.clerk.tell(notice{what: closed, link: c.link, conn: c.number, value: uint64(core.ReserveUsed)})
	e.claims[c.link].Store(claimFree)
	e.sockets.Linger(c.fd)
}
