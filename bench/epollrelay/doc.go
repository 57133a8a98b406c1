// Package epollrelay is the gate's engine loop with nothing in it: one locked OS thread, epoll, non-blocking
// sockets, read into the peer's send buffer, write at the end of the cycle. It knows no FIX. What
// the gate costs beyond it is what framing, session, checks and journal cost: "gate minus relay-epoll".
//
// How to read it: Serve is the loop, cycle one turn of it, pair the two sockets that belong together.
//
// Invariants:
//   - one goroutine, locked to its thread, owns every socket;
//   - a direction holds at most BufferBytes; when they are taken the source is not read until its peer
//     accepts bytes again, so a slow reader slows its own sender and nobody else;
//   - no allocation once a pair is connected.
package epollrelay
