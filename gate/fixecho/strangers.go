package fixecho

import (
	"fmt"
	"sync"

	"portcullis/fix"
	"portcullis/fix/settings"
	"portcullis/gate/admission"
	"portcullis/gate/engine"
	"portcullis/gate/transport"
)

// strangersMax is how many sessions a file may get that it does not list (DynamicSessions=Y). Each keeps its numbers
// and what it sent until the server ends.
const strangersMax = 256

// strangers gives sessions to Logons that the file does not list: rows of the echo behind those that it does.
type strangers struct {
	server   *Server
	template *settings.Template
	tls      *transport.Policy // nil: plain

	mu    sync.Mutex
	known map[string]*admission.Participant // by name
}

// rows is how many sessions a file may come to have.
func rows(file *settings.Settings) int {
	if file.Dynamic == nil {
		return len(file.Sessions)
	}
	return len(file.Sessions) + strangersMax
}

// admit gives a Logon the session of its CompIDs, a new one if need be.
func (s *strangers) admit(logon *fix.Message) (*admission.Participant, error) {
	value := func(tag int) string { return string(logon.Value(tag)) }
	in, err := s.template.Session(settings.Identity{
		BeginString: value(fix.TagBeginString), SenderCompID: value(fix.TagTargetCompID), TargetCompID: value(fix.TagSenderCompID),
		SenderSubID: value(fix.TagTargetSubID), TargetSubID: value(fix.TagSenderSubID), DefaultApplVerID: value(fix.TagDefaultApplVerID),
	})
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if p := s.known[in.Name]; p != nil {
		return p, nil
	}
	number, err := s.server.echo.add(&in)
	if err != nil {
		return nil, err
	}
	s.server.engine.Know(number, engine.Link{Name: in.Name})
	p := participant(number, &in)
	p.TLS = bearing(s.tls, p.TargetCompID)
	s.known[in.Name] = &p
	return &p, nil
}

// add takes a session into the next free row. The engine looks at no row before it counts.
func (e *echo) add(in *settings.Session) (number uint32, err error) {
	number = e.used.Load()
	if int(number) == len(e.sessions) {
		return 0, fmt.Errorf("no room for another session: %d are not listed in the file", strangersMax)
	}
	if err := e.sessions[number].begin(in); err != nil {
		return 0, err
	}
	e.used.Store(number + 1)
	return number, nil
}
