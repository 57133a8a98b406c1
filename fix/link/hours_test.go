package link

import (
	"fmt"
	"time"

	"portcullis/fix/schedule"
)

// schedule reads a zone and what its clocks say: daily, weekly or reset, with times and days.
func (p *player) schedule(words []string) error {
	zone, err := time.LoadLocation(words[0])
	at := func(n int) schedule.TimeOfDay {
		t, ok := schedule.ParseTimeOfDay(words[n])
		if !ok {
			err = fmt.Errorf("no time of day: %q", words[n])
		}
		return t
	}
	day := func(n int) time.Weekday {
		d, ok := schedule.ParseDay(words[n])
		if !ok {
			err = fmt.Errorf("no day: %q", words[n])
		}
		return d
	}
	switch words[1] {
	case "daily":
		var days []time.Weekday
		if len(words) > 4 {
			days, _ = schedule.ParseDays(words[4])
		}
		p.set.Schedule = schedule.Daily(zone, at(2), at(3), days...)
	case "weekly":
		p.set.Schedule = schedule.Weekly(zone, day(2), at(3), day(4), at(5))
	case "reset":
		p.set.Schedule = schedule.Always(zone).Resetting(at(2))
	}
	return err
}
