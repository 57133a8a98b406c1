package link

import (
	"math/rand/v2"
	"testing"

	"portcullis/fix"
)

// TestTwoMachines lets an initiator and an acceptor talk over a transport that delays, loses single
// messages and breaks, while both send application messages whenever they are up. When the
// transport is well again, both must be up and every message must have arrived once, in order.
// A failure names its seed.
func TestTwoMachines(t *testing.T) {
	var faults [faultCount]int
	for seed := range uint64(120) {
		w := newWorld(seed)
		for range 3000 {
			w.cycle(t, true)
		}
		for range 3000 {
			w.cycle(t, false)
		}
		for i := range w.ends {
			e, peer := &w.ends[i], &w.ends[1-i]
			if e.st.Phase != Up || e.st.GapTo != 0 || e.got != peer.sent || peer.sent == 0 {
				t.Fatalf("seed %d: end %d is %v, gap to %d, has %d of %d messages", seed, i, e.st.Phase, e.st.GapTo,
					e.got, peer.sent)
			}
		}
		for f, n := range w.faults {
			faults[f] += n
		}
	}
	for _, f := range []Fault{SeqTooHigh, FirstNotLogon, LogonTimeout, LogoutTimeout, SettleUnanswered} {
		if faults[f] == 0 {
			t.Errorf("never happened: %v", f)
		}
	}
}

// world is two ends, the transport between them, and the time.
type world struct {
	seed    uint64
	rand    *rand.Rand
	now     Now
	ends    [2]end
	open    bool
	reopens int64 // monotonic time of the next connection
	faults  [faultCount]int
}

// end is the owner of one link: it stores what it sends and answers resend requests.
type end struct {
	set    Settings
	st     State
	ob     Outbox
	m      fix.Message
	store  map[uint64]uint64 // MsgSeqNum → number of the application message
	sent   uint64            // application messages sent
	got    uint64            // application messages taken
	wire   [][]byte          // on the way to the other end
	early  map[uint64][]byte // MsgSeqNum → message that came above a gap; nil: this owner keeps none
	closed bool              // nothing follows what is on the wire
}

func newWorld(seed uint64) *world {
	w := &world{seed: seed, rand: rand.New(rand.NewPCG(seed, 1)), now: Now{UTCNs: 1_795_354_200e9, MonoNs: 1e9}}
	v := versions[seed%3]
	for i := range w.ends {
		e := &w.ends[i]
		e.set = Settings{BeginString: v.name, ApplVerID: v.applVerID, SenderCompID: "A", TargetCompID: "B",
			HeartBtNs: 5e9, LogonTimeoutNs: 10e9, LogoutTimeoutNs: 2e9, MaxLatencyNs: 120e9, Precision: fix.Millis}.Ready()
		e.store = map[uint64]uint64{}
	}
	for i := range w.ends {
		e := &w.ends[i]
		e.set.ResendChunk, e.set.LastProcessed, e.set.NextExpected = seed%4*3, seed%2 == 0, seed%7 < 3
		if seed%3 != 0 {
			e.early = map[uint64][]byte{}
		}
	}
	a, b := &w.ends[0].set, &w.ends[1].set
	a.Initiator, a.Settle = true, seed%2 == 0
	b.Settle = seed%5 == 0
	b.SenderCompID, b.TargetCompID = "B", "A"
	*b = b.Ready()
	return w
}

// cycle is a tenth of a second.
func (w *world) cycle(t *testing.T, faulty bool) {
	w.now.MonoNs, w.now.UTCNs = w.now.MonoNs+1e8, w.now.UTCNs+1e8
	if !w.open {
		w.connect(t)
		return
	}
	for i := range w.ends {
		e := &w.ends[i]
		if w.now.MonoNs >= DueNs(&e.set, &e.st) {
			var r Result
			Tick(&e.set, &e.st, 0, w.now, &e.ob, &r)
			w.done(t, e, &r)
		}
		if faulty && e.st.Phase == Up && w.rand.IntN(3) == 0 {
			e.sendOrder(w.now)
		}
		if faulty && w.rand.IntN(2000) == 0 {
			var r Result
			Logout(&e.set, &e.st, 0, "", w.now, &e.ob, &r)
			w.done(t, e, &r)
		}
		for range w.rand.IntN(4) {
			w.deliver(t, i, faulty)
		}
	}
	if faulty && w.rand.IntN(400) == 0 {
		w.breakUp(t)
	}
}

func (w *world) connect(t *testing.T) {
	if w.now.MonoNs < w.reopens {
		return
	}
	w.open = true
	for i := range w.ends {
		e := &w.ends[i]
		e.wire, e.closed = nil, false
		clear(e.early)
		var r Result
		Connected(&e.set, &e.st, 0, w.now, &e.ob, &r)
		w.done(t, e, &r)
	}
}

// breakUp loses the connection and all that is on its way.
func (w *world) breakUp(t *testing.T) {
	w.open = false
	w.reopens = w.now.MonoNs + w.rand.Int64N(5e9)
	for i := range w.ends {
		e := &w.ends[i]
		var r Result
		Disconnected(&e.set, &e.st, w.now, &r)
		w.done(t, e, &r)
	}
}

// deliver moves one message from end i to the other, or loses it.
func (w *world) deliver(t *testing.T, i int, faulty bool) {
	from, to := &w.ends[i], &w.ends[1-i]
	if len(from.wire) == 0 {
		if from.closed {
			w.breakUp(t)
		}
		return
	}
	raw := from.wire[0]
	from.wire = from.wire[1:]
	if to.closed || faulty && w.rand.IntN(100) == 0 {
		return
	}
	w.take(t, to, raw, Receive)
	for kept := to.early[to.st.NextIn]; kept != nil && !to.closed; kept = to.early[to.st.NextIn] {
		delete(to.early, to.st.NextIn)
		w.take(t, to, kept, Kept)
	}
}

// take gives a message to its end.
func (w *world) take(t *testing.T, to *end, raw []byte,
	judge func(*Settings, *State, uint32, *fix.Message, Now, *Outbox, *Result)) {
	to.m.Index(raw)
	var r Result
	judge(&to.set, &to.st, 0, &to.m, w.now, &to.ob, &r)
	if r.Early != 0 && to.early != nil {
		to.early[r.Early] = raw
	}
	if r.Deliver == InOrder {
		n, ok := to.m.Uint(fix.TagClOrdID)
		if !ok || n != to.got+1 {
			t.Fatalf("seed %d: message %d after %d: %q", w.seed, n, to.got, raw)
		}
		to.got = n
	}
	w.done(t, to, &r)
}

// done takes over what a step came to, as an owner does.
func (w *world) done(t *testing.T, e *end, r *Result) {
	w.faults[r.Fault]++
	switch r.Fault {
	case NoFault, SeqTooHigh, LogonTimeout, LogoutTimeout, PeerSilent, SettleUnanswered, NotConnected,
		LogonRefused, FirstNotLogon:
	default:
		t.Fatalf("seed %d: %v: %q", w.seed, r.Fault, e.m.Raw)
	}
	e.st = r.Next
	e.flush()
	if r.ResendFrom != 0 {
		e.resend(r.ResendFrom, r.ResendTo, w.now)
	}
	if r.Close {
		e.closed = true
	}
}

// flush puts what the Outbox holds on the wire.
func (e *end) flush() {
	for i := range e.ob.Count {
		e.wire = append(e.wire, append([]byte(nil), e.ob.Bytes(i)...))
	}
	e.ob.Reset()
}

func (e *end) sendOrder(now Now) {
	e.sent++
	e.store[e.st.NextOut] = e.sent
	e.ob.Begin(&e.set, "D", e.st.NextOut, e.st.NextIn-1, now.UTCNs).Uint(fix.TagClOrdID, e.sent)
	e.ob.End(0, OrderMessage, e.st.NextOut, 0)
	e.st.Sent(now)
	e.flush()
}

// resend repeats application messages and fills the rest.
func (e *end) resend(from, to uint64, now Now) {
	fill := from
	for seq := from; seq <= to; seq++ {
		n, ok := e.store[seq]
		if !ok {
			continue
		}
		GapFill(&e.ob, &e.set, 0, fill, seq, e.st.NextIn-1, now)
		w := e.ob.BeginAgain(&e.set, "D", seq, e.st.NextIn-1, now.UTCNs,
			Again{PossDup: true, Orig: []byte("20261122-13:30:00.000")})
		w.Uint(fix.TagClOrdID, n)
		e.ob.End(0, OrderMessage, seq, 0)
		e.flush()
		fill = seq + 1
	}
	GapFill(&e.ob, &e.set, 0, fill, to+1, e.st.NextIn-1, now)
	e.flush()
}
