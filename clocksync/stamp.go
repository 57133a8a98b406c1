package clocksync

import (
	"math"
	"time"
)

// State says how far a Stamp's UTC can be trusted. A larger value is more trusted; the zero value is the least.
// The numbers are written to the journal and never change their meaning.
type State uint8

const (
	Unknown        State = 0 // no stamp at all, or one from a record that does not say
	Unsynchronised State = 1 // the system clock as it is; nothing vouches for it
	Holdover       State = 2 // was locked, the source is gone; the bound grows
	Locked         State = 3 // follows a source that is traceable to UTC; the bound holds
)

// String is the state's word in logs and configuration.
func (s State) String() string {
	switch s {
	case Unsynchronised:
		return "unsynchronised"
	case Holdover:
		return "holdover"
	case Locked:
		return "locked"
	}
	return "unknown"
}

// BoundUnknown is the BoundNs of a time whose error nobody knows. It is the largest value, so a comparison with
// a permitted maximum refuses it without knowing it. Bounds of 4.29 s and more are BoundUnknown too.
const BoundUnknown uint32 = math.MaxUint32

// Stamp is one reading of the clock.
type Stamp struct {
	UTCNs   int64  // ns since 1970-01-01T00:00:00Z by the host's clock; may step either way
	MonoNs  int64  // CLOCK_MONOTONIC in ns; comparable within one boot, never decreases
	BoundNs uint32 // true UTC is within UTCNs ± BoundNs; meaningless unless State is Holdover or Locked
	State   State
}

// Interval returns the earliest and latest that true UTC may be, in ns since 1970. Without a trusted bound that
// is all of time, so a comparison with either end fails closed.
func (s Stamp) Interval() (earliestNs, latestNs int64) {
	if s.State < Holdover || s.BoundNs == BoundUnknown {
		return math.MinInt64, math.MaxInt64
	}
	bound := int64(s.BoundNs)
	earliestNs, latestNs = s.UTCNs-bound, s.UTCNs+bound
	if earliestNs > s.UTCNs { // below the smallest number
		earliestNs = math.MinInt64
	}
	if latestNs < s.UTCNs { // above the largest number
		latestNs = math.MaxInt64
	}
	return earliestNs, latestNs
}

// Time is UTCNs for people and for deadlines of the standard library.
func (s Stamp) Time() time.Time { return time.Unix(0, s.UTCNs).UTC() }

// Source is where a part of the program takes its time from: *Clock in production, *Manual in tests.
type Source interface {
	Now() Stamp
	// BootID names the boot within which MonoNs can be compared.
	BootID() [16]byte
}
