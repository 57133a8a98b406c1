package load

import (
	"fmt"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// identities are n participants of the tests.
func identities(n int) (list []Identity) {
	for i := range n {
		list = append(list, Identity{SenderCompID: fmt.Sprintf("C%d", i+1), TargetCompID: "G", Account: fmt.Sprintf("A%d", i+1)})
	}
	return list
}

// direct is a harness whose participants are connected to its venue with nothing between.
func direct(t *testing.T, participants int) *Harness {
	t.Helper()
	h, err := New(Synthetic(1_000, 1), identities(participants))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(h.Close)
	if err := h.Connect(t.Context(), h.VenueAddr()); err != nil {
		t.Fatal(err)
	}
	return h
}

// A garbage collection of the instrument would be booked on the system under test.
func TestAPhaseAllocatesNothing(t *testing.T) {
	for mode, participants := range map[Mode]int{Flood: 1, FloodBatched: 1, FloodMany: 32} {
		h := direct(t, participants)
		p, err := newPacer(Phase{Mode: mode, Window: 64}, h.participants.flow, h.clock.ns(), 0)
		if err != nil {
			t.Fatal(err)
		}
		h.batch(mode == FloodBatched)
		play := func() {
			if err := h.play(&p, h.clock.ns()+int64(5*time.Millisecond)); err != nil {
				t.Fatal(err)
			}
		}
		if n := testing.AllocsPerRun(5, play); n != 0 {
			t.Errorf("%s: %v allocations in 5 ms", mode, n)
		}
	}
}

// Many participants, one window: every one takes part on a link of its own, and at the end both ends have counted
// the same, fills included.
func TestManyParticipants(t *testing.T) {
	const participants, window = 32, 256
	h := direct(t, participants)
	r, err := h.Run(Phase{Mode: FloodMany, Window: window, WarmUp: 10 * time.Millisecond, Duration: 50 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	if r.VenueLinks != participants || r.Refused != 0 || r.Unanswered != 0 {
		t.Errorf("%d connections, %d refused, %d unanswered", r.VenueLinks, r.Refused, r.Unanswered)
	}
	if r.Participants != r.Venue || r.Venue.Requests != r.Venue.Confirmed+r.Venue.Rejected || r.Venue.Fills == 0 {
		t.Errorf("participants counted %+v, the venue %+v", r.Participants, r.Venue)
	}
	mean := r.Venue.Requests / participants
	for i, c := range h.participants.clients {
		if n := c.count.Requests; n < mean/2 || n > 2*mean {
			t.Errorf("participant %d sent %d requests, the mean is %d", i+1, n, mean)
		}
	}
}

// In a crowd the last participant asks at its own pace, and its answers alone are timed.
func TestCrowd(t *testing.T) {
	const participants, duration = 5, 10 * visitEveryNs
	h := direct(t, participants)
	r, err := h.Run(Phase{Mode: Crowd, Window: 64, WarmUp: 2 * visitEveryNs, Duration: duration})
	if err != nil {
		t.Fatal(err)
	}
	if n := r.Latency.TotalCount(); n < duration/visitEveryNs-1 || n > duration/visitEveryNs+1 {
		t.Errorf("%d latencies of the visitor, want %d", n, duration/visitEveryNs)
	}
	if r.Answered < 1000 || r.Refused != 0 || r.Unanswered != 0 || r.Participants != r.Venue {
		t.Errorf("%d answered, %d refused, %d unanswered, participants counted %+v, the venue %+v", r.Answered, r.Refused,
			r.Unanswered, r.Participants, r.Venue)
	}
	if _, err := direct(t, 1).Run(Phase{Mode: Crowd, Window: 64, Duration: duration}); err == nil {
		t.Error("a crowd of one")
	}
}

// Each participant has orders of every sort: the flow's pattern repeats every eight orders.
func TestOrdersAreSharedEvenly(t *testing.T) {
	for _, n := range []int{1, 2, 7, 32, ParticipantsMax} {
		ps := newParticipants(Synthetic(10, 1), identities(n), 1<<4)
		for sort := range uint64(8) {
			orders := map[*client]int{}
			for i := range uint64(200 * n) {
				orders[ps.of(8*i+sort)]++
			}
			for _, c := range ps.clients {
				if got := orders[c]; got < 180 || got > 220 {
					t.Errorf("%s has %d of %d orders of sort %d", c.identity.SenderCompID, got, 200*n, sort)
				}
			}
		}
	}
}

// What the venue's socket does not take waits, in order, and leaves as soon as it is read again.
func TestWhatTheKernelDoesNotTakeWaits(t *testing.T) {
	h := direct(t, 1)
	c, e := h.participants.clients[0], h.participants.flow.Events[0]
	if err := unix.SetsockoptInt(c.fd, unix.SOL_SOCKET, unix.SO_SNDBUF, 4096); err != nil {
		t.Fatal(err)
	}
	sent := uint64(0)
	for c.send(&e, 100+sent, h.clock.tick()) {
		sent++
	}
	if err := c.flush(h.poller); err != nil || !c.blocked || c.out.Len() == 0 {
		t.Fatalf("blocked %v with %d bytes, %v", c.blocked, c.out.Len(), err)
	}
	before := c.count.Confirmed
	for end := h.clock.ns() + 5e9; h.participants.inFlight > 0; {
		if err := h.cycle(1e6); err != nil {
			t.Fatal(err)
		}
		if h.clock.ns() > end {
			t.Fatalf("%d requests without an answer", h.participants.inFlight)
		}
	}
	if got := c.count.Confirmed - before; got != sent || c.blocked {
		t.Errorf("%d of %d confirmed, blocked %v", got, sent, c.blocked)
	}
}

// A request whose place in the table is still owed an answer waits: nothing is forgotten.
func TestAnOldRequestIsNotForgotten(t *testing.T) {
	c, _, _ := newPair(t)
	e := Event{Kind: NewOrder, Side: '1', Qty: 1, Price: 1}
	for range len(c.requests) {
		c.out.Taken(c.out.Len())
		if !c.send(&e, 1, 1) {
			t.Fatal("no room")
		}
	}
	c.out.Taken(c.out.Len())
	if c.send(&e, 1, 1) {
		t.Error("a request took the place of one without an answer")
	}
	if n := c.all.abandon(2); n != uint64(len(c.requests)) {
		t.Errorf("%d unanswered of %d", n, len(c.requests))
	}
}

func TestTalliesMustAgree(t *testing.T) {
	venue := Tally{Requests: 10, Confirmed: 8, Rejected: 2, Fills: 4}
	for name, c := range map[string]struct {
		participants Tally
		agree        bool
	}{
		"the same":               {Tally{Requests: 10, Confirmed: 8, Rejected: 2, Fills: 4}, true},
		"refused on the way":     {Tally{Requests: 13, Confirmed: 8, Rejected: 4, Refused: 1, Fills: 4}, true},
		"a fill lost":            {Tally{Requests: 10, Confirmed: 8, Rejected: 2, Fills: 3}, false},
		"a fill twice":           {Tally{Requests: 10, Confirmed: 8, Rejected: 2, Fills: 5}, false},
		"a confirmation made up": {Tally{Requests: 11, Confirmed: 9, Rejected: 2, Fills: 4}, false},
		"an order twice":         {Tally{Requests: 9, Confirmed: 8, Rejected: 1, Fills: 4}, false},
		"an order lost":          {Tally{Requests: 11, Confirmed: 8, Rejected: 2, Fills: 4}, false},
	} {
		if err := agree(c.participants, venue); (err == nil) != c.agree {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestKilled: a cancel that no participant has asked for is a kill's; orders behind it are counted, none before it.
func TestKilled(t *testing.T) {
	h := direct(t, 1)
	order := func(text string) {
		t.Helper()
		m := message{msgType: 'D', clOrdID: []byte("K" + text), symbol: []byte("BNCA"), text: []byte(text), side: '1', qty: 100, price: 1}
		if err := h.venue.request(h.venue.links[0], &m); err != nil {
			t.Fatal(err)
		}
	}
	order("7001")
	if err := h.venue.request(h.venue.links[0], &message{msgType: 'F', clOrdID: []byte("P1")}); err != nil {
		t.Fatal(err)
	}
	if k := h.Killed(); k != (Killed{Cancels: 1}) {
		t.Errorf("%+v", k)
	}
	order("7002")
	if k := h.Killed(); k != (Killed{Cancels: 1, Followed: 1}) {
		t.Errorf("%+v", k)
	}
}
