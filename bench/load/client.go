package load

import (
	"fmt"

	hdrhistogram "github.com/HdrHistogram/hdrhistogram-go"
)

// Identity is who the client is toward the system under test, and for whom it trades.
type Identity struct {
	SenderCompID, TargetCompID string
	Username, Password         string // sent in Logon where the system asks for them
	Account                    string
}

const (
	inFlightMax = 1 << 16 // requests without an answer; a system further behind makes the plan wait
	latencyMax  = 120e9   // ns
)

// client is the simulated participant: it writes requests and knows when each was planned.
type client struct {
	*link
	identity Identity
	flow     *Flow
	requests []request
	// latest is the number of the last request of an order, by order number: what OrigClOrdID(41) names.
	latest      []uint64
	nextRequest uint64
	inFlight    int
	count       counts
	latency     *hdrhistogram.Histogram
	sinceNs     int64 // requests planned earlier are warm-up and are not recorded
	refusal     string
}

type request struct {
	number    uint64 // 0 = answered
	plannedNs int64
}

// counts are totals since the client was made; a phase reports differences.
type counts struct {
	Sent, Answered, Refused, CancelRejects, Fills uint64
}

// newClient prepares a client; its link follows with connect. ordersMax is a power of two.
func newClient(flow *Flow, identity Identity, ordersMax int) *client {
	return &client{
		identity: identity, flow: flow, nextRequest: 1,
		requests: make([]request, inFlightMax), latest: make([]uint64, ordersMax),
		latency: hdrhistogram.New(1, latencyMax, 3),
	}
}

// send writes the request that e asks for on order number, or reports that there is no room.
func (c *client) send(e *Event, order uint64, plannedNs int64) bool {
	room := c.room()
	if room == nil || c.inFlight == inFlightMax {
		return false
	}
	b := c.begin(room, e.Kind.msgType())
	if e.Kind != Cancel {
		b = appendField(b, "1=", []byte(c.identity.Account))
	}
	b = appendInt(b, "11=B", int64(c.nextRequest))
	b = appendInt(b, "38=", e.Qty)
	if e.Kind != Cancel {
		b = append(b, "\x0140=2"...)
	}
	latest := &c.latest[order&uint64(len(c.latest)-1)]
	if e.Kind != NewOrder {
		b = appendInt(b, "41=B", int64(*latest))
	}
	if e.Kind != Cancel {
		b = appendPrice(b, "44=", e.Price)
	}
	b = appendChar(b, "54=", e.Side)
	b = appendField(b, "55=", []byte(c.flow.Instruments[e.Symbol].Symbol))
	b = appendInt(b, "58=", int64(order))
	if e.Kind != Cancel {
		b = append(b, "\x0159=0"...)
	}
	b = appendField(b, "60=", c.clock.stamp())
	c.wrote(c.end(b))

	*latest = c.nextRequest
	c.requests[c.nextRequest&(inFlightMax-1)] = request{number: c.nextRequest, plannedNs: plannedNs}
	c.nextRequest++
	c.inFlight++
	c.count.Sent++
	return true
}

func (k Kind) msgType() byte {
	switch k {
	case NewOrder:
		return 'D'
	case Cancel:
		return 'F'
	default:
		return 'G'
	}
}

func (c *client) handle(m *message) error {
	switch m.msgType {
	case 'A':
		c.up = true
		return nil
	case '8':
		return c.report(m)
	case '9':
		c.count.CancelRejects++ // the venue's or the system's: the end of a phase tells them apart
		return c.answered(m, false)
	}
	app, err := c.session(m)
	if err == nil && app {
		err = fmt.Errorf("client: MsgType %c answers no request", m.msgType)
	}
	return err
}

func (c *client) report(m *message) error {
	switch m.execType {
	case 'F':
		c.count.Fills++
		return nil
	case '0', '4', '5':
		return c.answered(m, false)
	case '8':
		return c.answered(m, true)
	default:
		return nil // pending and status reports are no answers
	}
}

// answered closes the request that m names. A second answer is an error: nothing may be doubled.
func (c *client) answered(m *message, refused bool) error {
	if len(m.clOrdID) < 2 || m.clOrdID[0] != 'B' {
		return fmt.Errorf("client: ClOrdID is none of ours")
	}
	n := number(m.clOrdID[1:])
	r := &c.requests[n&(inFlightMax-1)]
	if n == 0 || r.number != n {
		return fmt.Errorf("client: request %d was not waiting for an answer", n)
	}
	r.number = 0
	c.inFlight--
	if refused {
		c.refused(m)
		return nil
	}
	if m.msgType == '9' && len(m.text) > 0 && c.refusal == "" {
		c.refusal = string(m.text)
	}
	c.count.Answered++
	if r.plannedNs >= c.sinceNs {
		_ = c.latency.RecordValue(min(max(c.clock.nowNs-r.plannedNs, 1), latencyMax))
	}
	return nil
}

func (c *client) refused(m *message) {
	c.count.Refused++
	if c.refusal == "" {
		c.refusal = string(m.text)
	}
}

// abandon records the requests that never got an answer with the time they have waited: leaving them
// out would flatter the tail.
func (c *client) abandon() (unanswered uint64) {
	for i := range c.requests {
		r := &c.requests[i]
		if r.number == 0 {
			continue
		}
		if r.plannedNs >= c.sinceNs {
			unanswered++
			_ = c.latency.RecordValue(min(max(c.clock.nowNs-r.plannedNs, 1), latencyMax))
		}
		r.number = 0
	}
	c.inFlight = 0
	return unanswered
}
