package core

import (
	"portcullis/fix"
	"portcullis/fix/link"
)

// Views for those who report the state; the order path does not use them.

// VenueStanding is how a venue stands.
type VenueStanding struct {
	Line          link.Phase
	Settling      int  // jobs that settle requests of which nobody knows whether they arrived
	EgressStopped bool // the egress check cut the line; a human has not accepted it yet
	RecordsLost   bool // it may have orders that the journal has lost; a human has not accepted it yet
}

// Venue returns how a venue stands.
func (c *Core) Venue(venue uint32) VenueStanding {
	l := c.line(venue)
	return VenueStanding{Line: l.Phase, Settling: int(c.missing[venue]), EgressStopped: l.EgressStopped,
		RecordsLost: c.lost[venue]}
}

// GateStanding is why the gate as a whole takes no orders.
type GateStanding struct {
	Stopping, ClockForbidden, ExecutionsFull bool
	Journal                                  uint8 // 0 is ample
}

// Gate returns how the gate as a whole stands.
func (c *Core) Gate() GateStanding {
	return GateStanding{Stopping: c.reg.stopping, ClockForbidden: c.reg.clockBad, ExecutionsFull: c.reg.execsFull, Journal: c.reg.journal}
}

// VenueID returns the id that a venue knows a request by.
func (c *Core) VenueID(request uint32) string {
	var w fix.Writer
	c.writeRequestID(&w, fix.TagClOrdID, &c.set.Venues[c.orders[c.requests[request].Order].Venue], request)
	return string(w.Bytes(len("11="), w.Len()-len("11=|")))
}

// Rolling reports whether a day roll has orders left to take over, or a split positions to tell of.
func (c *Core) Rolling() bool {
	return c.jobs[c.placeOf(rollJob, 0)].Kind == rollJob || c.jobs[c.placeOf(splitJob, 0)].Kind == splitJob
}

// GoesOverAll reports whether the engine is at that, or at what lower limits have left above them.
func (c *Core) GoesOverAll() bool {
	return c.Rolling() || c.jobs[c.placeOf(loweredJob, 0)].Kind == loweredJob
}
