package schedule

import "time"

// Wall returns the moment, in Unix nanoseconds, at which clocks in a zone first show a time on a day; one that they
// leave out is shown at the moment of the change. day may be outside of its month.
func Wall(zone *time.Location, year int, month time.Month, day int, at TimeOfDay) int64 {
	t := time.Date(year, month, day, 0, 0, int(at), 0, zone)
	asked := time.Date(year, month, day, 0, 0, int(at), 0, time.UTC).Unix()
	from, to := t.ZoneBounds()
	switch shown := t.Unix() + offset(t); {
	case shown > asked:
		return from.UnixNano() // left out, and t is behind the change
	case shown < asked:
		return to.UnixNano() // left out, and t is before it
	case from.IsZero():
		return t.UnixNano()
	}
	earlier := asked - offset(from.Add(-1)) // as clocks went before the last change
	if earlier < from.Unix() {
		return earlier * int64(time.Second)
	}
	return t.UnixNano()
}

// offset is how many seconds clocks are ahead of UTC.
func offset(t time.Time) int64 {
	_, seconds := t.Zone()
	return int64(seconds)
}
