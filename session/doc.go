// Package session says whether somebody is who he says he is, whatever the protocol.
//
// Before the first Logon reaches the engine, admission asks, in this order: is the name or the source address
// locked out (Lockout), and is the password right (Credentials). The answer is one AuthResult. It goes to the log;
// the peer is told only that it was refused, so it cannot learn which names exist.
//
// Passwords are kept as PBKDF2-HMAC-SHA256 with a salt and a work factor, in the text form
//
//	pbkdf2-sha256$600000$<salt, base64>$<hash, base64>
//
// An unknown name costs the same work as a wrong password, and so does a name whose hash has fewer iterations
// than others. One check takes a tenth of a second or more of a core on purpose: the caller bounds how many run
// at once.
//
// Reading order: result.go, password.go, lockout.go.
//
// Invariants: every zero value refuses (AuthResult, Credentials, PasswordHash);
// password bytes given to this package are overwritten before it returns (the standard library keeps copies
// until they are collected); nothing here reads a clock, times are parameters in ns of a monotonic clock; no
// secret is ever part of an error.
package session
