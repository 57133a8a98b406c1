// Package rehearsal plays a client's old FIX log against a configuration, before the client trades through a gate with
// it: which of its orders would be refused, by which control. Nothing is journaled and nothing leaves.
//
//	log.go    messages out of a log, whatever stands around them
//	stage.go  a core whose links are logged on, and the messages as they would come
//	play.go   Play: one message after the other, and what is told of it
//	selftest.go  SelfTest: a breach of every control that is armed, which must be refused
//	selftest_try.go    one breach: what is so before it, its message, and all of that taken back
//	selftest_venue.go  what the venue says meanwhile
//	selftest_told.go   what is printed, and what is armed and was not breached
//	selftest_lift.go   all limits lifted but the one that is tried
//	selftest_*.go      the breaches, by what they are of
//
// Time is the log's, by SendingTime(52), so rates and repeats are judged as they came. Reference prices are the
// previous closes of the configuration, as of each moment. What the log has of the client's reports (35=8) comes from
// the venue in their place; a log without any has each request confirmed at once, and nothing filled.
package rehearsal
