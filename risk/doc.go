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
// # Reading order
//
//	words        units.go, reason.go (every Reason, in precedence), terms.go, class.go, quote.go, settings.go (limits)
//	arithmetic   money.go, worst.go (the worst price of terms), ratio.go (splits)
//	the checks   check.go: one column, in the order of the Reasons. Beside it:
//	             check_money.go, rate.go, measure.go (amounts), collar.go, subpenny.go (prices), orderlimits.go (single orders),
//	             form.go, exec_inst.go, capacity.go (what an order says), lists.go, phase.go, halt.go, test_symbol.go
//	             (what may trade, and when), short.go, match.go (self-match), repeat.go, throttle.go, window.go (over
//	             time), day.go (by trade dates), soft.go (what a person may pass), standing.go (over open orders)
//	the books    book.go (the tables), place.go (in which scopes an order counts), scope.go, position.go, slice.go (a scope
//	             in a part of its instruments), after.go (what an event is about to change), excess.go (what went over)
//	worth        mark.go, value.go, live.go, loss.go, warn.go (what comes near a limit)
//	stops        kill.go, target.go (what a kill stops), trip.go (what a control leaves that disables)
//	changes      setters.go; setting.go, setting_new.go, room.go and backfill.go: of a running gate; split.go
//	answers      reason_table.go, reason_fix.go (in FIX), control.go and rule.go (the matrix of controls and the rules served)
//
// warm.go lists the rows that a check will read, so that they can be asked for ahead.
//
// # Invariants
//
//   - At each acceptance, with the order added, every limit of every scope on its path holds; an
//     order is reserved in all of its scopes in one step, or in none.
//   - A reservation is a function of the order's live versions: Move books r_new - r_old, nothing
//     is subtracted back, so nothing drifts. Package twin recomputes all of it the slow way.
//   - Nothing wraps. Finite limits are at most MagnitudeMax and totals are clamped there; what
//     would leave it is refused, and what must be booked nevertheless is clamped and reported.
//   - Every zero refuses: no limit is no trading, an empty set permits nothing.
package risk
