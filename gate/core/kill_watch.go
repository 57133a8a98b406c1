package core

import (
	"math"

	"portcullis/risk"
)

// A kill is complete when each order in its scope is final (K7). What is not so long after its acknowledgement is told to a
// human, once: gate orders --open --csv is the sheet for the venue's desk then.

// killConfirmNs is how long venues have to confirm the cancels of a kill.
const killConfirmNs = 5_000_000_000

// watchKill has the orders of a kill looked at that is acknowledged now. Of several the first is looked at in its time, and
// the others with the last.
func (c *Core) watchKill(ev *Event) {
	due := ev.Now.MonoNs + killConfirmNs
	if c.reg.killLookNs == 0 {
		c.reg.killLookNs = due
	} else {
		c.reg.killLookNext = due
	}
}

// killLookNs is when orders of kills are looked at.
func (c *Core) killLookNs() int64 {
	if c.reg.killLookNs == 0 {
		return math.MaxInt64
	}
	return c.reg.killLookNs
}

// stepKillWatch counts the orders that a kill wants cancelled and that are not over.
func (c *Core) stepKillWatch(ev *Event, d *Decision, slot uint32, j *job) {
	if j.cursor >= c.reg.ordersUsed {
		d.effect(JobEnded).Execution = slot
		if j.counts[0] > 0 {
			d.alert(KillIncomplete).Value = uint64(j.counts[0])
		}
		return
	}
	n, end, count := j.cursor, min(c.reg.ordersUsed, j.cursor+scanMax), uint64(0)
	for ; n < end && count < drillCountMax; n++ {
		if o := &c.orders[n]; o.mayTrade() && o.Flags&FlagKillCancel != 0 && c.wantedLong(ev, o) {
			count++
		}
	}
	d.jobMoved(slot, n, count*countInScope)
}

// wantedLong reports whether a kill has wanted an order cancelled for longer than venues have to confirm it.
func (c *Core) wantedLong(ev *Event, o *Order) bool {
	for i := range c.book.Kills() {
		if k := &c.book.Kills()[i]; ev.Now.MonoNs-k.SinceNs >= killConfirmNs && c.cancels(k, o) {
			return true
		}
	}
	return false
}

// cancels reports whether a kill is to cancel an order.
func (c *Core) cancels(k *risk.Kill, o *Order) bool {
	return k.Mode.Cancels() && !(k.KeepGTC && o.isGoodTill()) && c.covers(&k.Of, o, o.Owner)
}

// Unconfirmed counts the open orders that a kill wants cancelled, for those who report.
func (c *Core) Unconfirmed(k *risk.Kill) (n int) {
	c.EachLive(func(_ uint32, o *Order) bool {
		if c.cancels(k, o) {
			n++
		}
		return true
	})
	return n
}
