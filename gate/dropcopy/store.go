package dropcopy

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/quickfixgo/quickfix"
)

// windowMax bounds the copies that were sent and not confirmed: what quickfixgo may hold in memory.
const windowMax = 1024

// errReset ends a feed's walk: the session's numbers were reset, so it begins again.
var errReset = errors.New("the numbers of the session were reset")

// store is quickfixgo's store of a session that also keeps, with each message, how far the journal was copied.
// quickfixgo calls it from the session's goroutine and from the one that sends; its file store does not lock.
type store struct {
	ledger *ledger
	log    func(error)

	mu    sync.Mutex
	inner quickfix.MessageStore
	up    bool // the client is logged on
	progress
	sent mark   // of the newest message
	runs uint64 // counts resets

	next     mark // of the copy that is sent next
	nextRun  uint64
	copies   uint64 // sent since the last reset, and of them
	answered uint64 // confirmed
	asked    []question
	lastAsk  int64 // MonoNs
}

// question is a TestRequest under way: its answer confirms a mark. One may stay without an answer: where a client
// missed it, it is told by a gap fill that there was something.
type question struct {
	id     string
	at     mark
	copies uint64
}

const (
	askAgainNs   = 2_000_000_000
	questionsMax = 64
)

func openStore(dir string, log func(error)) (*store, error) {
	l, err := openLedger(dir)
	if err != nil {
		return nil, err
	}
	s := &store{ledger: l, log: log}
	if s.progress, err = l.progress(); err != nil {
		return nil, errors.Join(err, l.close())
	}
	return s, nil
}

// take finds where a session stands once quickfixgo has opened its own store. A reset that a process did not live to
// end is ended first.
func (s *store) take(inner quickfix.MessageStore) error {
	s.inner, s.sent = inner, s.Confirmed
	if s.Resetting {
		return s.empty()
	}
	newest, known := s.Repeated, false
	for _, one := range s.ledger.noted() {
		if one.Number == inner.NextSenderMsgSeqNum()-1 {
			s.sent, known = one.Mark, true
		}
		newest = later(newest, one.Mark)
	}
	if !known { // a reset, or the store lost with a machine's death what the ledger has
		s.Repeated = newest
	}
	if s.sent != s.Confirmed {
		s.copies = 1 // sent by a process that has ended, and to be confirmed
	}
	return nil
}

// begin is where a feed begins, and what may repeat.
func (s *store) begin() (run uint64, from, repeated mark) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.runs, s.sent, s.Repeated
}

// ready reports whether a copy may be sent now.
func (s *store) ready(run uint64) (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.runs != run {
		return false, errReset
	}
	return s.up && s.copies-s.answered < windowMax, nil
}

// expect announces the copy that is sent next.
func (s *store) expect(run uint64, m mark) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.next, s.nextRun = m, run
}

// ask gives the id of a TestRequest to send: when the window is half full, or nothing else is to be sent.
func (s *store) ask(idle bool, monoNs int64) (id string, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	open := s.copies - s.answered
	if !s.up || open == 0 || !idle && open < windowMax/2 ||
		len(s.asked) > 0 && monoNs-s.lastAsk < askAgainNs {
		return "", false
	}
	if len(s.asked) == questionsMax {
		s.asked = s.asked[1:]
	}
	s.lastAsk = monoNs
	q := question{fmt.Sprintf("COPIES-%d-%d-%d", s.runs, s.copies, len(s.asked)), s.sent, s.copies}
	s.asked = append(s.asked, q)
	return q.id, true
}

// confirm takes the answer to a TestRequest. The client answers in order, so it has what came before.
func (s *store) confirm(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := slices.IndexFunc(s.asked, func(q question) bool { return q.id == id })
	if i < 0 {
		return
	}
	s.Confirmed, s.answered = s.asked[i].at, s.asked[i].copies
	s.asked = slices.Delete(s.asked, 0, i+1)
	if err := s.ledger.keep(s.progress); err != nil {
		s.log(err)
	}
}

// logon notes that the client is there, or gone. A question that was under way may be lost.
func (s *store) logon(up bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.up, s.asked = up, nil
}

// copied tells the types of copies from what the session says itself.
func copied(message []byte) bool {
	_, rest, _ := bytes.Cut(message, []byte("\x0135="))
	msgType, _, _ := bytes.Cut(rest, []byte("\x01"))
	return len(msgType) == 1 && bytes.IndexByte([]byte("DFG89"), msgType[0]) >= 0
}

// SaveMessageAndIncrNextSenderMsgSeqNum keeps a message and its place, before it can leave.
func (s *store) SaveMessageAndIncrNextSenderMsgSeqNum(number int, message []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	at, isCopy := s.sent, copied(message)
	if isCopy {
		if s.nextRun != s.runs {
			return errReset // its place is no longer the next
		}
		at = s.next
	}
	if err := s.ledger.note(number, at); err != nil {
		return err
	}
	if err := s.inner.SaveMessageAndIncrNextSenderMsgSeqNum(number, message); err != nil {
		return err
	}
	s.sent = at
	if isCopy {
		s.copies++
	}
	return nil
}

// Reset begins the numbers again: what was sent and not confirmed will be sent again, marked.
func (s *store) Reset() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.Repeated, s.Resetting = later(s.Repeated, s.sent), true
	if err := s.ledger.keep(s.progress); err != nil {
		return err
	}
	s.runs++
	s.sent, s.copies, s.answered, s.asked = s.Confirmed, 0, 0, nil
	return s.empty()
}

// empty empties quickfixgo's store.
func (s *store) empty() error {
	if err := s.inner.Reset(); err != nil {
		return err
	}
	s.Resetting = false
	return s.ledger.keep(s.progress)
}
