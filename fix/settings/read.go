package settings

import (
	"fmt"
	"strings"

	"portcullis/fix/dict"
)

// Read scans a settings file and gives its sessions typed. The file name is used in errors and
// notes. On any defect nothing is returned but the error, which joins every defect as a *Problem.
func Read(file string, data []byte) (*Settings, error) { return read(file, data, "") }

// ReadParticipants and ReadVenues read a file whose sessions are all on one side: participants connect to the gate,
// the gate connects to venues. A session of the other side is told so, and not what it lacks for this one.
func ReadParticipants(file string, data []byte) (*Settings, error) {
	return read(file, data, "acceptor")
}
func ReadVenues(file string, data []byte) (*Settings, error) { return read(file, data, "initiator") }

func read(file string, data []byte, side string) (*Settings, error) {
	sections, err := Scan(file, data)
	if err != nil {
		return nil, err
	}
	r := &reader{file: file, side: side}
	return r.sessions(sections)
}

// sessions reads all sections.
func (r *reader) sessions(sections []Section) (*Settings, error) {
	file := r.file
	result := &Settings{}
	lineOf := map[string]int{}
	for i := range sections {
		session := r.session(&sections[i])
		if _, taken := lineOf[session.Name]; taken && r.echo { // sessions may differ in DefaultApplVerID alone
			session.Name = qualified(session.Name, applVersions[session.DefaultApplVerID])
		}
		if first, taken := lineOf[session.Name]; taken {
			r.problems.Add(file, sections[i].Line, fmt.Sprintf("session %s is the same as the one on line %d",
				session.Name, first), "make BeginString, CompIDs or SubIDs differ")
		}
		lineOf[session.Name] = sections[i].Line
		result.Sessions = append(result.Sessions, session)
	}
	if err := r.problems.Err(); err != nil {
		return nil, err
	}
	result.Notes = r.notes
	return result, nil
}

// reader carries what all sections of one file share.
type reader struct {
	file     string
	problems Problems
	notes    []string
	echo     bool   // ReadEcho
	side     string // of all sessions; "": each says its own
}

// session reads one section, whatever is wrong with it, so that all its defects are named at once.
func (r *reader) session(section *Section) Session {
	r.judge(section)
	v := Values{File: r.file, Section: section, Problems: &r.problems}
	s := Session{File: r.file, Line: section.Line}
	side := r.version(&v, &s)
	s.SenderCompID = v.ID("SenderCompID", true)
	s.TargetCompID = v.ID("TargetCompID", true)
	s.SenderSubID = v.ID("SenderSubID", false)
	s.TargetSubID = v.ID("TargetSubID", false)
	s.Name = name(&s)
	if r.echo {
		if qualifier := v.ID("SessionQualifier", false); qualifier != "" {
			s.Name = qualified(s.Name, qualifier)
		}
	}
	s.Dictionaries = v.dictionaries(&s, r.echo)
	r.strayDictionaries(section, &s)
	if !s.Dictionaries.Use && s.Dictionaries.Switches != dict.DefaultSwitches() {
		r.note(fmt.Sprintf("%s:%d: session %s uses no data dictionary: the keys that say how to validate have no effect",
			r.file, s.Line, s.Name))
	}

	s.Schedule = r.schedule(&v, &s)
	s.ResetOnLogon = v.Bool("ResetOnLogon", false)
	s.ResetOnLogout = v.Bool("ResetOnLogout", false)
	s.ResetOnDisconnect = v.Bool("ResetOnDisconnect", false)
	s.EnableLastMsgSeqNumProcessed = r.since(&v, &s, "EnableLastMsgSeqNumProcessed", "LastMsgSeqNumProcessed(369)", "FIX.4.2")
	s.EnableNextExpectedMsgSeqNum = r.since(&v, &s, "EnableNextExpectedMsgSeqNum", "NextExpectedMsgSeqNum(789)", "FIX.4.4")
	s.ResendRequestChunkSize = v.Int("ResendRequestChunkSize", 0, 0, 1_000_000)
	s.Precision = map[string]Precision{"MICROS": Micros, "NANOS": Nanos}[v.Word("TimeStampPrecision", "MILLIS",
		[]string{"MILLIS", "MICROS", "NANOS"}, "SECONDS")]
	maxLatencySec := v.Int("MaxLatency", 120, 1, secondsMax)
	if v.Bool("CheckLatency", true) {
		s.MaxLatencySec = maxLatencySec
	}
	s.Security = r.security(&v, side)
	s.LogonTimeoutSec = v.Seconds("LogonTimeout", 10)
	s.LogoutTimeoutSec = v.Seconds("LogoutTimeout", 2)
	switch side {
	case "initiator":
		r.initiator(&v, &s)
	case "acceptor":
		r.acceptor(&v, &s)
	}
	if side != "" {
		r.noteOneSided(&v, &s, side)
	}
	return s
}

// version reads on which side of the connection a session is and what it speaks.
func (r *reader) version(v *Values, s *Session) (side string) {
	if r.echo {
		side = v.Word("ConnectionType", "acceptor", []string{"acceptor"}, "initiator")
	} else {
		side = r.connection(v)
	}
	s.Initiator = side == "initiator"
	s.BeginString = v.Word("BeginString", "", beginStrings)
	if s.BeginString == transport {
		s.DefaultApplVerID = applVerID(v.Word("DefaultApplVerID", "", transported))
	} else if s.BeginString != "" {
		r.withoutTransport(v, s)
	}
	return side
}

// withoutTransport refuses DefaultApplVerID where BeginString says the version already. In [DEFAULT] it may stand for
// the sessions of FIXT.1.1 in the file.
func (r *reader) withoutTransport(v *Values, s *Session) {
	key, set := v.Section.Find("DefaultApplVerID")
	switch {
	case !set:
	case key.Line > v.Section.Line:
		v.add(key, clip(key.Value)+" is not of "+s.BeginString+", which has no other application version",
			"remove the key, or write BeginString=FIXT.1.1")
	default:
		r.note(fmt.Sprintf("%s:%d: DefaultApplVerID has no effect on sessions of %s: it is for BeginString=FIXT.1.1",
			r.file, key.Line, s.BeginString))
	}
}

// since refuses a switch for messages that would carry a tag which the session's version does not have.
func (r *reader) since(v *Values, s *Session, name, tag, first string) bool {
	on := v.Bool(name, false)
	if on && !r.echo && s.BeginString != "" && s.BeginString < first {
		v.bad(name, "is not possible: "+s.BeginString+" has no "+tag, "remove the key")
	}
	return on
}

// whySide says of each side what a session of the other one does in its file.
var whySide = map[string]string{
	"acceptor":  "participants connect to the gate, so it is the acceptor; gate client add turns their file round",
	"initiator": "the gate connects to venues, so it is the initiator",
}

// connection reads on which side a session is; "" where it is on the wrong one, so that no key of a side is missed.
func (r *reader) connection(v *Values) string {
	side := v.Word("ConnectionType", "", []string{"acceptor", "initiator"})
	if r.side == "" || side == "" || side == r.side {
		return side
	}
	v.bad("ConnectionType", "belongs to the other side: "+whySide[r.side], "write ConnectionType="+r.side)
	return ""
}

// initiator reads the keys that only the connecting side has.
func (r *reader) initiator(v *Values, s *Session) {
	s.HeartBtIntSec = v.Int("HeartBtInt", required, 1, heartBtIntSecMax)
	s.ConnectHost = v.Host("SocketConnectHost", true)
	s.ConnectPort = v.Int("SocketConnectPort", required, 1, 65535)
	s.ReconnectSec = v.Seconds("ReconnectInterval", 30)
	s.TimeoutSec = v.Seconds("SocketTimeout", 0)
	if s.Security.Use && s.Security.ServerName == "" {
		s.Security.ServerName = s.ConnectHost
	}
	if s.Dictionaries.Use {
		v.refuseDictionary()
	}
}

// acceptor reads the keys that only the listening side has. An acceptor takes the heartbeat
// interval from the initiator's Logon, unless HeartBtIntOverride=Y.
func (r *reader) acceptor(v *Values, s *Session) {
	s.AcceptHost = v.Host("SocketAcceptHost", false)
	if !v.Has("SocketAcceptHost") {
		r.note(fmt.Sprintf("%s:%d: session %s listens on every interface; name SocketAcceptHost to restrict it",
			r.file, s.Line, s.Name))
	}
	s.AcceptPort = v.Int("SocketAcceptPort", required, 0, 65535)
	s.UseProxy = v.Bool("UseTCPProxy", false)
	s.HeartBtIntOverride = v.Bool("HeartBtIntOverride", false)
	if s.HeartBtIntOverride {
		s.HeartBtIntSec = v.Int("HeartBtInt", required, 1, heartBtIntSecMax)
	}
}

// oneSided are keys that mean something on one side alone.
var oneSided = []struct{ side, key, why string }{
	{"initiator", "HeartBtInt", "an acceptor takes the interval from the initiator's Logon; HeartBtIntOverride=Y has it answer with its own"},
	{"initiator", "ReconnectInterval", "an acceptor connects to nobody"},
	{"initiator", "SocketTimeout", "an acceptor connects to nobody"},
	{"initiator", "SocketConnectHost", "an acceptor connects to nobody"},
	{"initiator", "SocketConnectPort", "an acceptor connects to nobody"},
	{"acceptor", "SocketAcceptHost", "an initiator listens nowhere"},
	{"acceptor", "SocketAcceptPort", "an initiator listens nowhere"},
	{"acceptor", "UseTCPProxy", "an initiator listens nowhere"},
	{"acceptor", "HeartBtIntOverride", "an initiator's HeartBtInt is what its Logon says"},
}

// noteOneSided notes keys of the other side, which whoever wrote them believes to count. Those of [DEFAULT] may be for sessions of the
// other side in a file that has both.
func (r *reader) noteOneSided(v *Values, s *Session, side string) {
	for _, x := range oneSided {
		key, found := v.Section.Find(x.key)
		counts := x.side == side || x.key == "HeartBtInt" && s.HeartBtIntOverride
		if found && !counts && (r.side != "" || key.Line > v.Section.Line) {
			r.note(fmt.Sprintf("%s:%d: %s has no effect: %s", r.file, key.Line, x.key, x.why))
		}
	}
}

// judge applies the table of keys: unknown, refused, harmless, ignored.
func (r *reader) judge(section *Section) {
	for _, key := range section.Keys {
		rule, known := ruleOf(key.Name)
		if r.echo {
			rule = echoRule(rule)
		}
		switch {
		case !known:
			r.problems.Add(r.file, key.Line, fmt.Sprintf("unknown key %s", quote(key.Name)),
				DidYouMean(key.Name, keyNames(), "remove it or correct its name"))
		case rule.Status == Refused:
			r.problems.Add(r.file, key.Line, fmt.Sprintf("%s is not offered: %s", rule.Key, rule.Why),
				"remove the key")
		case rule.Status == Harmless && !strings.EqualFold(key.Value, rule.Value):
			r.problems.Add(r.file, key.Line, fmt.Sprintf("%s=%s is not offered: %s", rule.Key, clip(key.Value), rule.Why),
				fmt.Sprintf("remove the key or write %s=%s", rule.Key, rule.Value))
		case rule.Status == Ignored:
			r.note(fmt.Sprintf("%s:%d: %s has no effect: %s", r.file, key.Line, rule.Key, rule.Why))
		}
	}
}

// note keeps one text once: keys of [DEFAULT] come by with every session.
func (r *reader) note(text string) {
	for _, seen := range r.notes {
		if seen == text {
			return
		}
	}
	r.notes = append(r.notes, text)
}

// name prints a session as quickfixgo's SessionID does.
func name(s *Session) string {
	side := func(compID, subID string) string {
		if subID != "" {
			return compID + "/" + subID
		}
		return compID
	}
	return s.BeginString + ":" + side(s.SenderCompID, s.SenderSubID) + "->" + side(s.TargetCompID, s.TargetSubID)
}
