package config

import (
	"slices"
	"time"

	"portcullis/fix/schedule"
	"portcullis/risk"
)

// Timetable is when the phases of a venue begin, by the clocks of its zone.
type Timetable struct {
	Zone    string // of the IANA database; "" = there is no timetable
	Days    []time.Weekday
	Changes []PhaseChange // ascending
}

// PhaseChange begins a phase at a time of day.
type PhaseChange struct {
	At    schedule.TimeOfDay
	Phase risk.Phase
}

// At is the phase that holds at a moment, and since when. ok is false where there is none.
func (t *Timetable) At(now time.Time) (p risk.Phase, since time.Time, ok bool) {
	zone, err := time.LoadLocation(t.Zone)
	if err != nil || len(t.Changes) == 0 {
		return 0, now, false
	}
	today := now.In(zone)
	for day := -7; day <= 0; day++ { // one of these is a day of its week
		date := time.Date(today.Year(), today.Month(), today.Day()+day, 12, 0, 0, 0, zone)
		if !slices.Contains(t.Days, date.Weekday()) {
			continue
		}
		for _, c := range t.Changes {
			at := time.Date(date.Year(), date.Month(), date.Day(), 0, 0, int(c.At), 0, zone)
			if at.After(now) {
				return p, since, ok
			}
			p, since, ok = c.Phase, at, true
		}
	}
	return p, since, ok
}

var weekdays = []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}

// timetable reads zone, days and times of a venue's phases.
func (l *loader) timetable(m *mapping) (t Timetable) {
	pairs := m.pairs("times")
	zone := l.zone(m)
	for _, value := range m.list("days") {
		day := slices.Index(weekdays, value.text)
		if day < 0 {
			l.add(value.at, "days: "+show(value.text)+" is no day", "write of sun, mon, tue, wed, thu, fri, sat those on which it trades")
			continue
		}
		t.Days = append(t.Days, time.Weekday(day))
	}
	if !m.has("days") {
		t.Days = []time.Weekday{time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday}
	}
	for _, pair := range pairs {
		at, ok := schedule.ParseTimeOfDay(pair[0].text + ":00")
		if !ok {
			l.add(pair[0].at, "times: "+show(pair[0].text)+" is no time of day", `write it as "09:30"`)
		}
		if n := len(t.Changes); n > 0 && at <= t.Changes[n-1].At {
			l.add(pair[0].at, "times: "+show(pair[0].text)+" does not come after the one before", "write them in their order")
		}
		t.Changes = append(t.Changes, PhaseChange{at, l.phase("times", pair[1])})
	}
	if len(t.Changes) == 0 {
		return Timetable{}
	}
	t.Zone = zone.String()
	return t
}
