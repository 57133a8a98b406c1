package audit

import (
	"math"
	"time"

	"portcullis/fix/link"
	"portcullis/fix/schedule"
)

// hours says of a link whether it is open by its schedule and until when, and when its numbers begin anew: with the
// next session, or on the open one.
func hours(of link.Schedule, now time.Time) (open, reset string) {
	s, ok := of.(*schedule.Schedule)
	if !ok {
		return dash, dash
	}
	_, to, isOpen := s.At(now.UnixNano())
	if open = "closed"; isOpen {
		open = "open"
	}
	if to != math.MaxInt64 {
		open += " to " + moment(to)
	}
	next := s.NextStart(now.UnixNano())
	if at := s.NextReset(now.UnixNano()); next == 0 || at != 0 && at < next {
		next = at
	}
	if next == 0 {
		return open, dash
	}
	return open, moment(next)
}

func moment(ns int64) string { return time.Unix(0, ns).UTC().Format(time.RFC3339) }
