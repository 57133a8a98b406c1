package session

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
)

// known was made by an independent implementation, Python's
// hashlib.pbkdf2_hmac("sha256", b"Password", b"NaClNaClNaClNaCl", 80000).
const known = "pbkdf2-sha256$80000$TmFDbE5hQ2xOYUNsTmFDbA$iLTJJGw+WdPmD5CTMqqTm1QolbYhvtkL/vVbo38pyew"

func mustParse(t testing.TB, text string) PasswordHash {
	t.Helper()
	h, err := ParsePasswordHash(text)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func mustHash(t testing.TB, password string, iterations int) PasswordHash {
	t.Helper()
	h, err := HashPassword([]byte(password), iterations)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func TestVerifyAgainstAnIndependentHash(t *testing.T) {
	h := mustParse(t, known)
	for _, c := range []struct {
		password string
		want     bool
	}{{"Password", true}, {"password", false}, {"Password ", false}, {"", false}} {
		if got := h.fits([]byte(c.password)); got != c.want {
			t.Errorf("%q: %t", c.password, got)
		}
	}
}

func TestHashThenVerify(t *testing.T) {
	a, b := mustHash(t, "s3cret", IterationsMin), mustHash(t, "s3cret", IterationsMin)
	if a.String() == b.String() {
		t.Error("two hashes of a password are equal: no salt")
	}
	if !mustParse(t, a.String()).fits([]byte("s3cret")) || a.fits([]byte("s3creT")) {
		t.Error("verification is wrong")
	}
	if (PasswordHash{}).String() != "" {
		t.Error("the zero hash has a text")
	}
}

func TestInputsAreOverwritten(t *testing.T) {
	wiped := func(what string, use func(password []byte)) {
		password := []byte("s3cret")
		if use(password); !bytes.Equal(password, make([]byte, 6)) {
			t.Errorf("%s leaves %q", what, password)
		}
	}
	h := mustHash(t, "s3cret", IterationsMin)
	var c Credentials
	if err := c.Add("acme", h); err != nil {
		t.Fatal(err)
	}
	wiped("HashPassword", func(p []byte) { HashPassword(p, IterationsMin) })
	wiped("HashPassword that refuses", func(p []byte) { HashPassword(p, 0) })
	wiped("Check", func(p []byte) { c.Check("acme", p) })
	wiped("Check of an unknown user", func(p []byte) { c.Check("nobody", p) })
	wiped("Check without a user", func(p []byte) { c.Check("", p) })
}

func TestHashPasswordRefuses(t *testing.T) {
	for _, c := range []struct {
		password   string
		iterations int
		want       string
	}{
		{"", IterationsDefault, "empty"},
		{"x", IterationsMin - 1, "use 1000 to 10000000"},
		{"x", IterationsMax + 1, "use 1000 to 10000000"},
		{"x", -1, "use 1000 to 10000000"},
	} {
		_, err := HashPassword([]byte(c.password), c.iterations)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q, %d: %v", c.password, c.iterations, err)
		}
	}
}

func TestParsePasswordHashErrors(t *testing.T) {
	good := mustHash(t, "s3cret", 2_000).String()
	part := strings.Split(good, "$")
	for _, c := range []struct{ name, text, want string }{
		{"empty", "", "not a password hash"},
		{"a password", "hunter2", "not a password hash"},
		{"another scheme", "scrypt$" + good[len(scheme)+1:], "not a password hash"},
		{"a part is missing", strings.Join(part[:3], "$"), "not a password hash"},
		{"a part too many", good + "$", "not a password hash"},
		{"iterations not a number", strings.Replace(good, "2000", "2k", 1), "iterations must be"},
		{"iterations with a sign", strings.Replace(good, "2000", "+2000", 1), "iterations must be"},
		{"iterations with zeros", strings.Replace(good, "2000", "02000", 1), "iterations must be"},
		{"too few iterations", strings.Replace(good, "2000", "999", 1), "iterations must be"},
		{"too many iterations", strings.Replace(good, "2000", "99999999", 1), "iterations must be"},
		{"iterations overflow", strings.Replace(good, "2000", strings.Repeat("9", 30), 1), "iterations must be"},
		{"salt not base64", strings.Replace(good, part[2], "!!!", 1), "the salt must be"},
		{"salt too short", strings.Replace(good, part[2], "AAAA", 1), "the salt must be"},
		{"salt too long", strings.Replace(good, part[2], strings.Repeat("A", 400), 1), "the salt must be"},
		{"hash cut off", good[:len(good)-4], "the hash must be"},
		{"hash padded", good + "=", "the hash must be"},
		{"line end", good + "\n", "line ends"},
	} {
		_, err := ParsePasswordHash(c.text)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %s", c.name, err, c.want)
		} else if strings.Contains(err.Error(), "hunter2") || strings.Contains(err.Error(), part[3]) {
			t.Errorf("%s: the error repeats the text: %v", c.name, err)
		}
	}
}

func FuzzParsePasswordHash(f *testing.F) {
	f.Add(mustHash(f, "s3cret", IterationsMin).String())
	f.Add("pbkdf2-sha256$600000$$")
	f.Add(known)
	f.Fuzz(func(t *testing.T, text string) {
		h, err := ParsePasswordHash(text)
		if err != nil {
			if h != (PasswordHash{}) {
				t.Error("an error and a hash")
			}
			return
		}
		if h.String() != text {
			t.Errorf("%q reads as %q: two spellings of a hash", text, h)
		}
	})
}

func TestCredentials(t *testing.T) {
	var c Credentials
	for name, password := range map[string]string{"acme": "one", "zenith": "two"} {
		if err := c.Add(name, mustHash(t, password, IterationsMin)); err != nil {
			t.Fatal(err)
		}
	}
	for _, k := range []struct {
		name, password string
		want           AuthResult
	}{
		{"acme", "one", AuthOK},
		{"zenith", "two", AuthOK},
		{"acme", "two", AuthWrongPassword},
		{"acme", strings.Repeat("x", 1<<20), AuthWrongPassword},
		{"ACME", "one", AuthUnknownUser},
		{"nobody", "one", AuthUnknownUser},
		{"acme", "", AuthMissingPassword},
		{"", "one", AuthMissingPassword},
	} {
		if got := c.Check(k.name, []byte(k.password)); got != k.want {
			t.Errorf("%q %.10q: %v, want %v", k.name, k.password, got, k.want)
		}
	}
	if err := c.Add("acme", mustHash(t, "three", IterationsMin)); err == nil {
		t.Error("a second password")
	}
	if c.Add("", mustHash(t, "x", IterationsMin)) == nil || c.Add("new", PasswordHash{}) == nil {
		t.Error("no name or no hash passes")
	}
}

// The work is counted in iterations, not in seconds: every name, known or not, must come to the same sum.
func TestWorkDoesNotTellNames(t *testing.T) {
	var c Credentials
	for i, iterations := range []int{IterationsMin, 3 * IterationsMin} {
		if err := c.Add(fmt.Sprint("user", i), mustHash(t, "x", iterations)); err != nil {
			t.Fatal(err)
		}
	}
	real, spent := derive, 0
	defer func() { derive = real }()
	derive = func(password []byte, salt string, iterations int) ([]byte, error) {
		spent += iterations
		return real(password, salt, iterations)
	}
	for _, name := range []string{"user0", "user1", "nobody"} {
		for _, password := range []string{"x", "wrong"} {
			spent = 0
			c.Check(name, []byte(password))
			if spent != 3*IterationsMin {
				t.Errorf("%s with %q costs %d iterations, want %d", name, password, spent, 3*IterationsMin)
			}
		}
	}
}

func Example() {
	// At configuration time: hashes come from a file, never passwords.
	hash, _ := ParsePasswordHash(known)
	var credentials Credentials
	_ = credentials.Add("acme", hash)

	// At logon: the log learns the reason, the peer only RefusedText.
	for _, logon := range [][2]string{{"acme", "Password"}, {"acme", "guess"}, {"nobody", "guess"}} {
		result := credentials.Check(logon[0], []byte(logon[1]))
		if result.OK() {
			fmt.Println("log:", result)
			continue
		}
		fmt.Printf("log: %v; peer: %s\n", result, RefusedText)
	}
	// Output:
	// log: ok
	// log: wrong password; peer: logon refused
	// log: unknown user; peer: logon refused
}
