package peer

import (
	"sync"

	"github.com/quickfixgo/quickfix"
)

// lockedStore makes quickfixgo's store in memory fit for what quickfixgo does with it: messages are
// saved by whoever sends while the session's own goroutine reads the numbers and sends again.
type lockedStore struct {
	quickfix.MessageStore // CreationTime, Refresh, Close: used by one goroutine
	mu                    sync.Mutex
}

func locked[T any](s *lockedStore, f func() T) T {
	s.mu.Lock()
	defer s.mu.Unlock()
	return f()
}

func (s *lockedStore) NextSenderMsgSeqNum() int { return locked(s, s.MessageStore.NextSenderMsgSeqNum) }

func (s *lockedStore) NextTargetMsgSeqNum() int { return locked(s, s.MessageStore.NextTargetMsgSeqNum) }

func (s *lockedStore) IncrNextSenderMsgSeqNum() error {
	return locked(s, s.MessageStore.IncrNextSenderMsgSeqNum)
}

func (s *lockedStore) IncrNextTargetMsgSeqNum() error {
	return locked(s, s.MessageStore.IncrNextTargetMsgSeqNum)
}

func (s *lockedStore) SetNextSenderMsgSeqNum(next int) error {
	return locked(s, func() error { return s.MessageStore.SetNextSenderMsgSeqNum(next) })
}

func (s *lockedStore) SetNextTargetMsgSeqNum(next int) error {
	return locked(s, func() error { return s.MessageStore.SetNextTargetMsgSeqNum(next) })
}

func (s *lockedStore) SaveMessage(seq int, m []byte) error {
	return locked(s, func() error { return s.MessageStore.SaveMessage(seq, m) })
}

func (s *lockedStore) SaveMessageAndIncrNextSenderMsgSeqNum(seq int, m []byte) error {
	return locked(s, func() error { return s.MessageStore.SaveMessageAndIncrNextSenderMsgSeqNum(seq, m) })
}

func (s *lockedStore) GetMessages(from, to int) (all [][]byte, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.MessageStore.GetMessages(from, to)
}

// IterateMessages calls without the lock: what is called may send.
func (s *lockedStore) IterateMessages(from, to int, call func([]byte) error) error {
	all, err := s.GetMessages(from, to)
	for i := 0; err == nil && i < len(all); i++ {
		err = call(all[i])
	}
	return err
}

func (s *lockedStore) Reset() error { return locked(s, s.MessageStore.Reset) }
