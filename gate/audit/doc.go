// Package audit reads a journal for people: what happened, why, and whether it was right. It works on
// the journal of a running gate, of a killed one and of a closed one, and never asks or disturbs an
// engine: it follows the journal as any other reader.
//
//	open.go      a journal folder: records, names of numbers, the configurations kept beside it
//	words.go     events, orders and states in words    effects.go  what followed, in words
//	amount.go    prices, quantities, money, times      table.go    aligned columns
//	describe.go  one record as lines, or as JSON
//	tail.go      gate audit tail: every record         replay.go   gate replay: judge it all again
//	whatif.go    gate replay --limits: the orders under other limits
//	story.go     which records belong to one order     why.go      gate why: that order's story
//	state.go     the state that a journal describes    status.go   gate status: one screen
//	takes.go     whether the gate takes orders
//	orders.go    gate orders: open orders, also as the sheet for a venue's desk
//	drain.go     gate drain waits until nothing is open
//	changes.go   gate changes: who changed what, from what to what
//	pending.go   gate changes --pending: what waits for a second person
//	hardkills.go what the watchdog has killed and the journal does not have yet
//	alive.go     whether a gate is at work on the journal    asof.go  and if not, how old the answer is
//	exposure.go  gate exposure: credit of one scope    second.go   the same from risk/twin
//	exposures.go of all scopes                         upgrade.go  gate upgrade: this program's against another's
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
