package epollrelay

import (
	"runtime"
	"time"

	"portcullis/bench/poll"
)

const (
	// BufferBytes is the send buffer of one direction.
	BufferBytes = 1 << 16
	// eventsMax is how many sockets one wait reports: as many as in the gate's loop.
	eventsMax = 128
	// Awake is how long it looks for more before it sleeps: the gate's awake_us.
	Awake       = 150 * time.Microsecond
	tagListener = int32(0)
)

// side is one socket and the bytes that wait to be written to it.
type side struct {
	fd             int
	tag            int32
	out            poll.Buffer
	peer           *side
	reading, asked bool // what the poller watches: readable, writable
	dirty          bool // out was filled in this cycle
	closed         bool
}

type relay struct {
	poller   *poll.Poller
	listener int
	venue    string
	sides    []*side   // by tag - 1
	dirty    []*side   // sides with bytes to write at the end of the cycle
	busy     time.Time // when something was ready last
}

// Serve relays each connection accepted on the listening socket to the venue's address, for ever. It
// returns only the poller's errors; a broken connection ends its pair.
func Serve(listener int, venue string) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	poller, err := poll.New(eventsMax)
	if err != nil {
		return err
	}
	defer poller.Close()
	r := &relay{poller: poller, listener: listener, venue: venue}
	if err := poller.Add(listener, tagListener); err != nil {
		return err
	}
	for {
		if err := r.cycle(); err != nil {
			return err
		}
	}
}

// cycle waits, reads what is readable into the peers' buffers, then writes.
func (r *relay) cycle() error {
	ready, err := r.wait()
	if err != nil {
		return err
	}
	for _, ev := range ready {
		if ev.Tag == tagListener {
			r.accept()
			continue
		}
		s := r.sides[ev.Tag-1]
		if ev.Writable {
			r.mark(s)
		}
		if ev.Readable && !s.closed {
			r.read(s)
		}
	}
	for _, s := range r.dirty {
		s.dirty = false
		if !s.closed {
			r.write(s)
		}
	}
	r.dirty = r.dirty[:0]
	return nil
}

// wait returns what is ready, and sleeps only when nothing has been for Awake.
func (r *relay) wait() (ready []poll.Event, err error) {
	for len(ready) == 0 && err == nil && time.Since(r.busy) < Awake {
		poll.GiveWay()
		ready, err = r.poller.Wait(0)
	}
	if len(ready) == 0 && err == nil {
		ready, err = r.poller.Wait(-1)
	}
	r.busy = time.Now()
	return ready, err
}

func (r *relay) mark(s *side) {
	if !s.dirty {
		s.dirty = true
		r.dirty = append(r.dirty, s)
	}
}

func (r *relay) read(s *side) {
	room := s.peer.out.Room()
	if len(room) == 0 {
		r.watch(s, false, s.asked)
		return
	}
	n, err := poll.Read(s.fd, room)
	if err != nil {
		r.end(s)
		return
	}
	s.peer.out.Added(n)
	r.mark(s.peer)
}

// write hands over what waits, asks for writability while something is left, and lets the peer be read
// again when all is gone.
func (r *relay) write(s *side) {
	done, err := s.out.Flush(s.fd)
	if err != nil {
		r.end(s)
		return
	}
	r.watch(s, s.reading, !done)
	if done {
		r.watch(s.peer, true, s.peer.asked)
	}
}

func (r *relay) watch(s *side, read, write bool) {
	if s.closed || (s.reading == read && s.asked == write) {
		return
	}
	s.reading, s.asked = read, write
	if err := r.poller.Watch(s.fd, s.tag, read, write); err != nil {
		r.end(s)
	}
}

func (r *relay) accept() {
	client, ok, err := poll.Accept(r.listener)
	if err != nil || !ok {
		return
	}
	upstream, err := poll.Dial(r.venue)
	if err != nil {
		poll.Close(client)
		return // the client sees its connection end
	}
	a, b := r.add(client), r.add(upstream)
	a.peer, b.peer = b, a
	for _, s := range []*side{a, b} {
		if err := r.poller.Add(s.fd, s.tag); err != nil {
			r.end(s)
		}
	}
}

func (r *relay) add(fd int) *side {
	s := &side{fd: fd, out: poll.NewBuffer(BufferBytes), reading: true}
	r.sides = append(r.sides, s)
	s.tag = int32(len(r.sides))
	return s
}

func (r *relay) end(s *side) {
	for _, s := range []*side{s, s.peer} {
		if !s.closed {
			s.closed = true
			poll.Close(s.fd)
		}
	}
}
