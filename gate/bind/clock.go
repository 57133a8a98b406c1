package bind

import "portcullis/clocksync"

// Clock continues the monotonic time of the journal over reboots of the machine, which start
// it anew: windows and ages of the state would not survive a step back.
type Clock struct {
	clocksync.Source
	Rebooted bool // the machine was booted anew since the journal's last record
	offsetNs int64
}

// StartAfter says at which monotonic time the journal ends.
func (c *Clock) StartAfter(lastNs int64) {
	if now := c.Source.Now().MonoNs; now <= lastNs {
		c.offsetNs, c.Rebooted = lastNs-now+1, true
	}
}

// Now is the stamp of the moment, monotonic over the journal's whole life.
func (c *Clock) Now() clocksync.Stamp {
	s := c.Source.Now()
	s.MonoNs += c.offsetNs
	return s
}
