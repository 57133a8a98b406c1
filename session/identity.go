package session

import "slices"

// Kind is the side of the gate an identity belongs to. The zero value is none.
type Kind uint8

const (
	KindNone        Kind = 0
	KindParticipant Kind = 1 // sends orders to the gate
	KindVenue       Kind = 2 // receives orders from the gate
	KindOperator    Kind = 3 // commands the gate
)

// String is the kind's word in logs and configuration.
func (k Kind) String() string {
	switch k {
	case KindParticipant:
		return "participant"
	case KindVenue:
		return "venue"
	case KindOperator:
		return "operator"
	}
	return "none"
}

// Identity is somebody who can be authenticated.
type Identity struct {
	Name   string // FIX Username(553)
	Client string // the client whose limits its orders count against; empty for venues and operators
	Kind   Kind
}

// Rights is what a link may do.
type Rights struct {
	Accounts []string // Account(1) values it may trade; empty = none
}

// MayTrade is true if the link is entitled to the account.
func (r Rights) MayTrade(account string) bool {
	return account != "" && slices.Contains(r.Accounts, account)
}

// AuthResult is the outcome of an authentication, for log and journal. The peer is never told which; it gets
// RefusedText. The numbers are written to the journal and never change their meaning.
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
