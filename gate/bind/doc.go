// Package bind holds core, journal and engine together: the small parts that each of them needs of the others and that
// none of them is. The gate and its simulator are both built of them.
//
//	boot.go       what a start writes before the first connection       clock.go  time over reboots
//	numbering.go  which outgoing numbers of a link mean something now
//	history.go    messages read back from the journal for a resend
//	egress.go     what was accepted, told to the egress checker in its own words
//
// Invariant: nothing here decides; what is decided is core's, what is kept is the journal's.
package bind
