package watchdog

import "time"

const (
	backoffFirst = 100 * time.Millisecond
	backoffMax   = 5 * time.Second
)

// restarts decides whether and when an engine that has ended by itself is started again.
type restarts struct {
	max    int // ends allowed within window; Unlimited: any number
	window time.Duration
	ends   []time.Time // within window, oldest first; the waits keep them few
}

// ended notes an end. ok is false where there were too many; else the engine is started after wait, which is nothing
// at first and doubles with each further end within the window.
func (r *restarts) ended(now time.Time) (wait time.Duration, ok bool) {
	for len(r.ends) > 0 && now.Sub(r.ends[0]) > r.window {
		r.ends = r.ends[1:]
	}
	n := len(r.ends)
	if r.max != Unlimited && n >= r.max {
		return 0, false
	}
	r.ends = append(r.ends, now)
	if n == 0 {
		return 0, true
	}
	return min(backoffFirst<<min(n-1, 16), backoffMax), true
}
