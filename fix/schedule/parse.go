package schedule

import (
	"strings"
	"time"
)

// TimeOfDay is a time on a wall clock, in seconds from midnight.
type TimeOfDay int

// ParseTimeOfDay reads HH:MM:SS, 00:00:00 to 23:59:59.
func ParseTimeOfDay(text string) (TimeOfDay, bool) {
	if len(text) != len("HH:MM:SS") || text[2] != ':' || text[5] != ':' {
		return 0, false
	}
	h, hours := twoDigits(text[0:2], 24)
	m, minutes := twoDigits(text[3:5], 60)
	s, seconds := twoDigits(text[6:8], 60)
	return TimeOfDay(h*3600 + m*60 + s), hours && minutes && seconds
}

func twoDigits(text string, below int) (n int, ok bool) {
	for i := range len(text) {
		if text[i] < '0' || text[i] > '9' {
			return 0, false
		}
		n = n*10 + int(text[i]-'0')
	}
	return n, n < below
}

// ParseDay reads a day of the week, "Monday" or "Mon".
func ParseDay(text string) (time.Weekday, bool) {
	for day := time.Sunday; day <= time.Saturday; day++ {
		if name := day.String(); text == name || text == name[:3] {
			return day, true
		}
	}
	return 0, false
}

// ParseDays reads days of the week with commas between them, "Mon,Tue".
func ParseDays(text string) (days []time.Weekday, ok bool) {
	for word := range strings.SplitSeq(text, ",") {
		day, ok := ParseDay(word)
		if !ok {
			return nil, false
		}
		days = append(days, day)
	}
	return days, true
}
