package core

import (
	"time"

	"portcullis/fix/schedule"
)

// hours has the venue's numbers begin anew 15 s after the start of a world, and a session of ACME's end, and the next
// begin, 10 s later.
func hours(c *Core) {
	const start = 13*3600 + 30*60
	c.set.Links[xsim].Schedule = schedule.Always(time.UTC).Resetting(start + 15)
	c.set.Links[acme].Schedule = schedule.Daily(time.UTC, start+25, start+25)
}

// beginAnew is the venue's answer to our Logon with ResetSeqNumFlag(141)=Y on a line that is up.
func (x *chaos) beginAnew() {
	x.seen["reset time"]++
	x.seqOut[xsim] = 1
	x.from(xsim, "35=A|98=0|108=30|141=Y|")
	x.listen()
}
