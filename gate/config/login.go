package config

import (
	"crypto/subtle"
	"net/netip"

	"portcullis/session"
)

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

// Verifier checks a user name and a password, which it overwrites; nil where none is asked for.
func (k *Login) Verifier() (func(username, password []byte) bool, error) {
	if k.PasswordHash == "" {
		return nil, nil
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
