// Package local opens the gate's local Unix sockets: the operator's (gate/admin) and the one for
// reference prices (gate/prices). Both need the same things, and each is easy to get wrong.
//
//   - Only the gate's own user may connect, and a group where one is named. The mode 0600 is set on the
//     descriptor before the name appears in the file system, and only then opened to the group, so there
//     is no moment at which others could connect.
//   - A socket left behind by a killed process must not stop a start, and two live processes must
//     not take each other's socket away. A lock on PATH.lock, held for as long as the socket is
//     open and released by the kernel when the process dies, tells the two cases apart. Asking by
//     connecting would not: an owner that is busy or stopped looks dead.
//   - A group that may give commands must see what it decides about: Share lets it read a folder, and what will be made
//     there, without a right to write; Unshare takes that back.
//   - What this user may not open is another's, as after a start by the wrong user: Denied says which file or folder, whose it
//     is, and what to do.
//   - Who is at the other end is what the kernel says (SO_PEERCRED), never what the peer says.
//
// Reading order: socket.go (Listen, ListenPacket, Accept), peer.go (PeerOf), share.go (Share, Unshare), denied.go (Denied).
//
// Invariants: nothing but a socket is ever removed. The lock file stays behind on purpose: to
// remove it would let a third process lock a file that no longer has a name.
package local
