package load

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"time"

	"portcullis/bench/poll"
)

const (
	tagListener = int32(0)
	tagClient   = int32(1)
	tagVenue    = int32(2) // and up, one each
)

// Harness is both ends of one measurement. All methods belong to one goroutine.
type Harness struct {
	poller    *poll.Poller
	listener  int
	venueAddr string
	clock     clock
	client    *client
	venue     *venue
	cursor    cursor
	probed    uint64 // refusals while Connect probed: they are the system's start, not its verdict
	closed    bool
}

// cursor is the place in the endless repetition of the flow.
type cursor struct {
	at      int    // index into Events
	pass    int64  // passes completed
	base    uint64 // order number of the pass's order 0
	nextNew uint64 // base of the next pass
}

// New opens the venue's listening socket. flow is only read. Close releases everything.
func New(flow *Flow, identity Identity) (*Harness, error) {
	if len(flow.Events) == 0 {
		return nil, errors.New("bench: the flow is empty")
	}
	ordersMax := 1 << 16
	for ordersMax < 4*int(flow.Orders) {
		ordersMax *= 2
	}
	h := &Harness{
		clock:  newClock(),
		client: newClient(flow, identity, ordersMax),
		venue:  &venue{orders: make([]venueOrder, ordersMax)},
		cursor: cursor{base: 1, nextNew: 1 + uint64(flow.Orders)},
	}
	var err error
	if h.poller, err = poll.New(64); err != nil {
		return nil, err
	}
	if h.listener, h.venueAddr, err = poll.Listen("127.0.0.1:0"); err != nil {
		return nil, err
	}
	return h, h.poller.Add(h.listener, tagListener)
}

// VenueAddr is where the system under test finds the venue.
func (h *Harness) VenueAddr() string { return h.venueAddr }

// Close ends both links and the venue. A second call does nothing.
func (h *Harness) Close() {
	if h.closed {
		return
	}
	h.closed = true
	h.clock.tick()
	if h.client.link != nil {
		h.client.logout()
		poll.Close(h.client.fd)
	}
	for _, l := range h.venue.links {
		if l.err == nil {
			l.logout()
			poll.Close(l.fd)
		}
	}
	poll.Close(h.listener)
	_ = h.poller.Close()
}

// Connect logs the client on at address and waits until an order reaches the venue and its answer the
// client: whatever the system does at its start is over then. The venue is served meanwhile, and a
// system that does not listen yet, or refuses because its venue is not up, is asked again.
func (h *Harness) Connect(ctx context.Context, address string) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	for {
		err := h.tryConnect(ctx, address)
		if err == nil {
			return h.probe(ctx)
		}
		if h.client.link != nil {
			poll.Close(h.client.fd)
			h.client.link = nil
		}
		if ctx.Err() != nil {
			return fmt.Errorf("no Logon at %s: %w", address, err)
		}
		if err := h.serve(20 * time.Millisecond); err != nil {
			return err
		}
	}
}

func (h *Harness) tryConnect(ctx context.Context, address string) error {
	fd, err := poll.Dial(address)
	if err != nil {
		return err
	}
	l := newLink(fd, tagClient, &h.clock)
	h.client.link = l
	l.identify(h.client.identity.SenderCompID, h.client.identity.TargetCompID)
	if err := h.poller.Add(fd, tagClient); err != nil {
		return err
	}
	h.clock.tick()
	l.wrote(l.logon(l.room(), h.client.identity, true))
	for !l.up {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err := h.cycle(10e6); err != nil {
			return err
		}
	}
	return nil
}

// probe enters the first order of the flow until it is confirmed, then cancels it.
func (h *Harness) probe(ctx context.Context) error {
	first := h.client.flow.Events[0]
	for {
		order := h.cursor.base
		h.cursor.base++
		h.cursor.nextNew++
		refused := h.client.count.Refused
		if err := h.ask(ctx, &first, order); err != nil {
			return err
		}
		if refused == h.client.count.Refused {
			h.probed, h.client.refusal = refused, ""
			cancel := first
			cancel.Kind = Cancel
			return h.ask(ctx, &cancel, order)
		}
		if err := h.serve(20 * time.Millisecond); err != nil {
			return err
		}
	}
}

func (h *Harness) ask(ctx context.Context, e *Event, order uint64) error {
	h.client.send(e, order, h.clock.tick())
	for h.client.inFlight > 0 {
		if ctx.Err() != nil {
			text := strings.TrimSpace(h.client.refusal)
			return fmt.Errorf("no order came through (last refusal: %q): %w", text, ctx.Err())
		}
		if err := h.cycle(10e6); err != nil {
			return err
		}
	}
	return nil
}

func (h *Harness) serve(d time.Duration) error {
	for end := h.clock.tick() + int64(d); h.clock.tick() < end; {
		if err := h.cycle(5e6); err != nil {
			return err
		}
	}
	return nil
}

// cycle waits for something to read, lets both ends handle it, and writes what they have to say.
func (h *Harness) cycle(timeoutNs int64) error {
	if err := h.flush(); err != nil {
		return err
	}
	events, err := h.poller.Wait(timeoutNs)
	if err != nil {
		return err
	}
	for _, ev := range events {
		if !ev.Readable {
			continue // writable only: flush does the rest
		}
		if err := h.read(ev.Tag); err != nil {
			return err
		}
	}
	if h.client.link != nil {
		h.client.beat()
	}
	return h.flush()
}

// read serves one readable socket at the time it is looked at: what the thread did for other sockets in
// the same cycle has made this answer late, and the latency says so.
func (h *Harness) read(tag int32) error {
	h.clock.tick()
	switch tag {
	case tagListener:
		fd, ok, err := poll.Accept(h.listener)
		if err != nil || !ok {
			return err
		}
		tag := tagVenue + int32(len(h.venue.links))
		h.venue.accept(fd, tag, &h.clock)
		return h.poller.Add(fd, tag)
	case tagClient:
		return h.client.receive(h.client.handle)
	default:
		return h.venue.serve(h.venue.links[tag-tagVenue])
	}
}

func (h *Harness) flush() error {
	for _, l := range h.venue.links {
		if l.err == nil {
			if err := l.flush(h.poller); err != nil {
				return fmt.Errorf("venue: %w", err)
			}
		}
	}
	if h.client.link == nil {
		return nil
	}
	if err := h.client.flush(h.poller); err != nil {
		return fmt.Errorf("client: %w", err)
	}
	return nil
}
