package journal

import (
	"os"
	"strings"
	"testing"
)

// TestFolderAway: while the journal's folder is not where it was there is no room for new orders, and somebody is told
// once; when it is back, there is. What was appended meanwhile is in it.
func TestFolderAway(t *testing.T) {
	o := small(t)
	told := &alerts{}
	o.Alert = told.add
	j := mustOpen(t, o)
	append1(t, j, 1)
	waitFor(t, "Ample", func() bool { return j.Space() == Ample })
	elsewhere := o.Dir + "-away"
	n := uint64(1)
	for _, replaced := range []bool{false, true} {
		if err := os.Rename(o.Dir, elsewhere); err != nil {
			t.Fatal(err)
		}
		if replaced {
			if err := os.Mkdir(o.Dir, 0o700); err != nil {
				t.Fatal(err)
			}
		}
		waitFor(t, "ReserveOnly", func() bool { return j.Space() == ReserveOnly })
		n++
		append1(t, j, n)
		if replaced {
			if err := os.Remove(o.Dir); err != nil {
				t.Fatal(err)
			}
		}
		if err := os.Rename(elsewhere, o.Dir); err != nil {
			t.Fatal(err)
		}
		waitFor(t, "Ample again", func() bool { return j.Space() == Ample })
	}
	mustClose(t, j)
	readAll(t, follow(t, o.Dir, 0), n)
	if said := told.text(); len(said) != 2 || !strings.Contains(said[0], "moved, removed or replaced") {
		t.Errorf("told %q", said)
	}
}
