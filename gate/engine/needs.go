package engine

import (
	"portcullis/fix/link"
	"portcullis/gate/core"
	"portcullis/gate/journal"
)

// Core is what the engine needs of gate/core.
type Core interface {
	// Decide judges ev and says in d what follows, whatever d held before. Secrets in ev.Data are
	// overwritten there first, so that the record has none. For a Tick that closes a
	// connection or asks for a resend, and for a command about a link, it sets ev.Link to the link concerned.
	Decide(ev *core.Event, d *core.Decision)
	// Apply makes true what d says. It cannot fail. It is called for empty decisions too, which
	// are not journaled: there it may only touch what can be computed anew, such as timers.
	Apply(ev *core.Event, d *core.Decision)
	// DueNs is the monotonic time at which a Tick is wanted; 0 or past: at once.
	DueNs() int64
	// NextIn is the MsgSeqNum that a link expects next.
	NextIn(link uint32) uint64
	// Held reports whether an operator holds a link down. Only a command about it changes that.
	Held(link uint32) bool
	// Cut is the old numbers of a link whose reports are still to be read back, because a reset cut them
	// off; From 0: none.
	Cut(link uint32) core.Range
	// RecordSize bounds the bytes that EncodeRecord writes.
	RecordSize(ev *core.Event, d *core.Decision) int
	// EncodeRecord writes the record of ev and d into dst, secrets blanked, and returns its size.
	EncodeRecord(dst []byte, ev *core.Event, d *core.Decision) int
	// OrderName is what the OrderID(37) of the order in a slot is made of.
	OrderName(order uint32) core.VenueName
	// Killed reports whether the order behind a request's slot is in a killed scope.
	Killed(request uint32) bool
}

// Journal is what the engine needs of gate/journal; *journal.Journal satisfies it. All calls come
// from the engine thread and return at once.
type Journal interface {
	Reserve(payloadMax int) ([]byte, bool)
	Commit(h *journal.Header, payloadLen int) journal.Position
	Space() journal.Space
	Appended() journal.Position
	Durable() journal.Position
}

// Egress is the second, separate look at every message about to leave toward a venue.
type Egress interface {
	// Check compares bytes with the decision in a journal record. Where they differ, field tells the
	// core and the journal in what: a FIX tag below 256, or a code of the checker.
	Check(link uint32, out *link.Out, bytes []byte, d *core.Decision, record uint64, utcNs int64) (field uint8, ok bool)
	// Against is the record of the accepted order that the last Check compared with; 0: none.
	Against() uint64
}

// History finds messages that were sent, for resends. The resender's goroutine alone calls it.
type History interface {
	// Covers reports whether Read finds everything that was appended before position.
	Covers(position journal.Position) bool
	// Read appends to buf the message that link sent under seq since its numbers last began anew, or,
	// where cutOff is set, before that; nothing: there is none to send again. An error: there may be one,
	// and it cannot be read.
	Read(link uint32, seq uint64, cutOff bool, buf []byte) ([]byte, error)
}
