package bench

import (
	"cmp"
	"fmt"
	"runtime"
	"slices"
	"time"

	"golang.org/x/sys/unix"
)

// stalls is what a machine takes from a thread that wants nothing but its processor: the times between two readings of the
// clock, longest first, in ns. They are in the tail of whatever runs on it.
type stalls struct {
	gaps   []int64
	lasted int64
}

const (
	// stallsFor is how long the clock is read at most; a shorter phase has it read no longer than itself. stallMin is the shortest time
	// between two readings that is noted.
	stallsFor = 2 * time.Second
	stallMin  = 2 * time.Microsecond
	// engineNice is the nice value of the gate's engine thread, which the one that reads the clock asks for too.
	engineNice = -19
)

// findStalls reads the clock for so long, on a thread of the priority that the gate's engine has.
func findStalls(lasting time.Duration) stalls {
	found := make(chan stalls)
	go func() {
		runtime.LockOSThread() // and given back: if it ended, whatever process it has started would be ended by the kernel
		defer runtime.UnlockOSThread()
		if unix.Setpriority(unix.PRIO_PROCESS, 0, engineNice) == nil { // an ordinary user's engine has none either
			defer func() { _ = unix.Setpriority(unix.PRIO_PROCESS, 0, 0) }()
		}
		s := stalls{gaps: make([]int64, 0, lasting/(2*stallMin)+1)} // no growth within a gap
		begun := time.Now()
		for last := int64(0); last < int64(lasting); {
			now := int64(time.Since(begun))
			if gap := now - last; gap >= int64(stallMin) && len(s.gaps) < cap(s.gaps) {
				s.gaps = append(s.gaps, gap)
			}
			last, s.lasted = now, now
		}
		slices.SortFunc(s.gaps, func(a, b int64) int { return cmp.Compare(b, a) })
		found <- s
	}()
	return <-found
}

// wait is how long the thread is waited for from a moment of which only the share q of all has a shorter wait; 0 below
// stallMin. A long gap meets more moments than a short one.
func (s *stalls) wait(q float64) int64 {
	left := (1 - q) * float64(s.lasted) // of the time, in which the wait is longer
	sum := int64(0)
	for i, gap := range s.gaps {
		sum += gap
		shorter := int64(0)
		if i+1 < len(s.gaps) {
			shorter = s.gaps[i+1]
		}
		if wait := (float64(sum) - left) / float64(i+1); wait >= float64(shorter) {
			return max(0, int64(wait))
		}
	}
	return 0
}

// longest is the longest wait of all.
func (s *stalls) longest() int64 {
	if len(s.gaps) == 0 {
		return 0
	}
	return s.gaps[0]
}

// text says it in one of the conditions.
func (s *stalls) text() string {
	return fmt.Sprintf("the machine alone, before the first round: a thread of the engine's nice value that only reads the clock lets a moment wait "+
		"for it %v in p99, %v in p99.9 and %v at most", time.Duration(s.wait(0.99)), time.Duration(s.wait(0.999)), time.Duration(s.longest()))
}
