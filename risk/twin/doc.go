// Package twin is the slow, obvious second opinion on credit and positions: names, maps and
// decimals, and no state but the list of what happened. Every figure is recomputed from the first
// event each time it is asked for, so nothing can drift.
//
// It shares no code with package risk, on purpose: where the two differ, one of them is wrong. The
// tests hold them against each other after every step; the demo and audits print its figures.
//
// How to read it: event.go says what can happen, in the words of exposure 7; ledger.go plays the
// events and adds up the measures of exposure 3 to 5; price.go has the worst price and notional.
//
// Invariant: Measure depends on the events alone, and changes nothing.
package twin
