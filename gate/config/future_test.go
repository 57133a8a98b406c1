package config

import (
	"strings"
	"testing"
)

// TestFutureCloses: a close of tomorrow passes the check, but not unsaid.
func TestFutureCloses(t *testing.T) {
	c, err := loadMap(SampleFiles(sampleDate))
	if err != nil {
		t.Fatal(err)
	}
	if w := c.FutureCloses(sampleDate); len(w) != 0 {
		t.Errorf("closes of today: %v", w)
	}
	if w := c.FutureCloses(sampleDate - 1); len(w) != 1 || !strings.Contains(w[0], "AAPL") || !strings.Contains(w[0], "more than close_age_days away is no reference price") {
		t.Errorf("closes of tomorrow: %v", w)
	}
}
