// Package fixecho is an acceptor that answers by itself: a client certifies its FIX session layer against
// the gate's own, with no venue behind it.
//
// Admission, engine and session layer are those of the gate; only what stands behind them differs. A
// NewOrderSingle(35=D) and, from FIX.4.2 on, a SecurityDefinition(35=d) goes back to its session with a
// new header and its body whole, in ascending order; PossResend(97)=Y is kept. A D with 97=Y whose
// ClOrdID(11) came since the logon is dropped. Any other application message is not supported.
//
//	settings file ──> ReadEcho (fix/settings) ──> one session each
//	connection ──> gate/admission ──> gate/engine ──> Core (echo.go) ──> fix/link
//	                                    └── resends from store.go
//
// Reading order: echo.go (what is decided), body.go (what is sent back), store.go (what may be asked for
// again), dictionary.go (what judges the fields), server.go (how the parts are put together), strangers.go
// (sessions that the file does not list).
//
// Nothing outlives the process: numbers begin at 1 with each start, and what was sent lies in a
// temporary file that has no name.
package fixecho
