package bench

import (
	"slices"
	"testing"
	"time"
)

// TestStalls: the wait of a moment is what is left of the gap that it lies in, counted here moment by moment to two of them.
func TestStalls(t *testing.T) {
	s := stalls{gaps: []int64{400, 100, 100, 50, 7}, lasted: 10_000}
	var waits []int64
	for _, gap := range s.gaps {
		for left := gap; left > 0; left-- {
			waits = append(waits, left)
		}
	}
	for len(waits) < int(s.lasted) {
		waits = append(waits, 0)
	}
	slices.Sort(waits)
	for _, q := range []float64{0, 0.5, 0.93, 0.94, 0.95, 0.96, 0.97, 0.98, 0.99, 0.999} {
		want := waits[int(q*float64(s.lasted))]
		if got := s.wait(q); got < want-2 || got > want+2 {
			t.Errorf("p%v: %d, want %d", 100*q, got, want)
		}
	}
	if s.longest() != 400 {
		t.Errorf("longest %d", s.longest())
	}
	none := stalls{lasted: 1000}
	if none.wait(0.999) != 0 || none.longest() != 0 {
		t.Error("a machine without gaps stalls")
	}
}

// TestFindStalls: a machine is looked at for as long as was said, and no gap is longer.
func TestFindStalls(t *testing.T) {
	s := findStalls(50 * time.Millisecond)
	if s.lasted < int64(50*time.Millisecond) || s.longest() > s.lasted || s.wait(0.5) > s.wait(0.999) || s.wait(0.999) > s.longest() {
		t.Errorf("lasted %d, longest %d, waits %d %d", s.lasted, s.longest(), s.wait(0.5), s.wait(0.999))
	}
}
