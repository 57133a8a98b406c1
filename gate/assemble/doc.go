// Package assemble turns a configuration into what judges: the core's setup and the risk book with
// its limits. The running gate and every verb that only reads a journal build their core here, so
// that both mean the same by a number.
//
//	numbers.go  every name gets its number for life (gate/config.Numbers)
//	setup.go    links, venues, routes, tag policies for gate/core
//	book.go     accounts, limits, instruments for risk
//	change.go   what another configuration changes while the gate runs
//	record.go   records of the journal, decoded for whoever walks it
//	memory.go   tables outside the Go heap
//
// Invariants: a number that the configuration no longer names stays in place and permits nothing;
// what the configuration leaves out is zero, and zero refuses.
package assemble
