package link

import "portcullis/fix"

// kind is MsgType(35) as far as the session layer cares.
type kind uint8

const (
	typeApplication kind = iota
	typeInvalid
	typeHeartbeat
	typeTestRequest
	typeResendRequest
	typeReject
	typeSequenceReset
	typeLogout
	typeLogon
)

var kinds = buildKinds()

func buildKinds() (t [256]kind) {
	for c := range t {
		if !(c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z') {
			t[c] = typeInvalid
		}
	}
	t['0'], t['1'], t['2'], t['3'] = typeHeartbeat, typeTestRequest, typeResendRequest, typeReject
	t['4'], t['5'], t['A'] = typeSequenceReset, typeLogout, typeLogon
	return t
}

// msgType classifies a message. Longer types ("AE", "U1") are letters and digits and belong to the
// application.
func msgType(m *fix.Message) kind {
	t := m.Type()
	if len(t) == 1 {
		return kinds[t[0]]
	}
	for _, c := range t {
		if kinds[c] == typeInvalid {
			return typeInvalid
		}
	}
	if len(t) == 0 {
		return typeInvalid
	}
	return typeApplication
}

// precision is that of the times in headers.
func (set *Settings) precision() fix.Precision {
	if set.version() < 42 {
		return fix.Seconds
	}
	return set.Precision
}

// version orders the versions by BeginString(8): 40 to 44 for FIX.4.0 to FIX.4.4, 50 for FIXT.1.1.
func (set *Settings) version() int {
	if b := set.BeginString; len(b) == 7 && b[:6] == "FIX.4." {
		return 40 + int(b[6]-'0')
	}
	return 50
}
