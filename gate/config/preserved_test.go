package config

import (
	"regexp"
	"strings"
	"testing"
)

// TestPreservedIDs: under clordid: preserve a UUID fits, unless the profile says otherwise.
func TestPreservedIDs(t *testing.T) {
	for _, c := range []struct {
		ids  string
		want int
	}{{"translate", 20}, {"preserve", 36}, {"preserve\n    id_length_max: 16", 16}} {
		files := SampleFiles(sampleDate)
		text := regexp.MustCompile(`    id_length_max: .*\n`).ReplaceAllString(string(files[SampleMain]), "")
		text = regexp.MustCompile(`clordid: translate.*`).ReplaceAllString(text, "clordid: "+c.ids)
		files[SampleMain] = []byte(strings.NewReplacer("  default: XSIM\n", "", "  accounts: {}", "  accounts: {ACME-1: XSIM}",
			"ex_destinations: {XSIM: XSIM}", "ex_destinations: {}").Replace(text))
		if cfg, err := loadMap(files); err != nil || cfg.Venues[0].IDBytesMax != c.want {
			t.Errorf("%s: %v", c.ids, err)
		}
	}
}
