package peer

import (
	"fmt"
	"sync"
	"time"
)

// Patience is how long a wait for a message goes on before it has failed.
const Patience = 15 * time.Second

// Entry is one line of a peer's log.
type Entry struct {
	At       time.Time
	Outgoing bool
	Message  Message
}

// inbox keeps what arrives until somebody asks for it, and a log of everything.
type inbox struct {
	mu      sync.Mutex
	arrived chan struct{} // closed and replaced whenever something changed
	unread  []Message
	log     []Entry
	up      bool
	logons  int
}

func newInbox() *inbox { return &inbox{arrived: make(chan struct{})} }

// change makes a change and wakes whoever waits for one.
func (b *inbox) change(f func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	f()
	close(b.arrived)
	b.arrived = make(chan struct{})
}

// changed is closed at the next change.
func (b *inbox) changed() <-chan struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.arrived
}

// wait calls ready, under the lock, after each change until it is content. False: patience ended.
func (b *inbox) wait(ready func() bool) bool {
	timeout := time.NewTimer(Patience)
	defer timeout.Stop()
	for {
		b.mu.Lock()
		done, next := ready(), b.arrived
		b.mu.Unlock()
		if done {
			return true
		}
		select {
		case <-next:
		case <-timeout.C:
			return false
		}
	}
}

// Log is everything that was sent and received so far, session messages included.
func (b *inbox) Log() []Entry {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.log[:len(b.log):len(b.log)]
}

// Next takes the oldest application message (or session-level Reject) that was not taken yet.
func (b *inbox) Next() (m Message, err error) {
	if !b.wait(func() bool {
		if len(b.unread) > 0 {
			m, b.unread = b.unread[0], b.unread[1:]
		}
		return m != nil
	}) {
		err = fmt.Errorf("nothing arrived within %v", Patience)
	}
	return m, err
}

// Expect takes the next message, which must have the fields of pattern: "35=8|11=A1|150=0". A value
// that ends in '*' asks for a beginning.
func (b *inbox) Expect(pattern string) (Message, error) {
	want, err := Parse(pattern)
	if err != nil {
		return nil, err
	}
	m, err := b.Next()
	if err != nil {
		return nil, fmt.Errorf("expected %s: %w", pattern, err)
	}
	if difference := m.differs(want); difference != "" {
		return m, fmt.Errorf("%s: in %s", difference, m)
	}
	return m, nil
}

// Await takes messages until one has the fields of pattern.
func (b *inbox) Await(pattern string) (Message, error) {
	want, err := Parse(pattern)
	for err == nil {
		var m Message
		if m, err = b.Next(); err == nil && m.differs(want) == "" {
			return m, nil
		}
	}
	return nil, fmt.Errorf("waiting for %s: %w", pattern, err)
}

// Unread is how many messages wait to be taken.
func (b *inbox) Unread() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.unread)
}

// AwaitLogon waits until the session is logged on.
func (b *inbox) AwaitLogon() error {
	if !b.wait(func() bool { return b.up }) {
		return fmt.Errorf("no logon within %v", Patience)
	}
	return nil
}

// AwaitLogout waits until the session is not logged on.
func (b *inbox) AwaitLogout() error {
	if !b.wait(func() bool { return !b.up }) {
		return fmt.Errorf("no logout within %v", Patience)
	}
	return nil
}

// LoggedOn reports whether the session is logged on now.
func (b *inbox) LoggedOn() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.up
}

// Logons counts the logons so far.
func (b *inbox) Logons() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.logons
}
