package engine

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/rs/zerolog"
	"golang.org/x/sys/unix"

	"portcullis/fix"
	"portcullis/fix/link"
	"portcullis/gate/core"
)

// notice is a rare thing that the log should say.
type notice struct {
	what  noticeKind
	link  uint32
	conn  uint32
	value uint64

	records core.EgressRecords // of an egressFault
}

type noticeKind uint8

const (
	closed         noticeKind = iota // value: core.CloseCause
	linkFault                        // value: link.Fault
	notTaken                         // value: link.Fault
	slowConsumer                     // value: bytes unsent
	oversized                        // value: bytes announced
	garbled                          // value: fix.Framing
	tooManyResends                   //
	egressFault                      // value: MsgSeqNum(34)
	stalled                          //
	resumed                          //
	killedHalfway                    //
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
	log       zerolog.Logger
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
		log: log, links: links, notices: make(chan notice, noticesMax), replies: make(chan core.Reply, 64),
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
			return
		}
	}
}

var causeTexts = [...]string{
	core.PeerClosed:    "the peer closed the connection",
	core.ReadFailed:    "the connection failed",
	core.CutByLink:     "cut by the session layer",
	core.SlowConsumer:  "cut: the peer reads too slowly",
	core.MessageSize:   "cut: a message longer than configured",
	core.Replaced:      "closed by the operator or a shutdown",
	core.KilledHalfway: "cut: a kill stops an order of which the venue had taken half",
}

// write says a notice in the log.
func (k *clerk) write(n notice) {
	entry := k.log.Warn()
	if n.link < uint32(len(k.links)) {
		entry = entry.Str("link", k.links[n.link].Name).Uint32("connection", n.conn)
	}
	switch n.what {
	case closed:
		entry.Str("cause", causeTexts[n.value]).Msg("connection ended")
	case linkFault:
		entry.Stringer("fault", link.Fault(n.value)).Msg("the session layer ends the connection")
	case notTaken:
		entry.Stringer("fault", link.Fault(n.value)).Msg("the session layer does not take a message as it is; more of this " +
			"kind on this connection are in the journal only")
	case slowConsumer:
		entry.Uint64("unsent_bytes", n.value).Msg("the peer reads too slowly: its connection is cut; what it missed " +
			"is in the journal and is sent when it asks")
	case oversized:
		entry.Uint64("bytes", n.value).Msg("the peer announced a message longer than message_bytes_max: its " +
			"connection is cut")
	case garbled:
		entry.Stringer("framing", fix.Framing(n.value)).Msg("bytes that are no FIX message were skipped")
	case tooManyResends:
		entry.Msg("the peer asks for resends faster than they can be given: its connection is cut")
	case egressFault:
		entry.Uint64("seq", n.value).Uint64("record", n.records.Sent).Uint64("accepted_in_record", n.records.Accepted).Msg("the egress check stopped a message that is not what was judged: the line is " +
			"cut and blocked; see the two records")
	case stalled:
		entry.Msg("the journal has no room: the engine reads nothing more until it has")
	case killedHalfway:
		entry.Msg("the venue does not take the rest of an order that a kill stops: its connection is cut; the order " +
			"is settled when it comes back")
	case resumed:
		entry.Msg("the journal has room again: the engine goes on")
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
