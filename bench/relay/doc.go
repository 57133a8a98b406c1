// Package relay is the plain TCP relay that the gate is measured against: what a Go programmer writes
// to put a process between a client and a venue, and nothing else. It knows no FIX, keeps no record and
// checks nothing.
//
// Two forms, both the usual way, with a goroutine per direction on net.Conn and TCP_NODELAY as
// Go sets it:
//
//   - Serve copies through a 32 KiB buffer, as every proxy does that may have to look at the bytes. It
//     is the baseline "relay": the gate must have the bytes in user space too, so this is the least any Go
//     program on the order path can cost;
//   - ServeSplice is io.Copy between two *net.TCPConn, which Linux turns into splice(2) through a pipe:
//     no byte enters the process. It is the system "relay-splice", measured when asked for: two
//     system calls more per message make it dearer for small messages, cheaper for large ones.
//
// One dial to the venue per accepted connection; when either side ends, both are closed.
package relay
