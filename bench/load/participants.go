package load

import (
	"math/bits"

	hdrhistogram "github.com/HdrHistogram/hdrhistogram-go"
)

const (
	// ParticipantsMax bounds the participants of one measurement.
	ParticipantsMax = 1024
	// inFlightMax bounds the requests without an answer; a system further behind makes the plan wait.
	inFlightMax = 1 << 16
)

// participants are all clients of one measurement. Each has its own connection, CompIDs, account and numbers;
// the flow, the window of requests in flight and the record of latencies are common.
type participants struct {
	clients  []*client
	apart    int // of them, the last ones: they bring no part of the flow
	flow     *Flow
	latest   []uint64 // number of the last request of an order, by order number: what OrigClOrdID(41) names
	inFlight int
	latency  *hdrhistogram.Histogram
	sinceNs  int64 // requests planned earlier are warm-up and are not recorded
	refusal  string
	refusals bool // a refusal is the answer that is timed; else it is quicker than an order, and no latency
}

// newParticipants prepares one client for each identity; their links follow with Connect. ordersMax is a
// power of two.
func newParticipants(flow *Flow, identities []Identity, ordersMax int) *participants {
	ps := &participants{flow: flow, latest: make([]uint64, ordersMax), latency: hdrhistogram.New(1, latencyMax, 3)}
	requestsMax := inFlightMax >> bits.Len(uint(len(identities)-1)) // a power of two: each one's share
	for i, identity := range identities {
		ps.clients = append(ps.clients, newClient(ps, i+1, identity, requestsMax))
	}
	return ps
}

// of is the participant whose order it is. Steps of the golden ratio spread any run of orders evenly, and
// the flow's buys and sells, filled and resting orders each by themselves.
func (ps *participants) of(order uint64) *client {
	const goldenRatio = 0x9e3779b97f4a7c15 // of 2^64
	at, _ := bits.Mul64(order*goldenRatio, uint64(len(ps.clients)-ps.apart))
	return ps.clients[at]
}

// flooders are those who bring the flow.
func (ps *participants) flooders() []*client { return ps.clients[:len(ps.clients)-ps.apart] }

// tally adds up what those have counted who bring the flow.
func (ps *participants) tally() (sum Tally) {
	for _, c := range ps.flooders() {
		sum.add(&c.count)
	}
	return sum
}

// abandon records the requests that never got an answer with the time they have waited: leaving them
// out would flatter the tail.
func (ps *participants) abandon(nowNs int64) (unanswered uint64) {
	for _, c := range ps.flooders() {
		for i := range c.requests {
			r := &c.requests[i]
			if r.number == 0 {
				continue
			}
			unanswered++
			if r.plannedNs >= ps.sinceNs {
				ps.record(nowNs - r.plannedNs)
			}
			r.number = 0
		}
	}
	ps.inFlight = 0
	return unanswered
}

func (ps *participants) record(latencyNs int64) {
	_ = ps.latency.RecordValue(min(max(latencyNs, 1), latencyMax)) // within its bounds it fits
}
