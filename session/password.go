package session

import (
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// The work factor, in rounds of HMAC-SHA256. IterationsDefault is what OWASP asks of PBKDF2-HMAC-SHA256; beyond
// the maximum a single logon would take many seconds.
const (
	IterationsMin     = 1_000
	IterationsDefault = 600_000
	IterationsMax     = 10_000_000
)

const (
	scheme       = "pbkdf2-sha256"
	saltBytes    = 16 // of a new hash
	saltBytesMin = 8
	saltBytesMax = 64
	decoySalt    = "work without use" // as long as a real one
	keyBytes     = sha256.Size
)

// encoding is standard base64 without padding; Strict, so that one hash has one spelling.
var encoding = base64.RawStdEncoding.Strict()

// PasswordHash is what is kept of a password. The zero value fits no password.
type PasswordHash struct {
	iterations int
	salt       string
	key        [keyBytes]byte
}

// HashPassword returns the hash of a password under a fresh salt and overwrites the password. iterations is
// IterationsDefault unless there is a reason.
func HashPassword(password []byte, iterations int) (PasswordHash, error) {
	defer clear(password)
	if len(password) == 0 {
		return PasswordHash{}, errors.New("the password is empty")
	}
	if iterations < IterationsMin || iterations > IterationsMax {
		return PasswordHash{}, fmt.Errorf("%d iterations: use %d to %d, %d is the default",
			iterations, IterationsMin, IterationsMax, IterationsDefault)
	}
	salt := make([]byte, saltBytes)
	rand.Read(salt) // never fails: the runtime ends the program instead
	h := PasswordHash{iterations: iterations, salt: string(salt)}
	key, err := derive(password, h.salt, iterations)
	copy(h.key[:], key)
	return h, err
}

// fits reports whether password is the one that was hashed. The comparison takes the same time wherever the two differ.
// The zero hash fits nothing, at once; Credentials hides which names have a hash.
func (h PasswordHash) fits(password []byte) bool {
	if h.iterations == 0 || len(password) == 0 {
		return false
	}
	key, err := derive(password, h.salt, h.iterations)
	return err == nil && subtle.ConstantTimeCompare(key, h.key[:]) == 1
}

// derive runs PBKDF2; a variable so that a test can count the work. The standard library takes the password as
// a string, so copies of it live until they are collected; only the caller's bytes can be overwritten.
var derive = func(password []byte, salt string, iterations int) ([]byte, error) {
	return pbkdf2.Key(sha256.New, string(password), []byte(salt), iterations, keyBytes)
}

// String is the text form for configuration files; empty for the zero hash.
func (h PasswordHash) String() string {
	if h.iterations == 0 {
		return ""
	}
	return fmt.Sprintf("%s$%d$%s$%s", scheme, h.iterations,
		encoding.EncodeToString([]byte(h.salt)), encoding.EncodeToString(h.key[:]))
}

// ParsePasswordHash reads the text form. Errors name the part that is wrong and never repeat the text: it may
// be a password that somebody wrote where its hash belongs.
func ParsePasswordHash(text string) (PasswordHash, error) {
	var h PasswordHash
	parts := strings.Split(text, "$")
	if parts[0] != scheme || len(parts) != 4 {
		return h, fmt.Errorf("not a password hash: expected %s$iterations$salt$hash", scheme)
	}
	iterations, err := strconv.Atoi(parts[1])
	if err != nil || iterations < IterationsMin || iterations > IterationsMax || strconv.Itoa(iterations) != parts[1] {
		return h, fmt.Errorf("password hash: iterations must be a number from %d to %d", IterationsMin, IterationsMax)
	}
	salt, err := encoding.DecodeString(parts[2])
	if err != nil || len(salt) < saltBytesMin || len(salt) > saltBytesMax {
		return h, fmt.Errorf("password hash: the salt must be %d to %d bytes in base64 without padding",
			saltBytesMin, saltBytesMax)
	}
	key, err := encoding.DecodeString(parts[3])
	if err != nil || len(key) != keyBytes {
		return h, fmt.Errorf("password hash: the hash must be %d bytes in base64 without padding", keyBytes)
	}
	h = PasswordHash{iterations: iterations, salt: string(salt), key: [keyBytes]byte(key)}
	if encoded := h.String(); encoded != text { // base64 decoding skips line ends
		return PasswordHash{}, errors.New("password hash: it contains line ends")
	}
	return h, nil
}

// Credentials are the password hashes of all identities. Add is for configuration time; after the last Add any
// number of goroutines may call Check.
type Credentials struct {
	hashes        map[string]PasswordHash
	iterationsMax int
}

// Add gives an identity its password. A name has one.
func (c *Credentials) Add(name string, h PasswordHash) error {
	if name == "" || h.iterations == 0 {
		return fmt.Errorf("identity %q: it needs a name and a password hash", name)
	}
	if _, twice := c.hashes[name]; twice {
		return fmt.Errorf("identity %q has a password already", name)
	}
	if c.hashes == nil {
		c.hashes = make(map[string]PasswordHash)
	}
	c.hashes[name] = h
	c.iterationsMax = max(c.iterationsMax, h.iterations)
	return nil
}

// Check returns AuthOK, AuthUnknownUser, AuthMissingPassword or AuthWrongPassword, and overwrites password.
// Whatever the result, except for a missing password, the work is that of the largest work factor of all
// identities: time does not tell which names exist.
func (c *Credentials) Check(name string, password []byte) AuthResult {
	defer clear(password)
	if name == "" || len(password) == 0 {
		return AuthMissingPassword
	}
	h, known := c.hashes[name]
	fits := known && h.fits(password)
	if rest := c.work() - h.iterations; rest > 0 {
		derive(password, decoySalt, rest) // the result is of no use
	}
	switch {
	case !known:
		return AuthUnknownUser
	case !fits:
		return AuthWrongPassword
	}
	return AuthOK
}

// work is the number of iterations every Check spends.
func (c *Credentials) work() int {
	if c.iterationsMax == 0 {
		return IterationsDefault
	}
	return c.iterationsMax
}
