package config

import (
	"fmt"
	"slices"
	"strconv"

	"portcullis/fix/settings"
)

// readDropCopy reads the sessions of surveillance and what each of them gets.
func (l *loader) readDropCopy(m *mapping) {
	defer m.close()
	if len(m.fields) == 0 {
		return
	}
	d := &l.config.DropCopy
	d.StoreDir = l.path(m.text("store", "dropcopy").text)
	name := m.need("sessions")
	d.File = name.text
	sessions, whole := l.dropSessions(name)
	for _, entry := range m.entries("links") {
		l.dropSession(entry, sessions, whole)
		entry.close()
	}
	for _, use := range sessions {
		if whole && !use.used {
			l.add(place{use.session.File, use.session.Line}, "session "+use.session.Name+" has no entry in drop_copy.links",
				"add one that says what it gets, or remove the session")
		}
	}
}

// dropSessions reads the settings file; false: it is broken, so a session not found proves nothing.
func (l *loader) dropSessions(name scalar) (sessions []*settingsUse, whole bool) {
	data, ok := l.file(name, textBytesMax)
	if !ok {
		return nil, false
	}
	parsed, err := settings.Read(name.text, data)
	if err != nil {
		l.adopt(err)
		return nil, false
	}
	for _, s := range parsed.Sessions {
		at := place{s.File, s.Line}
		switch {
		case s.Initiator:
			l.add(at, "session "+s.Name+" of surveillance is an initiator", "write ConnectionType=acceptor")
		case s.UseProxy:
			l.add(at, "session "+s.Name+" of surveillance: UseTCPProxy is not offered to a drop copy", "remove the key, and have it connect directly")
		case s.Security.Use != parsed.Sessions[0].Security.Use:
			l.add(at, "session "+s.Name+" of surveillance and the one on line "+strconv.Itoa(parsed.Sessions[0].Line)+" differ in having TLS",
				"give it to all of them, in [DEFAULT], or to none")
		case l.sessions[s.Name] != nil:
			l.add(at, "session "+s.Name+" is a session of the gate already", "make BeginString, CompIDs or SubIDs differ")
		}
		sessions = append(sessions, &settingsUse{session: s})
	}
	return sessions, true
}

// dropSession reads one entry of drop_copy.links.
func (l *loader) dropSession(m *mapping, sessions []*settingsUse, whole bool) {
	name := m.need("link")
	s := DropSession{Session: settings.Session{Name: name.text}}
	i := slices.IndexFunc(sessions, func(use *settingsUse) bool { return use.session.Name == name.text })
	switch {
	case i < 0 && whole && name.text != "":
		l.add(name.at, "link "+show(name.text)+" is not in "+l.config.DropCopy.File,
			"write it as BeginString:SenderCompID->TargetCompID of a [SESSION]")
	case i < 0:
	case sessions[i].used:
		l.add(name.at, "link "+show(name.text)+" has a second entry", "keep one")
	default:
		sessions[i].used, s.Session = true, sessions[i].session
	}
	l.dropFilter(m, &s, name)
	s.NoOrders = !m.flag("orders", true)
	l.sources(m, &s.Login)
	s.CertificateNames = l.certificateNames(m, &s.Session)
	l.credentials(m, &s.Login, name, s.Session.Security.Mutual)
	l.sameVersion(&s, name)
	l.config.DropCopy.Sessions = append(l.config.DropCopy.Sessions, s)
}

// dropFilter reads whose messages a session gets. Nothing written is nothing got, which nobody means.
func (l *loader) dropFilter(m *mapping, s *DropSession, name scalar) {
	for _, value := range m.list("clients") {
		if value.text == "all" {
			s.All = true
		} else if i := l.clients.find(l, value); i != None {
			s.Clients = append(s.Clients, i)
		}
	}
	for _, value := range m.list("accounts") {
		if i := l.accounts.find(l, value); i != None {
			s.Accounts = append(s.Accounts, i)
		}
	}
	switch {
	case s.All && len(s.Clients)+len(s.Accounts) > 0:
		l.add(name.at, "link "+show(name.text)+" gets all clients, and some beside them", "write clients: all alone")
	case !m.has("clients") && !m.has("accounts"):
		l.add(name.at, "link "+show(name.text)+" gets nothing", "write clients: all, or list clients or accounts")
	}
}

// sameVersion holds a drop copy to the FIX version of what it copies: bodies go out as they are.
func (l *loader) sameVersion(s *DropSession, name scalar) {
	if s.Session.BeginString == "" {
		return // no such session
	}
	for i := range l.config.Links {
		k := &l.config.Links[i]
		seen := s.All || slices.Contains(s.Clients, k.Client) ||
			slices.ContainsFunc(s.Accounts, func(a int) bool { return slices.Contains(k.Accounts, a) })
		if seen && k.Session.BeginString != "" && k.Session.ApplVersion() != s.Session.ApplVersion() {
			l.add(name.at, fmt.Sprintf("link %s would get copies of %s, which speaks another version", show(name.text), k.Session.Name),
				"give it a session of that version")
		}
	}
}
