// Package prices holds the reference prices of all instruments: the newest quote, the last trade
// and the previous close, each with its time. The engine reads one row when it judges an order and
// writes what it read into the record of the decision; ticks themselves are not journaled.
//
// A Table has one row for each instrument number. Feeds store, the engine loads: it waits for
// nobody, and nothing wakes it (a wake-up costs 10 µs, a store some ns). Closes are loaded at
// start; live prices come over a local socket that Feed serves, one line each:
//
//	SYM bid ask last ns         AAPL 189.98 190.02 190.00 1767623400000000000
//
// '-' stands for a price the line does not give. A bid or an ask replaces the whole quote, so a
// side given as '-' is gone, and a fresh bid can never lend its time to an old ask. Where both are
// '-' the quote and its age stay; where last is '-' the last trade stays. ns is UTC, Unix epoch.
//
// A price that no order will use, such as a negative one or one from the future, is stored: it stands in
// the place of the one before it. Whoever sent it is told so, once for a symbol and cause.
//
// Reading order: table.go (the rows), line.go (the parser), unused.go (doubts), feed.go (the socket), since.go (what
// has changed, for a process beside the gate).
//
// Invariants: Load never blocks and gives only rows that were stored whole. Prices are int64 at
// 1e-8. An age is judged where the price is used (risk), never here. No line, however long or
// odd, disturbs another peer, and none panics.
package prices
