// Package core is the gate's judgement, and nothing else: a machine without I/O, goroutine, lock,
// clock or allocation. Read this package first.
//
//	Decide(event, decision)  reads the state and says what follows
//	Apply(event, decision)   makes it so, and judges nothing
//
// Between the two the engine appends the decision to the journal. Recovery, standby and shadow run
// Apply on recorded decisions and never Decide, so a new build cannot change the past; a replay
// runs both and compares.
//
// One order, downwards through the files:
//
//	event.go     what can happen: a message, a lost connection, a command, a timer
//	decide.go    the switch over it
//	session.go   the FIX session layer takes or refuses the message (fix/link)
//	neworder.go  NewOrderSingle: form, kill, ClOrdID, rights, risk     route.go  where it goes     parties.go  who made it
//	form.go      what few orders say: to show a part, discretion, pegs
//	cutoff.go    when orders at the close come too late
//	replace.go   OrderCancelReplaceRequest        cancel.go  OrderCancelRequest
//	mass.go      requests about many orders: mass_cancel.go, mass_status.go
//	party_action.go  requests to stop parties, and to reinstate them     party_report.go  the answers
//	forward.go   the message for the venue: what was judged is what is sent
//	report.go    what the venue says: terms, counts, states       report_read.go  in which words
//	booking.go   executions, ends, busts, and what belongs to no order of ours
//	dropcopy.go  what a drop copy tells of executions beside the venue's line     trade.go  by TradeCaptureReport, trade_sides.go  of either side or both
//	recon.go     the two sides of an execution, and breaks between them     recon_apply.go  their rows
//	over.go      when what was executed ends an order
//	overshoot.go what an event takes above a limit
//	pass.go      the report for the order's owner
//	refusal.go   a venue's 35=9, 35=3 and 35=j; orders taken back
//	answer.go    what the gate itself answers to a participant
//	dialect.go   a version of FIX as a table: its tags, and how it says what a report says
//	translate.go what passes between a participant and a venue of two versions
//	command.go   an operator's commands           kill.go  kills and their cancels, mass_venue.go  all at once
//	resolve.go   a human's word about an order in doubt, resolve_venue.go  about a venue's      assign.go  about a fill in suspense
//	stray.go     the cancel of an order that the gate does not know       hold.go  links held down, and their numbers
//	drain.go     links, venues or all of it without new orders
//	phase.go     halts and trading phases, as venues and operators say them
//	soft.go      what a soft control has refused, and a person may pass once
//	sweep.go     open orders that a control would refuse by now
//	loosen.go    what takes two people though no file says so
//	restrict.go  symbols that an operator restricts in a scope
//	reload.go    another configuration takes over              backfill.go  what it begins to count is filled in
//	digest.go    one number for where the state stands, for those who hold it against theirs
//	unanswered.go  requests that await an answer
//	nocancel.go  when a venue takes no cancels
//	owed.go      the cancels that are owed
//	spell.go     what the clocks of venues say
//	job.go       work that takes many steps
//	ask.go       what a venue asks for again, and what it is asked   doubt.go  requests that may not have arrived
//	venue_cod.go orders that a venue cancels by itself when its line is lost
//	cut.go       reports that a reset of a participant's numbers cut off
//	short.go     what is located, and easy to borrow      match.go  open orders that others of their owner could meet
//	roll.go      open orders on a new trade date
//	split.go     splits: positions in other units    restate.go  orders that their venue counts in other units    late.go  what is told after one
//	throttle.go  what counts over time
//	effect.go    the facts a decision establishes
//	slots.go     orders and requests that come and go                share.go      a link's share of ids
//	apply.go     the only writer of state                         apply_gate.go  of what is no order's
//	record.go    event and decision as bytes of the journal
//
// Invariants:
//   - State lives in pointer-free tables of fixed capacity (state.go). A full table is a Reason.
//   - An order's reservation is a function of its versions and its CumQty (exposure 3); each event
//     computes it anew and books the difference.
//   - A request's slot and generation are its name toward the venue; they are what reports are
//     matched by, never ClOrdID text.
//   - An order keeps a request and a ClOrdID free for its cancel: tables that are full stop orders,
//     never executions, answers or the first cancel of an order. A link that fills what it may hold
//     of the id table stops itself alone.
//   - The reservation counts with the executions booked or with the venue's CumQty(14), whichever is
//     less; while they differ the order is suspect. One that its venue ends meanwhile lives on, reserved
//     for what is counted and not told, until that comes or somebody says what became of it.
//   - No message leaves for an order whose reservation is not in the same decision.
package core
