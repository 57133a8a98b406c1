// Package peer plays the two sides of a gate over real FIX: participants that send orders and a
// venue that answers them. Both speak through quickfixgo, an engine that shares no code with the
// gate, so whatever passes here is understood by others.
//
//	p, _ := peer.Dial(peer.ParticipantConfig{...})
//	p.Send("35=D|11=A1|55=AAPL|54=1|38=100|40=2|44=187.50")
//	report, _ := p.Expect("35=8|11=A1|150=0")
//
// How to read it: message.go is a FIX message as text; inbox.go waits for messages; session.go is
// what quickfixgo calls; participant.go and venue.go are the two sides; order.go is an order as the
// venue sees it; instruct.go is what a venue can be told to do, by the order's Text(58) or by a test;
// carried.go is for a peer that another engine than quickfixgo carries; version.go puts what is written in the words of FIX.4.4 into those of the session's version.
//
// Invariants:
//   - Everything sent and received, session messages included, is kept in the order in which it
//     happened: Log is a peer's own evidence, independent of the gate's journal.
//   - Waiting is for messages, never for time; Patience only ends a wait that has failed.
//   - quickfixgo's sessions spin while a message waits for their socket. On few processors that starves
//     whoever shares them: send one message at a time, or raise GOMAXPROCS.
//   - A peer that was stopped has left quickfixgo's process-wide registry, so that the same session
//     can be opened again. Sequence numbers of a closed peer are lost unless its Store is kept.
package peer
