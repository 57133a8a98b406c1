package core

import (
	"math"
	"math/bits"

	"portcullis/risk"
)

// The digest of the state is how a second core, which applies the same records elsewhere, is held against this one
// without either hashing its tables. Each decision folds in what the rows of the orders that it touched, their
// accounts and all other scopes that they count in, and its links hold afterwards: numbers that come of everything before them. Once a second
// the engine records where the digest stands (StateSeen); whoever applies the journal must stand there too. It begins
// anew with each process and each configuration, so that it compares what one build made of one journal.

// Seeds of the two factors, so that zeros count.
const (
	foldA = 0x9E3779B97F4A7C15
	foldB = 0xD6E8FEB86659FD93
)

func fold(h, a, b uint64) uint64 {
	hi, lo := bits.Mul64(h^a^foldA, b^foldB)
	return (hi ^ lo) + h
}

// foldDecision takes up what an applied decision left behind.
func (c *Core) foldDecision(ev *Event, d *Decision) {
	h, last := c.reg.digest, uint32(NoIndex)
	for i := 0; i < d.EffectLen; i++ {
		if e := &d.Effects[i]; e.Order != last && e.Order < uint32(len(c.orders)) {
			last = e.Order
			h = c.foldOrder(h, &c.orders[e.Order])
		}
	}
	for i := 0; i < d.EffectLen && len(c.copies) > 0; i++ {
		if e := &d.Effects[i]; e.Kind == Copied || e.Kind == Broken {
			h = c.foldCopy(h, e.ID)
		}
	}
	if open := c.book.UnsettledCount(); open > 0 || d.has(SplitSet) {
		h = fold(h, uint64(open), uint64(c.reg.tradeDate))
	}
	if ev.Link < uint32(len(c.links)) {
		l := &c.links[ev.Link]
		h = fold(h, l.NextIn, l.NextOut)
	}
	for i := 0; i < d.Out.Count; i++ {
		h = fold(h, uint64(d.Out.Outs[i].Link), c.links[d.Out.Outs[i].Link].NextOut)
	}
	c.reg.digest = h
}

func (c *Core) foldCopy(h uint64, slot uint32) uint64 {
	if slot >= uint32(len(c.copies)) {
		return h
	}
	x := &c.copies[slot]
	return fold(h, uint64(x.here)|uint64(x.there)<<8|uint64(x.broken)<<16|uint64(x.settled)<<24|uint64(x.execution)<<32, uint64(x.Qty))
}

func (c *Core) foldOrder(h uint64, o *Order) uint64 {
	h = fold(h, uint64(o.Executed), uint64(o.State)|uint64(o.Status)<<8|uint64(o.Flags)<<16|uint64(o.Last)<<24)
	h = fold(h, uint64(o.Open), uint64(o.Reserved))
	var sums [risk.SlicesMax]risk.Sums
	for i := range c.book.SumsAt(&o.Place, &sums) {
		h = fold(h, uint64(sums[i].Buys), uint64(sums[i].Sells))
	}
	return h
}

// Digest is where the digest of the state stands.
func (c *Core) Digest() uint64 { return c.reg.digest }

// Seen returns where the digest stood for the core that made a decision, before it; false: the decision does not say.
func (d *Decision) Seen() (digest uint64, ok bool) {
	for i := range d.EffectLen {
		if d.Effects[i].Kind == StateSeen {
			return d.Effects[i].Value, true
		}
	}
	return 0, false
}

// seenDueNs is when the digest is to be recorded: where it has not moved, never.
func (c *Core) seenDueNs() int64 {
	if c.set.SeenNs == 0 || c.reg.digest == c.reg.seen {
		return math.MaxInt64
	}
	return c.reg.seenNs + c.set.SeenNs
}

// beginDigest starts it anew, at an event of ev's time.
func (c *Core) beginDigest(ev *Event) { c.reg.digest, c.reg.seen, c.reg.seenNs = 0, 0, ev.Now.MonoNs }

// decideDiffers: a shadow of the gate holds another state than the engine, so one of them is wrong about credit. Where
// it is configured that stops the firm, unless it is stopped already.
func (c *Core) decideDiffers(ev *Event, d *Decision, m *Command) {
	d.alert(StateDiffers).Value = m.Target
	if c.set.DifferenceKills && !c.firmKilled() {
		c.decideKill(ev, d, &Command{ID: m.ID, Kind: CmdKill, Scope: risk.ScopeFirm})
		return
	}
	d.Reply = Reply{ID: m.ID, Code: Done}
}
