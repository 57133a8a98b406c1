package settings

import (
	"fmt"
	"time"

	"portcullis/fix/schedule"
)

// dayWords is how settings write a day of the week.
const dayWords = "Monday or Mon"

// schedule reads when a session is open and when its numbers begin anew; nil: it is open for ever.
func (r *reader) schedule(v *Values, s *Session) *schedule.Schedule {
	zone := v.zone()
	hours := v.hours(zone)
	if v.Bool("NonStopSession", false) {
		hours = nil
		for _, name := range []string{"StartTime", "EndTime", "StartDay", "EndDay", "Weekdays"} {
			if key, set := v.Section.Find(name); set {
				r.note(fmt.Sprintf("%s:%d: %s has no effect: NonStopSession=Y", r.file, key.Line, name))
			}
		}
	}
	at, resets := v.timeOfDay("ResetSeqTime")
	if !resets {
		return hours
	}
	if s.BeginString == "FIX.4.0" {
		v.bad("ResetSeqTime", "is not possible: FIX.4.0 has no ResetSeqNumFlag(141)", "remove the key")
	}
	if hours == nil {
		hours = schedule.Always(zone)
	}
	return hours.Resetting(at)
}

// zone is where the clocks are by which a session's times are meant.
func (v *Values) zone() *time.Location {
	text, ok := v.String("TimeZone")
	if !ok {
		return time.UTC
	}
	const cure = "write a name of the IANA time zone database, as America/New_York, or UTC"
	if text == "Local" {
		v.bad("TimeZone", "is another zone on another machine", cure)
		return time.UTC
	}
	zone, err := time.LoadLocation(text)
	if err != nil {
		v.bad("TimeZone", "is not a time zone", cure)
		return time.UTC
	}
	return zone
}

// hours reads the start and the end of a session; nil: it has none, or they cannot be read.
func (v *Values) hours(zone *time.Location) *schedule.Schedule {
	if !v.Has("StartTime") && !v.Has("EndTime") {
		for _, name := range []string{"StartDay", "EndDay", "Weekdays"} {
			v.mustHave(name, "StartTime")
		}
		return nil
	}
	v.mustHave("StartTime", "EndTime")
	v.mustHave("EndTime", "StartTime")
	start, started := v.timeOfDay("StartTime")
	end, ended := v.timeOfDay("EndTime")
	ok := started && ended
	if !v.Has("StartDay") && !v.Has("EndDay") {
		days, known := v.weekdays()
		if !ok || !known {
			return nil
		}
		return schedule.Daily(zone, start, end, days...)
	}
	v.mustHave("StartDay", "EndDay")
	v.mustHave("EndDay", "StartDay")
	if key, set := v.Section.Find("Weekdays"); set {
		v.add(key, "has StartDay and EndDay beside it", "keep Weekdays, or StartDay and EndDay")
	}
	startDay, started := v.day("StartDay")
	endDay, ended := v.day("EndDay")
	if !ok || !started || !ended {
		return nil
	}
	return schedule.Weekly(zone, startDay, start, endDay, end)
}

// mustHave refuses a key that means nothing without another.
func (v *Values) mustHave(name, other string) {
	if key, set := v.Section.Find(name); set && !v.Has(other) {
		v.add(key, "has no "+other+" beside it", "add "+other+" or remove "+name)
	}
}

func (v *Values) timeOfDay(name string) (schedule.TimeOfDay, bool) {
	text, ok := v.String(name)
	if !ok {
		return 0, false
	}
	at, ok := schedule.ParseTimeOfDay(text)
	if !ok {
		v.bad(name, "is not a time of day", "write HH:MM:SS, 00:00:00 to 23:59:59")
	}
	return at, ok
}

func (v *Values) day(name string) (time.Weekday, bool) {
	text, ok := v.String(name)
	if !ok {
		return 0, false
	}
	day, ok := schedule.ParseDay(text)
	if !ok {
		v.bad(name, "is not a day of the week", "write it as "+dayWords)
	}
	return day, ok
}

// weekdays are the days named; none where the key is absent.
func (v *Values) weekdays() (days []time.Weekday, ok bool) {
	text, ok := v.String("Weekdays")
	if !ok {
		return nil, !v.Has("Weekdays")
	}
	if days, ok = schedule.ParseDays(text); !ok {
		v.bad("Weekdays", "is not a list of days of the week", "write each as "+dayWords+", with commas and no blanks between them")
	}
	return days, ok
}
