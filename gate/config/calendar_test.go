package config

import (
	"testing"
	"time"
)

// TestCalendar: which trade date has begun, over weekends, holidays and both changes of the clocks.
func TestCalendar(t *testing.T) {
	const hour, minute = 3600, 60
	week := []time.Weekday{1, 2, 3, 4, 5}
	evening := Calendar{Zone: "America/New_York", At: 17 * hour, Next: true, Days: week, Holidays: []string{"2026-11-26", "2026-12-25"}}
	morning := Calendar{Zone: "Europe/London", At: 6 * hour, Days: week, Holidays: []string{"2026-12-25", "2026-12-28"}}
	midnight := Calendar{Zone: "Asia/Tokyo", Days: []time.Weekday{0, 1, 2, 3, 4, 5, 6}}
	night := Calendar{Zone: "Europe/London", At: 1*hour + 30*minute, Days: []time.Weekday{0, 1, 2, 3, 4, 5, 6}}
	for _, c := range []struct {
		calendar *Calendar
		now      string
		date     uint32
	}{
		{&evening, "2026-11-24T21:59:59Z", 20261124},
		{&evening, "2026-11-24T22:00:00Z", 20261125},
		{&evening, "2026-11-25T22:00:00Z", 20261127}, // Thanksgiving is left out
		{&evening, "2026-11-27T21:59:59Z", 20261127},
		{&evening, "2026-11-27T22:00:00Z", 20261130}, // Monday begins on Friday evening,
		{&evening, "2026-11-29T23:00:00Z", 20261130}, // and not again on Sunday
		{&evening, "2026-11-30T22:00:00Z", 20261201},
		{&evening, "2026-03-06T22:00:00Z", 20260309}, // before summer time five hours behind UTC,
		{&evening, "2026-03-09T20:59:59Z", 20260309}, // and then four
		{&evening, "2026-03-09T21:00:00Z", 20260310},
		{&morning, "2026-12-24T05:59:59Z", 20261223},
		{&morning, "2026-12-24T06:00:00Z", 20261224},
		{&morning, "2026-12-28T12:00:00Z", 20261224}, // Christmas, a weekend and Boxing Day go by
		{&morning, "2026-12-29T06:00:00Z", 20261229},
		{&midnight, "2026-11-27T14:59:59Z", 20261127},
		{&midnight, "2026-11-27T15:00:00Z", 20261128},
		{&night, "2026-03-29T00:59:59Z", 20260328}, // half past one is left out that night:
		{&night, "2026-03-29T01:30:00Z", 20260329}, // the day has begun by half past two
		{&night, "2026-10-25T00:29:59Z", 20261024}, // and it comes twice on this one:
		{&night, "2026-10-25T00:30:00Z", 20261025}, // the first begins the day,
		{&night, "2026-10-25T01:15:00Z", 20261025}, // which goes on though the clocks show a quarter past one again
	} {
		now, err := time.Parse(time.RFC3339, c.now)
		if err != nil {
			t.Fatal(err)
		}
		if got := c.calendar.DateAt(now); got != c.date {
			t.Errorf("%s at %s: %d, want %d", c.calendar.Zone, c.now, got, c.date)
		}
	}
}

// TestCalendarsNeverGoBack: over three years, by quarters of an hour, no trade date follows a later one, and none is a day without trading.
func TestCalendarsNeverGoBack(t *testing.T) {
	for _, zone := range []string{"America/New_York", "Europe/London", "Australia/Lord_Howe", "America/Sao_Paulo", "UTC"} {
		for _, next := range []bool{false, true} {
			k := Calendar{Zone: zone, At: 2*3600 + 1800, Next: next, Days: []time.Weekday{1, 2, 3, 4, 5}, Holidays: []string{"2025-12-25", "2027-01-01"}}
			last := uint32(0)
			for at := time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC); at.Year() < 2028; at = at.Add(15 * time.Minute) {
				date := k.DateAt(at)
				day := time.Date(int(date/10000), time.Month(date/100%100), int(date%100), 0, 0, 0, 0, time.UTC)
				if date < last || !k.trades(day) {
					t.Fatalf("%s, next %v, at %v: %d after %d", zone, next, at, date, last)
				}
				last = date
			}
		}
	}
}

// TestZonesAreReadOnce: who looks at the calendar once a second opens no file for it.
func TestZonesAreReadOnce(t *testing.T) {
	const name = "Pacific/Chatham"
	first, err := zoneOf(name)
	if again, _ := zoneOf(name); err != nil || first.String() != name || again != first {
		t.Error(first, again, err)
	}
	if zone, err := zoneOf("Pacific/Nowhere"); err == nil {
		t.Error(zone)
	}
}

// TestSelfTestDue: each day an hour before trade dates begin, with trading on the day or not, and over both changes of the clocks.
func TestSelfTestDue(t *testing.T) {
	evening := Calendar{Zone: "America/New_York", At: 17 * 3600, Next: true, Days: []time.Weekday{1, 2, 3, 4, 5}}
	early := Calendar{Zone: "Asia/Tokyo", At: 1800, Days: []time.Weekday{1}}
	for _, c := range []struct {
		calendar Calendar
		now, due string
	}{
		{Calendar{}, "2026-11-27T22:59:59Z", "2026-11-26T23:00:00Z"},
		{Calendar{}, "2026-11-27T23:00:00Z", "2026-11-27T23:00:00Z"},
		{Calendar{}, "2026-11-28T00:30:00Z", "2026-11-27T23:00:00Z"},
		{evening, "2026-11-27T20:59:59Z", "2026-11-26T21:00:00Z"},
		{evening, "2026-11-28T21:00:00Z", "2026-11-28T21:00:00Z"}, // a Saturday
		{evening, "2026-11-01T21:30:00Z", "2026-11-01T21:00:00Z"}, // 25 hours after the one before, and a month's first day
		{evening, "2026-11-01T20:30:00Z", "2026-10-31T20:00:00Z"},
		{evening, "2026-03-08T20:00:00Z", "2026-03-08T20:00:00Z"}, // 23 hours
		{early, "2026-11-27T14:29:59Z", "2026-11-26T14:30:00Z"},   // of the next day, by that day's clocks
		{early, "2026-11-27T14:30:00Z", "2026-11-27T14:30:00Z"},
	} {
		now, err := time.Parse(time.RFC3339, c.now)
		if err != nil {
			t.Fatal(err)
		}
		cfg := Config{Gate: Gate{Calendar: c.calendar}}
		if got := cfg.SelfTestDue(now).UTC().Format(time.RFC3339); got != c.due {
			t.Errorf("at %s: %s, want %s", c.now, got, c.due)
		}
	}
}
