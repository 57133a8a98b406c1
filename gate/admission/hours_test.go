package admission

import (
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"portcullis/clocksync"
	"portcullis/fix/schedule"
)

// handClock is a clock whose UTC a test sets.
type handClock struct {
	clocksync.Source
	utcNs atomic.Int64
}

func (c *handClock) Now() clocksync.Stamp {
	s := c.Source.Now()
	s.UTCNs = c.utcNs.Load()
	return s
}

func (c *handClock) set(hour int) {
	c.utcNs.Store(time.Date(2026, 11, 27, hour, 0, 0, 0, time.UTC).UnixNano())
}

// TestHours: outside of its session's time a participant is closed without an answer, and a venue is not dialled.
func TestHours(t *testing.T) {
	host, err := clocksync.New()
	if err != nil {
		t.Fatal(err)
	}
	venue, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer venue.Close()
	clock := &handClock{Source: host}
	clock.set(7)
	day := schedule.Daily(time.UTC, 8*3600, 17*3600)
	r := start(t, func(c *Config) {
		c.Clock = clock
		c.Participants[0].Schedule = day
		c.Venues = []Venue{{Link: 9, Name: "VENUE", Address: venue.Addr().String(), Reconnect: time.Millisecond, Schedule: day}}
	})
	c := r.connect(t)
	if _, err := c.Write([]byte(logon("right"))); err != nil {
		t.Fatal(err)
	}
	if got := answer(t, c); got != "" {
		t.Errorf("answered by %q", got)
	}
	until(t, "logged", func() bool { return strings.Contains(r.log.String(), "outside of the session's time") })
	time.Sleep(5 * idlePoll)
	if n := len(r.engine.all()); n != 0 {
		t.Errorf("%d connections before the session begins", n)
	}
	clock.set(8)
	until(t, "dialled", func() bool { return len(r.engine.all()) == 1 })
	if _, err := r.connect(t).Write([]byte(logon("right"))); err != nil {
		t.Fatal(err)
	}
	until(t, "admitted", func() bool { return len(r.engine.all()) == 2 })
}
