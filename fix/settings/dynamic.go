package settings

import (
	"fmt"
	"slices"
)

// Template is what sessions have in common that a file takes without listing them (DynamicSessions=Y).
type Template struct {
	AcceptHost string // where they connect, as in Session
	AcceptPort int
	Security   Security

	file string
	line int
	keys []Key
}

// Identity is who a Logon says it is, seen from our side.
type Identity struct {
	BeginString, SenderCompID, TargetCompID, SenderSubID, TargetSubID string
	DefaultApplVerID                                                  string // "" where the Logon says none
}

// identityKeys are the keys that the Logon says; what [DEFAULT] has of them is for the sessions that are listed.
var identityKeys = []string{"BeginString", "SenderCompID", "TargetCompID", "SenderSubID", "TargetSubID", "SessionQualifier"}

// template reads what [DEFAULT] says of sessions that are not listed; nil: they are not taken.
func (r *reader) template(defaults []Key, sections []Section) *Template {
	section := Section{Keys: defaults}
	v := Values{File: r.file, Section: &section, Problems: &r.problems}
	for i := range sections {
		if key, set := sections[i].Find("DynamicSessions"); set && !slices.Contains(defaults, key) {
			r.problems.Add(r.file, key.Line, "DynamicSessions stands in a [SESSION]", "write it in [DEFAULT]: it is about sessions that have no section")
		}
	}
	if !v.Bool("DynamicSessions", false) {
		return nil
	}
	key, _ := section.Find("DynamicSessions")
	t := &Template{file: r.file, line: key.Line, Security: r.security(&v, "acceptor")}
	for _, key := range defaults {
		if !slices.Contains(identityKeys, key.Name) {
			t.keys = append(t.keys, key)
		}
	}
	return t
}

// Session is the session of a Logon that the file does not list. The error says why it cannot be served.
func (t *Template) Session(id Identity) (Session, error) {
	section := Section{Line: t.line, Keys: slices.Clone(t.keys)}
	for i, value := range []string{id.BeginString, id.SenderCompID, id.TargetCompID, id.SenderSubID, id.TargetSubID} {
		if value != "" {
			section.Keys = append(section.Keys, Key{Name: identityKeys[i], Value: value, Line: t.line})
		}
	}
	section.Keys = slices.DeleteFunc(section.Keys, func(k Key) bool {
		return k.Name == "DefaultApplVerID" && (id.DefaultApplVerID != "" || id.BeginString != transport)
	})
	if id.DefaultApplVerID != "" && id.BeginString == transport {
		section.Keys = append(section.Keys, Key{Name: "DefaultApplVerID", Value: id.DefaultApplVerID, Line: t.line})
	}
	r := &reader{file: t.file, echo: true}
	s := r.session(&section)
	if err := r.problems.Err(); err != nil {
		return Session{}, fmt.Errorf("the session of a Logon cannot be served: %w", err)
	}
	if version := applVersions[s.DefaultApplVerID]; version != "" {
		s.Name = qualified(s.Name, version)
	}
	return s, nil
}
