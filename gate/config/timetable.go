package config

import (
	"slices"
	"strings"
	"time"

	"portcullis/fix/schedule"
	"portcullis/risk"
)

// Timetable is when the phases of a venue begin, by the clocks of its zone.
type Timetable struct {
	Zone    string // of the IANA database; "" = there is no timetable
	Days    []time.Weekday
	Changes []PhaseChange // ascending
	Early   []EarlyClose  // ascending
}

// EarlyClose is a date on which a venue closes at a time of its own; at midnight, on a holiday.
type EarlyClose struct {
	Date string // as time.DateOnly
	At   schedule.TimeOfDay
}

// PhaseChange begins a phase at a time of day.
type PhaseChange struct {
	At    schedule.TimeOfDay
	Phase risk.Phase
}

// At is the phase that holds at a moment, and since when. ok is false where there is none.
func (t *Timetable) At(now time.Time) (p risk.Phase, since time.Time, ok bool) {
	zone, err := zoneOf(t.Zone)
	if err != nil || len(t.Changes) == 0 {
		return 0, now, false
	}
	today := now.In(zone)
	for day := -7; day <= 0; day++ { // one of these is a day of its week
		date := time.Date(today.Year(), today.Month(), today.Day()+day, 12, 0, 0, 0, zone)
		if !slices.Contains(t.Days, date.Weekday()) {
			continue
		}
		for _, c := range t.changesOn(date.Format(time.DateOnly)) {
			at := time.Date(date.Year(), date.Month(), date.Day(), 0, 0, int(c.At), 0, zone)
			if at.After(now) {
				return p, since, ok
			}
			p, since, ok = c.Phase, at, true
		}
	}
	return p, since, ok
}

// changesOn are the phases of a date: those of every day, until it closes early.
func (t *Timetable) changesOn(date string) []PhaseChange {
	i := slices.IndexFunc(t.Early, func(e EarlyClose) bool { return e.Date == date })
	if i < 0 {
		return t.Changes
	}
	last := 0
	for last < len(t.Changes) && t.Changes[last].At < t.Early[i].At {
		last++
	}
	return append(slices.Clone(t.Changes[:last]), PhaseChange{t.Early[i].At, risk.PhaseClosed})
}

var weekdays = []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}

// weekdays reads the days of the week on which there is trading.
func (l *loader) weekdays(m *mapping) (days []time.Weekday) {
	if !m.has("days") {
		return []time.Weekday{time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday}
	}
	for _, value := range m.list("days") {
		day := slices.Index(weekdays, value.text)
		if day < 0 {
			l.add(value.at, "days: "+show(value.text)+" is no day", "write of sun, mon, tue, wed, thu, fri, sat those on which it trades")
			continue
		}
		days = append(days, time.Weekday(day))
	}
	return days
}

// timetable reads zone, days, times and holidays of a venue's phases.
func (l *loader) timetable(m *mapping) (t Timetable) {
	pairs := m.pairs("times")
	zone := l.zone(m)
	t.Days = l.weekdays(m)
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
	t.Early = l.earlyCloses(m)
	if len(t.Changes) == 0 {
		if len(t.Early) > 0 {
			l.add(m.at, "holidays and early_close are of a timetable, and there is none", "write times, or remove them")
		}
		return Timetable{}
	}
	t.Zone = zone.String()
	return t
}

// earlyCloses reads the dates on which a venue does not trade, or not as long as usual.
func (l *loader) earlyCloses(m *mapping) (list []EarlyClose) {
	add := func(key string, date scalar, at schedule.TimeOfDay) {
		if _, err := time.Parse(time.DateOnly, date.text); err != nil {
			l.add(date.at, key+": "+show(date.text)+" is no date", "write it as 2026-12-25")
		}
		if slices.ContainsFunc(list, func(e EarlyClose) bool { return e.Date == date.text }) {
			l.add(date.at, key+": "+date.text+" is there already", "a day closes once: remove one")
		}
		list = append(list, EarlyClose{date.text, at})
	}
	for _, value := range m.list("holidays") {
		add("holidays", value, 0)
	}
	for _, pair := range m.pairs("early_close") {
		at, ok := schedule.ParseTimeOfDay(pair[1].text + ":00")
		if !ok || at == 0 {
			l.add(pair[1].at, "early_close: "+show(pair[1].text)+" is no time of day at which it closes", `write it as "13:00"; a whole day is one of holidays`)
		}
		add("early_close", pair[0], at)
	}
	slices.SortFunc(list, func(a, b EarlyClose) int { return strings.Compare(a.Date, b.Date) })
	return list
}
