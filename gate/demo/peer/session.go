package peer

import (
	"fmt"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/quickfixgo/quickfix"
	"github.com/quickfixgo/quickfix/config"
)

// session is one FIX session in quickfixgo's hands. It is what quickfixgo calls: Application,
// LogFactory, Log and MessageStoreFactory in one.
type session struct {
	*inbox
	id       quickfix.SessionID
	version  version
	store    *Store
	username string
	password string
	carrier  func(Message) error // nil: quickfixgo
	rejects  bool                // a Reject whose place is filled is sent anew
	take     func(Message)       // sees every application message before those who wait for it
	pause    func()              // is called after each; while it blocks, nothing is read
}

// Store keeps a session's messages and numbers beyond one peer, as a file would: a peer that is
// opened again with the same Store goes on with the same numbers. One peer at a time.
type Store struct{ kept quickfix.MessageStore }

// qualifiers makes session ids unique in quickfixgo's process-wide registry, so that peers of
// several tests never meet; it does not appear on the wire.
var qualifiers atomic.Uint64

func newSession(v version, sender, target string, store *Store) *session {
	if store == nil {
		store = new(Store)
	}
	return &session{inbox: newInbox(), store: store, version: v, id: quickfix.SessionID{
		BeginString: v.begin, SenderCompID: sender, TargetCompID: target,
		Qualifier: strconv.FormatUint(qualifiers.Add(1), 10),
	}}
}

// settings builds quickfixgo's settings from pairs.
func (s *session) settings(pairs map[string]string) (*quickfix.Settings, error) {
	one := quickfix.NewSessionSettings()
	one.Set(config.BeginString, s.id.BeginString)
	one.Set(config.SenderCompID, s.id.SenderCompID)
	one.Set(config.TargetCompID, s.id.TargetCompID)
	one.Set(config.SessionQualifier, s.id.Qualifier)
	one.Set(config.TimeStampPrecision, "NANOS")
	for _, some := range []map[string]string{s.version.settings(), pairs} {
		for key, value := range some {
			one.Set(key, value)
		}
	}
	all := quickfix.NewSettings()
	if _, err := all.AddSession(one); err != nil {
		return nil, fmt.Errorf("session %s: %w", s.id, err)
	}
	return all, nil
}

// Send sends a message written with '|' between its fields, e.g. "35=D|11=A1|55=AAPL|54=1|38=100", in the words of
// FIX.4.4; it leaves in those of the session's version.
// The header belongs to the session; TransactTime(60) of orders and reports is added. While the
// session is down, the message has its number and is sent when the peer asks for it.
func (s *session) Send(text string) error {
	m, err := Parse(text)
	if err != nil {
		return err
	}
	return s.send(m)
}

func (s *session) send(m Message) error {
	m = s.version.words(m)
	if s.carrier != nil {
		return s.carrier(m)
	}
	return quickfix.SendToTarget(m.quickfixMessage(), s.id)
}

// received keeps an application message, or a Reject, for those who wait.
func (s *session) received(m Message) {
	s.change(func() { s.unread = append(s.unread, m) })
}

// read takes a message out of quickfixgo's hands.
func read(q *quickfix.Message) Message {
	m, err := ParseRaw(q.Bytes())
	if err != nil {
		m = append(m, Field{58, err.Error()})
	}
	return m
}

func (s *session) note(outgoing bool, raw []byte) Message {
	m, err := ParseRaw(raw)
	if err != nil {
		m = append(m, Field{58, err.Error()})
	}
	s.change(func() { s.log = append(s.log, Entry{At: time.Now(), Outgoing: outgoing, Message: m}) })
	return m
}

// What quickfixgo calls as its Application.

func (s *session) OnCreate(quickfix.SessionID) {}

func (s *session) OnLogon(quickfix.SessionID) {
	s.change(func() { s.up, s.logons = true, s.logons+1 })
}

func (s *session) OnLogout(quickfix.SessionID) { s.change(func() { s.up = false }) }

func (s *session) ToAdmin(m *quickfix.Message, _ quickfix.SessionID) {
	if kind, err := m.MsgType(); err == nil && kind == "A" && s.username != "" {
		m.Body.SetString(553, s.username)
		m.Body.SetString(554, s.password)
	}
}

func (s *session) ToApp(*quickfix.Message, quickfix.SessionID) error { return nil }

func (s *session) FromAdmin(m *quickfix.Message, _ quickfix.SessionID) quickfix.MessageRejectError {
	if kind, err := m.MsgType(); err == nil && kind == "3" {
		s.received(read(m))
	}
	return nil
}

// rejectAgain sends anew each Reject(35=3) whose place a SequenceReset has just filled. quickfixgo fills that of any message of the
// session: a Reject that was lost with its connection would never come, and what it refuses would stay unanswered.
func (s *session) rejectAgain(filled Message) {
	from, errFrom := strconv.Atoi(filled.Get(34))
	next, errNext := strconv.Atoi(filled.Get(36))
	if errFrom != nil || errNext != nil {
		return
	}
	kept, _ := s.store.kept.GetMessages(from, next-1)
	for _, raw := range kept {
		m, err := ParseRaw(raw)
		if err != nil || m.Type() != "3" {
			continue
		}
		reject := Message{{35, "3"}}
		for _, tag := range []int{45, 371, 372, 373, 58} {
			if v := m.Get(tag); v != "" {
				reject = append(reject, Field{tag, v})
			}
		}
		_ = s.send(reject) // one that does not leave now has a number, and is asked for again as well
	}
}

func (s *session) FromApp(m *quickfix.Message, _ quickfix.SessionID) quickfix.MessageRejectError {
	s.arrive(read(m))
	return nil
}

// arrive takes an application message.
func (s *session) arrive(m Message) {
	if s.take != nil {
		s.take(m)
	}
	s.received(m)
	if s.pause != nil {
		s.pause()
	}
}

// What quickfixgo calls as its log.

func (s *session) Create() (quickfix.Log, error)                             { return s, nil }
func (s *session) CreateSessionLog(quickfix.SessionID) (quickfix.Log, error) { return s, nil }
func (s *session) OnIncoming(raw []byte)                                     { s.note(false, raw) }
func (s *session) OnEvent(string)                                            {}
func (s *session) OnEventf(string, ...any)                                   {}

// OnOutgoing is called while quickfixgo sends.
func (s *session) OnOutgoing(raw []byte) {
	m := s.note(true, raw)
	if s.rejects && m.Type() == "4" && m.Get(123) == "Y" {
		go s.rejectAgain(m) // it waits until all that was asked for is sent
	}
}

// stores is the session's Store as quickfixgo's factory of message stores.
type stores struct{ store *Store }

// Create gives the store that is kept, or begins one in memory.
func (f stores) Create(id quickfix.SessionID) (quickfix.MessageStore, error) {
	if f.store.kept == nil {
		inner, err := quickfix.NewMemoryStoreFactory().Create(id)
		if err != nil {
			return nil, err
		}
		f.store.kept = &lockedStore{MessageStore: inner}
	}
	return f.store.kept, nil
}
