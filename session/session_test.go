package session

import "testing"

func TestZeroValuesRefuse(t *testing.T) {
	var result AuthResult
	var credentials Credentials
	if result.OK() {
		t.Error("a zero value permits something")
	}
	if got := credentials.Check("acme", []byte("secret")); got != AuthUnknownUser {
		t.Errorf("no credentials: %v", got)
	}
	if (PasswordHash{}).fits([]byte("")) || (PasswordHash{}).fits([]byte("secret")) {
		t.Error("the zero hash fits")
	}
}

// Each result has a text of its own, and only AuthOK is OK.
func TestAuthResults(t *testing.T) {
	seen := map[string]AuthResult{}
	for r := AuthUndecided; r <= AuthOverload; r++ {
		if other, twice := seen[r.String()]; twice || r.String() == "" {
			t.Errorf("%d and %d are both %q", r, other, r)
		}
		seen[r.String()] = r
		if r.OK() != (r == AuthOK) {
			t.Errorf("%v: OK %t", r, r.OK())
		}
	}
	if got := AuthResult(200); got.OK() || got.String() != "undecided" {
		t.Errorf("a number without a name is %v", got)
	}
}
