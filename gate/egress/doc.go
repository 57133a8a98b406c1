// Package egress reads the bytes about to leave each venue line a second time and holds them
// against what was accepted (behaviour 10). It is the last thing between a defect of the gate and
// the market, so it shares nothing with the code it guards: its own field scan, its own numbers,
// its own table of ids. A fault in fix, risk or gate/core cannot hide here as well.
//
// It is told twice about each order. Accept takes the decision's facts; Check reads the message.
// Between the two lies all that encodes, patches, buffers and routes. Check finds
//
//   - an order that was never accepted, was sent before, was withdrawn, or leaves on a wrong line;
//   - a quantity, price, type, side, symbol or account that is not the accepted one;
//   - more money sent in a minute than was accepted for it;
//   - a message that another reader could frame or read differently: a field twice, a BodyLength(9)
//     that does not end at CheckSum(10), a second message inside the first;
//   - a MsgType(35) that the gate never sends toward a venue.
//
// Reading order: difference.go (what can be found), checker.go (Accept, Check), scan.go (the
// fields), number.go (numbers and money), table.go (the ids).
//
// Invariants: one goroutine owns a Checker. No allocation after New, no clock, no lock. The zero
// Difference is not a pass, nor is anything but Equal. Nothing panics on any bytes. An entry is
// overwritten, oldest first, only when its order was sent or can no longer be.
package egress
