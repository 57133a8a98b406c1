package load

import (
	"bytes"
	"fmt"
	"strconv"
)

// Identity is who a participant is toward the system under test, and for whom it trades.
type Identity struct {
	SenderCompID, TargetCompID string
	Username, Password         string // sent in Logon where the system asks for them
	Account                    string
}

const latencyMax = 120e9 // ns

// client is one simulated participant: it writes requests and knows when each was planned.
type client struct {
	*link
	all      *participants
	identity Identity
	// prefix begins each ClOrdID(11), "B" and the participant's number, so that an answer on another's link is seen.
	prefix      []byte
	requests    []request // by the last bits of their number
	nextRequest uint64
	count       Tally
}

type request struct {
	number    uint64 // 0 = answered
	plannedNs int64
}

func newClient(all *participants, number int, identity Identity, requestsMax int) *client {
	return &client{
		all: all, identity: identity, prefix: fmt.Appendf(nil, "B%d-", number),
		requests: make([]request, requestsMax), nextRequest: 1,
	}
}

// request is where the request with this number is kept.
func (c *client) request(number uint64) *request {
	return &c.requests[number&uint64(len(c.requests)-1)]
}

// send writes the request that e asks for on order number, or reports that there is no room: the peer takes
// nothing, or the request that had this place is still without an answer.
func (c *client) send(e *Event, order uint64, plannedNs int64) bool {
	room, r := c.room(), c.request(c.nextRequest)
	if room == nil || r.number != 0 {
		return false
	}
	b := c.begin(room, e.Kind.msgType())
	if e.Kind != Cancel {
		b = appendField(b, "1=", []byte(c.identity.Account))
	}
	b = c.appendID(b, "11=", c.nextRequest)
	b = appendInt(b, "38=", e.Qty)
	if e.Kind != Cancel {
		b = append(b, "\x0140=2"...)
	}
	latest := &c.all.latest[order&uint64(len(c.all.latest)-1)]
	if e.Kind != NewOrder {
		b = c.appendID(b, "41=", *latest)
	}
	if e.Kind != Cancel {
		b = appendPrice(b, "44=", e.Price)
	}
	b = appendChar(b, "54=", e.Side)
	b = appendField(b, "55=", []byte(c.all.flow.Instruments[e.Symbol].Symbol))
	b = appendInt(b, "58=", int64(order))
	if e.Kind != Cancel {
		b = append(b, "\x0159=0"...)
	}
	b = appendField(b, "60=", c.clock.stamp())
	c.wrote(c.end(b))

	*latest = c.nextRequest
	*r = request{number: c.nextRequest, plannedNs: plannedNs}
	c.nextRequest++
	c.all.inFlight++
	c.count.Requests++
	return true
}

func (c *client) appendID(b []byte, tag string, number uint64) []byte {
	return strconv.AppendUint(appendField(b, tag, c.prefix), number, 10)
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
		c.count.Rejected++ // the venue's or the system's: the end of a phase tells them apart
		c.keep(m.text)
		return c.answered(m, true)
	}
	app, err := c.session(m)
	if err == nil && app {
		err = fmt.Errorf("MsgType %c answers no request", m.msgType)
	}
	return err
}

func (c *client) report(m *message) error {
	switch m.execType {
	case 'F':
		c.count.Fills++
		return nil
	case '0', '4', '5':
		c.count.Confirmed++
		return c.answered(m, true)
	case '8':
		c.count.Refused++
		c.keep(m.text)
		return c.answered(m, c.all.refusals)
	default:
		return nil // pending and status reports are no answers
	}
}

// answered closes the request that m names. A second answer is an error: nothing may be doubled.
func (c *client) answered(m *message, timed bool) error {
	text, ours := bytes.CutPrefix(m.clOrdID, c.prefix)
	if !ours {
		return fmt.Errorf("ClOrdID is none of this participant's")
	}
	n := number(text)
	r := c.request(n)
	if n == 0 || r.number != n {
		return fmt.Errorf("request %d was not waiting for an answer", n)
	}
	r.number = 0
	c.all.inFlight--
	if timed && r.plannedNs >= c.all.sinceNs {
		c.all.record(c.clock.nowNs - r.plannedNs)
	}
	return nil
}

// keep keeps the first refusal's text. The venue's own OrderCancelRejects have none.
func (c *client) keep(text []byte) {
	if c.all.refusal == "" {
		c.all.refusal = string(text)
	}
}
