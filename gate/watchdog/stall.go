package watchdog

import (
	"sync/atomic"
	"time"
)

// looksPerStall is how often the watchdog looks within the time that makes a stall.
const looksPerStall = 10

// stall measures how long an engine has stood still. One goroutine looks; any may ask for the age.
type stall struct {
	every time.Duration // between two looks
	limit time.Duration
	beats uint64
	still time.Duration
	age   atomic.Int64 // still, for others
}

func newStall(limit time.Duration) *stall { return &stall{every: limit / looksPerStall, limit: limit} }

// look takes what the counter says, passed after the look before. A look that comes late means that this process stood
// still itself, so it counts for no more than two: whatever stopped it may have stopped the engine. True: the engine
// stands still for as long as makes a stall, said once for each.
func (s *stall) look(beats uint64, passed time.Duration) bool {
	if beats != s.beats {
		s.beats, s.still = beats, 0
		s.age.Store(0)
		return false
	}
	before := s.still
	s.still += min(passed, 2*s.every)
	s.age.Store(int64(s.still))
	return before < s.limit && s.still >= s.limit
}

// reset begins anew with another engine.
func (s *stall) reset() {
	s.beats, s.still = 0, 0
	s.age.Store(0)
}
