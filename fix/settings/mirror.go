package settings

import (
	"fmt"
	"slices"
	"strings"
)

// Mirror is the session of an acceptor that answers to an initiator's: what the one sends, the other expects.
type Mirror struct {
	Name    string // of the acceptor's session
	Keys    []Key  // what its section says beside the [DEFAULT] that it will stand under
	Notes   []string
	TLS     *Key   // the key by which they ask for TLS; nil: they do not
	Login   *Key   // the first key that gives their Logon a user name or a password; nil: none does
	Connect string // host:port that they connect to
}

// mirrored are the keys of an acceptor's section and the initiator's keys that they come from. Else is what an absent
// key means, where another can be written; "" where it cannot.
var mirrored = []struct{ key, from, absent string }{
	{"BeginString", "BeginString", ""}, {"DefaultApplVerID", "DefaultApplVerID", ""},
	{"SenderCompID", "TargetCompID", ""}, {"SenderSubID", "TargetSubID", ""},
	{"TargetCompID", "SenderCompID", ""}, {"TargetSubID", "SenderSubID", ""},
	{"HeartBtInt", "HeartBtInt", ""},
	{"StartTime", "StartTime", ""}, {"EndTime", "EndTime", ""}, {"StartDay", "StartDay", ""}, {"EndDay", "EndDay", ""},
	{"Weekdays", "Weekdays", ""}, {"TimeZone", "TimeZone", "UTC"}, {"NonStopSession", "NonStopSession", "N"},
	{"ResetOnLogon", "ResetOnLogon", "N"}, {"ResetOnLogout", "ResetOnLogout", "N"}, {"ResetOnDisconnect", "ResetOnDisconnect", "N"},
	{"TimeStampPrecision", "TimeStampPrecision", "MILLIS"},
	{"EnableLastMsgSeqNumProcessed", "EnableLastMsgSeqNumProcessed", "N"},
	{"EnableNextExpectedMsgSeqNum", "EnableNextExpectedMsgSeqNum", "N"},
	{"UseDataDictionary", "UseDataDictionary", ""}, {"DataDictionary", "DataDictionary", ""},
	{"TransportDataDictionary", "TransportDataDictionary", ""}, {"AppDataDictionary", "AppDataDictionary", ""},
}

// theirs says of the initiator's other keys why the acceptor's section has none for them.
var theirs = map[string]string{
	"ResetSeqTime":     "their Logon begins the numbers anew, and it is followed",
	"SenderLocationID": "location ids are not part of a link's name here", "TargetLocationID": "location ids are not part of a link's name here",
}

// MirrorOf turns a section of an initiator's file round. ours are the keys of the [DEFAULT] that the acceptor's
// section will stand under. The error is a *Problem.
func MirrorOf(file string, section *Section, ours []Key) (*Mirror, error) {
	problem := func(line int, what, cure string) error {
		return &Problem{File: file, Line: line, What: what, Cure: cure}
	}
	if side, named := section.Find("ConnectionType"); named && side.Value != "initiator" {
		return nil, problem(side.Line, "ConnectionType="+clip(side.Value)+": a participant connects to the gate", "ask for the file of an initiator")
	}
	m := &Mirror{}
	defaults := &Section{Keys: ours}
	m.put(defaults, Key{Name: "ConnectionType", Value: "acceptor"})
	begin, _ := section.Find("BeginString")
	for _, row := range mirrored {
		if row.key == "DefaultApplVerID" && begin.Value != transport {
			continue // BeginString says the version
		}
		key, given := section.Find(row.from)
		own, set := defaults.Find(row.key)
		switch {
		case given:
			m.put(defaults, Key{Name: row.key, Value: key.Value})
		case row.from == "BeginString" || strings.HasSuffix(row.from, "CompID"):
			return nil, problem(section.Line, "the session lacks "+row.from, "ask for the whole file")
		case set && own.Value != row.absent && row.absent != "":
			m.put(defaults, Key{Name: row.key, Value: row.absent})
		case set && row.absent == "":
			m.note("%s=%s of our [DEFAULT] holds; their file has no %s", row.key, clip(own.Value), row.from)
		}
	}
	m.rest(file, section)
	m.port(section, defaults)
	m.Name = (&Section{Keys: overlay(ours, m.Keys)}).SessionName()
	return m, nil
}

// put gives the section a key, unless its [DEFAULT] says the same.
func (m *Mirror) put(defaults *Section, key Key) {
	if own, set := defaults.Find(key.Name); !set || own.Value != key.Value {
		m.Keys = append(m.Keys, key)
	}
}

func (m *Mirror) note(format string, args ...any) {
	m.Notes = append(m.Notes, fmt.Sprintf(format, args...))
}

// rest looks at the keys that were not turned round. Values are not shown: one may be a password.
func (m *Mirror) rest(file string, section *Section) {
	for _, key := range section.Keys {
		rule, known := ruleOf(key.Name)
		switch {
		case !known:
			if m.Login == nil && saysLogin(key) {
				m.Login = &key
			}
			m.note("%s:%d: %s is no key of QuickFIX and was left out", file, key.Line, quote(key.Name))
		case strings.HasPrefix(key.Name, appFamily):
			m.Keys = append(m.Keys, Key{Name: key.Name, Value: key.Value})
		case theirs[rule.Key] != "":
			m.note("%s:%d: %s was left out: %s", file, key.Line, key.Name, theirs[rule.Key])
		case asksTLS(key):
			m.TLS = &key
		}
	}
}

// asksTLS tells the keys by which an initiator connects with TLS.
func asksTLS(key Key) bool {
	return key.Name == "SocketUseSSL" && strings.EqualFold(key.Value, "Y") ||
		slices.Contains([]string{"SocketPrivateKeyFile", "SocketCertificateFile", "SocketCAFile"}, key.Name)
}

// saysLogin tells the keys by which engines are given Username(553) and Password(554) of their Logon: QuickFIX has none,
// and applications name their own.
func saysLogin(key Key) bool {
	name := strings.ToLower(key.Name)
	return strings.HasSuffix(name, "username") || strings.HasSuffix(name, "password")
}

// port has the acceptor listen where they connect to, unless [DEFAULT] says where it does.
func (m *Mirror) port(section, defaults *Section) {
	host, _ := section.Find("SocketConnectHost")
	port, given := section.Find("SocketConnectPort")
	m.Connect = host.Value + ":" + port.Value
	own, set := defaults.Find("SocketAcceptPort")
	switch {
	case given && !set:
		m.Keys = append(m.Keys, Key{Name: "SocketAcceptPort", Value: port.Value})
	case given && own.Value != port.Value:
		m.note("they connect to port %s, our [DEFAULT] listens on %s: tell them, or write SocketAcceptPort", clip(port.Value), clip(own.Value))
	}
}

// SessionName is the name of a section's session.
func (s *Section) SessionName() string {
	value := func(key string) string { k, _ := s.Find(key); return k.Value }
	return name(&Session{BeginString: value("BeginString"), SenderCompID: value("SenderCompID"), TargetCompID: value("TargetCompID"),
		SenderSubID: value("SenderSubID"), TargetSubID: value("TargetSubID")})
}

// Text is the section as it stands in a file.
func (m *Mirror) Text() string {
	text := "[SESSION]\n"
	for _, key := range m.Keys {
		text += key.Name + "=" + key.Value + "\n"
	}
	return text
}

// Defaults gives the keys of the [DEFAULT] sections of a file that Scan accepts.
func Defaults(file string, data []byte) ([]Key, error) {
	s, err := scan(file, data)
	return s.defaults, err
}
