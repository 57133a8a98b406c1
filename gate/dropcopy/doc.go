// Package dropcopy gives surveillance a copy of what happens: read-only FIX sessions, served by quickfixgo's
// own acceptor in a process of its own and fed by following the journal. It only reads the gate's files, so
// nothing that a session does, or does not do, can reach the engine.
//
//	copy.go    what of a record is copied, and whose it is
//	feed.go    one session: from the journal, through its filter, into quickfixgo
//	mark.go    a place in the journal             ledger.go  where it is kept
//	store.go   quickfixgo's file store, and with each message how far the journal was copied
//	serial.go  the rest of that store             server.go  the acceptor: sessions, who may connect
//	app.go     what quickfixgo asks: who may log on, what comes in
//	lag.go     how far the sessions are behind the journal
//
// A session gets every ExecutionReport(8), OrderCancelReject(9) and OrderMassCancelReport(r) that the gate sent a
// participant, when it was first sent, and every order message (D, F, G, q) that was judged. The body is copied byte
// for byte; the header is the session's own, with OnBehalfOfCompID(115) naming the participant. What was answered by
// 35=3 or 35=j has no report. A fill in suspense has none before it is known whose it is.
//
// Once and at least once. The store keeps with each message the place of its copy in the journal, under the
// message's own number. The number is what a reconnecting client goes by; so after a kill of either side nothing is
// lost and nothing is sent under two numbers, and what is resent carries PossDupFlag(43). Only a reset of the
// numbers (141=Y, ResetOnLogon, a schedule) throws away what they prove. Then the feed goes back to the last place
// that the client has confirmed by answering a TestRequest, and everything that may repeat carries PossResend(97)
// and its own, unchanged ExecID. Losing a report would be worse than repeating one that says so.
//
// Invariants:
//   - A message is stored with its place before it can leave. There is no other record of the place.
//   - At most windowMax copies are under way. A client that is away costs no memory: its copies stay in the journal.
//   - A record that cannot be read stops the feed there, with an error that names it. Nothing is skipped.
//   - Every start walks the journal from its beginning, as a gate's does: whose an order is stands in its first record.
package dropcopy
