package settings

import (
	"fmt"
	"slices"
	"strings"
)

// echoKeys are honoured where no gate stands behind the sessions.
var echoKeys = []string{"SessionQualifier", "ValidateFieldsHaveValues", "RejectInvalidMessage", "DynamicSessions"}

// ReadEcho reads a file for acceptors that answer by themselves, without a gate: they use dictionaries, and are
// acceptors, unless the file says otherwise.
func ReadEcho(file string, data []byte) (*Settings, error) {
	scanned, err := scan(file, data)
	if err != nil {
		return nil, err
	}
	r := &reader{file: file, echo: true}
	template := r.template(scanned.defaults, scanned.sessions)
	result, err := r.sessions(scanned.sessions)
	if err != nil {
		return nil, err
	}
	if result.Dynamic = template; template != nil {
		// Whatever [DEFAULT] lacks for every session is found now.
		any, err := template.Session(Identity{BeginString: "FIX.4.4", SenderCompID: "A", TargetCompID: "B"})
		if err != nil {
			return nil, err
		}
		template.AcceptHost, template.AcceptPort = any.AcceptHost, any.AcceptPort
	}
	return result, r.tellApart(result.Sessions)
}

// tellApart refuses acceptors that a Logon cannot tell apart.
func (r *reader) tellApart(sessions []Session) error {
	lineOf := map[string]int{}
	for i := range sessions {
		s := &sessions[i]
		wire := fmt.Sprintf("%s:%d %s %s %s %s %s %s", s.AcceptHost, s.AcceptPort, s.BeginString, s.SenderCompID,
			s.SenderSubID, s.TargetCompID, s.TargetSubID, s.DefaultApplVerID)
		if first, taken := lineOf[wire]; taken {
			r.problems.Add(r.file, s.Line, fmt.Sprintf("no Logon can tell session %s from the one on line %d", s.Name, first),
				"make BeginString, CompIDs, SubIDs, DefaultApplVerID or the port differ")
		}
		lineOf[wire] = s.Line
	}
	return r.problems.Err()
}

// echoRule is the rule of a key where no gate stands behind the sessions.
func echoRule(rule Rule) Rule {
	switch {
	case slices.Contains(echoKeys, rule.Key):
		rule.Status = Honoured
	case rule.Key == "UseTCPProxy":
		rule = Rule{rule.Key, Harmless, "N", "peers connect directly to be certified"}
	}
	return rule
}

// qualified is a name with something behind it that makes it unique in its file.
func qualified(name, qualifier string) string {
	return strings.TrimSuffix(name+":"+qualifier, ":")
}
