// Package watchdog is the parent of the engine: it starts it as a process of its own, watches that it goes on, can end
// it without its help, and starts it again. It is the second way to stop everything, for when the engine itself
// cannot: it loops, is stopped, or hangs (behaviour 9, K9).
//
//	gate run = watchdog ──starts──> gate engine         the order path; holds every socket of venues and clients
//	             │  └──watches──── shared page <── counts its cycles
//	             ├── gate.sock.watchdog: kill_hard, status, ping
//	             └── journal/hardkills: what was killed hard, by whom, when, why
//
// A hard kill ends the engine by SIGKILL. The kernel then closes every venue's socket and throws away what it had not
// sent (see engine.closeAbruptly), so nothing leaves behind the acknowledgement. It is recorded in a file that needs no
// room on the disk, and each engine that starts takes into the journal what the journal has not got: the firm is
// killed, the cancels are owed and go first when the lines are back.
//
// # How to read it
//
// watchdog.go is Run: start, watch, start again. kill.go ends the engine; record.go keeps what was killed and reads it
// for the engine, recordable.go looks that it can; page.go is the memory that the two processes share; held.go is
// what an engine leaves in it for the next: the configuration in force, so that no edit comes into force by a crash. Small parts: engine.go (the process), stall.go
// (does it stand still), restarts.go (how often, how soon), serve.go (the socket).
//
// # Invariants
//
//   - A kill waits for nothing that the engine, a log or the disk may hold up. It is acknowledged once the engine has
//     ended, its sockets with it, and the record is durable.
//   - While a kill is at work or not durable, no engine is started.
//   - What happens to the engine is told to people at once, whether or not an engine is there to journal it.
//   - The engine dies with the watchdog: an engine that nobody can kill does not trade.
//   - What the machine does to the watchdog as well, such as a pause, is not held against the engine.
package watchdog
