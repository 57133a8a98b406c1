// Package schedule says when a FIX session is open and when its numbers begin anew: StartTime, EndTime, StartDay,
// EndDay, Weekdays, TimeZone and ResetSeqTime as the QuickFIX family means them.
//
// A Schedule is made once, from the settings, and is asked by those who have the time; it reads no clock, allocates
// nothing when asked, and gives the same answer to the same time for ever.
//
//	schedule.go  a Schedule and its question: since when it is open or closed, and until when
//	wall.go      the moment at which a wall clock shows a time, on days on which clocks are changed too
//	parse.go     times of day and days of the week as the settings write them
//
// A session reaches from a start to the next end: the start belongs to it, the end does not. Where the clocks are put
// back, a time that is shown twice means the first of the two; where they are put forward, a time that is never shown
// means the moment of the change. So each session is one stretch of time, however the clocks go. Zone files are taken
// from the machine, and from the program where the machine has none.
package schedule
