// Package clocksync is the only reader of the operating system's time. Everything else is told the time.
//
// A time is a Stamp: UTC for people and regulators, a monotonic time for durations and timers, and how far UTC
// can be trusted. UTC may jump when the host's clock is stepped; MonoNs never does, so windows, timeouts and
// ages are computed from MonoNs only. MonoNs is CLOCK_MONOTONIC: the processes of one boot can compare theirs,
// and a stamp from another boot is told apart by the boot id.
//
// The Clock here is the plain system clock. Nothing watches its synchronisation, so it says Unsynchronised and
// BoundUnknown: a claim nobody has checked is worth nothing. A Clock disciplined by PTP or NTP will fill the
// same Stamp with a bound and with Holdover or Locked; callers ask Interval and State and need no change.
//
// Reading order: Stamp in stamp.go, Clock in clock.go, Manual in manual.go for tests and simulation.
//
// Invariants: the zero Stamp is the least trusted; MonoNs of one Clock never decreases; Now does not allocate
// or lock. Trade dates, calendars and time zones do not belong here.
package clocksync
