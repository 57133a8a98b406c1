package fixecho

import (
	"os"
	"sync"

	"portcullis/gate/journal"
)

// store keeps what was sent for those who ask again: the bytes in a temporary file, where each message
// lies in memory. The engine thread puts, the resender reads.
type store struct {
	mu    sync.Mutex
	file  *os.File
	size  int64
	sent  []map[uint64]place // by session
	fault error              // of the first write that failed: what it held cannot be sent again
}

// place says where a message lies in the file.
type place struct {
	off  int64
	size int
}

func newStore(sessions int) (*store, error) {
	f, err := os.CreateTemp("", "fixecho-")
	if err != nil {
		return nil, err
	}
	if err := os.Remove(f.Name()); err != nil { // it lives as long as it is open
		_ = f.Close()
		return nil, err
	}
	s := &store{file: f, sent: make([]map[uint64]place, sessions)}
	for i := range s.sent {
		s.sent[i] = make(map[uint64]place)
	}
	return s, nil
}

func (s *store) put(session uint32, seq uint64, b []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.fault != nil {
		return
	}
	if _, s.fault = s.file.WriteAt(b, s.size); s.fault == nil {
		s.sent[session][seq] = place{s.size, len(b)}
		s.size += int64(len(b))
	}
}

// forget drops what a session sent: its numbers begin anew.
func (s *store) forget(session uint32) {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.sent[session])
}

// Covers: what was sent is here before the next event.
func (s *store) Covers(journal.Position) bool { return true }

// Read appends the message that a session sent under a number; nothing if there is none to send again.
func (s *store) Read(session uint32, seq uint64, _ bool, buf []byte) ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	at, ok := s.sent[session][seq]
	if !ok {
		return buf, s.fault
	}
	n := len(buf)
	buf = append(buf, make([]byte, at.size)...)
	_, err := s.file.ReadAt(buf[n:], at.off)
	return buf, err
}

func (s *store) close() error { return s.file.Close() }

// unrecorded is the journal of what is not recorded.
type unrecorded struct {
	none [1]byte
	next journal.Position
}

func (u *unrecorded) Reserve(int) ([]byte, bool) { return u.none[:0], true }
func (u *unrecorded) Commit(*journal.Header, int) journal.Position {
	u.next++
	return u.next - 1
}
func (u *unrecorded) Space() journal.Space       { return journal.Ample }
func (u *unrecorded) Appended() journal.Position { return u.next }
func (u *unrecorded) Durable() journal.Position  { return u.next }
