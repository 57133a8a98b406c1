package core

import (
	"encoding/binary"

	"portcullis/risk"
)

// decideConfigured: another configuration than the last may have lower limits. What is above one then is recorded, as it
// is when an event takes it there (exposure 8): the accounts and their positions are gone over, then the scopes beside them.
func (c *Core) decideConfigured(ev *Event, d *Decision) {
	d.Noted = true
	if len(ev.Data) < 8 {
		return
	}
	version := binary.BigEndian.Uint64(ev.Data)
	if version == c.reg.limitsOf {
		return
	}
	d.effect(LimitsSeen).Value = version
	if c.reg.limitsOf != 0 {
		c.startJob(d, loweredJob, NoIndex)
	}
}

// startLowered does so where a running gate gets lower limits.
func (c *Core) startLowered(d *Decision, limits []risk.Setting) {
	for _, limit := range limits {
		if limit.Lowers(c.book) {
			c.startJob(d, loweredJob, NoIndex)
			return
		}
	}
}

// stepLowered looks at the next of them.
func (c *Core) stepLowered(d *Decision, slot uint32, j *job) {
	accounts := uint32(len(c.set.Accounts))
	positions := accounts + c.book.PositionSlots()
	used := positions + c.book.AsideScopes()
	n := j.cursor
	for looked := 0; n < used && looked < scanMax; looked++ {
		did := false
		switch {
		case n < accounts:
			did = c.recordExcess(d, n)
		case n < positions:
			did = c.recordPosition(d, n-accounts)
		default:
			did = c.recordAside(d, n-positions)
		}
		if n++; did {
			d.jobMoved(slot, n, 0)
			return
		}
	}
	d.scanned(slot, n, used)
}

// recordPosition records what of a position is above a limit.
func (c *Core) recordPosition(d *Decision, slot uint32) bool {
	var over [risk.OvershootsMax]risk.Overshoot
	instrument, n := c.book.PositionExcess(slot, over[:])
	for i := range min(n, len(over)) {
		d.overshot(&over[i], instrument)
	}
	return n > 0
}
