package settings

import (
	"fmt"
	"slices"
	"strings"
)

// echoKeys are honoured where no gate stands behind the sessions.
var echoKeys = []string{"SessionQualifier", "ValidateFieldsHaveValues", "RejectInvalidMessage"}

// echoVersions and echoApplVersions are what such sessions may speak; of the latter, names and codes.
var (
	echoVersions     = []string{"FIX.4.0", "FIX.4.1", "FIX.4.2", "FIX.4.3", "FIX.4.4", "FIXT.1.1"}
	echoApplVersions = []string{"7", "8", "9", "FIX.5.0", "FIX.5.0SP1", "FIX.5.0SP2"}
)

// ReadEcho reads a file for acceptors that answer by themselves, without a gate: they speak every
// version, know dictionaries, and are acceptors unless the file says otherwise.
func ReadEcho(file string, data []byte) (*Settings, error) {
	sections, err := Scan(file, data)
	if err != nil {
		return nil, err
	}
	r := &reader{file: file, echo: true}
	result, err := r.sessions(sections)
	if err != nil {
		return nil, err
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
	if slices.Contains(echoKeys, rule.Key) {
		rule.Status = Honoured
	}
	return rule
}

// applVersions are the application versions of FIXT.1.1 by DefaultApplVerID(1137).
var applVersions = map[string]string{"7": "FIX.5.0", "8": "FIX.5.0SP1", "9": "FIX.5.0SP2"}

// applVerID is the code of a version given by code or name.
func applVerID(version string) string {
	for id, name := range applVersions {
		if name == version {
			return id
		}
	}
	return version
}

// qualified is a name with something behind it that makes it unique in its file.
func qualified(name, qualifier string) string {
	return strings.TrimSuffix(name+":"+qualifier, ":")
}
