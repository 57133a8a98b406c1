package engine

import (
	"portcullis/gate/core"
	"portcullis/gate/journal"
)

// sleep waits for sockets, or for what else there is to do, and notes which links became ready.
func (e *Engine) sleep() {
	e.fresh()
	ns := e.sleepNs()
	if ns > 0 && e.awake() {
		ns = 0
		giveWay()
	}
	if ns > 0 {
		e.counters.now[Sleeps]++
	}
	n := e.sockets.Wait(e.now.MonoNs, e.now.MonoNs+ns)
	e.begunNs = 0
	for i := range n {
		r := e.sockets.Ready(i)
		if r.Token == noToken || e.conns[r.Token] == nil {
			continue
		}
		c := e.conns[r.Token]
		c.writable = c.writable || r.Writable
		if r.Readable {
			c.readable = true
			c.hangup = c.hangup || r.Hangup
			e.lineUp(c)
		}
	}
}

// sleepNs is how long there is nothing to do, unless a socket says otherwise.
func (e *Engine) sleepNs() int64 {
	switch {
	case e.cfg.Spin:
		return 0
	case e.stalled:
		return retryNs
	case e.linksReady() || e.inboxWaits():
		return 0
	}
	ns := min(e.core.DueNs()-e.now.MonoNs, sleepNsMax)
	if (len(e.unsent.links) > 0 || e.replies.count > 0) && e.cfg.Sync {
		return min(ns, durableNs)
	}
	if len(e.unsent.links) > 0 || len(e.ending) > 0 || e.replies.count > 0 || e.stopNs.Load() != 0 {
		return min(ns, retryNs)
	}
	return ns
}

// awake reports whether input came so recently that the next may come sooner than a sleeping processor wakes.
func (e *Engine) awake() bool { return e.inputNs != 0 && e.now.MonoNs-e.inputNs < e.cfg.AwakeNs }

// linksReady reports whether links have work left for the next cycle.
func (e *Engine) linksReady() bool {
	return e.ready[venues].len() > 0 || e.ready[quiet].len() > 0 || e.ready[busy].len() > 0
}

// inboxWaits reports whether a bound of this cycle left something for the next.
func (e *Engine) inboxWaits() bool {
	_, command := e.front.commands.Peek()
	_, stored := e.resender.ring.Peek()
	return command || stored || e.front.question.Load() != nil || e.front.kills.waiting() || len(e.handover) > 0
}

// account counts the cycle and publishes the counters.
func (e *Engine) account() {
	if e.stalled != e.wasStalled {
		e.wasStalled = e.stalled
		what := resumed
		e.counters.now[Stalled] = 0
		if e.stalled {
			what = stalled
			e.counters.now[Stalls]++
			e.counters.now[Stalled] = 1
		}
		e.clerk.tell(notice{what: what, link: noLink})
	}
	n := &e.counters.now
	n[Cycles]++
	if e.begunNs != 0 {
		n[CycleNsWorst] = max(n[CycleNsWorst], uint64(e.now.MonoNs-e.begunNs))
	}
	n[NoticesDropped] = e.clerk.dropped
	n[KillLaneFull] = e.front.laneFull.Load()
	e.counters.publish()
	e.cfg.Heartbeat.Add(1)
}

// answer hands replies to those who wait. Nobody is told that a kill is done while orders are still to be withdrawn or
// one has half left, and nobody is told anything before its record counts.
func (e *Engine) answer() {
	if e.replies.count == 0 || e.withdrawing || e.halfSent() {
		return
	}
	e.watchDurable()
	n := 0
	for ; n < e.replies.count; n++ {
		if r := &e.replies.replies[n]; !e.counts(r.position) || !e.clerk.reply(r.Reply) {
			break
		}
	}
	e.replies.drop(n)
}

// replyList holds replies until the clerk takes them: those of all kills and commands of one cycle, and as many that
// were completed by later events.
type replyList struct {
	replies [2 * (killSlots + 1 + commandsMax)]recordedReply
	count   int
}

// recordedReply is a reply with the position after its record.
type recordedReply struct {
	core.Reply
	position journal.Position
}

// add keeps a reply. False: no room; whoever waits for it gives up when its context ends.
func (l *replyList) add(r recordedReply) bool {
	if l.count == len(l.replies) {
		return false
	}
	l.replies[l.count] = r
	l.count++
	return true
}

// drop forgets the oldest n.
func (l *replyList) drop(n int) {
	copy(l.replies[:], l.replies[n:l.count])
	l.count -= n
}
