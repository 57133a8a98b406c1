package core

import (
	"encoding/binary"

	"github.com/cespare/xxhash/v2"
)

// decideResolveVenue ends the doubt about every order of a venue by the word of two people who have seen the
// list of them: the first is noted, another user's same command resolves. Both say how many orders they have
// seen; a job counts for either, and where it is not so many that are in doubt by now, nothing is done or noted.
func (c *Core) decideResolveVenue(ev *Event, d *Decision, m *Command) ReplyCode {
	if m.Target >= uint64(len(c.set.Venues)) {
		return UnknownTarget
	}
	if m.Outcome != StaysOpen && m.Outcome != WasCancelled && m.Outcome != WasRejected || m.Index == 0 {
		return Malformed // how many were filled, and at which price, is to be said of each
	}
	if c.jobs[c.placeOf(resolveJob, uint32(m.Target))].Kind != noJob {
		return TableFullCode // who gave the command at work waits for its end
	}
	second := c.second(d, m, m.resolveWhat()) == Done
	e := c.startJob(d, resolveJob, uint32(m.Target))
	if e.Account, e.Seq = m.Index, m.ID; second {
		e.Value = uint64(m.Outcome)
	}
	return Done // of the job, which answers
}

// resolveWhat names such a command by what it asks for, whoever gives it and why.
func (m *Command) resolveWhat() uint64 {
	var what [16]byte
	binary.LittleEndian.PutUint64(what[:], m.Target)
	binary.LittleEndian.PutUint32(what[8:], m.Index)
	what[12] = byte(m.Outcome)
	return xxhash.Sum64(what[:])
}

// What a JobMoved effect adds to the counts of a resolveJob: one byte each.
const (
	countDoubtful   = 1
	countResolved   = 1 << 8
	countImpossible = 1 << 16

	countSeen = 5 // of these counts: how many orders the list had

	countedAtOnce = 1<<8 - 1 // no more fit in a byte
)

// stepResolve first counts the orders in doubt, then takes the next of them. The command is answered when
// the last is done, or at once where the list has changed since it was seen.
func (c *Core) stepResolve(ev *Event, d *Decision, slot uint32, j *job) {
	orders := uint32(len(c.orders))
	if j.cursor >= orders {
		c.resolveNext(ev, d, slot, j, j.cursor-orders)
		return
	}
	n, end, found := j.cursor, min(c.reg.ordersUsed, j.cursor+scanMax), uint64(0)
	for ; n < end && found < countedAtOnce; n++ {
		if c.doubtful(n, j.Venue) {
			found++
		}
	}
	switch {
	case n < c.reg.ordersUsed:
		d.jobMoved(slot, n, found*countDoubtful)
	case uint64(j.counts[0])+found != uint64(j.counts[countSeen]):
		d.effect(JobEnded).Execution = slot
		if j.outcome == 0 {
			d.effect(WordTaken).Value = uint64(CmdResolveVenue) // it was of another list
		}
		d.Reply = Reply{ID: j.command, Code: ListChanged, InScope: j.counts[0] + uint32(found)}
	case j.outcome == 0:
		d.effect(JobEnded).Execution = slot
		d.Reply = Reply{ID: j.command, Code: SecondPerson}
	default:
		d.jobMoved(slot, orders, found*countDoubtful)
	}
}

func (c *Core) resolveNext(ev *Event, d *Decision, slot uint32, j *job, from uint32) {
	orders := uint32(len(c.orders))
	n, end := from, min(c.reg.ordersUsed, from+scanMax)
	for ; n < end; n++ {
		if !c.doubtful(n, j.Venue) {
			continue
		}
		count := uint64(countImpossible)
		m := Command{Kind: CmdResolve, Outcome: j.outcome}
		if c.possible(d, &c.orders[n], &m) {
			count = countResolved
			c.resolveOrder(ev, d, n, &m)
		}
		d.jobMoved(slot, orders+n+1, count)
		return
	}
	if n < c.reg.ordersUsed {
		d.jobMoved(slot, orders+n, 0)
		return
	}
	d.effect(JobEnded).Execution = slot
	d.Reply = Reply{ID: j.command, InScope: j.counts[0], Cancels: j.counts[1], Excluded: j.counts[2]}
}

// doubtful reports whether an order may still trade at a venue and is in doubt.
func (c *Core) doubtful(slot, venue uint32) bool {
	o := &c.orders[slot]
	return o.State == Live && o.Venue == venue && o.Flags&(FlagUnknown|FlagSuspect) != 0
}
