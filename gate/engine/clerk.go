package engine

import (
	"github.com/rs/zerolog"

	"portcullis/gate/calm"
	"portcullis/gate/core"
)

const noticesMax = 1024 // waiting for the log

// clerk does for the engine thread what may take time: it writes the log and delivers replies. The engine never waits
// for it; what it cannot take is dropped and counted.
type clerk struct {
	log     *calm.Log
	names   linkNames
	notices chan notice
	replies chan core.Reply
	dropped uint64 // notices; written by the engine thread
	ended   chan struct{}
	done    chan struct{}
}

func newClerk(log zerolog.Logger, names linkNames) *clerk {
	return &clerk{
		log: calm.New(log), names: names, notices: make(chan notice, noticesMax), replies: make(chan core.Reply, 64),
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
			k.clear(f)
			k.log.Flush()
			return
		}
	}
}

// clear says and delivers everything that waits.
func (k *clerk) clear(f *front) {
	for len(k.notices) > 0 {
		k.write(<-k.notices)
	}
	for len(k.replies) > 0 {
		f.deliver(<-k.replies)
	}
}
