package system

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestCalendarRolls: a gate that runs begins the trade date whose time has come, by itself, and says in its journal who did.
func TestCalendarRolls(t *testing.T) {
	t.Parallel()
	for ahead := 6 * time.Second; ; ahead *= 2 { // a start may take longer on a machine with other work
		at := time.Now().UTC().Add(ahead)
		before, after := at.AddDate(0, 0, -1).Format("20060102"), at.Format("20060102")
		files := desk(openRawVenue(t).port())
		files["gate.yaml"] = strings.Replace(files["gate.yaml"], "gate:\n",
			fmt.Sprintf("gate:\n  roll: {at: %q, days: [sun, mon, tue, wed, thu, fri, sat]}\n", at.Format(time.TimeOnly)), 1)
		s := newSite(t, files)
		conf := filepath.Join(s.dir, "gate.yaml")
		status := func() string {
			out, err := s.gate("status", "-c", conf)
			if err != nil {
				t.Fatal(err, out)
			}
			return out
		}
		s.start()
		if !strings.Contains(status(), "trade date     "+before+"\n") {
			s.terminate()
			if ahead > patience {
				t.Fatalf("no start within %v", ahead)
			}
			continue
		}
		s.until("the trade date has begun", func() bool { return strings.Contains(status(), "trade date     "+after+"\n") })
		if out, err := s.gate("audit", "tail", "-c", conf, "-n", "200"); err != nil || !strings.Contains(out, "day roll to "+after) || !strings.Contains(out, "calendar") {
			t.Error(err, out)
		}
		s.terminate()
		return
	}
}
