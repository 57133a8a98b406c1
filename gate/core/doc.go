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
// # The way of one order
//
// Read these files in this order, and leave the rest for later.
//
//	event.go       what can happen: a message, a lost connection, a command, a timer
//	decide.go      the switch over it
//	session.go     the FIX session layer takes or refuses the message (fix/link)
//	neworder.go    NewOrderSingle: form, kill, ClOrdID, rights, risk, in the order of the Reasons
//	forward.go     the message for the venue: what was judged is what is sent
//	decision.go    what Decide found, and effect.go, the facts that it establishes
//	record.go      event and decision as bytes of the journal
//	apply.go       the only writer of state (apply_gate.go: of what belongs to no order), order.go, state.go
//	report.go      what the venue says: terms, counts, states     report_read.go  in which words
//	booking.go     executions, ends, busts, and what belongs to no order of ours
//	seen.go        an execution counts once
//	pass.go        the report for the order's owner
//
// # Of an order
//
//	route.go       where it goes                                  parties.go  who made it
//	form.go        what few orders say: to show a part, discretion, pegs
//	policy.go      what becomes of each tag toward a venue        cutoff.go   when orders at the close come too late
//	throttle.go    what counts over time                          short.go    what is located, and easy to borrow
//	match.go       open orders that others of their owner could meet
//	soft.go        what a soft control has refused, and a person may pass once
//	replace.go     OrderCancelReplaceRequest                      cancel.go   OrderCancelRequest
//	answer.go      what the gate itself answers, text.go  in its Text(58)      status.go  to OrderStatusRequest
//	ids.go         ClOrdIDs and who has used them                 directory.go  names of accounts and symbols
//	slots.go       orders and requests that come and go           share.go    a link's share of ids
//	dialect.go     a version of FIX as a table                    translate.go  between two versions
//	instrument.go  what a message may say of an instrument's class
//
// # Of many orders
//
//	mass.go        requests about many: mass_cancel.go, mass_status.go, mass_party.go, and mass_venue.go, which asks a venue
//	party_action.go  requests to stop parties, and to reinstate them     party_report.go  the answers
//	kill.go        kills and their cancels                        kill_watch.go  cancels that are not answered
//	breach.go      kills of the gate's own making; loss.go  of who has lost too much       drill.go  kills in rehearsal
//	orphan.go      cancel on disconnect                           budget.go   what a venue takes over its line in a window
//	owed.go        cancels that are owed                          nocancel.go    when a venue takes none
//	sweep.go       open orders that a control would refuse by now
//	job.go         work that takes many steps
//
// # What a venue says beside reports
//
//	refusal.go     its 35=9, 35=3 and 35=j; orders taken back     over.go     when what was executed ends an order
//	unanswered.go  requests that await an answer                  phase.go    halts and trading phases
//	ask.go         what it asks for again, and what it is asked   doubt.go    requests that may not have arrived
//	venue_cod.go   orders that it cancels by itself when its line is lost
//	cut.go         reports that a reset of a participant's numbers cut off
//	dropcopy.go    executions that a drop copy tells of; trade.go, trade_sides.go  by TradeCaptureReport
//	recon.go       the two sides of an execution, and breaks between them     recon_apply.go  their rows
//
// # What operators say
//
//	command.go     their commands                                 second.go, approve.go  what takes two people
//	resolve.go     a human's word about an order in doubt; resolve_venue.go  about a venue's; assign.go  about a fill in suspense
//	stray.go       the cancel of an order that the gate does not know
//	hold.go        links held down, and their numbers             drain.go    links, venues or all without new orders
//	restrict.go    symbols that an operator restricts in a scope  adjust.go   positions booked by hand
//	reload.go      another configuration takes over               backfill.go what it begins to count is filled in
//	removed.go     what it does not name any more and is open     lowered.go  limits below what is used
//
// # Over days
//
//	roll.go        open orders on a new trade date                late.go     what is told after it
//	split.go       splits: positions in other units               restate.go  orders that their venue counts in other units
//	mark.go        what things are worth                          overshoot.go  what an event takes above a limit
//	warn.go        what comes near a limit                        alert.go    what a human must see
//	selftest.go    what came of a self-test of the controls
//	digest.go      one number for where the state stands, for those who hold it against theirs
//	interval.go    what the clocks of venues say, and how long
//
// # Beside the path
//
//	setup.go       all that configuration says, as tables         inspect.go, recon_view.go  views for reports
//	index.go       slots found by hash                            pack.go     records without their zeros
//	warm.go        rows asked for before they are used
//
// # Invariants
//
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
