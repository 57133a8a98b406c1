package load

import (
	"testing"
	"time"
)

// direct is a harness whose client is connected to its venue with nothing between.
func direct(t *testing.T) *Harness {
	t.Helper()
	h, err := New(Synthetic(1_000, 1), Identity{SenderCompID: "C", TargetCompID: "G", Account: "A1"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(h.Close)
	if err := h.Connect(t.Context(), h.VenueAddr()); err != nil {
		t.Fatal(err)
	}
	return h
}

// A garbage collection of the instrument would be booked on the system under test.
func TestAPhaseAllocatesNothing(t *testing.T) {
	for _, mode := range []Mode{Flood, FloodBatched} {
		h := direct(t)
		p, err := newPacer(Phase{Mode: mode, Window: 64}, h.client.flow, h.clock.ns(), 0)
		if err != nil {
			t.Fatal(err)
		}
		h.batch(mode == FloodBatched)
		play := func() {
			if err := h.play(&p, h.clock.ns()+int64(5*time.Millisecond)); err != nil {
				t.Fatal(err)
			}
		}
		if n := testing.AllocsPerRun(5, play); n != 0 {
			t.Errorf("%s: %v allocations in 5 ms", mode, n)
		}
	}
}
