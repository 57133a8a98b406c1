package load

import "time"

// clock reads the time of the instrument: nanoseconds since it was made, monotonic, and the same
// instant as SendingTime(52) text. The text is rewritten only when its millisecond changes.
type clock struct {
	start  time.Time
	nowNs  int64 // the present, as tick read it last: what both ends plan, stamp and measure with
	textMs int64
	text   [32]byte // longer than the text: AppendFormat writes nine digits of a fraction and cuts them
}

const stampLayout = "20060102-15:04:05.000"

func newClock() clock { return clock{start: time.Now(), textMs: -1} }

// ns is the monotonic time since the clock was made.
func (c *clock) ns() int64 { return int64(time.Since(c.start)) }

// tick reads the time and makes it the present.
func (c *clock) tick() int64 {
	c.nowNs = c.ns()
	return c.nowNs
}

// stamp is the present as a UTCTimestamp with milliseconds, valid until the next call.
func (c *clock) stamp() []byte {
	ms := c.nowNs / 1e6
	if ms != c.textMs {
		c.textMs = ms
		c.start.Add(time.Duration(c.nowNs)).UTC().AppendFormat(c.text[:0], stampLayout)
	}
	return c.text[:len(stampLayout)]
}
