package schedule

import (
	"math"
	"time"
	_ "time/tzdata" // for machines without zone files
)

// Schedule is when a session is open. Nil is a session that is open for ever.
type Schedule struct {
	zone   *time.Location
	timed  bool
	start  TimeOfDay
	end    TimeOfDay
	starts [7]bool // days of the week on which a session begins
	days   int     // from the day of its start to that of its end
	resets bool
	reset  TimeOfDay
}

// Always is a session that is open for ever; with Resetting it is still of use.
func Always(zone *time.Location) *Schedule { return &Schedule{zone: zone} }

// Daily is a session that begins at start on the days given, all if none are, and ends at the next end: later on the
// same day, or on the day after.
func Daily(zone *time.Location, start, end TimeOfDay, days ...time.Weekday) *Schedule {
	s := &Schedule{zone: zone, timed: true, start: start, end: end}
	for day := range s.starts {
		s.starts[day] = len(days) == 0
	}
	for _, day := range days {
		s.starts[day] = true
	}
	if end <= start {
		s.days = 1
	}
	return s
}

// Weekly is a session that begins once a week and ends at the next end: a week later where both are the same.
func Weekly(zone *time.Location, startDay time.Weekday, start TimeOfDay, endDay time.Weekday, end TimeOfDay) *Schedule {
	s := &Schedule{zone: zone, timed: true, start: start, end: end}
	s.starts[startDay] = true
	s.days = int(endDay-startDay+7) % 7
	if s.days == 0 && end <= start {
		s.days = 7
	}
	return s
}

// Resetting is the same schedule with a time of day at which the numbers begin anew on the open session.
func (s *Schedule) Resetting(at TimeOfDay) *Schedule {
	with := *s
	with.resets, with.reset = true, at
	return &with
}

// dayReach is how many days around a moment hold the start and the end that are nearest to it.
const dayReach = 8

// At returns the longest stretch of time around a moment, fromNs included and toNs not, in which one session is open,
// or none is. The ends of time stand for never.
func (s *Schedule) At(utcNs int64) (fromNs, toNs int64, open bool) {
	fromNs, toNs = math.MinInt64, math.MaxInt64
	if s == nil || !s.timed {
		return fromNs, toNs, true
	}
	local := time.Unix(0, utcNs).In(s.zone)
	year, month, day := local.Date()
	for d := -dayReach; d <= dayReach; d++ {
		if !s.starts[(int(local.Weekday())+d+2*7)%7] {
			continue
		}
		from, to := Wall(s.zone, year, month, day+d, s.start), Wall(s.zone, year, month, day+d+s.days, s.end)
		switch {
		case from >= to: // all of it is left out by the clocks
		case to <= utcNs:
			fromNs = to
		case from <= utcNs:
			return from, to, true
		default:
			return fromNs, from, false
		}
	}
	return fromNs, toNs, false
}

// NextReset returns the first moment after utcNs at which the numbers begin anew on the open session, 0 if there is
// no time for that.
func (s *Schedule) NextReset(utcNs int64) int64 {
	if s == nil || !s.resets {
		return 0
	}
	year, month, day := time.Unix(0, utcNs).In(s.zone).Date()
	for d := -1; ; d++ {
		if at := Wall(s.zone, year, month, day+d, s.reset); at > utcNs {
			return at
		}
	}
}

// NextStart returns the first moment after utcNs at which a session begins, 0 if none does.
func (s *Schedule) NextStart(utcNs int64) int64 {
	_, toNs, open := s.At(utcNs)
	if open && toNs != math.MaxInt64 {
		end := toNs
		if _, toNs, open = s.At(end); open {
			return end
		}
	}
	if toNs == math.MaxInt64 {
		return 0
	}
	return toNs
}
