// Package link is the FIX session layer: logon, sequence numbers, resend, heartbeats, schedule, logout. A
// link is a FIX session with its numbers; it outlives its connections.
//
// The package is a pure state machine. It owns nothing: the caller keeps a Settings and a State per
// link, hands in each event with its time, and gets a Result (the state after, and what is left to
// do) and messages appended to an Outbox. It reads no clock, does no input or output, allocates
// nothing and starts nothing, so that the same events always give the same bytes and states.
//
//	event                      function       file
//	a connection is there      Connected      logon.go    our Logon, or waiting for the peer's
//	a whole message came       Receive        receive.go  identity, sequence (gap.go), content; then by type:
//	a kept one's turn came     Kept           receive.go  the same, for a message that was Result.Early
//	                                          logon.go    Logon, first or again
//	                                          session.go  Heartbeat ... SequenceReset, Logout
//	DueNs has passed           Tick           timer.go    heartbeats, test requests, time-outs
//	                                          hours.go    starts, ends and resets by the schedule
//	we end the link            Logout         session.go
//	the connection is gone     Disconnected   logon.go
//
// Messages that the caller sends for itself go through Outbox.Begin, or through Reject and GapFill
// in write.go. A ResendRequest is answered by the caller, who has what was sent: Result.ResendFrom
// and ResendTo. A message above a gap may be kept by the caller, who gives it to Kept when the number
// is expected; what is not kept is asked for. A dictionary judges content through Settings.Content.
//
//	           Connected (initiator)          Logon        Settle            Heartbeat of our
//	      ┌──────────────────────> LogonSent ───────┬──────────────> Settling ──TestRequest──┐
//	Down ─┤                                         │ no Settle                              v
//	  ^   └──────────────────────> AwaitLogon ──────┴───────────────────────────────────────> Up
//	  │        Connected (acceptor)                                                           │
//	  └──── Logout, cut, time-out, Disconnected ──── LogoutSent (we end) <────────────────────┤
//	                                                 Refused (a fault ends) <─────────────────┘
//
// Invariants:
//   - Receive, Tick and the others read State and write Result only.
//   - NextIn and NextOut never go backwards, except to 1 in a step that sets Result.Reset. Where we ask
//     for a reset on a link that is up, that is the step for NextOut; NextIn follows with the answer.
//   - A number is taken once: what is delivered InOrder was never delivered before.
//   - A step appends at most StepOutsMax messages.
//   - Each message that is not accepted has a Fault, which names the rule and the tag.
//
// Versions differ in few places, all of them behind Settings.version.
package link
