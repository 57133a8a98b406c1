package peer

import (
	"errors"
	"fmt"
	"net"
	"strconv"
	"sync"
	"syscall"
	"time"

	"github.com/quickfixgo/quickfix"
	"github.com/quickfixgo/quickfix/config"
)

// VenueConfig is who is connected by whom.
type VenueConfig struct {
	BeginString  string // "FIX.4.4"
	ApplVerID    string // with FIXT.1.1, see version
	Dictionaries string // see version
	SenderCompID string // the venue
	TargetCompID string // the gate
	Port         int    // on 127.0.0.1; 0 = a free one
	Store        *Store // nil = numbers begin at 1
	// Manual: the venue answers nothing by itself; a test says what it does, with Do.
	Manual bool
	// Settings are more of quickfixgo's, of the acceptor, such as those of TLS.
	Settings map[string]string
}

// Venue is a simulated exchange: it answers orders as their Text(58) or a test says (instruct.go).
type Venue struct {
	*session
	acceptor *quickfix.Acceptor
	port     int
	manual   bool

	mu       sync.Mutex
	requests map[string]*request // by ClOrdID(11)
	ids      int                 // OrderIDs and ExecIDs given
	stalled  chan struct{}       // not nil while nothing is read
	failures []error             // instructions that made no sense
}

// portAttempts bounds how often a free port is looked for: between finding one and listening on
// it, another process may take it.
const portAttempts = 20

// Open starts a venue; it listens when Open returns.
func Open(c VenueConfig) (*Venue, error) {
	for attempt := 1; ; attempt++ {
		v, err := open(c)
		if err == nil || c.Port != 0 || !errors.Is(err, syscall.EADDRINUSE) || attempt == portAttempts {
			return v, err
		}
	}
}

func newVenue(c VenueConfig) *Venue {
	v := &Venue{session: newSession(version{c.BeginString, c.ApplVerID, c.Dictionaries}, c.SenderCompID, c.TargetCompID, c.Store), port: c.Port,
		manual: c.Manual, requests: map[string]*request{}}
	v.take, v.pause, v.rejects = v.answer, v.sit, true
	return v
}

func open(c VenueConfig) (*Venue, error) {
	v := newVenue(c)
	if v.port == 0 {
		free, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return nil, err
		}
		v.port = free.Addr().(*net.TCPAddr).Port
		if err := free.Close(); err != nil {
			return nil, err
		}
	}
	settings, err := v.settings(map[string]string{config.SocketAcceptPort: strconv.Itoa(v.port)})
	if err != nil {
		return nil, err
	}
	settings.GlobalSettings().Set(config.SocketAcceptHost, "127.0.0.1")
	for key, value := range c.Settings {
		settings.GlobalSettings().Set(key, value)
	}
	if v.acceptor, err = quickfix.NewAcceptor(v.session, stores{v.store}, settings, v.session); err != nil {
		return nil, err
	}
	if err := v.acceptor.Start(); err != nil {
		err = fmt.Errorf("venue %s: %w", c.SenderCompID, err)
		return nil, errors.Join(err, quickfix.UnregisterSession(v.session.id))
	}
	return v, nil
}

// Port is where the venue listens on 127.0.0.1.
func (v *Venue) Port() int { return v.port }

// Stop logs out and ends the session. A venue that was stalled reads again first.
func (v *Venue) Stop() {
	v.Resume()
	v.acceptor.Stop()
}

// stall begins a stall.
func (v *Venue) stall() {
	if v.stalled == nil {
		v.stalled = make(chan struct{})
	}
}

// sit keeps the session's goroutine, so that nothing is read, while a stall lasts.
func (v *Venue) sit() {
	v.mu.Lock()
	until := v.stalled
	v.mu.Unlock()
	if until != nil {
		<-until
	}
}

// Resume ends a stall: the venue reads on.
func (v *Venue) Resume() {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.stalled != nil {
		close(v.stalled)
		v.stalled = nil
	}
}

// Do carries out an instruction on a request by its ClOrdID(11) as the venue knows it: the answer
// to that request, or something that happens to its order. It waits for the request to arrive.
func (v *Venue) Do(id, instruction string) error {
	timeout := time.NewTimer(Patience)
	defer timeout.Stop()
	for {
		next := v.changed()
		v.mu.Lock()
		r := v.requests[id]
		v.mu.Unlock()
		if r != nil && r.order != nil {
			return v.run(r, instruction)
		}
		select {
		case <-next:
		case <-timeout.C:
			return fmt.Errorf("no request %q within %v", id, Patience)
		}
	}
}

// Failures are instructions that could not be carried out.
func (v *Venue) Failures() error {
	v.mu.Lock()
	defer v.mu.Unlock()
	return errors.Join(v.failures...)
}

// answer takes one message of the gate and does what it asks for.
func (v *Venue) answer(m Message) {
	switch m.Type() {
	case "D", "F", "G":
	case "H":
		v.failed(v.statusOf(m))
		return
	case "q":
		if !v.manual {
			v.failed(v.cancelAll(m))
		}
		return
	default:
		return
	}
	r := v.keep(m)
	switch {
	case v.manual:
	case r.order == nil:
		v.failed(v.send(Message{{35, "9"}, {37, "NONE"}, {11, r.id}, {41, m.Get(41)}, {39, "8"}, {434, "1"},
			{102, "1"}}))
	default:
		v.failed(v.run(r, instruction(m)))
	}
}

// keep enters a request in the book; its order is nil where OrigClOrdID(41) names none.
func (v *Venue) keep(m Message) *request {
	v.mu.Lock()
	defer v.mu.Unlock()
	r := newRequest(m)
	if original := v.requests[m.Get(41)]; original != nil {
		r.order = original.order
	}
	if m.Type() == "D" {
		r.order = r.newOrder(v.nextID("O"))
	}
	v.requests[r.id] = r
	return r
}

func (v *Venue) failed(err error) {
	if err != nil {
		v.mu.Lock()
		v.failures = append(v.failures, err)
		v.mu.Unlock()
	}
}

// nextID makes an OrderID or ExecID.
func (v *Venue) nextID(prefix string) string {
	v.ids++
	return prefix + strconv.Itoa(v.ids)
}

// report sends an ExecutionReport about an order. An execution is the order's last one; where a
// request was answered, before is the ClOrdID that held until then.
func (v *Venue) report(o *order, r *request, execType, before string) error {
	m := o.state("", execType)
	if execType == "F" {
		x := o.executions[len(o.executions)-1]
		return v.sendReport(append(m, Field{32, x.qty.String()}, Field{31, x.px.String()}), x.id)
	}
	if before != "" && before != o.id {
		m = append(m, Field{41, before})
	}
	if execType == "8" {
		m = append(m, Field{103, "99"}, Field{58, "the venue says no"})
	}
	return v.sendReport(m, v.nextID("E"))
}

// reportUndone tells that an execution was taken back, or what it is instead.
func (v *Venue) reportUndone(o *order, execType, was string, x *execution, execID string) error {
	m := o.state("", execType)
	return v.sendReport(append(m, Field{19, was}, Field{32, x.qty.String()}, Field{31, x.px.String()}), execID)
}

// statusOf answers an OrderStatusRequest(35=H).
func (v *Venue) statusOf(m Message) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	r := v.requests[m.Get(11)]
	if r == nil || r.order == nil {
		return v.sendReport(Message{{35, "8"}, {37, "NONE"}, {11, m.Get(11)}, {17, ""}, {150, "I"}, {39, "8"},
			{55, m.Get(55)}, {54, m.Get(54)}, {151, "0"}, {14, "0"}, {6, "0"}}, v.nextID("E"))
	}
	return v.report(r.order, r, "I", "")
}

// cancelAll carries out an OrderMassCancelRequest(35=q) for all orders, which each have a report of their own.
func (v *Venue) cancelAll(m Message) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	var reports []*request
	for _, r := range v.requests {
		if r.order != nil && r.order.id == r.id && !r.order.final() {
			reports = append(reports, r)
		}
	}
	err := v.send(Message{{35, "r"}, {11, m.Get(11)}, {37, v.nextID("M")}, {530, m.Get(530)}, {531, m.Get(530)},
		{533, strconv.Itoa(len(reports))}})
	for _, r := range reports {
		r.order.status = "4"
		err = errors.Join(err, v.report(r.order, r, "4", ""))
	}
	return err
}

// sendReport gives an ExecutionReport its ExecID.
func (v *Venue) sendReport(m Message, execID string) error {
	m.set(17, execID)
	return v.send(m)
}
