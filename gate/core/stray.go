package core

import (
	"encoding/binary"

	"github.com/cespare/xxhash/v2"

	"portcullis/fix"
	"portcullis/fix/link"
	"portcullis/risk"
)

// decideCancelStray cancels an order at a venue that the gate does not know, by the venue's OrderID(37), on
// the word of two people (behaviour 6): the first is noted, another user's same command sends the cancel.
// No request stands behind it: what the venue answers is an alert, and its executions go to suspense.
func (c *Core) decideCancelStray(ev *Event, d *Decision, m *Command) ReplyCode {
	name := CommandName(ev.Data)
	if m.Target >= uint64(len(c.set.Venues)) || m.Index >= uint32(len(c.set.Instruments)) {
		return UnknownTarget
	}
	if _, ok := risk.ParseSide('0' + byte(m.Side)); !ok || len(name) == 0 || m.Qty <= 0 {
		return Malformed
	}
	if c.reg.reqUsed > RequestMax {
		return TableFullCode // the name that such a cancel takes is a request's
	}
	venue := uint32(m.Target)
	if l := c.line(venue); l.Phase != linkUp || l.Blocked {
		return LineDown
	}
	if code := c.second(d, m, m.stray(name)); code != Done {
		return code
	}
	d.effect(StraySent).Value = c.reg.strayNo + 1
	c.writeStray(ev, d, venue, m, name)
	return Done
}

// stray names a command by what it asks for, whoever gives it and why.
func (m *Command) stray(name []byte) uint64 {
	var what [32]byte
	binary.LittleEndian.PutUint64(what[:], m.Target)
	binary.LittleEndian.PutUint32(what[8:], m.Index)
	what[12] = byte(m.Side)
	binary.LittleEndian.PutUint64(what[16:], uint64(m.Qty))
	binary.LittleEndian.PutUint64(what[24:], xxhash.Sum64(name))
	return xxhash.Sum64(what[:])
}

// writeStray sends the cancel under a name that no request has: the last slot, with a count of its own.
func (c *Core) writeStray(ev *Event, d *Decision, venue uint32, m *Command, name []byte) {
	v := &c.set.Venues[venue]
	w := c.own(ev, d, v.Link, "F")
	c.writeVenueID(w.Writer, fix.TagClOrdID, v, RequestMax, c.strayGen(), c.reg.epoch)
	w.Value(fix.TagOrderID, name)
	w.Decimal(fix.TagOrderQty, int64(m.Qty))
	w.String(fix.TagOrigClOrdID, "NONE")
	w.Char(fix.TagSide, '0'+byte(m.Side))
	w.String(fix.TagSymbol, c.symbolAt(m.Index, venue))
	w.Stamp(fix.TagTransactTime, ev.Now.UTCNs, c.set.Links[v.Link].Precision)
	w.Char(fix.TagCxlType, wholeOrder)
	v.writeSet(w.Writer)
	c.end(ev, d, v.Link, link.CancelMessage, NoIndex)
}
