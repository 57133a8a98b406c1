// Package engine is the gate's one thread: bytes and commands go in, gate/core decides, the journal is written, bytes
// go out. Everything else in the process serves it or reads what it wrote.
//
// One cycle (engine.go) is a list of steps, each bounded, so that no link, command or resend can hold up another:
//
//	watchJournal, watchClock   has their state changed?
//	killLane                   kills; looked at before every single message too
//	commands                   a few
//	question                   one question about the state
//	admit                      connections that admission hands over
//	stored                     a few messages read back for resends
//	visit                      venues, then quiet participants, then busy ones: 16 messages of each, in turns
//	timers                     a few Ticks, while the core is due
//	closeEnding                connections that have drained
//	flush                      what waits leaves
//	account                    counters and heartbeat
//	answer                     replies to commands whose records count
//	sleep                      in epoll, unless something is left to do
//
// Each event goes the same way (step.go): stamp, Decide, append to the journal, Apply, then its messages through the
// egress check into send buffers (send.go). A journal without room stops everything before Apply: the event stays where
// it was and is given again.
//
// Reading order:
//
//	the path       engine.go (the cycle), receive.go and early.go (messages above a gap wait for their number), step.go,
//	               send.go, cycle.go (sleep and replies)
//	kills          front.go and inbox.go (commands and kills, from outside and on the thread), withdraw.go (unsent
//	               orders are taken back)
//	connections    handover.go, ending.go, resend.go, ration.go (what refusals may take of a short journal)
//	parts          conn.go, outgoing.go (send buffers), secure.go (TLS), links.go, sockets.go, poller.go, socket.go;
//	               clerk.go does what may take time; hand.go turns cycles without a thread, for tests and simulation
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
//     others for rare things only: a reply, a line of log, the end of a connection.
//   - A link's buffers have one owner: whoever holds the link's claim, and from the hand-over of a connection to its
//     end the engine.
package engine
