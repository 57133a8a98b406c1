package journal

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// TestTouchingLosesNothing: the pages of a tail are met while records are written to them.
func TestTouchingLosesNothing(t *testing.T) {
	const records = 1000 // some thirty times round the ring
	o := small(t)
	j := mustOpen(t, o)
	j.AwaitPages(time.Minute)
	var over atomic.Bool
	var again sync.WaitGroup
	again.Go(func() {
		for !over.Load() {
			j.tail.startTouching(0)
			<-j.tail.touched
		}
	})
	for n := uint64(1); n <= records; n++ {
		append1(t, j, n)
	}
	over.Store(true)
	again.Wait()
	mustClose(t, j)
	f, err := Follow(o.Dir, 0)
	if err != nil {
		t.Fatal(err)
	}
	readAll(t, f, records)
}
