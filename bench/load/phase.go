package load

import (
	"fmt"
	"runtime"
	"time"

	hdrhistogram "github.com/HdrHistogram/hdrhistogram-go"
)

// Mode is how requests are paced.
type Mode string

const (
	PingPong Mode = "ping-pong" // one request in flight: the next leaves when the answer was read
	Open     Mode = "open"      // at a stated rate, whatever the answers do
	Flood    Mode = "flood"     // as fast as a window of requests in flight allows, one write for each message
	// FloodMany is Flood of many participants, who share the window. What a gate makes of them is one venue
	// link; a relay needs a connection to the venue for each.
	FloodMany Mode = "flood-many"
	// FloodBatched is Flood where client and venue put all they have to say into one write: what
	// a system carries when its input comes in large pieces.
	FloodBatched Mode = "flood-batched"
	// Crowd is FloodBatched of all participants but the last, which asks for little, at its own pace: its latency is what
	// others can do to one that does nothing wrong.
	Crowd  Mode = "crowd"
	Replay Mode = "replay" // at the flow's own times
)

// Phase is one measurement.
type Phase struct {
	Mode     Mode
	Rate     int     // requests per second; Open only
	Speed    float64 // times faster than the flow's own times; Replay only
	Window   int     // requests in flight, of all participants together; the floods only
	WarmUp   time.Duration
	Duration time.Duration
	// CPUNs returns the CPU time that the system under test has used so far; nil = not measured.
	CPUNs func() int64
}

// Result is what one phase measured. Answered, Fills, elapsed and CPU time cover Duration only; what is
// refused or never answered counts whenever it happened: either makes the other figures doubtful.
type Result struct {
	Latency    *hdrhistogram.Histogram // ns, from the planned send
	Answered   uint64                  // requests that the venue answered
	Refused    uint64                  // requests that the system under test refused
	Unanswered uint64                  // requests without an answer when patience ended
	Fills      uint64
	ElapsedNs  int64
	CPUNs      int64
	Refusal    string // the first refusal's Text(58)
	VenueLinks int    // connections to the venue
	Inside     Inside // of the gate
	// From the first probe to the last answer, what each end has counted. Run holds one against the other.
	Participants, Venue Tally
}

// Inside are the gate's own times of one phase.
type Inside struct {
	Messages                     uint64
	P50Ns, P99Ns, P999Ns         int64 // after the read returned → after the write returned
	DecisionP50Ns, DecisionP99Ns int64 // from a message's stamp to its bytes in the send buffers
}

const (
	// drainNs is how long answers are awaited after the last request.
	drainNs = 2e9
	// burstMax bounds the requests encoded between two looks at the sockets.
	burstMax = 1024
	// earlyNs is how long before a planned send the thread stops sleeping and spins: a sleeping core needs
	// up to 70 µs to wake, and the delay would be booked on the system under test.
	earlyNs = 150_000
	// patienceNs bounds one sleep where nothing is planned, so that the end of the phase is seen.
	patienceNs = 10e6
)

// pacer says when the next request is planned.
type pacer struct {
	phase   Phase
	startNs int64
	sent    int64
	window  int
	spanNs  int64 // of a pass at Speed
	pass0   int64
}

func newPacer(phase Phase, flow *Flow, startNs, pass int64) (pacer, error) {
	p := pacer{phase: phase, startNs: startNs, window: inFlightMax, pass0: pass}
	switch phase.Mode {
	case PingPong:
		p.window = 1
	case Flood, FloodMany, FloodBatched, Crowd:
		if phase.Window <= 0 || phase.Window > inFlightMax {
			return p, fmt.Errorf("bench: flood needs a window of 1 to %d", inFlightMax)
		}
		p.window = phase.Window
	case Open:
		if phase.Rate <= 0 {
			return p, fmt.Errorf("bench: open loop needs a rate above 0")
		}
	case Replay:
		if phase.Speed <= 0 || flow.SpanNs == 0 {
			return p, fmt.Errorf("bench: replay needs a flow with its own times and a speed above 0")
		}
		p.spanNs = int64(float64(flow.SpanNs) / phase.Speed)
	default:
		return p, fmt.Errorf("bench: unknown mode %q", phase.Mode)
	}
	return p, nil
}

// next returns the planned time of the event under the cursor.
func (p *pacer) next(e *Event, pass, nowNs int64) int64 {
	switch p.phase.Mode {
	case Open:
		return p.startNs + int64(float64(p.sent)*1e9/float64(p.phase.Rate))
	case Replay:
		return p.startNs + (pass-p.pass0)*p.spanNs + int64(float64(e.AtNs)/p.phase.Speed)
	default:
		return nowNs
	}
}

func (h *Harness) batch(batched bool) {
	for _, c := range h.participants.flooders() {
		c.batched = batched
	}
	for _, l := range h.venue.links {
		l.batched = batched
	}
}

// Run measures one phase: warm-up, the measured time, then patience for the answers still owed. The
// thread sleeps while it has nothing to do, so that the system under test may use both cores, but wakes
// early for a planned send. With one request in flight it never sleeps and gives way instead: the time its
// core takes to wake would be most of what is measured, and waking it would be booked on the system's CPU.
func (h *Harness) Run(phase Phase) (*Result, error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	start := h.clock.ns()
	if phase.Mode == Replay && h.cursor.at > 0 {
		return nil, fmt.Errorf("bench: a replay begins with the flow")
	}
	h.batch(phase.Mode == FloodBatched || phase.Mode == Crowd)
	h.awake = phase.Mode == PingPong
	p, err := newPacer(phase, h.participants.flow, start, h.cursor.pass)
	if err != nil {
		return nil, err
	}
	h.participants.latency.Reset()
	h.participants.sinceNs = start + int64(phase.WarmUp)
	if phase.Mode == Crowd {
		if err := h.visit(h.participants.sinceNs, h.participants.sinceNs+int64(phase.Duration)); err != nil {
			return nil, err
		}
	}
	result, err := h.measure(phase, &p)
	if err == nil && h.visitor != nil {
		h.visitor.result(result)
	}
	return result, err
}

// measure plays the warm-up and the measured time, and waits for what is owed.
func (h *Harness) measure(phase Phase, p *pacer) (*Result, error) {
	if err := h.play(p, h.participants.sinceNs); err != nil {
		return nil, err
	}
	before := h.snapshot(phase)
	if err := h.play(p, before.ns+int64(phase.Duration)); err != nil {
		return nil, err
	}
	after := h.snapshot(phase)
	unanswered, err := h.drain()
	if err != nil {
		return nil, err
	}
	total := h.tally()
	return &Result{
		Latency:      h.participants.latency.Clone(),
		Answered:     after.Answered() - before.Answered(),
		Refused:      refusedOnTheWay(h.participants.tally(), h.venue.count) - h.probed,
		Unanswered:   unanswered,
		Fills:        after.Fills - before.Fills,
		ElapsedNs:    after.ns - before.ns,
		CPUNs:        after.cpuNs - before.cpuNs,
		Refusal:      h.participants.refusal,
		VenueLinks:   h.venue.live(),
		Participants: total,
		Venue:        h.venue.count,
	}, nil
}

type snapshot struct {
	Tally
	ns, cpuNs int64
}

func (h *Harness) snapshot(phase Phase) snapshot {
	s := snapshot{Tally: h.participants.tally(), ns: h.clock.ns()}
	if phase.CPUNs != nil {
		s.cpuNs = phase.CPUNs()
	}
	return s
}

// play offers requests and handles answers until endNs.
func (h *Harness) play(p *pacer, endNs int64) error {
	for {
		now := h.clock.tick()
		if now >= endNs {
			return nil
		}
		sleepNs := h.offer(p, now)
		if err := h.cycle(min(sleepNs, endNs-now)); err != nil {
			return err
		}
	}
}

// offer sends every request that is due, and lets the venue execute where the flow says so. It returns
// how long the thread may sleep.
func (h *Harness) offer(p *pacer, nowNs int64) (sleepNs int64) {
	for range burstMax {
		e := &h.participants.flow.Events[h.cursor.at]
		plannedNs := p.next(e, h.cursor.pass, nowNs)
		if plannedNs > nowNs {
			return min(max(plannedNs-nowNs-earlyNs, 0), patienceNs)
		}
		order := h.cursor.base + uint64(e.Order)
		if e.Kind == Fill {
			h.venue.fill(order, e.Qty)
		} else {
			if h.participants.inFlight >= p.window || !h.participants.of(order).send(e, order, plannedNs) {
				return patienceNs
			}
			p.sent++
		}
		h.advance()
	}
	return 0
}

func (h *Harness) advance() {
	c := &h.cursor
	c.at++
	if flow := h.participants.flow; c.at == len(flow.Events) {
		c.at, c.base = 0, c.nextNew
		c.nextNew += uint64(flow.Orders)
		c.pass++
	}
}

// drain waits for the answers and executions still owed, and gives up after drainNs. When all answers have come,
// both ends must have counted the same.
func (h *Harness) drain() (unanswered uint64, err error) {
	for end := h.clock.tick() + drainNs; h.visits() || h.owed() && h.clock.tick() < end; {
		if err := h.cycle(1e6); err != nil {
			return 0, err
		}
	}
	if h.visitor != nil && h.visitor.err != nil {
		return 0, fmt.Errorf("the visitor: %w", h.visitor.err)
	}
	if h.participants.inFlight > 0 {
		return h.participants.abandon(h.clock.nowNs), nil
	}
	return 0, agree(h.tally(), h.venue.count)
}

// visits reports whether the visitor still asks, or waits for answers.
func (h *Harness) visits() bool { return h.visitor != nil && !h.visitor.ended.Load() }

// tally adds up what all participants have counted, once the visitor has ended.
func (h *Harness) tally() Tally {
	sum := h.participants.tally()
	if h.visitor != nil {
		sum.add(&h.visitor.count)
	}
	return sum
}

func (h *Harness) owed() bool {
	return h.participants.inFlight > 0 || h.participants.tally().Fills < h.venue.count.Fills
}
