package core

import (
	"time"

	"portcullis/fix/link"
	"portcullis/fix/schedule"
)

// hours has the venue's numbers begin anew 15 s after the start of a world, and a session of ACME's end, and the next
// begin, 10 s later.
func hours(c *Core) {
	const start = 13*3600 + 30*60
	c.set.Links[xsim].Schedule = schedule.Always(time.UTC).Resetting(start + 15)
	c.set.Links[acme].Schedule = schedule.Daily(time.UTC, start+25, start+25)
}

// noCancelHours has the venue take no cancels 5 s after the start of a world for 10 s, and again 10 s later.
func noCancelHours(owes bool) NoCancel {
	const start = 13*3600 + 30*60
	return NoCancel{Owes: owes, Periods: []link.Schedule{schedule.Daily(time.UTC, start+5, start+15), schedule.Daily(time.UTC, start+25, start+35)}}
}

// beginAnew is the venue's answer to our Logon with ResetSeqNumFlag(141)=Y on a line that is up.
func (x *chaos) beginAnew() {
	x.seen["reset time"]++
	x.seqOut[xsim] = 1
	x.from(xsim, "35=A|98=0|108=30|141=Y|")
	x.listen()
}
