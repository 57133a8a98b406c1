package clocksync

import (
	"math"
	"sync"
	"time"
)

// Manual is a clock that stands still until it is told to move: for tests, simulation and replay. Any number of
// goroutines may use it.
type Manual struct {
	mu    sync.Mutex
	stamp Stamp
	boot  uint64
}

// NewManual starts at a UTC time, one second after a boot, Unsynchronised with BoundUnknown like a Clock.
func NewManual(utcNs int64) *Manual {
	return &Manual{
		stamp: Stamp{UTCNs: utcNs, MonoNs: int64(time.Second), BoundNs: BoundUnknown, State: Unsynchronised},
		boot:  1,
	}
}

// Now returns the same Stamp until another method is called.
func (m *Manual) Now() Stamp {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.stamp
}

// BootID differs after each Reboot.
func (m *Manual) BootID() (id [16]byte) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for i := range 8 {
		id[i] = byte(m.boot >> (8 * i))
	}
	return id
}

// Advance lets time pass: UTC and monotonic time move together. Time does not pass backwards: d below 0 counts
// as 0.
func (m *Manual) Advance(d time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.stamp.UTCNs += max(int64(d), 0)
	m.stamp.MonoNs += max(int64(d), 0)
}

// StepUTC sets the wall clock forward or back, as an operator or a time daemon may; monotonic time stays.
func (m *Manual) StepUTC(d time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.stamp.UTCNs += int64(d)
}

// Discipline sets what a time source would say. A bound beyond a uint32, or below 0, becomes BoundUnknown.
func (m *Manual) Discipline(state State, bound time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.stamp.State, m.stamp.BoundNs = state, BoundUnknown
	if bound >= 0 && bound < math.MaxUint32 {
		m.stamp.BoundNs = uint32(bound)
	}
}

// Reboot starts monotonic time again under another boot id; UTC goes on.
func (m *Manual) Reboot() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.boot++
	m.stamp.MonoNs = int64(time.Second)
}
