package engine

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/rs/zerolog"
	"golang.org/x/sys/unix"

	"portcullis/gate/calm"
	"portcullis/gate/core"
)

const (
	noticesMax = 1024 // waiting for the log
	lingersMax = 64   // descriptors waiting for their peer to stop
	lingerTime = time.Second
	lingerStep = 50 * time.Millisecond
)

// clerk does for the engine thread what may take time: it writes the log, delivers replies and closes descriptors. The
// engine never waits for it; what it cannot take is dropped and counted.
type clerk struct {
	log       *calm.Log
	links     []Link
	notices   chan notice
	replies   chan core.Reply
	dropped   uint64 // notices; written by the engine thread
	lingers   atomic.Int32
	lingering sync.WaitGroup
	ended     chan struct{}
	done      chan struct{}
}

func newClerk(log zerolog.Logger, links []Link) *clerk {
	return &clerk{
		log: calm.New(log), links: links, notices: make(chan notice, noticesMax), replies: make(chan core.Reply, 64),
		ended: make(chan struct{}), done: make(chan struct{}),
	}
}

// tell is called by the engine thread.
func (k *clerk) tell(n notice) {
	select {
	case k.notices <- n:
	default:
		k.dropped++
	}
}

// reply is called by the engine thread. False: later.
func (k *clerk) reply(r core.Reply) bool {
	select {
	case k.replies <- r:
		return true
	default:
		return false
	}
}

// start begins the clerk's goroutine; stop ends it when everything told has been said.
func (k *clerk) start(f *front) { go k.run(f) }

func (k *clerk) stop() {
	close(k.ended)
	<-k.done
	k.lingering.Wait()
}

func (k *clerk) run(f *front) {
	defer close(k.done)
	for {
		select {
		case n := <-k.notices:
			k.write(n)
		case r := <-k.replies:
			f.deliver(r)
		case <-k.ended:
			for len(k.notices) > 0 {
				k.write(<-k.notices)
			}
			for len(k.replies) > 0 {
				f.deliver(<-k.replies)
			}
			k.log.Flush()
			return
		}
	}
}

// linger closes a descriptor when its peer has stopped sending or lingerTime is over. Closing at once would make the
// kernel answer late bytes with a reset, and a reset may cost the peer our last message.
func (k *clerk) linger(fd int) {
	if k.lingers.Add(1) > lingersMax {
		k.lingers.Add(-1)
		_ = unix.Close(fd)
		return
	}
	k.lingering.Add(1)
	go func() {
		defer k.lingering.Done()
		defer k.lingers.Add(-1)
		k.drain(fd)
		_ = unix.Close(fd)
	}()
}

// drain tells the peer that nothing more comes and throws away what it still sends.
func (k *clerk) drain(fd int) {
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
