// Package gate wires the parts of one gate together and runs them; it decides nothing.
//
//	config ──> assemble ──> core ──┐
//	journal ──> recovery ──────────┤
//	admission ──connections──> engine ──> journal tail ──> segments
//	admin socket ──commands──>     │
//	price socket ──> price table ──┘
//
// Reading order: gate.go (Open, Run), recover.go (how the state is found), removed.go (what a configuration may not leave out), boot.go (what
// a start writes before the first connection) with positions.go, hardkill.go and inforce.go, links.go (who may connect, whom to dial),
// commands.go (the operator's verbs), marks.go and quotes.go (adapters between parts that do not know each other;
// those that the simulator has too are in gate/bind).
//
// Every goroutine that is started here is ended and waited for here.
package gate
