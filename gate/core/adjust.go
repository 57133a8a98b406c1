package core

import (
	"encoding/binary"

	"github.com/cespare/xxhash/v2"

	"portcullis/risk"
)

// decideAdjust books a position of an account by hand, and its money where it has a price, on the word of two people: the
// first is noted, another user's same command books it. It is booked as an execution is, always and with what it takes
// above a limit recorded (exposure 7); it has no order, no venue and no ExecID, so only an adjustment of the other side
// takes it back.
func (c *Core) decideAdjust(d *Decision, m *Command) ReplyCode {
	if m.Index >= uint32(len(c.set.Accounts)) || m.Target >= uint64(len(c.set.Instruments)) {
		return UnknownTarget
	}
	if m.Flag {
		return c.decideSettle(d, m)
	}
	if _, ok := risk.ParseSide('0' + byte(m.Side)); !ok || m.Qty <= 0 || m.Qty > risk.MagnitudeMax || m.Price < 0 {
		return Malformed
	}
	if code := c.second(d, m, m.adjustment()); code != Done {
		return code
	}
	e := d.effect(Executed)
	e.Account, e.Instrument, e.Side = m.Index, uint32(m.Target), m.Side
	e.K = c.suspenseFactor(e.Instrument)
	if e.Qty = m.Qty; m.Price != 0 {
		c.money(d, e, m.Qty, m.Price)
	}
	c.recordOvershoot(d)
	return Done
}

// adjustment names a command by what it books, whoever gives it and why.
func (m *Command) adjustment() uint64 {
	var what [32]byte
	binary.LittleEndian.PutUint64(what[:], m.Target)
	binary.LittleEndian.PutUint32(what[8:], m.Index)
	what[12] = byte(m.Side)
	if m.Flag {
		what[13] = 1
	}
	binary.LittleEndian.PutUint64(what[16:], uint64(m.Qty))
	binary.LittleEndian.PutUint64(what[24:], uint64(m.Price))
	return xxhash.Sum64(what[:])
}
