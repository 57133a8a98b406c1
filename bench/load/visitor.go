package load

import (
	"errors"
	"runtime"
	"sync/atomic"

	hdrhistogram "github.com/HdrHistogram/hdrhistogram-go"
	"golang.org/x/sys/unix"

	"portcullis/bench/poll"
)

const (
	// visitEveryNs is how often the visitor asks: less often than its part of what a gate carries, divided by a thousand.
	visitEveryNs = 50_000_000
	// visitorOrder numbers its orders, away from those of the flow.
	visitorOrder = 1 << 40
)

// unknownSymbol is what the visitor orders. A gate refuses it: no venue's queue is in the visitor's latency. A relay passes
// it on, and the venue confirms it.
var unknownSymbol = Flow{Instruments: []Instrument{{Symbol: "NOSUCH"}}}

// visitor is the participant of Crowd that asks for little: one order each time, at its time also where earlier ones wait
// for their answers. It has a thread, a poller and a clock of its own, so that what keeps the others busy does not keep it.
type visitor struct {
	*client
	all        *participants // it alone
	poller     *poll.Poller
	clock      clock
	unsent     unsent
	unanswered uint64
	err        error
	ended      atomic.Bool // the rest is the harness's again
}

// visit takes the last participant out of the harness and lets it ask until endNs; what it planned before sinceNs is
// warm-up.
func (h *Harness) visit(sinceNs, endNs int64) error {
	ps := h.participants
	if len(ps.clients) < 2 {
		return errors.New("bench: a crowd has at least two participants")
	}
	p, err := poll.New(1)
	if err != nil {
		return err
	}
	c := ps.clients[len(ps.clients)-1]
	v := &visitor{client: c, poller: p, clock: h.clock, all: &participants{clients: []*client{c}, flow: &unknownSymbol,
		latest: make([]uint64, 1), latency: hdrhistogram.New(1, latencyMax, 3), sinceNs: sinceNs, refusals: true}}
	c.all, c.link.clock, c.link.unsent = v.all, &v.clock, &v.unsent
	if err := errors.Join(h.poller.Remove(c.fd), p.Add(c.fd, c.tag)); err != nil {
		return errors.Join(err, p.Close())
	}
	ps.apart = 1
	h.visitor = v
	go func() {
		runtime.LockOSThread() // and given back: if it ended, whatever process it has started would be ended by the kernel
		defer runtime.UnlockOSThread()
		if unix.Setpriority(unix.PRIO_PROCESS, unix.Gettid(), -19) == nil { // where the host permits it, it has a core at once: its waiting for one is nobody's latency
			defer func() { _ = unix.Setpriority(unix.PRIO_PROCESS, unix.Gettid(), 0) }()
		}
		v.err = errors.Join(v.run(endNs), v.poller.Close())
		v.ended.Store(true)
	}()
	return nil
}

func (v *visitor) run(endNs int64) error {
	e, order := Event{Kind: NewOrder, Side: '1', Qty: 1, Price: PriceScale}, uint64(visitorOrder)
	for plannedNs := v.clock.tick(); plannedNs < endNs; plannedNs, order = plannedNs+visitEveryNs, order+1 {
		for v.clock.tick() < plannedNs {
			if err := v.wait(plannedNs - v.clock.nowNs); err != nil {
				return err
			}
		}
		v.send(&e, order, plannedNs)
		if err := v.wait(0); err != nil {
			return err
		}
	}
	for lastNs := endNs + drainNs; v.all.inFlight > 0 && v.clock.tick() < lastNs; {
		if err := v.wait(patienceNs); err != nil {
			return err
		}
	}
	v.unanswered = v.all.abandon(v.clock.tick())
	return nil
}

// wait reads what comes within timeoutNs, and writes what could not be written before.
func (v *visitor) wait(timeoutNs int64) error {
	for _, l := range v.unsent {
		if err := l.flush(v.poller); err != nil {
			return err
		}
	}
	v.unsent = v.unsent[:0]
	events, err := v.poller.Wait(timeoutNs)
	if err != nil || len(events) == 0 {
		return err
	}
	if events[0].Writable {
		v.queue()
	}
	if !events[0].Readable {
		return nil
	}
	v.clock.tick()
	return v.receive(v.handle)
}

// result puts the visitor's latencies in the place of the crowd's.
func (v *visitor) result(r *Result) {
	r.Latency = v.all.latency.Clone()
	r.Unanswered += v.unanswered
}
