// Package shadow keeps a second core that follows the journal of a gate off the engine's thread, in a process of its
// own. It applies what was decided and judges nothing.
//
//	shadow.go   Open, CatchUp, Save: what gate snapshot does once
//	run.go      Run: what gate shadow does all day, and its look at what the engine recorded of its own state
//	loss.go, quoted.go   losses above their limits, at marks or live prices
//	selftest.go a self-test of the controls each day
//	keep.go     Keep: the process beside a gate
//
// # Invariants
//
//   - It writes snapshots into the journal's folder and nothing else; it takes no lock. All it says to the gate is
//     that their states differ, who has lost too much, and what came of a self-test.
//   - What it holds is in its own memory: a defect there cannot harm the gate.
package shadow
