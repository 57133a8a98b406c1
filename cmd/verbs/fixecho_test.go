package verbs

import (
	"slices"
	"testing"
)

// TestLongFlags: -settings works as --settings does, and nothing else is touched.
func TestLongFlags(t *testing.T) {
	in := []string{"fixecho", "-settings", "a.cfg", "-settings=b.cfg", "--settings=c.cfg", "-c", "-settingsx", "settings"}
	want := []string{"fixecho", "--settings", "a.cfg", "--settings=b.cfg", "--settings=c.cfg", "-c", "-settingsx", "settings"}
	if got := longFlags(in); !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
}
