package system

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"sync"
	"time"

	"portcullis/gate/demo/peer"
)

// A desk sends random orders over one link and keeps what its own messages and the answers say. It
// knows nothing of gate or venue.
type trader struct {
	name, account string
	peer          *peer.Participant
	rng           *rand.Rand
	stop, stopped chan struct{}

	mu       sync.Mutex
	sent     int
	requests map[string]*asked // by ClOrdID
	list     []*asked          // in order of sending
	execs    map[string]bool   // ExecIDs seen
	lastSeq  int               // MsgSeqNum of the last message taken
	wrong    []string          // what must not happen, and did
}

// asked is a D, G or F as its sender sees it.
type asked struct {
	id, kind string
	order    *ordered
	answers  []string // what ended it: "8", "9" with status and text
}

// ordered is an order as its owner sees it.
type ordered struct {
	id       string // ClOrdID of the D
	symbol   string
	side     string
	current  string // ClOrdID that an F or G names
	gateID   string // OrderID(37) that the gate gave it: the venue's ClOrdID
	status   string // last OrdStatus(39)
	text     string
	cum      int // CumQty(14) of the last report
	executed int // sum of LastQty(32)
	qty      string
	price    string
}

func (o *ordered) final() bool { return strings.Contains("248C", o.status) && o.status != "" }

func newTrader(name, account string, p *peer.Participant, seed uint64) *trader {
	t := &trader{name: name, account: account, peer: p, rng: rand.New(rand.NewPCG(seed, uint64(len(name)))),
		stop: make(chan struct{}), stopped: make(chan struct{}), requests: map[string]*asked{}, execs: map[string]bool{}}
	go t.listen()
	go t.trade()
	return t
}

// end stops sending; answers are still taken.
func (t *trader) end() {
	close(t.stop)
	<-t.stopped
}

// trade sends about 250 requests a second while the link is up, and few while it is down: those wait
// in the peer's store and reach the gate with PossDupFlag, some too old to be taken.
func (t *trader) trade() {
	defer close(t.stopped)
	for {
		select {
		case <-t.stop:
			return
		case <-time.After(time.Duration(1+t.rng.IntN(6)) * time.Millisecond):
		}
		if t.peer.LoggedOn() || t.rng.IntN(20) == 0 {
			t.send()
		}
	}
}

var quotes = map[string]int{"AAPL": 18750, "MSFT": 41230, "SPY": 50510} // in cents

func (t *trader) send() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.sent++
	id := fmt.Sprintf("%s-%d", t.name, t.sent)
	open := t.some(t.rng)
	kind := "D"
	if n := t.rng.IntN(10); open != nil && n < 2 {
		kind = "F"
	} else if open != nil && n < 4 {
		kind = "G"
	}
	var text string
	symbols := []string{"AAPL", "MSFT", "SPY"}
	switch kind {
	case "D":
		open = &ordered{id: id, current: id, symbol: symbols[t.rng.IntN(3)], side: []string{"1", "1", "2", "5"}[t.rng.IntN(4)]}
		text = fmt.Sprintf("35=D|11=%s|1=%s|55=%s|54=%s|38=%d|40=2|44=%s|59=0", id, t.account, open.symbol, open.side,
			10*(1+t.rng.IntN(50)), t.price(open.symbol))
		if t.rng.IntN(25) == 0 {
			text = strings.Replace(text, "55="+open.symbol, "55=NOSUCH", 1)
		}
	case "F":
		text = fmt.Sprintf("35=F|11=%s|41=%s|1=%s|55=%s|54=%s", id, open.current, t.account, open.symbol, open.side)
	case "G":
		text = fmt.Sprintf("35=G|11=%s|41=%s|1=%s|55=%s|54=%s|38=%d|40=2|44=%s|59=0", id, open.current, t.account,
			open.symbol, open.side, 10*(1+t.rng.IntN(60)), t.price(open.symbol))
	}
	a := &asked{id: id, kind: kind, order: open}
	t.requests[id], t.list = a, append(t.list, a)
	if err := t.peer.Send(text); err != nil {
		t.wrong = append(t.wrong, "cannot send: "+err.Error())
	}
}

// some picks an order that may still be open, mostly a young one.
func (t *trader) some(rng *rand.Rand) *ordered {
	for range 8 {
		if len(t.list) == 0 {
			return nil
		}
		o := t.list[len(t.list)-1-min(rng.IntN(40), rng.IntN(len(t.list)))].order
		if !o.final() {
			return o
		}
	}
	return nil
}

func (t *trader) price(symbol string) string {
	cents := quotes[symbol] * (95 + t.rng.IntN(11)) / 100
	return fmt.Sprintf("%d.%02d", cents/100, cents%100)
}

// listen takes every application message for as long as the peer lives.
func (t *trader) listen() {
	for {
		m, err := t.peer.Next()
		if err != nil {
			select {
			case <-t.stop:
				return
			default:
				continue
			}
		}
		t.mu.Lock()
		t.take(m)
		t.mu.Unlock()
	}
}

func (t *trader) fault(m peer.Message, what string) { t.wrong = append(t.wrong, what+": "+m.String()) }

func (t *trader) take(m peer.Message) {
	seq, _ := strconv.Atoi(m.Get(34))
	if seq <= t.lastSeq {
		t.fault(m, fmt.Sprintf("MsgSeqNum after %d", t.lastSeq))
	}
	t.lastSeq = seq
	a := t.requests[m.Get(11)]
	if a == nil {
		t.fault(m, "about no request of ours")
		return
	}
	switch m.Type() {
	case "8":
		t.report(m, a)
	case "9":
		a.answers = append(a.answers, "9 "+m.Get(58))
	default:
		t.fault(m, "no answer to an order")
	}
}

func (t *trader) report(m peer.Message, a *asked) {
	o := a.order
	if id := m.Get(17); t.execs[id] {
		t.fault(m, "an ExecID that was seen before")
		return
	} else if m.Get(150) != "I" {
		t.execs[id] = true
	}
	if id := m.Get(37); id != "NONE" {
		if o.gateID != "" && o.gateID != id {
			t.fault(m, "OrderID was "+o.gateID)
		}
		o.gateID = id
	}
	cum, err := strconv.Atoi(m.Get(14))
	if err != nil {
		t.fault(m, "CumQty is no number")
	}
	switch m.Get(150) {
	case "I", "6":
		return
	case "F":
		qty, _ := strconv.Atoi(m.Get(32))
		o.executed += qty
	case "0", "8":
		if a.kind != "D" {
			t.fault(m, "the answer to a D for a "+a.kind)
		}
	case "5":
		o.current = m.Get(11)
	case "4":
	default:
		t.fault(m, "an ExecType that nothing explains")
	}
	if m.Get(150) != "F" {
		a.answers = append(a.answers, "8 "+m.Get(150)+" "+m.Get(58))
	}
	if o.final() && m.Get(39) != o.status {
		t.fault(m, "an order that was final, "+o.status+", changes")
	}
	o.status, o.cum, o.text = m.Get(39), cum, m.Get(58)
	o.qty, o.price = m.Get(38), m.Get(44)
}

// answered reports whether a message has its one answer. A cancel that was given up, because the venue did not answer in
// time, says that the venue may still carry it out: then that is told too.
func (a *asked) answered() bool {
	n := len(a.answers)
	return n == 1 || n == 2 && strings.HasPrefix(a.answers[0], "9 CANCEL_UNANSWERED")
}

// open lists what is not answered yet, and what was answered more than once.
func (t *trader) open() (list []string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, a := range t.list {
		if !a.answered() {
			list = append(list, fmt.Sprintf("%s %s has %d answers: %q", a.kind, a.id, len(a.answers), a.answers))
		}
	}
	return list
}
