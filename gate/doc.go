// Package gate wires the parts of one gate together and runs them; it decides nothing.
//
//	config ──> assemble ──> core ──┐
//	journal ──> recovery ──────────┤
//	admission ──connections──> engine ──> journal tail ──> segments
//	admin socket ──commands──>     │
//	price socket ──> price table ──┘
//
// Reading order: gate.go has Open and Run. The rest is what they call:
//
//	a start        recover.go (the state is found), removed.go (what a configuration may not leave out), boot.go (what
//	               is written before the first connection), hardkill.go, inforce.go, standing.go
//	connections    links.go (who may connect, whom to dial), certificates.go, revoked.go
//	an operator    commands.go (package operator has the words), hold.go (a link held down), outside.go (kills by file and
//	               socket)
//	a reload       reload.go, staged.go, approve.go (four eyes), overlay.go (limits for a time)
//	a trade date   positions.go, marks.go (what things are worth), splits.go, borrow.go (short sales)
//	what is kept watch over   timetable.go (phases of venues), calendar.go (trade dates), room.go (of the journal),
//	               selftest.go (of the controls)
//	adapters       quotes.go (prices for the core), numbermarks.go (sequence numbers in the journal), say.go (the log);
//	               those that the simulator has too are in gate/bind
//
// Every goroutine that is started here is ended and waited for here.
package gate
