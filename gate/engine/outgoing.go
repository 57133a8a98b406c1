package engine

import (
	"portcullis/fix/link"
	"portcullis/gate/journal"
)

// outgoing is one message in a send buffer.
type outgoing struct {
	end      uint64           // stream offset after its last byte
	seq      uint64           // MsgSeqNum(34)
	position journal.Position // after its record
	readNs   int64            // monotonic time at which the message that caused it had been read; 0: no message did
	request  uint32           // slot, for orders
	kind     link.OutKind
}

// sendBuffer holds the bytes of a connection that the kernel has not taken, and where each message ends, so that what
// has not begun to leave can be withdrawn. Its memory is fixed; a push that does not fit is refused whole.
//
//	bytes:  [ sent | head ... a message half sent | next | next | tail ... room ]
//	stream offset of bytes[i] = base + i
//
// On a TLS connection the bytes that follow head may be sealed: they leave as they are, or the connection ends.
type sendBuffer struct {
	bytes      []byte
	head, tail int
	sealed     int // bytes from head on
	base       uint64
	messages   []outgoing // a ring; its length is a power of two
	first      int        // index of the oldest, not reduced
	count      int
	done       uint64 // stream offset after the last message the kernel took in full
}

// newSendBuffer makes a buffer for size bytes and one message to each 128 of them: orders and reports are longer.
func newSendBuffer(size int) *sendBuffer {
	ring := 1
	for ring*128 < size {
		ring <<= 1
	}
	return &sendBuffer{bytes: make([]byte, size), messages: make([]outgoing, ring)}
}

// reset empties the buffer for another connection.
func (s *sendBuffer) reset() {
	s.head, s.tail, s.sealed, s.base, s.first, s.count, s.done = 0, 0, 0, 0, 0, 0, 0
}

// unsent is the number of bytes the kernel has not taken.
func (s *sendBuffer) unsent() int { return s.tail - s.head }

// at returns the i-th waiting message, 0 ≤ i < count.
func (s *sendBuffer) at(i int) *outgoing { return &s.messages[(s.first+i)&(len(s.messages)-1)] }

// push appends a message; m.end is set here. False: no room.
func (s *sendBuffer) push(b []byte, m outgoing) bool {
	if len(b) > len(s.bytes)-s.tail {
		s.compact()
	}
	if len(b) > len(s.bytes)-s.tail || s.count == len(s.messages) {
		return false
	}
	s.tail += copy(s.bytes[s.tail:], b)
	m.end = s.base + uint64(s.tail)
	s.count++
	*s.at(s.count - 1) = m
	return true
}

// compact moves the waiting bytes to the front.
func (s *sendBuffer) compact() {
	copy(s.bytes, s.bytes[s.head:s.tail])
	s.base += uint64(s.head)
	s.tail -= s.head
	s.head = 0
}

// took notes that the kernel took n bytes; where some are sealed, n counts all of those.
func (s *sendBuffer) took(n int) {
	s.head += n
	s.sealed = 0
}

// pop removes the oldest message if the kernel has taken all of it.
func (s *sendBuffer) pop() (outgoing, bool) {
	if s.count == 0 || s.messages[s.first&(len(s.messages)-1)].end > s.base+uint64(s.head) {
		return outgoing{}, false
	}
	m := *s.at(0)
	s.first++
	s.count--
	s.done = m.end
	if s.count == 0 { // back to the front: the same few cache lines serve all messages
		s.base += uint64(s.head)
		s.head, s.tail, s.first = 0, 0, 0
	}
	return m, true
}

// sendable is the number of unsent bytes whose records lie at or before the durable position.
func (s *sendBuffer) sendable(durable journal.Position) int {
	end := s.base + uint64(s.head)
	for i := range s.count {
		m := s.at(i)
		if m.position > durable {
			break
		}
		end = m.end
	}
	return int(end - s.base - uint64(s.head))
}

// begun is the number of messages that cannot be withdrawn: the kernel has a part of them, or they are sealed.
func (s *sendBuffer) begun() (n int) {
	end := s.base + uint64(s.head+s.sealed)
	for start := s.done; n < s.count && start < end; n++ {
		start = s.at(n).end
	}
	return n
}

// message returns the bytes of the i-th waiting message, or what is left of them.
func (s *sendBuffer) message(i int) []byte {
	start := s.head
	if i > 0 {
		start = int(s.at(i-1).end - s.base)
	}
	return s.bytes[start:int(s.at(i).end-s.base)]
}
