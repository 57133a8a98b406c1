// Package admission decides which connections the engine ever sees.
//
// Slow, silent, garbage and flooding peers cost goroutines here, never a cycle of the engine. A participant's
// connection passes these questions, cheapest first. The first "no" closes it with one line in the log; lines that
// repeat are counted instead:
//
//	enter            room for one more connection?                                    listen.go
//	readProxyHeader  where all come through proxies: a trusted one, and for whom?     proxy.go
//	countSource      not too many from this source address?                           listen.go
//	shakeHands       TLS: a certificate of an authority that some link here trusts?   inbound.go
//	readFirst        does a whole FIX message come in time?                           logon.go
//	match            is it a Logon of a link configured on this address?
//	mayLogOn         does the link take connections from this source address, and with this certificate? Is it free,
//	                 and not logging on again and again?
//	authenticate     not locked out; user and password right?
//	handOver         the link is claimed: a live link keeps the connection it has
//
// What passes goes to the engine as a descriptor, its TLS and the bytes read, with every secret overwritten. A peer that
// is refused is told nothing, except that a wrong password gets a Logout with a text that does not say what was wrong.
//
// Who may connect, and where, is replaced as a whole while connections live (acceptors.go).
//
// A dialer for each line to a venue (dial.go) connects whenever the line's link is idle.
//
// # Invariants
//
//   - Each goroutine is counted in Admission.running, ends with Stop, and Stop waits for it.
//   - A link's claim is held from before Handover on, so no two connections of one link ever reach the engine. It is
//     given back by whoever fails to hand over, else by the engine when the connection ends.
//   - Memory is bounded: half-open connections, bytes of each, and rate windows, which are forgotten when over.
//   - Nothing secret is logged.
package admission
