package config

import (
	"bytes"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"net/netip"
	"reflect"
	"strings"

	"portcullis/session"
)

// redactedHash begins what stands in Config.Files where a hash stood in a file: a copy of the journal must not be something to guess
// passwords with. Its print follows, so that a start knows whether it is another.
const redactedHash = "pbkdf2-sha256$redacted"

func redacted(hash string) string { return redactedHash + "$" + passwordPrint(hash) }

// passwordPrint names a password hash. The salt in it, which nobody guesses, keeps the print from being something to guess with.
func passwordPrint(hash string) string {
	sum := sha256.Sum256([]byte(hash))
	return hex.EncodeToString(sum[:])
}

// printOfRedacted is the print in what stands for a hash; "": it was kept by a program that left none.
func printOfRedacted(text string) (print string, is bool) {
	rest, is := strings.CutPrefix(text, redactedHash)
	return strings.TrimPrefix(rest, "$"), is
}

// readHash reads a file with the hash of a password: what is kept of it, where it is read as kept.
func (l *loader) readHash(name scalar) ([]byte, bool) {
	if l.secret != nil {
		return l.readSecret(name)
	}
	data, err := l.open(name.text)
	return data, err == nil && bytes.HasPrefix(data, []byte(redactedHash))
}

// Allows reports whether a session may come from an address.
func (k *Login) Allows(addr netip.Addr) bool {
	addr = addr.Unmap()
	for _, p := range k.Sources {
		if p.Contains(addr) {
			return true
		}
	}
	return false
}

var errHashNotAtHand = errors.New("the password hash in force is not at hand since the start: approve the one that is offered, or put that of before back")

// Verifier checks a user name and a password, which it overwrites; nil where none is asked for.
func (k *Login) Verifier() (func(username, password []byte) bool, error) {
	switch {
	case k.NoPassword:
		return nil, nil
	case k.PasswordHash == "":
		return nil, errHashNotAtHand
	}
	hash, err := session.ParsePasswordHash(k.PasswordHash)
	if err != nil {
		return nil, err
	}
	var credentials session.Credentials
	if err := credentials.Add(k.Username, hash); err != nil {
		return nil, err
	}
	want := []byte(k.Username)
	return func(username, password []byte) bool {
		ok := credentials.Check(string(username), password).OK()
		return ok && subtle.ConstantTimeCompare(username, want) == 1
	}, nil
}

// logins are those of all sessions that others open, by name.
func (c *Config) logins() map[string]*Login {
	all := map[string]*Login{}
	for i := range c.Links {
		all[c.Links[i].Session.Name] = &c.Links[i].Login
	}
	for i := range c.Copiers {
		all[c.Copiers[i].Session.Name] = &c.Copiers[i].Login
	}
	return all
}

// logins has a session whose password stays as it was go by the hash and the user name of that. After a start nobody has that
// hash any more: only its print is kept.
func (t *tightening) logins(was, out *Config) {
	before, offered := was.logins(), t.offered.logins()
	for name, k := range out.logins() {
		if old, is := before[name], offered[name]; old != nil && is.PasswordPrint != k.PasswordPrint {
			k.PasswordHash, k.Username = old.PasswordHash, old.Username
		}
	}
}

// sameLogin reports whether two logins are the same, as far as both are known.
func sameLogin(a, b Login) bool {
	if a.PasswordHash == "" || b.PasswordHash == "" {
		a.PasswordHash, b.PasswordHash = "", ""
	}
	if !a.NoPassword && !b.NoPassword && (a.PasswordPrint == "" || b.PasswordPrint == "") {
		a.PasswordPrint, b.PasswordPrint = "", ""
	}
	return reflect.DeepEqual(a, b)
}
