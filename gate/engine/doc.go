// Package engine is the gate's one thread: bytes and commands go in, gate/core decides, the journal is written, bytes
// go out. Everything else in the process serves it or reads what it wrote.
//
// One cycle (engine.go) is a list of steps, each bounded, so that no link, command or resend can hold up another:
//
//	journal, clock   has their state changed?
//	kill lane        also looked at before every single message
//	commands         a few
//	admit            connections that admission hands over
//	stored           a few messages read back for resends
//	links            venues first; each ready link once, at most 16 messages and one read
//	timers           a few Ticks, while the core is due
//	ending           connections that have drained are closed
//	flush            what waits leaves
//	sleep            in epoll, unless something is left to do
//
// Each event goes the same way (step.go): stamp, Decide, append to the journal, Apply, then its messages through the
// egress check into send buffers (send.go). A journal without room stops everything before Apply: the event stays where
// it was and is given again.
//
// Reading order: engine.go, step.go, receive.go and early.go (what came above a gap waits for its turn), send.go; then
// withdraw.go (a kill takes back unsent orders), front.go and inbox.go (commands and kills, the outside and the
// engine's side), handover.go and ending.go (a connection's life), ration.go (what the
// refused may take of a short journal), resend.go. sockets.go, poller.go, socket.go, conn.go,
// secure.go (TLS), outgoing.go and links.go are the parts; clerk.go does what may take time. hand.go turns cycles
// without a thread, for tests and simulation.
//
// # Invariants
//
//   - No byte leaves before its record is in the journal, or durable with durability: sync. When the disk has failed
//     no order leaves any more; cancels, reports and replies do, for the process still has their records.
//   - While a kill waits to be taken up or orders are being withdrawn, nothing is written toward a venue, and nobody is
//     told that the kill is done. A killed order of which the kernel has a part leaves in full before that, or its
//     line is cut: no byte of an order in scope is handed to the kernel behind the acknowledgement. What TLS has sealed
//     counts as begun, and no more is sealed than the kernel is about to take.
//   - What the kernel has not sent to a venue dies with the venue's socket, and so with the process.
//   - Nothing is lost silently: an event that cannot be recorded is given again, a peer that cannot be served is cut
//     and asks for what it missed, and a full lane of kills is a kill of everything.
//   - The thread blocks in epoll only, allocates nothing in steady flow, takes no lock that others hold, and wakes
//     nobody except for rare things: a reply, a line of log, the end of a connection.
//   - Of a link's buffers there is one owner: who holds its claim, and from the hand-over to the end the engine.
package engine
