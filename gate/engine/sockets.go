package engine

import (
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sys/unix"
)

// Sockets is what the engine needs of the operating system: connected sockets, by descriptor, and the wait for them.
// It costs one call through an interface for each system call. All calls come from the engine thread except Prepare,
// which comes from whoever hands over.
type Sockets interface {
	// Prepare makes a descriptor one that the engine can own: it never blocks, never delays, and takes no more than
	// about unsentBytesMax bytes that it cannot send. What a venue has not taken dies with its descriptor.
	Prepare(fd, unsentBytesMax int, venue bool) error
	// Add registers a descriptor; token names it in the reports. Remove forgets it.
	Add(fd int, token uint32) error
	Remove(fd int)
	// Wait returns the number of reports, which Ready gives one by one; see Poller.
	Wait(nowNs, untilNs int64) int
	Ready(i int) Ready
	// Read and Write are the functions of this package.
	Read(fd int, b []byte) (n int, errno unix.Errno)
	Write(fd int, b []byte) (n int, errno unix.Errno)
	// Room reports whether a write finds room, for so many bytes at least that a few KiB go in whole. Where it does not,
	// a report tells when it does again.
	Room(fd int) bool
	// Linger closes a descriptor when its peer has read what was written; Drop closes it at once.
	Linger(fd int)
	Drop(fd int)
	Close() error
}

const (
	lingersMax = 64 // descriptors waiting for their peer to stop
	lingerTime = time.Second
	lingerStep = 50 * time.Millisecond
)

// osSockets are the operating system's.
type osSockets struct {
	*Poller
	lingers   atomic.Int32
	lingering sync.WaitGroup
}

func newSockets() (Sockets, error) {
	poller, err := NewPoller()
	if err != nil {
		return nil, err
	}
	return &osSockets{Poller: poller}, nil
}

func (s *osSockets) Prepare(fd, unsentBytesMax int, venue bool) error {
	err := prepare(fd, unsentBytesMax)
	if err == nil && venue {
		err = closeAbruptly(fd)
	}
	return err
}

func (s *osSockets) Read(fd int, b []byte) (int, unix.Errno) { return Read(fd, b) }

func (s *osSockets) Write(fd int, b []byte) (int, unix.Errno) { return Write(fd, b) }

func (s *osSockets) Room(fd int) bool { return Room(fd) }

func (s *osSockets) Drop(fd int) { _ = unix.Close(fd) }

// Linger closes a descriptor when its peer has stopped sending or lingerTime is over. Closing at once would make the
// kernel answer late bytes with a reset, and a reset may cost the peer our last message.
func (s *osSockets) Linger(fd int) {
	if s.lingers.Add(1) > lingersMax {
		s.lingers.Add(-1)
		s.Drop(fd)
		return
	}
	s.lingering.Add(1)
	go func() {
		defer s.lingering.Done()
		defer s.lingers.Add(-1)
		drain(fd)
		closeGently(fd)
	}()
}

// drain tells the peer that nothing more comes and throws away what it still sends.
func drain(fd int) {
	if unix.Shutdown(fd, unix.SHUT_WR) != nil {
		return // not connected any more
	}
	var waste [4096]byte
	for end := time.Now().Add(lingerTime); time.Now().Before(end); {
		poll := []unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}
		if n, err := unix.Poll(poll, int(lingerStep.Milliseconds())); err != nil && err != unix.EINTR {
			return
		} else if n <= 0 {
			continue
		}
		if n, err := unix.Read(fd, waste[:]); err != unix.EAGAIN && err != unix.EINTR && (n <= 0 || err != nil) {
			return
		}
	}
}

// Close waits for the descriptors that linger.
func (s *osSockets) Close() error {
	s.lingering.Wait()
	return s.Poller.Close()
}
