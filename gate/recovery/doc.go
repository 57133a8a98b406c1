// Package recovery holds what a journal's records lead to: the core, and beside it what a gate has to know of the
// journal itself. A gate that starts, its shadow, and whoever prepares a start bring it to the same state here.
//
//	state.go      the state, and how a record changes it: Apply, never Decide
//	snapshot.go   the state in a file, and from the newest file that fits
//	meaning.go    what makes a snapshot fit: the program, and the tables as the configuration lays them out
//	govern.go     which configuration comes into force at a start, by what was in force and approved
//	standing.go   whether two people stand behind that, known apart from the journal
//	lines.go      over which link a venue got its last order
//
// # Invariants
//
//   - A snapshot and the records behind it lead to the state that all records lead to, to the byte.
//   - A snapshot that is damaged, of another program or configuration, or of records that this journal has not, is
//     passed over, and said; the next older one is tried, and at last the journal from its beginning.
//   - The journal stays the truth: nothing is only in a snapshot.
//
// # What a snapshot allows
//
// A start needs the segments from the one that holds the last record of the older of the two snapshots on. The
// segments before it may be copied away at any time, and they may be taken out of the folder when nothing else
// needs them there: a peer that asks for messages in them (until its link's numbers began anew behind them), and gate
// why, audit, replay, status, orders and exposure, which read from the first record. Without them a snapshot that
// does not serve, such as after an upgrade or another limit, leaves nothing to start from: write one beforehand with
// the new program and configuration (gate snapshot). A copy of every segment stays for as long as records have to
// be kept; the reading verbs work on it (--journal).
package recovery
