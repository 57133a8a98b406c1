// Package system holds tests of the gate as a whole: the program itself in a process of its own, real
// TCP, and peers that share no code with it. It has no code of its own.
//
//	crash_test.go    kill -9 at random moments; the judges are the logs of venue and participants
//	flow_test.go     the participants' random orders     book_test.go  the venue's answers to them
//	kill_test.go     the kill switch under flood, with a venue that reads and one that does not
//	hard_test.go     the hard kill, of an engine that is stopped, loops, starts; with disks that take nothing
//	drill_test.go    the kill rehearsed
//	watchdog_test.go the engine started again, or not; its end with the watchdog
//	bad_test.go      bad input: one line of the table, one answer, one line of log
//	version_test.go  participants of every FIX version at venues of every version, all on quickfixgo
//	quickfix_test.go the same with QuickFIX C++ at both ends, where it is installed
//	ending_test.go   SIGTERM, the sample configuration, a full disk
//	site_test.go     a gate with its files, started, killed, ended     raw_test.go  FIX by hand
//
// Peers are of two kinds. Those of gate/demo/peer speak through quickfixgo and keep their own logs;
// where a test must send what no engine sends, or see bytes as they arrive, it writes FIX by hand.
//
// Invariants of the tests:
//   - Nothing asserts how long something takes. Waiting is for a state, patience only ends a failure.
//   - Tests run side by side: each has its own folder, ports and programs, and shares nothing that it changes.
//   - A gate that writes "panic" or "DATA RACE" fails the test, whatever else happened.
//   - Every random choice comes from a seed that a failure prints with the command that repeats it.
package system
