package load

import (
	"fmt"

	"portcullis/bench/poll"
)

const (
	heartBtNs   = 30e9
	bufferBytes = 1 << 18
)

// link is one TCP connection with a FIX session on it, as either end of the instrument keeps it. It
// knows numbers and heartbeats; what an application message means is its owner's matter.
type link struct {
	fd      int
	tag     int32 // names the connection to the poller
	in, out poll.Buffer
	read    message // the message being handled, here so that it is not allocated
	outbound
	nextInSeq uint64
	up        bool    // Logons were exchanged
	ended     bool    // the connection is closed
	batched   bool    // messages may share a write; otherwise each is written by itself
	blocked   bool    // the kernel took less than was there: nothing is written until the socket is writable
	queued    bool    // it is in unsent
	unsent    *unsent // of the harness
}

// unsent are the links that have something to write at the next flush. Of many links few have, so no cycle looks
// at all of them.
type unsent []*link

func newLink(fd int, tag int32, clock *clock, waiting *unsent) *link {
	return &link{
		fd: fd, tag: tag, nextInSeq: 1, unsent: waiting,
		in: poll.NewBuffer(bufferBytes), out: poll.NewBuffer(bufferBytes),
		outbound: outbound{clock: clock},
	}
}

// room is where the next message goes, nil when the peer has not taken enough of what waits.
func (l *link) room() []byte {
	if room := l.out.Room(); len(room) >= messageMax {
		return room[:0]
	}
	return nil
}

// wrote says that b, begun at room, is ready to leave. Order systems write each message by itself;
// what the kernel does not take, and its errors, are the next flush's matter.
func (l *link) wrote(b []byte) {
	l.out.Added(len(b))
	if l.blocked {
		return
	}
	if !l.batched {
		if done, _ := l.out.Flush(l.fd); done {
			return
		}
	}
	l.queue()
}

// queue has the next flush write what waits.
func (l *link) queue() {
	if !l.queued {
		l.queued = true
		*l.unsent = append(*l.unsent, l)
	}
}

// flush hands what waits to the kernel and watches the socket when it does not take everything.
func (l *link) flush(p *poll.Poller) error {
	l.queued = false
	if l.ended {
		return nil
	}
	done, err := l.out.Flush(l.fd)
	if err == nil && done == l.blocked {
		l.blocked = !done
		err = p.Watch(l.fd, l.tag, true, l.blocked)
	}
	return err
}

// hangUp closes the connection, once.
func (l *link) hangUp() {
	if !l.ended {
		l.ended = true
		poll.Close(l.fd)
	}
}

// receive reads once and gives each whole message to handle.
func (l *link) receive(handle func(*message) error) error {
	n, err := poll.Read(l.fd, l.in.Room())
	if err != nil {
		return fmt.Errorf("connection lost: %w", err)
	}
	l.in.Added(n)
	m := &l.read
	for {
		length, err := frame(l.in.Bytes())
		if err != nil || length == 0 {
			return err
		}
		raw := l.in.Bytes()[:length]
		if err := parse(raw, m); err != nil {
			return fmt.Errorf("%w: %s", err, Readable(raw))
		}
		if err := l.number(m); err != nil {
			return fmt.Errorf("%w in %s", err, Readable(raw))
		}
		if err := handle(m); err != nil {
			return fmt.Errorf("%w: %s", err, Readable(raw))
		}
		l.in.Taken(length)
	}
}

// number holds each message against the number it must have.
func (l *link) number(m *message) error {
	if m.possDup {
		return nil
	}
	if m.seq != l.nextInSeq {
		return fmt.Errorf("MsgSeqNum %d instead of %d", m.seq, l.nextInSeq)
	}
	l.nextInSeq++
	return nil
}

// session answers the messages of the session layer; app is true for all others.
func (l *link) session(m *message) (app bool, err error) {
	room := l.room()
	if room == nil {
		return m.msgType != '1' && m.msgType != '2', nil // the peer reads nothing: no answer would reach it
	}
	switch m.msgType {
	case '0':
	case '1':
		l.wrote(l.admin(room, '0', "112=", m.testReqID))
	case '2':
		l.wrote(l.gapFill(room, m.beginSeq))
	case '3':
		return false, fmt.Errorf("session-level Reject")
	case '4':
		l.nextInSeq = max(l.nextInSeq, m.newSeq)
	case '5':
		l.up = false
		l.wrote(l.admin(room, '5', "", nil))
	default:
		return true, nil
	}
	return false, nil
}

// beat sends a Heartbeat when nothing was sent for the agreed time.
func (l *link) beat() {
	if !l.up || l.clock.nowNs-l.lastNs < heartBtNs {
		return
	}
	if room := l.room(); room != nil {
		l.wrote(l.admin(room, '0', "", nil))
	}
}

// leave says goodbye if it can, and closes; nobody waits for the answer.
func (l *link) leave() {
	if room := l.room(); l.up && !l.ended && room != nil {
		l.wrote(l.admin(room, '5', "", nil))
		_, _ = l.out.Flush(l.fd)
	}
	l.hangUp()
}
