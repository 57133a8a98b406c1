// Package quickfixgate is a pre-trade gate written the usual way: quickfixgo as acceptor and initiator, an
// Application with callbacks, maps, a mutex and shopspring/decimal. It is the baseline for "what would we have if
// we had simply written it": same checks, same order of checks, same translation of ids, none of the tricks.
//
// How to read it: app.go is the way of a message through it, checks.go the checks in order, exposure.go what credit
// and position count, order.go the tables, run.go the wiring.
//
// It is meant to be a fair opponent, so it leaves out what would only slow it down: no data dictionary, no log,
// messages built from the fields that matter. Its file store is quickfixgo's own with its default, a sync per
// message and per number. It keeps no audit log and cannot recover; the gate does both.
//
// Rules of its own:
//   - everything behind Book.mu; quickfixgo calls back from one goroutine per session;
//   - a limit that is missing or zero means no trading, as in the gate;
//   - an order without an answer from the venue stays reserved.
package quickfixgate
