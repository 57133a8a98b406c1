package config

import (
	"reflect"
	"strings"
	"testing"

	"portcullis/risk"
)

// TestSoft: which controls a person may pass, and that making one soft, or for longer, loosens it.
func TestSoft(t *testing.T) {
	sample := string(SampleFiles(sampleDate)[SampleMain])
	with := func(entries string) string {
		return strings.Replace(sample, "  # COLLAR: {", "  "+entries+"\n  # COLLAR: {", 1)
	}
	soft := loadText(t, with("COLLAR: {pass_within_ms: 60_000}"))
	if want := []Soft{{risk.PriceOutsideCollar, 60e9}}; !reflect.DeepEqual(soft.Soft, want) {
		t.Errorf("%+v", soft.Soft)
	}
	files := SampleFiles(sampleDate)
	files[SampleMain] = []byte(with("CREDIT_FIRM_GROSS: {pass_within_ms: 60_000}"))
	if _, err := loadMap(files); err == nil || !strings.Contains(err.Error(), "pass_within_ms: CREDIT_FIRM_GROSS is hard: nobody may pass it; those that may be soft are QTY_TOO_LARGE, ") {
		t.Error(err)
	}
	hard, longer := loadText(t, sample), loadText(t, with("COLLAR: {pass_within_ms: 60_001}"))
	for _, c := range []*Config{soft, hard, longer} {
		c.Gate.Approval = FourEyes
	}
	for _, c := range []struct {
		was, is *Config
		held    bool
	}{{hard, soft, true}, {soft, longer, true}, {soft, hard, false}} {
		if got := Govern(c.was, c.is, false); (len(got.Held()) > 0) != c.held || c.held && len(got.Soft) > len(c.was.Soft) {
			t.Errorf("%+v to %+v: held back %v", c.was.Soft, c.is.Soft, got.Held())
		}
	}
}
