package config

import (
	"slices"
	"strings"
	"sync"
	"time"

	"portcullis/fix"
	"portcullis/fix/schedule"
)

// Calendar is when trade dates begin, by the clocks of a zone.
type Calendar struct {
	Zone     string // of the IANA database; "" = there is none: a trade date is the UTC date and begins by gate roll or a start
	At       schedule.TimeOfDay
	Next     bool // what begins is the next day's trade date, as at 17:00 in New York; else the day's own
	Days     []time.Weekday
	Holidays []string // ascending, as time.DateOnly
}

// DateAt is the trade date, yyyymmdd, that has begun at a moment. Where the clocks leave out At, it begins with their change; where
// they show At twice, with the first.
func (k *Calendar) DateAt(now time.Time) uint32 {
	zone, err := zoneOf(k.Zone)
	if err != nil { // it was loaded when the calendar was read
		zone = time.UTC
	}
	t := now.In(zone)
	day := time.Date(t.Year(), t.Month(), t.Day(), 12, 0, 0, 0, time.UTC) // at noon, and in UTC: only its date is meant
	if now.UnixNano() < schedule.Wall(zone, t.Year(), t.Month(), t.Day(), k.At) {
		day = day.AddDate(0, 0, -1)
	}
	step := -1 // on a day without trading that of before goes on
	if k.Next {
		day, step = day.AddDate(0, 0, 1), 1 // the next one with trading has begun
	}
	for !k.trades(day) {
		day = day.AddDate(0, 0, step)
	}
	return fix.TradeDate(day.UnixNano())
}

// zones are those that were asked for, by name. Each is read once: what looks at it once a second opens no file, and one that
// was changed or cannot be opened meanwhile moves no trade date.
var zones sync.Map

func zoneOf(name string) (*time.Location, error) {
	if zone, known := zones.Load(name); known {
		return zone.(*time.Location), nil
	}
	zone, err := time.LoadLocation(name)
	if err == nil {
		zones.Store(name, zone)
	}
	return zone, err
}

func (k *Calendar) trades(day time.Time) bool {
	_, holiday := slices.BinarySearch(k.Holidays, day.Format(time.DateOnly))
	return slices.Contains(k.Days, day.Weekday()) && !holiday
}

// CalendarAt is the date that the calendar is at, and whose clocks say so.
func (c *Config) CalendarAt(now time.Time) (date uint32, clocks string) {
	if k := &c.Gate.Calendar; k.Zone != "" {
		return k.DateAt(now), k.Zone
	}
	return fix.TradeDate(now.UnixNano()), "UTC"
}

// SelfTestWithin is how old the last self-test may be: a day, an hour for clocks that are set back, and one for a self-test that takes
// longer than that of the day before.
const SelfTestWithin = 26 * time.Hour

// selfTestAhead is how long before trade dates begin a self-test is due: somebody can still act on what it finds.
const selfTestAhead = time.Hour

// SelfTestDue is when, up to a moment, a self-test was due last: each day, an hour before the time at which trade dates begin.
func (c *Config) SelfTestDue(now time.Time) time.Time {
	k := &c.Gate.Calendar
	zone, err := zoneOf(k.Zone) // "": UTC
	if err != nil {             // it was loaded when the calendar was read
		zone = time.UTC
	}
	t := now.In(zone)
	for day := t.Day() + 1; ; day-- {
		if due := time.Unix(0, schedule.Wall(zone, t.Year(), t.Month(), day, k.At)).Add(-selfTestAhead); !due.After(now) {
			return due
		}
	}
}

// TradeDateAt is the trade date of a start at a time: that of the configuration, else the calendar's.
func (c *Config) TradeDateAt(now time.Time) uint32 {
	if c.Gate.TradeDate != 0 {
		return uint32(c.Gate.TradeDate)
	}
	date, _ := c.CalendarAt(now)
	return date
}

// readCalendar reads when trade dates begin.
func (l *loader) readCalendar(m *mapping) (k Calendar) {
	defer m.close()
	at := m.need("at")
	text, ok := at.text, false
	if strings.Count(text, ":") == 1 {
		text += ":00"
	}
	if k.At, ok = schedule.ParseTimeOfDay(text); !ok && text != "" {
		l.add(at.at, "at: "+show(at.text)+" is no time of day", `write it as "17:00"`)
	}
	k.Zone = l.zone(m).String()
	k.Next = m.word("begins", "day", "day", "next_day") == "next_day"
	if k.Days = l.weekdays(m); len(k.Days) == 0 {
		l.add(m.placeOf("days"), "days: no trade date would ever begin", "write the days on which there is trading")
	}
	for _, value := range m.list("holidays") {
		if _, err := time.Parse(time.DateOnly, value.text); err != nil {
			l.add(value.at, "holidays: "+show(value.text)+" is no date", "write it as 2026-12-25")
		}
		k.Holidays = append(k.Holidays, value.text)
	}
	slices.Sort(k.Holidays)
	return k
}
