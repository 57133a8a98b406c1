// Package load is the instrument of the bench: participants that send orders, a venue that answers
// them, and the clock between, all on one thread. The system under test sits in between, in a process
// of its own:
//
//	clients ──write──▶ system under test ──▶ venue
//	        ◀──read───                   ◀── ExecutionReport
//
// A latency is the round trip of one request (NewOrderSingle, OrderCancelRequest or
// OrderCancelReplaceRequest): from the moment it was planned to leave until its answer was read. It is
// taken from the plan, not from the write, so a system that stalls is charged for everyone who would
// have waited behind the stall (no "coordinated omission"). Every request is recorded.
//
// How to read it: flow.go says what is sent, phase.go plays it, connect.go comes before; harness.go turns the
// loop; participants.go, client.go and venue.go are the two ends, link.go a connection of either, tally.go what
// they counted, wire.go and parse.go their FIX.
//
// Why one thread: clients and venue share one of two cores and leave the other to the system under test.
// Why an own FIX encoder: the instrument must cost little and must not share a defect with what it
// measures. A client asks for fresh numbers, ResetSeqNumFlag(141)=Y; the venue answers whoever logs on
// with the CompIDs swapped, so a transparent byte relay and a real gate look alike to both ends.
//
// Invariants:
//   - Text(58) of a request carries the flow's order number; systems pass it on unchanged. The venue
//     finds its order by it, because ClOrdID(11) is the gate's own there;
//   - both ends check MsgSeqNum(34) of every message: a lost, doubled or reordered message ends the phase
//     with an error, never with a flattering figure. So does an answer on another participant's link, and a
//     difference between what the participants and the venue have counted at the end;
//   - nothing is allocated while a phase runs.
package load
