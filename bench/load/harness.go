package load

import (
	"errors"
	"fmt"

	"portcullis/bench/poll"
)

// tagListener names the venue's listening socket to the poller. The participants' links follow with their
// numbers, from 1, then the venue's in the order of their arrival.
const tagListener = int32(0)

// Harness is both ends of one measurement. All methods belong to one goroutine.
type Harness struct {
	poller       *poll.Poller
	listener     int
	venueAddr    string
	clock        clock
	participants *participants
	venue        *venue
	visitor      *visitor // nil but in Crowd
	unsent       unsent
	cursor       cursor
	beatNs       int64  // when heartbeats are looked at next
	probed       uint64 // refusals while Connect probed: they are the system's start, not its verdict
	awake        bool   // it never sleeps: of the present phase
	closed       bool
}

// cursor is the place in the endless repetition of the flow.
type cursor struct {
	at      int    // index into Events
	pass    int64  // passes completed
	base    uint64 // order number of the pass's order 0
	nextNew uint64 // base of the next pass
}

// New opens the venue's listening socket for one participant of each identity. flow is only read. Close releases
// everything.
func New(flow *Flow, identities []Identity) (*Harness, error) {
	if len(flow.Events) == 0 {
		return nil, errors.New("bench: the flow is empty")
	}
	if len(identities) == 0 || len(identities) > ParticipantsMax {
		return nil, fmt.Errorf("bench: %d participants: want 1 to %d", len(identities), ParticipantsMax)
	}
	ordersMax := 1 << 16
	for ordersMax < 4*int(flow.Orders) {
		ordersMax *= 2
	}
	h := &Harness{
		clock:        newClock(),
		participants: newParticipants(flow, identities, ordersMax),
		venue:        &venue{orders: make([]venueOrder, ordersMax)},
		cursor:       cursor{base: 1, nextNew: 1 + uint64(flow.Orders)},
	}
	var err error
	if h.poller, err = poll.New(1 + 2*len(identities)); err != nil {
		return nil, err
	}
	if h.listener, h.venueAddr, err = poll.Listen("127.0.0.1:0"); err != nil {
		return nil, err
	}
	return h, h.poller.Add(h.listener, tagListener)
}

// VenueAddr is where the system under test finds the venue.
func (h *Harness) VenueAddr() string { return h.venueAddr }

// Close ends all links and the venue. A second call does nothing.
func (h *Harness) Close() {
	if h.closed {
		return
	}
	h.closed = true
	h.clock.tick()
	for _, c := range h.participants.clients {
		if c.link != nil {
			c.leave()
		}
	}
	for _, l := range h.venue.links {
		l.leave()
	}
	poll.Close(h.listener)
	_ = h.poller.Close()
}

// cycle waits for something to read, lets both ends handle it, and writes what they have to say.
func (h *Harness) cycle(timeoutNs int64) error {
	if err := h.flush(); err != nil {
		return err
	}
	events, err := h.wait(timeoutNs)
	if err != nil {
		return err
	}
	for _, ev := range events {
		if ev.Writable {
			h.link(ev.Tag).queue()
		}
		if !ev.Readable {
			continue
		}
		if err := h.read(ev.Tag); err != nil {
			return fmt.Errorf("%s: %w", h.who(ev.Tag), err)
		}
	}
	h.beat()
	return h.flush()
}

// wait returns what is ready, after timeoutNs at the latest.
func (h *Harness) wait(timeoutNs int64) ([]poll.Event, error) {
	if !h.awake {
		return h.poller.Wait(timeoutNs)
	}
	for endNs := h.clock.ns() + timeoutNs; ; poll.GiveWay() {
		events, err := h.poller.Wait(0)
		if len(events) > 0 || err != nil || h.clock.ns() >= endNs {
			return events, err
		}
	}
}

// read serves one readable socket at the time it is looked at: what the thread did for other sockets in
// the same cycle has made this answer late, and the latency says so.
func (h *Harness) read(tag int32) error {
	h.clock.tick()
	switch c := h.client(tag); {
	case tag == tagListener:
		return h.accept()
	case c != nil:
		return c.receive(c.handle)
	default:
		return h.venue.serve(h.link(tag))
	}
}

func (h *Harness) accept() error {
	fd, ok, err := poll.Accept(h.listener)
	if err != nil || !ok {
		return err
	}
	tag := int32(1 + len(h.participants.clients) + len(h.venue.links))
	h.venue.accept(fd, tag, &h.clock, &h.unsent)
	return h.poller.Add(fd, tag)
}

// client is the participant whose link has this tag, nil for the venue's.
func (h *Harness) client(tag int32) *client {
	if tag == tagListener || int(tag) > len(h.participants.clients) {
		return nil
	}
	return h.participants.clients[tag-1]
}

func (h *Harness) link(tag int32) *link {
	if c := h.client(tag); c != nil {
		return c.link
	}
	return h.venue.links[int(tag)-1-len(h.participants.clients)]
}

// who names the owner of a link in an error.
func (h *Harness) who(tag int32) string {
	if c := h.client(tag); c != nil {
		return "participant " + c.identity.SenderCompID
	}
	return "venue"
}

// flush writes what waits of every link.
func (h *Harness) flush() error {
	for i, l := range h.unsent {
		if err := l.flush(h.poller); err != nil {
			h.unsent = append(h.unsent[:0], h.unsent[i+1:]...)
			return fmt.Errorf("%s: %w", h.who(l.tag), err)
		}
	}
	h.unsent = h.unsent[:0]
	return nil
}

// beat looks after the participants' heartbeats, once a second.
func (h *Harness) beat() {
	if h.clock.nowNs < h.beatNs {
		return
	}
	h.beatNs = h.clock.nowNs + 1e9
	for _, c := range h.participants.flooders() {
		if c.link != nil {
			c.beat()
		}
	}
}
