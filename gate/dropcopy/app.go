package dropcopy

import (
	"errors"
	"fmt"
	"regexp"

	"github.com/quickfixgo/quickfix"
	"github.com/rs/zerolog"

	"portcullis/fix"
	"portcullis/session"
)

// What quickfixgo calls as its Application.

func (s *Server) OnCreate(quickfix.SessionID) {}

func (s *Server) OnLogon(id quickfix.SessionID) { s.logon(id, true, "client logged on") }

func (s *Server) OnLogout(id quickfix.SessionID) { s.logon(id, false, "client is away") }

func (s *Server) logon(id quickfix.SessionID, up bool, what string) {
	f := s.guards[id].feed
	f.store.logon(up)
	s.log.Info().Str("link", f.name).Msg(what)
}

func (s *Server) ToAdmin(*quickfix.Message, quickfix.SessionID) {}

// ToApp gives a message that is sent again its body back as it was first sent.
func (s *Server) ToApp(out *quickfix.Message, _ quickfix.SessionID) error {
	if !out.Header.Has(tagPossDupFlag) {
		return nil
	}
	var m fix.Message
	m.Index(out.Bytes())
	setBody(out, body(&m))
	return nil
}

// errRefused ends a connection without an answer: quickfixgo answers a RejectLogon with numbers of the session,
// which a stranger would use up.
var errRefused = quickfix.NewMessageRejectError(session.RefusedText, 0, nil)

// FromAdmin checks a Logon before quickfixgo obeys anything in it, and takes the answer to a TestRequest.
func (s *Server) FromAdmin(in *quickfix.Message, id quickfix.SessionID) quickfix.MessageRejectError {
	g := s.guards[id]
	switch msgType, _ := in.MsgType(); msgType {
	case "A":
		if err := s.authenticate(g, in, id); err != nil {
			s.log.Warn().Err(err).Str("link", g.feed.name).Msg("logon refused")
			return errRefused
		}
	case "0":
		if answer, err := in.Body.GetString(tagTestReqID); err == nil {
			g.feed.store.confirm(answer)
		}
	}
	return nil
}

// authenticate checks Username(553) and Password(554).
func (s *Server) authenticate(g *guard, in *quickfix.Message, id quickfix.SessionID) error {
	if g.verify == nil {
		return nil
	}
	remote, known := s.acceptor.RemoteAddr(id)
	if !known {
		return errors.New("nobody knows where it comes from")
	}
	addr, err := addressOf(remote)
	if err != nil {
		return err
	}
	username, _ := in.Body.GetBytes(tagUsername)
	password, _ := in.Body.GetBytes(tagPassword)
	result := session.AuthOK
	switch {
	case s.lockout.Locked(g.feed.name, addr, s.nowNs()):
		result = session.AuthLockedOut
	case len(username) == 0 || len(password) == 0:
		result = session.AuthMissingPassword
	case !g.verify(username, password):
		result = session.AuthWrongPassword
	}
	s.lockout.Record(result, g.feed.name, addr, s.nowNs())
	if !result.OK() {
		return fmt.Errorf("%v from %s", result, addr)
	}
	return nil
}

// FromApp takes nothing: a drop copy is for reading.
func (s *Server) FromApp(in *quickfix.Message, id quickfix.SessionID) quickfix.MessageRejectError {
	msgType, _ := in.MsgType()
	s.log.Warn().Str("link", s.guards[id].feed.name).Str("type", msgType).Msg("message refused: the session is read-only")
	return quickfix.UnsupportedMessageType()
}

// quickLog is quickfixgo's log. Messages are in its store and in the gate's journal; what it says about them may
// quote one, so passwords are taken out.
type quickLog struct{ log zerolog.Logger }

var secrets = regexp.MustCompile("(554|925)=[^\x01|]*")

func (l quickLog) Create() (quickfix.Log, error) { return l, nil }

func (l quickLog) CreateSessionLog(id quickfix.SessionID) (quickfix.Log, error) {
	return quickLog{l.log.With().Str("link", id.String()).Logger()}, nil
}

func (l quickLog) OnIncoming([]byte) {}
func (l quickLog) OnOutgoing([]byte) {}

func (l quickLog) OnEvent(text string) {
	l.log.Debug().Msg(secrets.ReplaceAllString(text, "$1=*"))
}

func (l quickLog) OnEventf(format string, args ...any) { l.OnEvent(fmt.Sprintf(format, args...)) }
