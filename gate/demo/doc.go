// Package demo shows a gate at work, with nothing but this program: a gate in this process, a venue
// and two participants that speak real FIX over loopback TCP, and a script that meets every control.
//
//	script.txt    what is sent and what must come of it, readable without knowing Go: begin here
//	config/       the gate's configuration, with limits small enough to be met
//	demo.go       Run: starts everything, plays, prints, compares, ends
//	rig.go        a gate with its peers, for the demo and for tests of the whole
//	script.go     the script's lines; order.go: their orders as FIX
//	play.go       one line after the other: send, read the verdict, wait for the answers
//	watch.go      reads the journal as it grows: verdicts, and the state they lead to
//	prove.go      exposure recomputed, decisions made again (gate/audit)
//	print.go      what is printed
//
// Invariants:
//   - Nothing is taken on trust: a verdict is what the journal says, an answer what the participant's
//     own engine received, and exposure is computed twice by code that shares nothing.
//   - The script names each Reason, or missing.go says why a demo cannot show it; a test counts them.
//   - The demo waits for messages and records, never for time, and leaves nothing behind.
package demo
