// Package transport is the TLS of links: certificates and keys as files have them, who a peer's certificate says that
// it is, and the configurations that crypto/tls takes.
//
//	store.go   keys by their files, read again while links live
//	keys.go    what a link's files hold, and what is wrong with them
//	lists.go   what authorities have revoked
//	authorities.go  who vouches for peers, as two people are shown them
//	end.go     until when each is good
//	policy.go  what one link asks of its peer; server and client configurations
//
// A handshake uses the keys of its moment: a certificate that is renewed serves the next connection and disturbs none
// that is there. Files that cannot be used leave what was read before in its place.
//
// A handshake does not know yet which link a connection will be, for several share an address. So it asks what all of
// them ask, and when the Logon has named the link, Policy.Check holds the connection to what that link asks: its own
// authorities, its own names, its own version. TLS is authentication here; nothing is trusted for being encrypted.
//
// # Invariants
//
//   - TLS 1.3, and 1.2 only where a link names it.
//   - A peer's certificate is verified, always; an acceptor takes authorities from a file, never from the host.
//   - Where lists of revoked certificates are named, each authority has one, in force: else nobody of it is let in. A list is
//     never replaced by an older one.
//   - Sessions are not resumed: each connection shows its certificate anew.
package transport
