package schedule

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

const stamp = "2006-01-02 15:04:05"

// TestScripts runs testdata/schedule; README.md there explains the lines.
func TestScripts(t *testing.T) {
	files, err := filepath.Glob("../../testdata/schedule/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var s *Schedule
		zone := time.UTC
		for n, line := range strings.Split(string(text), "\n") {
			words := strings.Fields(line)
			if len(words) == 0 || words[0][0] == '#' {
				continue
			}
			switch words[0] {
			case "==":
				s, zone = nil, time.UTC
			case "zone":
				if zone, err = time.LoadLocation(words[1]); err != nil {
					t.Fatal(err)
				}
			case "daily":
				s = Daily(zone, timeOfDay(t, words[1]), timeOfDay(t, words[2]), days(t, words[3:])...)
			case "weekly":
				s = Weekly(zone, day(t, words[1]), timeOfDay(t, words[2]), day(t, words[3]), timeOfDay(t, words[4]))
			case "reset":
				if s == nil {
					s = Always(zone)
				}
				s = s.Resetting(timeOfDay(t, words[1]))
			default:
				at, err := time.Parse(stamp, words[0]+" "+words[1])
				if err != nil {
					t.Fatalf("%s:%d: %v", file, n+1, err)
				}
				if got, want := answer(s, at, words[2]), strings.Join(words[2:], " "); got != want {
					t.Errorf("%s:%d: %s: %s; want %s", filepath.Base(file), n+1, at.Format(stamp), got, want)
				}
			}
		}
	}
}

func timeOfDay(t *testing.T, text string) TimeOfDay {
	at, ok := ParseTimeOfDay(text)
	if !ok {
		t.Fatalf("no time: %q", text)
	}
	return at
}

func day(t *testing.T, text string) time.Weekday {
	d, ok := ParseDay(text)
	if !ok {
		t.Fatalf("no day: %q", text)
	}
	return d
}

func days(t *testing.T, words []string) (list []time.Weekday) {
	for _, word := range words {
		d, ok := ParseDays(word)
		if !ok {
			t.Fatalf("no days: %q", word)
		}
		list = append(list, d...)
	}
	return list
}

func answer(s *Schedule, at time.Time, about string) string {
	text := func(ns int64) string {
		if ns == math.MinInt64 || ns == math.MaxInt64 || ns == 0 {
			return "never"
		}
		return time.Unix(0, ns).UTC().Format(stamp)
	}
	switch about {
	case "resets":
		return "resets " + text(s.NextReset(at.UnixNano()))
	case "starts":
		return "starts " + text(s.NextStart(at.UnixNano()))
	}
	span := s.span(at.UnixNano())
	word := "closed"
	if span.open {
		word = "open"
	}
	return fmt.Sprintf("%s %s to %s", word, text(span.from), text(span.to))
}

type span struct {
	from, to int64
	open     bool
}

func (s *Schedule) span(utcNs int64) span {
	from, to, open := s.At(utcNs)
	return span{from, to, open}
}

// shows is the question asked of a wall clock, as the QuickFIX family asks it: is what it shows between start and end?
// It differs from ours in the end itself, and where clocks show a time twice.
func (s *Schedule) shows(t time.Time) bool {
	t = t.In(s.zone)
	h, m, sec := t.Clock()
	now := h*3600 + m*60 + sec
	for back := range 8 { // days since the session's start
		begun := (int(t.Weekday()) - back + 14) % 7
		if since := back*86400 + now; s.starts[begun] && since >= int(s.start) && since < s.days*86400+int(s.end) {
			return true
		}
	}
	return false
}

// TestWallClock asks ours and a wall clock about random schedules and times. They may differ near the hour that clocks
// show twice only.
func TestWallClock(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	zones := []string{"UTC", "America/New_York", "Europe/London", "Asia/Tokyo", "Australia/Lord_Howe", "Asia/Kolkata"}
	open := 0
	for range 3000 {
		zone, err := time.LoadLocation(zones[r.IntN(len(zones))])
		if err != nil {
			t.Fatal(err)
		}
		start, end := TimeOfDay(r.IntN(24)*3600), TimeOfDay(r.IntN(48)*1800)
		s := Weekly(zone, time.Weekday(r.IntN(7)), start, time.Weekday(r.IntN(7)), end)
		if r.IntN(2) == 0 {
			s = Daily(zone, start, end, time.Weekday(r.IntN(7)), time.Weekday(r.IntN(7)))
		}
		for range 50 {
			at := time.Unix(1_760_000_000+r.Int64N(2*365*86400), 0)
			_, changed := at.Add(12 * time.Hour).In(zone).Zone()
			_, before := at.Add(-36 * time.Hour).In(zone).Zone()
			span := s.span(at.UnixNano())
			if span.open {
				open++
			}
			if changed >= before && span.open != s.shows(at) {
				t.Fatalf("%+v at %v: open is %t", s, at.In(zone), span.open)
			}
			checkSpan(t, s, at.UnixNano(), span)
		}
	}
	if open < 10_000 {
		t.Errorf("open %d times only", open)
	}
}

// checkSpan: a span holds its moment, says the same at both of its ends, and is as long as it can be; next to a
// session there may be another.
func checkSpan(t *testing.T, s *Schedule, at int64, span span) {
	t.Helper()
	if at < span.from || at >= span.to {
		t.Fatalf("%+v: %d is not in %+v", s, at, span)
	}
	if s.span(span.from) != span || s.span(span.to-1) != span {
		t.Fatalf("%+v: %+v is another at its ends", s, span)
	}
	if next := s.span(span.to); next.from != span.to || !next.open && !span.open {
		t.Fatalf("%+v: after %+v comes %+v", s, span, next)
	}
}

// TestNoAllocs: a schedule is asked by who may not allocate.
func TestNoAllocs(t *testing.T) {
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	s := Daily(zone, 8*3600, 17*3600, time.Monday, time.Tuesday).Resetting(12 * 3600)
	at := time.Date(2026, 11, 1, 5, 30, 0, 0, time.UTC).UnixNano()
	if n := testing.AllocsPerRun(100, func() { s.At(at); s.NextReset(at); s.NextStart(at) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func TestParse(t *testing.T) {
	for text, want := range map[string]TimeOfDay{"00:00:00": 0, "23:59:59": 86399, "09:30:01": 34201} {
		if got, ok := ParseTimeOfDay(text); !ok || got != want {
			t.Errorf("%s: %d", text, got)
		}
	}
	for _, text := range []string{"", "9:30:00", "24:00:00", "09:60:00", "09:30:60", "09:30", "09-30-00", "0a:30:00", "+9:30:00", "09:30:00.5"} {
		if _, ok := ParseTimeOfDay(text); ok {
			t.Errorf("%q is taken", text)
		}
	}
	for _, text := range []string{"", "mon", "Mo", "MONDAY", "Mon ", "Mon,", ",Mon", "Mon, Tue"} {
		if _, ok := ParseDays(text); ok {
			t.Errorf("%q is taken", text)
		}
	}
}
