// Package verbs holds the verbs of the program gate: what stands on its command line, and how its answers are
// printed. Verbs only; what they do lives in the packages.
//
//	verbs.go     the list of all, and the exit codes
//	client.go    a verb to a file, or a few that belong together
//	operate.go   commands to a running gate, through its socket
//	read.go      what reads the journal
//	run.go       a gate: the watchdog, and the engine that it starts
//
// cmd/gate alone imports it: the program is compiled with a profile, and its tests need none.
package verbs
