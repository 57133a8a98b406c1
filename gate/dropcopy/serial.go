package dropcopy

import (
	"errors"
	"time"
)

// What quickfixgo asks of a store and this package changes nothing in: its file store, one call at a time.

func locked[T any](s *store, f func() T) T {
	s.mu.Lock()
	defer s.mu.Unlock()
	return f()
}

func (s *store) NextSenderMsgSeqNum() int       { return locked(s, s.inner.NextSenderMsgSeqNum) }
func (s *store) NextTargetMsgSeqNum() int       { return locked(s, s.inner.NextTargetMsgSeqNum) }
func (s *store) IncrNextTargetMsgSeqNum() error { return locked(s, s.inner.IncrNextTargetMsgSeqNum) }
func (s *store) CreationTime() time.Time        { return locked(s, s.inner.CreationTime) }
func (s *store) Refresh() error                 { return locked(s, s.inner.Refresh) }
func (s *store) SetCreationTime(time.Time)      {} // the file store's does nothing either

func (s *store) SetNextTargetMsgSeqNum(next int) error {
	return locked(s, func() error { return s.inner.SetNextTargetMsgSeqNum(next) })
}

// Numbers without a message have no place in the journal.
var errUnkept = errors.New("a drop copy keeps every message that takes a number")

func (s *store) IncrNextSenderMsgSeqNum() error   { return errUnkept }
func (s *store) SetNextSenderMsgSeqNum(int) error { return errUnkept }
func (s *store) SaveMessage(int, []byte) error    { return errUnkept }

// IterateMessages and GetMessages take no lock: what they call sends, and waits for who is saving. The file
// store reads through files of its own.
func (s *store) IterateMessages(from, to int, call func([]byte) error) error {
	return s.inner.IterateMessages(from, to, call)
}

func (s *store) GetMessages(from, to int) ([][]byte, error) { return s.inner.GetMessages(from, to) }

func (s *store) Close() error {
	return errors.Join(locked(s, s.inner.Close), s.ledger.close())
}
