package session

// AuthResult is the outcome of an authentication, for log and journal. The peer is never told which; it gets
// RefusedText.
type AuthResult uint8

const (
	AuthUndecided       AuthResult = 0 // nothing was checked; refuses
	AuthOK              AuthResult = 1
	AuthAddressRefused  AuthResult = 2 // source address is not in the link's list
	AuthUnknownLink     AuthResult = 3 // no link has these CompIDs
	AuthUnknownUser     AuthResult = 4 // no identity has this Username(553)
	AuthMissingPassword AuthResult = 5 // Username(553) or Password(554) is missing or empty
	AuthWrongPassword   AuthResult = 6
	AuthLockedOut       AuthResult = 7 // too many failures of this identity or source address
	AuthDisabled        AuthResult = 8 // the identity or link is switched off by an operator
	AuthOverload        AuthResult = 9 // too many authentications at once; the password was not looked at
)

// RefusedText is all that a refused peer is told, whatever the AuthResult.
const RefusedText = "logon refused"

var authTexts = [...]string{
	AuthUndecided:       "undecided",
	AuthOK:              "ok",
	AuthAddressRefused:  "source address not permitted",
	AuthUnknownLink:     "unknown link",
	AuthUnknownUser:     "unknown user",
	AuthMissingPassword: "user or password missing",
	AuthWrongPassword:   "wrong password",
	AuthLockedOut:       "locked out",
	AuthDisabled:        "disabled",
	AuthOverload:        "too many authentications at once",
}

// OK is true for AuthOK alone.
func (r AuthResult) OK() bool { return r == AuthOK }

// String is the result's text in logs.
func (r AuthResult) String() string {
	if int(r) < len(authTexts) {
		return authTexts[r]
	}
	return authTexts[AuthUndecided]
}
