package journal

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

// TestEndsWhileOpening: a process that ends after the epoch has moved and before its tail is there has
// lost nothing, and the next one knows.
func TestEndsWhileOpening(t *testing.T) {
	o := small(t)
	j := mustOpen(t, o)
	for n := uint64(1); n <= 20; n++ {
		append1(t, j, n)
	}
	mustClose(t, j)
	broken := o
	broken.TailDir = "/proc/there-is-no-tail-here"
	if _, err := Open(broken); err == nil {
		t.Fatal("a tail in /proc")
	}
	j = mustOpen(t, o)
	if r := j.Recovery(); r.TailLost || r.NextSeq != 21 {
		t.Errorf("%+v", r)
	}
	mustClose(t, j)
}

// TestKilledAtStart: the same with SIGKILL at whatever moment of an Open.
func TestKilledAtStart(t *testing.T) {
	dir := t.TempDir()
	tail := filepath.Join(shm(t), "tail")
	for n := range 20 {
		last := runChild(t, dir, tail, time.Duration(n)*time.Millisecond)
		j := mustOpen(t, childOptions(dir, tail))
		if r := j.Recovery(); r.TailLost || r.NextSeq <= last {
			t.Fatalf("killed after %d ms: %+v", n, r)
		}
		mustClose(t, j)
	}
}

// TestLossIsFoundUntilRecorded: a start that fails before it could write anything does not make the next
// one believe that nothing was lost.
func TestLossIsFoundUntilRecorded(t *testing.T) {
	dir, tail := t.TempDir(), filepath.Join(shm(t), "tail")
	for life := 300 * time.Millisecond; runChild(t, dir, tail, life) == 0; life *= 2 { // the machine has other work
	}
	if err := os.RemoveAll(tail); err != nil {
		t.Fatal(err)
	}
	for start, lost := range []bool{true, true, true, false} {
		j := mustOpen(t, childOptions(dir, tail))
		if r := j.Recovery(); r.TailLost != lost {
			t.Errorf("start %d: %+v", start, r)
		}
		if start == 2 {
			append1(t, j, j.Recovery().NextSeq)
		}
		mustClose(t, j)
	}
}

// TestMarksDoNotCreep: marks are ahead of the numbers in use after a kill; each start that adds a
// block for nothing would make the jump after a lost tail longer.
func TestMarksDoNotCreep(t *testing.T) {
	dir := t.TempDir()
	m, err := openMarks(dir, &Options{MarkKeys: 4, MarkBlock: 100}, true)
	if err != nil {
		t.Fatal(err)
	}
	j := &Journal{marks: m}
	j.RaiseMark(1, 10)
	if err := m.extend(); err != nil {
		t.Fatal(err)
	}
	for range 5 { // killed five times, never beyond the mark
		if m, err = openMarks(dir, &Options{MarkKeys: 4, MarkBlock: 100}, false); err != nil {
			t.Fatal(err)
		}
		j = &Journal{marks: m}
		if covered := j.RaiseMark(1, 20); !covered || j.Mark(1) != 110 {
			t.Fatalf("the mark is %d, 20 is covered: %v", j.Mark(1), covered)
		}
	}
	if err := m.settle(); err != nil {
		t.Fatal(err)
	}
	if got := markInFile(t, dir, 1); got != 20 {
		t.Errorf("after a clean end the mark is %d", got)
	}
}
