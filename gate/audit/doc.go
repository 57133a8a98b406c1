// Package audit reads a journal for people: what happened, why, and whether it was right. It works on
// the journal of a running gate, of a killed one and of a closed one, and never asks or disturbs an
// engine: it follows the journal as any other reader.
//
// Reading the journal:
//
//	open.go      a journal folder: records, names of numbers, the configurations kept beside it
//	state.go     the state that a journal describes    story.go    which records belong to one order
//	alive.go     whether a gate is at work on it       asof.go     and if not, how old the answer is
//
// In words:
//
//	describe.go  one record as lines, or as JSON
//	events.go    what happened                         commands.go what an operator asked for
//	effects.go   what followed, for an order           effects_gate.go  and for the gate
//	checks.go    whose limit a check was made with     words.go    orders, states and names
//	amount.go    prices, quantities, money, times      table.go    aligned columns
//
// The verbs, each in its file:
//
//	status.go    one screen; takes.go, drain.go: whether orders are taken; hardkills.go, certificates.go, hours.go, lists.go,
//	             limits.go, marks.go, phases.go, splits.go, soft.go, watched.go, days.go: the lines about these
//	orders.go    open orders, also as the sheet for a venue's desk
//	exposure.go  credit of one scope; exposure_compare.go, second.go  against risk/twin; exposures.go  of all scopes
//	why.go       an order's story                      tail.go     every record
//	changes.go   who changed what, from what to what   pending.go  what waits for a second person
//	controls.go  the matrix of controls                recon.go, breaks.go  breaks with drop copies
//	replay.go    judge it all again                    whatif.go   under other limits
//	upgrade.go   this program's exposure against another's
//
// State is loaded by applying every record, never by judging: what is shown is what the gate itself
// would recover. Only Replay judges.
//
// Invariants:
//   - Nothing is written into the journal's folder, and no lock of it is taken.
//   - Nothing secret is shown: the journal has none.
//   - A record that cannot be read ends the verb with an error that names it; nothing is left out
//     silently. What is not recorded (the duration of a decision) is not shown.
package audit
