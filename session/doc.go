// Package session says who is at the other end and what it may do, whatever the protocol.
//
// An Identity is a name with a password, a list of source addresses and Rights. Before the first Logon reaches
// the engine admission asks, in this order: is the source address in the AddressList, is identity or address
// locked out (Lockout), is the password right (Credentials). The answer is one AuthResult. It goes to the log
// and the journal; the peer is told only that it was refused, so it cannot learn which names exist.
//
// Passwords are kept as PBKDF2-HMAC-SHA256 with a salt and a work factor, in the text form
//
//	pbkdf2-sha256$600000$<salt, base64>$<hash, base64>
//
// An unknown name costs the same work as a wrong password, and so does a name whose hash has fewer iterations
// than others. One check takes a tenth of a second or more of a core on purpose: the caller bounds how many run
// at once.
//
// Reading order: identity.go (who, what, result), password.go, address.go, lockout.go.
//
// Invariants: every zero value refuses (no AuthResult, empty AddressList, empty Rights, zero PasswordHash);
// password bytes given to this package are overwritten before it returns (the standard library keeps copies
// until they are collected); nothing here reads a clock, times are parameters in ns of a monotonic clock; no
// secret is ever part of an error.
package session
