package load

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"time"

	"portcullis/bench/poll"
)

// retryNs is how long the venue is served before a system that is not ready is asked again.
const retryNs = 20e6

// Connect logs every participant on at address and waits until an order of each reaches the venue and its
// answer the participant: whatever the system does at its start is over then. The venue is served meanwhile,
// and a system that does not listen yet, or refuses because its venue is not up, is asked again.
func (h *Harness) Connect(ctx context.Context, address string) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	for i, c := range h.participants.clients {
		if err := h.connect(ctx, c, int32(i+1), address); err != nil {
			return err
		}
		if err := h.probe(ctx, c); err != nil {
			return err
		}
	}
	h.probed, h.participants.refusal = h.participants.tally().Refused, ""
	return nil
}

func (h *Harness) connect(ctx context.Context, c *client, tag int32, address string) error {
	for {
		err := h.logOn(ctx, c, tag, address)
		if err == nil {
			return nil
		}
		if c.link != nil {
			c.hangUp()
			c.link = nil
		}
		if ctx.Err() != nil {
			return fmt.Errorf("no Logon of %s at %s: %w", c.identity.SenderCompID, address, err)
		}
		if err := h.serve(retryNs); err != nil {
			return err
		}
	}
}

func (h *Harness) logOn(ctx context.Context, c *client, tag int32, address string) error {
	fd, err := poll.Dial(address)
	if err != nil {
		return err
	}
	c.link = newLink(fd, tag, &h.clock, &h.unsent)
	c.identify(c.identity.SenderCompID, c.identity.TargetCompID)
	if err := h.poller.Add(fd, tag); err != nil {
		return err
	}
	h.clock.tick()
	c.wrote(c.logon(c.room(), c.identity, true))
	for !c.up {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err := h.cycle(patienceNs); err != nil {
			return err
		}
	}
	return nil
}

// probe enters the first order of the flow for c until it is confirmed, then cancels it.
func (h *Harness) probe(ctx context.Context, c *client) error {
	e := h.participants.flow.Events[0]
	for {
		order := h.cursor.base
		h.cursor.base++
		h.cursor.nextNew++
		confirmed := c.count.Confirmed
		if err := h.ask(ctx, c, &e, order); err != nil {
			return err
		}
		if c.count.Confirmed > confirmed {
			e.Kind = Cancel
			return h.ask(ctx, c, &e, order)
		}
		if err := h.serve(retryNs); err != nil {
			return err
		}
	}
}

func (h *Harness) ask(ctx context.Context, c *client, e *Event, order uint64) error {
	c.send(e, order, h.clock.tick())
	for h.participants.inFlight > 0 {
		if ctx.Err() != nil {
			return fmt.Errorf("no order of %s came through (last refusal: %q): %w", c.identity.SenderCompID,
				strings.TrimSpace(h.participants.refusal), ctx.Err())
		}
		if err := h.cycle(patienceNs); err != nil {
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
