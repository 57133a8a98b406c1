// Package admin is the operator's way to a running gate: a local Unix socket on which one JSON
// request is a line and its JSON answer is a line. It carries the verbs that change something, and a few that only the
// gate's process can answer (ping, status, quotes, certificates). Whatever else only reads follows the journal and does
// not come this way.
// The watchdog has a socket of its own for kill_hard, ping and status.
//
//	{"verb":"kill","scope":"client","name":"ACME","reason":"runaway algo"}
//	{"ok":true,"kill_id":7,"in_scope":12,"withdrawn":2,"cancels":10}
//
// Who gave a command is what the kernel says of the peer (SO_PEERCRED), never what a request or
// a flag says: Peer goes beside the Request into the journal.
//
// Reading order: request.go (what can be asked), valid.go (which fields a verb takes), server.go (the gate's side),
// client.go (the verbs' side).
//
// Invariants: the package decides nothing; a Handler does. A request is bounded in bytes and in
// time. A slow, silent or broken peer holds nothing but its own connection, and the longest idle
// one makes room when all places are taken, so a kill always gets in. A request once read is
// carried out even if its peer goes away.
package admin
