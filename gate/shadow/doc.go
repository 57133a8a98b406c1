// Package shadow keeps a second core that follows the journal of a gate off the engine's thread, in a process of its
// own. It applies what was decided and judges nothing.
//
//	shadow.go   Open, CatchUp, Save: what gate snapshot does once
//	numbers.go  the numbers of a journal that another process may be writing
//
// # Invariants
//
//   - It writes snapshots into the journal's folder and nothing else; it takes no lock and asks the engine nothing.
//   - What it holds is in its own memory: a defect there cannot harm the gate.
package shadow
