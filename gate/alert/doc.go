// Package alert tells people what they must see, wherever they are: it follows the journal, in which every alert is
// anyhow, and hands each to the first sink that takes it.
//
//	table.go   which events are told, and how grave each is
//	follow.go  Run: from the journal to the sinks, with a mark of how far it is
//	sink.go    stderr, a file, a unix socket, a command
//
// A line is one JSON object. What comes at once is handed over at once, line by line, so that a flood of alerts does
// not start a flood of commands.
//
// # Invariants
//
//   - An alert is told at least once: the mark moves on when a sink has taken it, over restarts too.
//   - A sink that fails, or takes too long, is passed over for the next in the list; the next alert begins with the
//     first again. While none takes it, it is tried again, and the log says so.
package alert
