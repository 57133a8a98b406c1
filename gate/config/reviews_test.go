package config

import (
	"strings"
	"testing"
	"time"
)

// TestLateReviews: a review is late from the day after on, and gate check says so.
func TestLateReviews(t *testing.T) {
	files := SampleFiles(sampleDate)
	files[SampleMain] = []byte(strings.Replace(string(files[SampleMain]), "  # COLLAR: {owner: Head of Trading, why: RTS 6 Art. 15(1)(a), review_by: 2027-06-30}",
		"  COLLAR: {owner: Head of Trading, why: RTS 6, review_by: 2027-06-30}", 1))
	files[SampleMain] = []byte(strings.Replace(string(files[SampleMain]), "fx_age_days: 366", "fx_age_days: unlimited", 1))
	c, err := loadMap(files)
	if err != nil {
		t.Fatal(err)
	}
	if w := c.Dated(time.Date(2027, 6, 30, 23, 59, 59, 0, time.UTC)); len(w) != 0 {
		t.Errorf("on the day: %q", w)
	}
	if w := c.Dated(time.Date(2027, 7, 1, 0, 0, 0, 0, time.UTC)); len(w) != 1 || !strings.Contains(w[0], "1 controls were to be reviewed before today, 20270701") || !strings.Contains(w[0], "COLLAR") {
		t.Errorf("the day after: %q", w)
	}
}
