// Package risk decides whether an order may be sent, and books what it may cost. It is the money
// half of the gate: integers only, no clock, no lock, no I/O, no allocation after start.
//
// One Book holds everything: limits, credit, positions, windows and kills, in pointer-free tables
// whose capacity is fixed at start. One thread owns it. Its methods are of two kinds, and no
// method is of both:
//
//	reads      CheckKill, CheckRoom, Check, Excess, Worst and the views: same state, same answer
//	mutations  Move, Execute, Note, NoteRepeat, SetKill, ClearKill, Roll, ApplySplits, Settle, Set…, Backfill: judge nothing
//
// So a recorded decision can be applied again, at recovery or on a standby, without being judged
// again, and an upgrade that changes a check cannot change the past.
//
// How to read it: units.go and reason.go are the words. terms.go, quote.go and settings.go are
// what an order, its reference data and its limits look like. check.go is the column of checks in
// the order of the Reasons; check_money.go has those that compare amounts. money.go and worst.go
// are the arithmetic, scope.go and position.go what is booked, excess.go what went over since.
// lists.go says which instruments a scope may trade, phase.go when, standing.go what of that stands over
// open orders. throttle.go and window.go are what counts over time, day.go by trade dates, trip.go what a control leaves that disables.
// ratio.go is the arithmetic of splits, split.go what they change and leave open. backfill.go is how a running gate begins to count something.
// place.go says in which scopes an order counts, target.go what a kill stops, control.go is the
// matrix of controls for those who answer for them.
//
// Invariants:
//   - At each acceptance, with the order added, every limit of every scope on its path holds; an
//     order is reserved in all of its scopes in one step, or in none.
//   - A reservation is a function of the order's live versions: Move books r_new - r_old, nothing
//     is subtracted back, so nothing drifts. Package twin recomputes all of it the slow way.
//   - Nothing wraps. Finite limits are at most MagnitudeMax and totals are clamped there; what
//     would leave it is refused, and what must be booked nevertheless is clamped and reported.
//   - Every zero refuses: no limit is no trading, an empty set permits nothing.
package risk
